"""What happens between the first supply and the last: people, deeds, units."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from ingest.generatore.caso import Obblighi
from ingest.generatore.fabbricati import TARIFFE, rendita
from ingest.generatore.modello import (
    MAI,
    Civico,
    Difetto,
    Diritto,
    Evento,
    Mondo,
    Residenza,
    Soggetto,
    StatoUnita,
    Unita,
)
from ingest.generatore.persone import CELIBE, FIGLIO, INTESTATARIO, VEDOVO
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.storia import FINE, INIZIO, some_day
from ingest.generatore.titoli import (
    NUDA,
    PROPRIETA,
    USUFRUTTO,
    Intestazione,
    Possidenti,
    Quota,
    family_quotas,
    settle,
)

_COMPRAVENDITA: Final = ("IST", "COMPRAVENDITA")
_SUCCESSIONE: Final = ("DEN", "DENUNZIA (NEI PASSAGGI PER CAUSA DI MORTE)")
_RIUNIONE: Final = ("CUS", "RIUNIONE DI USUFRUTTO")


class Vicende:
    """The events of one sheet."""

    def __init__(
        self,
        mondo: Mondo,
        possidenti: Possidenti,
        numeri: Numeratore,
        caso: random.Random,
        obblighi: Obblighi,
    ) -> None:
        self.mondo = mondo
        self.possidenti = possidenti
        self.numeri = numeri
        self.caso = caso
        self.obblighi = obblighi
        self.atti = Intestazione(numeri, caso)
        self.famiglie: dict[int, list[Residenza]] = {}
        for residenza in mondo.residenze:
            self.famiglie.setdefault(residenza.famiglia, []).append(residenza)
        self.abitate: dict[int, list[int]] = {}
        for numero, membri in self.famiglie.items():
            self.abitate.setdefault(membri[0].unita.id, []).append(numero)
        self.pertinenze: dict[int, list[Unita]] = {}
        for unita in mondo.unita:
            if unita.principale is not None:
                self.pertinenze.setdefault(unita.principale.id, []).append(unita)

    def run(self) -> None:
        """Let everything happen."""
        for unita in list(self.mondo.unita):
            if unita.stati[0].dal < INIZIO and unita.stati[0].al == MAI:
                self._change_unit(unita)
        for numero in list(self.famiglie):
            self._live(numero)
        self._arrivals()

    # --- units -------------------------------------------------------------------

    def _change_unit(self, unita: Unita) -> None:
        categoria = unita.stati[0].categoria
        sorte = self.caso.random()
        abitazione = categoria[:1] == "A" and categoria != "A10"
        if categoria in TARIFFE:
            if sorte < 0.02:
                self._reclass(unita, corregge=False)
            elif sorte < 0.026 or self._once("rettifica"):
                self._reclass(unita, corregge=True)
            elif abitazione and sorte < 0.036 and (unita.stati[0].consistenza or 0) >= 7:
                self._divide(unita)
            elif abitazione and (sorte < 0.135 or self._once("vendita")):
                self._sell(unita, tardi=self._once("vendita_tardiva") or self.caso.random() < 0.04)

    def _once(self, cosa: str) -> bool:
        """Say yes the first time a thing is asked for in a town."""
        dovuto = self.obblighi.owed(cosa)
        self.obblighi.done(cosa)
        return dovuto

    def _reclass(self, unita: Unita, *, corregge: bool) -> None:
        """Give a unit another class: because it changed, or because it was wrong."""
        prima = unita.stati[-1]
        if not prima.classe or prima.consistenza is None:
            return
        noto = some_day(self.caso)
        dal = prima.dal if corregge else noto - timedelta(days=self.caso.randint(0, 90))
        classe = f"{max(1, int(prima.classe) + self.caso.choice((-1, 1, 1, 2))):02d}"
        if classe == prima.classe:
            classe = f"{int(prima.classe) + 1:02d}"
        causale = (
            ("RET", "RETTIFICA DI CLASSAMENTO")
            if corregge
            else ("VCL", "VARIAZIONE DI CLASSAMENTO")
        )
        prima.noto_al = noto
        prima.al, prima.errato = (prima.dal, True) if corregge else (dal, False)
        unita.stati.append(
            StatoUnita(
                prima.progressivo + 1,
                prima.categoria,
                classe,
                prima.consistenza,
                prima.superficie,
                rendita(prima.categoria, classe, prima.consistenza),
                dal,
                noto,
                nota=("V", f"{self.caso.randint(1, 99999):06d}", noto.year),
                causale=causale,
            )
        )
        self._record(
            dal if not corregge else noto,
            "correzione_classamento" if corregge else "variazione_classamento",
            "unita",
            (f"U{unita.id}",),
            (f"U{unita.id}",),
            noto,
            f"classe {prima.classe} -> {classe}",
        )

    def _divide(self, unita: Unita) -> None:
        """Make two units of a large one: its subalterno dies, two are born."""
        prima = unita.stati[-1]
        vani = prima.consistenza or 7.0
        noto = some_day(self.caso)
        prima.al = prima.noto_al = noto
        particella = unita.identificativi[0][0]
        nati = []
        parti = round(vani * 0.6 * 2) / 2, round(vani * 0.4 * 2) / 2
        for consistenza in parti:
            sub = str(
                1
                + max(
                    int(s) for e in particella.edifici for u in e.unita for _, s in u.identificativi
                )
            )
            superficie = round((prima.superficie or 60) * consistenza / vani)
            nuova = Unita(
                self.numeri.next("unita"),
                [(p, sub) for p, _ in unita.identificativi],
                unita.edificio,
                unita.civico,
                unita.piano,
                unita.scala,
                unita.interno,
                [
                    StatoUnita(
                        1,
                        prima.categoria,
                        prima.classe,
                        consistenza,
                        superficie,
                        rendita(prima.categoria, prima.classe, consistenza),
                        noto,
                        noto,
                        nota=("V", f"{self.caso.randint(1, 99999):06d}", noto.year),
                        causale=("DIV", "DIVISIONE"),
                    )
                ],
            )
            nati.append(nuova)
            unita.edificio.unita.append(nuova)
            self.mondo.unita.append(nuova)
            self.atti.register(nuova, _open_quotas(unita.diritti), noto, noto, ("DIV", "DIVISIONE"))
        _close(unita.diritti, noto, noto)
        for numero in self.abitate.get(unita.id, ()):
            for residenza in self.famiglie[numero]:
                residenza.unita = nati[0]
        self._record(
            noto, "divisione", "unita", (f"U{unita.id}",), tuple(f"U{u.id}" for u in nati), noto
        )

    # --- deeds -------------------------------------------------------------------

    def _sell(self, unita: Unita, *, tardi: bool) -> None:
        """Sell a home with what goes with it; sometimes the deed is entered years later."""
        caso = self.caso
        giorno = some_day(caso)
        if tardi:
            giorno = INIZIO + timedelta(days=caso.randint(5, 500))
            noto = date(2023, 2, 1) + timedelta(days=caso.randint(0, 600))
        else:
            noto = min(giorno + timedelta(days=caso.randint(6, 45)), FINE + timedelta(days=20))
        cose = [unita, *self.pertinenze.get(unita.id, ())]
        nuovi = self.possidenti.popolo.household(caso) if caso.random() < 0.62 else None
        quote = (
            family_quotas(nuovi, self.possidenti, caso)
            if nuovi
            else self.possidenti.quotas_outside(caso)
        )
        for cosa in cose:
            if any(s.noto_al < MAI and s.al < giorno for s in cosa.stati[-1:]):
                continue
            _close(cosa.diritti, giorno, noto)
            self.atti.register(cosa, quote, giorno, noto, _COMPRAVENDITA)
        if nuovi and unita.civico is not None:
            for numero in self.abitate.get(unita.id, ()):
                self._leave(numero, giorno + timedelta(days=caso.randint(0, 20)), "emigrazione")
            inizio = len(self.mondo.residenze)
            settle(
                self.mondo,
                unita,
                nuovi,
                self.numeri,
                giorno + timedelta(days=caso.randint(25, 60)),
                "immigrazione",
            )
            self.abitate[unita.id] = [self.mondo.residenze[inizio].famiglia]
        self._record(
            giorno,
            "vendita_registrata_tardi" if tardi else "vendita",
            "unita",
            (f"U{unita.id}",),
            (f"U{unita.id}",),
            noto,
        )

    def _leave(self, numero: int, giorno: date, motivo: str) -> None:
        for residenza in self.famiglie.get(numero, ()):
            if residenza.al == MAI and residenza.dal < giorno:
                residenza.al, residenza.fine = giorno, motivo
            elif residenza.al == MAI:
                residenza.al = residenza.dal

    def _inherit(
        self, defunto: Soggetto, cose: Sequence[Unita], eredi: list[Soggetto], giorno: date
    ) -> None:
        """Pass the rights of who died, when the heirs file the papers."""
        noto = giorno + timedelta(days=self.caso.randint(90, 420))
        if noto > FINE or self.caso.random() < 0.22 or not eredi:
            self.mondo.difetti.append(
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
        self._record(
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
            _close(nudi, giorno, noto)
            self.atti.register(cosa, quote, giorno, noto, _RIUNIONE)
        else:
            quote = [
                (e, diritto.codice, diritto.num, diritto.den * len(eredi), "", None) for e in eredi
            ]
            self.atti.register(cosa, quote, giorno, noto, _SUCCESSIONE)

    # --- people ------------------------------------------------------------------

    def _live(self, numero: int) -> None:
        membri = self.famiglie[numero]
        unita = membri[0].unita
        for residenza in membri:
            if residenza.al == MAI and self.caso.random() < _mortality(residenza.persona):
                self._die(residenza, membri, unita)
        if len(membri) > 1:
            self._maybe_birth(numero, membri)
        if self.caso.random() < 0.035 and all(r.al == MAI for r in membri):
            self._leave(numero, some_day(self.caso), "emigrazione")

    def _die(self, residenza: Residenza, membri: list[Residenza], unita: Unita) -> None:
        giorno = some_day(self.caso)
        if giorno <= residenza.dal:
            return
        persona = residenza.persona
        persona.morte = residenza.al = giorno
        residenza.fine = "morte"
        eredi = [r.persona for r in membri if r.al == MAI and r.persona is not persona]
        cose = [unita, *self.pertinenze.get(unita.id, ())]
        if not any(d.soggetto is persona and d.al == MAI for c in cose for d in c.diritti):
            return
        if not eredi:
            eredi = [
                self.possidenti.popolo.person(
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
        figlio = self.possidenti.popolo.born(
            self.caso, self.caso.choice("MF"), giorno, capo.persona.cognome
        )
        nuova = Residenza(
            figlio, numero, FIGLIO, CELIBE, capo.unita, capo.civico, giorno, inizio="nascita"
        )
        membri.append(nuova)
        self.mondo.residenze.append(nuova)
        self._record(giorno, "nascita", "soggetto", (), (f"S{figlio.id}",), giorno)

    def _arrivals(self) -> None:
        """Bring newcomers into a fifth of the empty homes."""
        for unita in self.mondo.unita:
            if unita.id in self.abitate or unita.civico is None or unita.edificio.al != MAI:
                continue
            if unita.stati[-1].categoria[:1] != "A" or unita.stati[-1].categoria == "A10":
                continue
            if (
                unita.stati[0].dal < INIZIO
                and unita.stati[-1].al == MAI
                and self.caso.random() < 0.2
            ):
                nuovi = self.possidenti.popolo.household(self.caso)
                settle(self.mondo, unita, nuovi, self.numeri, some_day(self.caso), "immigrazione")
                self.abitate[unita.id] = [self.mondo.residenze[-1].famiglia]

    def _record(
        self,
        giorno: date,
        tipo: str,
        oggetto: str,
        prima: tuple[str, ...],
        dopo: tuple[str, ...],
        noto: date,
        nota: str = "",
    ) -> None:
        self.mondo.eventi.append(Evento(giorno, tipo, oggetto, prima, dopo, noto, nota))


def _mortality(persona: Soggetto) -> float:
    eta = 2021 - persona.nascita.year
    return 0.003 if eta < 55 else 0.03 if eta < 70 else 0.1 if eta < 80 else 0.3


def _open_quotas(diritti: Sequence[Diritto]) -> list[Quota]:
    return [(d.soggetto, d.codice, d.num, d.den, d.regime, d.rif) for d in diritti if d.al == MAI]


def _close(diritti: Sequence[Diritto], giorno: date, noto: date) -> None:
    for diritto in diritti:
        if diritto.al == MAI:
            diritto.al, diritto.noto_al = giorno, noto


def other_door(civici: Sequence[Civico], civico: Civico, caso: random.Random) -> Civico | None:
    """Return another number of the same street, for a resident registered at the wrong one."""
    altri = [c for c in civici if c.strada is civico.strada and c is not civico]
    return caso.choice(altri) if altri else None


__all__ = ["INTESTATARIO", "VEDOVO", "Vicende", "other_door"]
