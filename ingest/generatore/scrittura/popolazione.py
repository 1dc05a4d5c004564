"""LAC: the municipal register list in the 28 fields of ISTAT."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ingest.generatore.comune import Comune, istat_of
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Mondo, Residenza
from ingest.generatore.persone import INTESTATARIO, VEDOVO
from ingest.generatore.scrittura.imu import slashes
from ingest.generatore.scrittura.indirizzi import PRIMA_STRADA

_TESTATA: Final = (
    "codpro;codcom;tipores;codicefam;codiceconv;idindividuo;cognome;nome;codfiscale;sesso;datanas;pronas;"
    "comnas;estnas;cittad;ncomp;relpar;staciv;dataiscr;idtoponimo;specie;denominazione;civico;esponente;"
    "interno;cap;nsez;filler\n"
)
#: ISTAT codes of the foreign states people come from.
_STATI: Final = {
    "Z129": "235", "Z100": "201", "Z330": "436", "Z140": "254", "Z138": "243", "Z216": "323",
    "Z600": "602",
}  # fmt: skip


class Anagrafe:
    """Writes who is registered on the day of each supply."""

    def __init__(self, comune: Comune, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.forniture = [f for f in forniture if "anagrafe" in f.fonti]
        for fornitura in self.forniture:
            fornitura.append(self.name(fornitura), _TESTATA)

    def name(self, fornitura: Fornitura) -> str:
        """Return the name of the file."""
        return f"LAC_{self.comune.belfiore}_{fornitura.giorno}.csv"

    def write(self, mondo: Mondo) -> None:
        """Append the residents of a sheet to each supply."""
        conti: list[Counter[int]] = [
            Counter(r.famiglia for r in mondo.residenze if r.dal <= f.data < r.al)
            for f in self.forniture
        ]
        righe: list[list[str]] = [[] for _ in self.forniture]
        for r in mondo.residenze:
            persona = _person(r)
            ultima: tuple[object, ...] = ()
            testo = ""
            strada = (r.civico_dichiarato or r.civico).strada
            for n, fornitura in enumerate(self.forniture):
                if r.dal <= fornitura.data < r.al:
                    giorno = fornitura.data
                    voci = (
                        strada.at(giorno),
                        conti[n][r.famiglia],
                        INTESTATARIO if r.capo_dal <= giorno else r.relazione,
                        VEDOVO if r.vedovo_dal <= giorno else r.stato_civile,
                    )
                    # Most rows do not change from one supply to the next.
                    if ultima != voci:
                        ultima = voci
                        testo = self._row(persona, r, *voci)
                    righe[n].append(testo * 2 if r.doppia else testo)
        for fornitura, testi in zip(self.forniture, righe, strict=True):
            fornitura.append(self.name(fornitura), "".join(testi))

    def _row(
        self,
        persona: str,
        residenza: Residenza,
        via: str,
        componenti: int,
        relazione: int,
        stato_civile: int,
    ) -> str:
        civico = residenza.civico_dichiarato or residenza.civico
        strada = civico.strada
        specie, _, nome = _split(via)
        toponimo = "" if residenza.via_storta else PRIMA_STRADA + strada.numero
        iscritto = slashes(min(residenza.iscritto, residenza.dal))
        return (
            f"{self.comune.istat[:3]};{self.comune.istat[3:]};1;{residenza.famiglia};;"
            f"{persona};{componenti};{relazione};{stato_civile};"
            f"{iscritto};{toponimo};{specie};{residenza.via_storta or nome};"
            f"{civico.numero};{civico.esponente};{residenza.unita.interno};;;INVENTATO\n"
        )


def _split(odonimo: str) -> tuple[str, str, str]:
    """Part the species from the name; two words for the rural roads."""
    for specie in ("STRADA VICINALE", "STRADA COMUNALE"):
        if odonimo.startswith(specie):
            return specie, " ", odonimo[len(specie) + 1 :]
    return odonimo.partition(" ")


def _person(residenza: Residenza) -> str:
    """Return the fields from idindividuo to cittad, the same in every supply."""
    p = residenza.persona
    if p.luogo.startswith("Z"):
        estero = _STATI.get(p.luogo, "999")
        nascita, cittadinanza = f";;{estero}", estero
    else:
        istat = istat_of(p.luogo)
        nascita, cittadinanza = f"{istat[:3]};{istat[3:]};", "100"
    cf = "" if residenza.senza_cf else p.cf
    return (
        f"{p.id};{p.cognome};{p.nome};{cf};{'1' if p.sesso == 'M' else '2'};"
        f"{slashes(p.nascita)};{nascita};{cittadinanza}"
    )
