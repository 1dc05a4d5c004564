"""What happens to units and deeds between the first supply and the last."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from ingest.generatore.contesto import Contesto
from ingest.generatore.fabbricati import TARIFFE, rendita
from ingest.generatore.modello import MAI, StatoUnita, Unita
from ingest.generatore.storia import FINE, INIZIO, some_day
from ingest.generatore.titoli import close_rights, family_quotas, quotas_of, settle

_COMPRAVENDITA: Final = ("IST", "COMPRAVENDITA")


class Vicende:
    """The events of the units of one sheet."""

    def __init__(self, contesto: Contesto) -> None:
        self.contesto = contesto
        self.caso = contesto.caso

    def run(self) -> None:
        """Let everything happen."""
        for unita in list(self.contesto.mondo.unita):
            if unita.stati[0].dal < INIZIO and unita.stati[0].al == MAI:
                self._change_unit(unita)

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
        dovuto = self.contesto.obblighi.owed(cosa)
        self.contesto.obblighi.done(cosa)
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
        self.contesto.record(
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
                self.contesto.numeri.next("unita"),
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
            self.contesto.mondo.unita.append(nuova)
            self.contesto.atti.register(
                nuova,
                quotas_of(d for d in unita.diritti if d.al == MAI),
                noto,
                noto,
                ("DIV", "DIVISIONE"),
            )
        close_rights(unita.diritti, noto, noto)
        for numero in self.contesto.abitate.get(unita.id, ()):
            for residenza in self.contesto.famiglie[numero]:
                if residenza.al > noto:
                    if residenza.dal < noto:
                        residenza.prima = unita, noto
                    residenza.unita = nati[0]
        self.contesto.record(
            noto, "divisione", "unita", (f"U{unita.id}",), tuple(f"U{u.id}" for u in nati), noto
        )

    def _sell(self, unita: Unita, *, tardi: bool) -> None:
        """Sell a home with what goes with it; sometimes the deed is entered years later."""
        caso = self.caso
        giorno = some_day(caso)
        if tardi:
            giorno = INIZIO + timedelta(days=caso.randint(5, 500))
            noto = date(2023, 2, 1) + timedelta(days=caso.randint(0, 600))
        else:
            noto = min(giorno + timedelta(days=caso.randint(6, 45)), FINE + timedelta(days=20))
        cose = [unita, *self.contesto.pertinenze.get(unita.id, ())]
        nuovi = self.contesto.possidenti.popolo.household(caso) if caso.random() < 0.62 else None
        quote = (
            family_quotas(nuovi, self.contesto.possidenti, caso)
            if nuovi
            else self.contesto.possidenti.quotas_outside(caso)
        )
        for cosa in cose:
            if any(s.noto_al < MAI and s.al < giorno for s in cosa.stati[-1:]):
                continue
            close_rights(cosa.diritti, giorno, noto)
            self.contesto.atti.register(cosa, quote, giorno, noto, _COMPRAVENDITA)
        if nuovi and unita.civico is not None:
            for numero in self.contesto.abitate.get(unita.id, ()):
                self.contesto.leave(
                    numero, giorno + timedelta(days=caso.randint(0, 20)), "emigrazione"
                )
            inizio = len(self.contesto.mondo.residenze)
            settle(
                self.contesto.mondo,
                unita,
                nuovi,
                self.contesto.numeri,
                giorno + timedelta(days=caso.randint(25, 60)),
                "immigrazione",
            )
            self.contesto.abitate[unita.id] = [self.contesto.mondo.residenze[inizio].famiglia]
        self.contesto.record(
            giorno,
            "vendita_registrata_tardi" if tardi else "vendita",
            "unita",
            (f"U{unita.id}",),
            (f"U{unita.id}",),
            noto,
        )
