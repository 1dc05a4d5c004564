"""What happens to people between the first supply and the last: births, deaths, moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from ingest.generatore.contesto import Contesto
from ingest.generatore.modello import MAI, Difetto, Diritto, Residenza, Soggetto, Unita
from ingest.generatore.persone import CELIBE, CONIUGE, FIGLIO, INTESTATARIO
from ingest.generatore.storia import FINE, some_day
from ingest.generatore.titoli import NUDA, PROPRIETA, USUFRUTTO, Quota, close_rights, settle

_SUCCESSIONE: Final = ("DEN", "DENUNZIA (NEI PASSAGGI PER CAUSA DI MORTE)")
_RIUNIONE: Final = ("CUS", "RIUNIONE DI USUFRUTTO")


class Demografia:
    """The events of the people of one sheet."""

    def __init__(self, contesto: Contesto) -> None:
        self.contesto = contesto
        self.caso = contesto.caso

    def run(self) -> None:
        """Let everything happen."""
        for numero in list(self.contesto.famiglie):
            self._live(numero)
        self._arrivals()

    def _live(self, numero: int) -> None:
        membri = self.contesto.famiglie[numero]
        unita = membri[0].unita
        for residenza in membri:
            if residenza.al == MAI and self.caso.random() < _mortality(residenza.persona):
                self._die(residenza, membri, unita)
        if len(membri) > 1:
            self._maybe_birth(numero, membri)
        sorte = self.caso.random()
        if all(r.al == MAI for r in membri):
            if sorte < 0.03 and self.contesto.vuote:
                self._move(numero, membri)
            elif sorte < 0.06:
                self.contesto.leave(numero, some_day(self.caso), "emigrazione")

    def _move(self, numero: int, membri: list[Residenza]) -> None:
        """Move a household to an empty home of the sheet; it stays on the same list."""
        giorno = some_day(self.caso)
        if any(r.dal >= giorno for r in membri):
            return
        casa = self.contesto.vuote.pop(self.caso.randrange(len(self.contesto.vuote)))
        if not self.contesto.empty(casa) or casa.civico is None or casa.civico is membri[0].civico:
            return
        self.contesto.abitate[casa.id] = [numero]
        for vecchia in membri:
            vecchia.al, vecchia.fine = giorno, "cambio_abitazione"
            self.contesto.mondo.residenze.append(
                Residenza(
                    vecchia.persona,
                    numero,
                    vecchia.relazione,
                    vecchia.stato_civile,
                    casa,
                    casa.civico,
                    giorno,
                    inizio="cambio_abitazione",
                    iscritto=min(vecchia.iscritto, vecchia.dal),
                )
            )

    def _die(self, residenza: Residenza, membri: list[Residenza], unita: Unita) -> None:
        giorno = some_day(self.caso)
        if giorno <= residenza.dal:
            return
        persona = residenza.persona
        persona.morte = residenza.al = giorno
        residenza.fine = "morte"
        _succeed(residenza, membri, giorno)
        eredi = [r.persona for r in membri if r.al == MAI and r.persona is not persona]
        cose = [unita, *self.contesto.pertinenze.get(unita.id, ())]
        if not any(d.soggetto is persona and d.al == MAI for c in cose for d in c.diritti):
            return
        if not eredi:
            eredi = [
                self.contesto.possidenti.popolo.person(
                    self.caso, self.caso.choice("MF"), 50, persona.cognome
                )
            ]
        self._inherit(persona, cose, eredi[:4], giorno)

    def _maybe_birth(self, numero: int, membri: list[Residenza]) -> None:
        madri = [
            r for r in membri if r.persona.sesso == "F" and 1979 < r.persona.nascita.year < 1998
        ]
        if not madri or self.caso.random() > 0.2 or any(r.al != MAI for r in membri):
            return
        giorno = max(some_day(self.caso), membri[0].dal + timedelta(days=200))
        if giorno > FINE:
            return
        capo = membri[0]
        figlio = self.contesto.possidenti.popolo.born(
            self.caso, self.caso.choice("MF"), giorno, capo.persona.cognome
        )
        nuova = Residenza(
            figlio, numero, FIGLIO, CELIBE, capo.unita, capo.civico, giorno, inizio="nascita"
        )
        membri.append(nuova)
        self.contesto.mondo.residenze.append(nuova)
        self.contesto.record(giorno, "nascita", "soggetto", (), (f"S{figlio.id}",), giorno)

    def _arrivals(self) -> None:
        """Bring newcomers into a fifth of the homes still empty."""
        for unita in self.contesto.vuote:
            if self.contesto.empty(unita) and self.caso.random() < 0.2:
                nuovi = self.contesto.possidenti.popolo.household(self.caso)
                settle(
                    self.contesto.mondo,
                    unita,
                    nuovi,
                    self.contesto.numeri,
                    some_day(self.caso),
                    "immigrazione",
                )
                self.contesto.abitate[unita.id] = [self.contesto.mondo.residenze[-1].famiglia]

    def _inherit(
        self, defunto: Soggetto, cose: Sequence[Unita], eredi: list[Soggetto], giorno: date
    ) -> None:
        """Pass the rights of who died, when the heirs file the papers."""
        noto = giorno + timedelta(days=self.caso.randint(90, 420))
        if noto > FINE or self.caso.random() < 0.22 or not eredi:
            self.contesto.mondo.difetti.append(
                Difetto(
                    "titolare_deceduto",
                    "*",
                    "TIT",
                    defunto.cf,
                    f"S{defunto.id}",
                    f"morto il {giorno}",
                )
            )
            return
        for cosa in cose:
            for diritto in [d for d in cosa.diritti if d.soggetto is defunto and d.al == MAI]:
                diritto.al, diritto.noto_al = giorno, noto
                self._pass(cosa, diritto, eredi, giorno, noto)
        self.contesto.record(
            giorno,
            "successione",
            "soggetto",
            (f"S{defunto.id}",),
            tuple(f"S{e.id}" for e in eredi),
            noto,
        )

    def _pass(
        self, cosa: Unita, diritto: Diritto, eredi: list[Soggetto], giorno: date, noto: date
    ) -> None:
        if diritto.codice == USUFRUTTO:
            nudi = [d for d in cosa.diritti if d.codice == NUDA and d.al == MAI]
            quote: list[Quota] = [
                (d.soggetto, PROPRIETA, d.num, d.den, d.regime, None) for d in nudi
            ]
            close_rights(nudi, giorno, noto)
            self.contesto.atti.register(cosa, quote, giorno, noto, _RIUNIONE)
        else:
            quote = [
                (e, diritto.codice, diritto.num, diritto.den * len(eredi), "", None) for e in eredi
            ]
            self.contesto.atti.register(cosa, quote, giorno, noto, _SUCCESSIONE)

    # --- people ------------------------------------------------------------------


def _succeed(morto: Residenza, membri: Sequence[Residenza], giorno: date) -> None:
    """Give a household its new holder, and mark the widow or widower."""
    vivi = [r for r in membri if r.al == MAI]
    for r in vivi:
        if {morto.relazione, r.relazione} == {INTESTATARIO, CONIUGE}:
            r.vedovo_dal = giorno
    if vivi and (morto.relazione == INTESTATARIO or morto.capo_dal < MAI):
        max(
            vivi, key=lambda r: (r.relazione == CONIUGE, -r.persona.nascita.toordinal())
        ).capo_dal = giorno


def _mortality(persona: Soggetto) -> float:
    eta = 2021 - persona.nascita.year
    return 0.003 if eta < 55 else 0.03 if eta < 70 else 0.1 if eta < 80 else 0.3
