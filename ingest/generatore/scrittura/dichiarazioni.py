"""IMU declarations: the fixed 1,900-byte file of the specification of 24/4/2024."""

from __future__ import annotations

from datetime import date
from typing import Final

from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Diritto, Mondo, StatoUnita, Unita
from ingest.generatore.scrittura.imu import SOGGETTI_PASSIVI, is_taxed

_LUNGHEZZA: Final = 1897
_MOLTIPLICATORI: Final = {"A10": 80, "D05": 80, "C01": 55, "C03": 140, "C04": 140, "C05": 140}


class _Record:
    """One record: fields set at their positions, 1-based."""

    def __init__(self, tipo: str) -> None:
        self.testo = bytearray(b" " * _LUNGHEZZA)
        self.text(1, 1, tipo)

    def text(self, posizione: int, lunghezza: int, valore: str) -> None:
        """Set a text, left, upper case, blanks after."""
        grezzo = valore.upper().encode("latin-1", "replace")[:lunghezza].ljust(lunghezza)
        self.testo[posizione - 1 : posizione - 1 + lunghezza] = grezzo

    def number(self, posizione: int, lunghezza: int, valore: int) -> None:
        """Set a number, right, zeros before."""
        self.text(posizione, lunghezza, f"{valore:0{lunghezza}d}")

    def day(self, posizione: int, valore: date | None) -> None:
        """Set a date, zeros when there is none."""
        self.text(posizione, 8, f"{valore:%d%m%Y}" if valore else "00000000")

    def line(self) -> bytes:
        """Return the 1,900 bytes."""
        return bytes(self.testo) + b"A\r\n"


class Dichiarazioni:
    """Writes the declarations filed for what changed since the supply before."""

    def __init__(self, comune: Comune, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.forniture = [f for f in forniture if "dichiarazioni" in f.fonti]
        self.conti: dict[int, int] = {f.indice: 0 for f in self.forniture}
        for fornitura in self.forniture:
            testa = _Record("0")
            testa.text(16, 5, "TAT00")
            testa.text(21, 2, "01")
            testa.text(39, 1, "N")
            fornitura.open(self.name(fornitura)).write(testa.line())

    def name(self, fornitura: Fornitura) -> str:
        """Return the name of the file."""
        return f"IMU_dichiarazioni_{self.comune.belfiore}_{fornitura.giorno}.txt"

    def write(self, mondo: Mondo) -> None:
        """Append a declaration for the rights acquired in the years before each supply."""
        prima = date(2019, 1, 1)
        for fornitura in self.forniture:
            flusso = fornitura.open(self.name(fornitura))
            for unita in mondo.unita:
                for diritto in unita.diritti:
                    if not prima <= diritto.noto_dal < fornitura.data or diritto.id % 3:
                        continue
                    stato = unita.at(diritto.noto_dal) or unita.stati[-1]
                    if diritto.codice in SOGGETTI_PASSIVI and is_taxed(stato) and diritto.den:
                        self.conti[fornitura.indice] += 1
                        for record in self._declaration(
                            unita, stato, diritto, self.conti[fornitura.indice]
                        ):
                            flusso.write(record.line())
            prima = fornitura.data

    def _declaration(
        self, unita: Unita, stato: StatoUnita, diritto: Diritto, modulo: int
    ) -> tuple[_Record, _Record]:
        soggetto = diritto.soggetto
        b, d = _Record("B"), _Record("D")
        for record in (b, d):
            record.text(2, 16, soggetto.cf)
            record.number(18, 8, modulo)
        b.number(90, 4, diritto.dal.year + 1)
        b.number(94, 4, diritto.dal.year)
        b.text(98, 4, self.comune.belfiore)
        b.text(102, 50, self.comune.nome)
        b.text(152, 16, soggetto.cf)
        b.text(230, 24, soggetto.cognome)
        b.text(254, 20, soggetto.nome)
        b.day(274, soggetto.nascita if soggetto.persona else None)
        b.text(282, 1, soggetto.sesso)
        self._property(d, unita, stato, diritto)
        d.text(1088, 500, "DATI INVENTATI")
        return b, d

    def _property(self, d: _Record, unita: Unita, stato: StatoUnita, diritto: Diritto) -> None:
        particella, sub = unita.identificativi[0]
        d.number(90, 4, 1)
        d.number(94, 4, 1)
        d.number(98, 1, 0)
        d.number(99, 3, 3)
        if unita.civico is not None:
            civico = unita.civico
            d.text(
                102,
                100,
                f"{civico.strada.at(diritto.dal)} {civico.testo} INT {unita.interno or '-'}",
            )
        d.text(202, 1, "U")
        d.text(203, 5, self.comune.belfiore)
        d.text(211, 4, str(particella.foglio))
        d.text(215, 10, particella.numero)
        d.text(225, 4, sub)
        d.text(229, 25, f"{stato.categoria[0]}/{int(stato.categoria[1:])}")
        d.text(254, 10, stato.classe)
        d.number(284, 4, 0)
        d.number(288, 15, _value(stato))
        centesimi = min(10000, round(10000 * diritto.num / diritto.den))
        d.number(303, 3, centesimi // 100)
        d.number(306, 2, centesimi % 100)
        d.number(308, 9, 0)
        for posizione in (317, 318, 319, 321, 322):
            d.number(posizione, 1, 0)
        d.number(320, 1, 1)
        d.day(423, diritto.dal)
        d.text(456, 24, diritto.causale[1][:24])

    def finish(self) -> None:
        """Write the closing record with the counts."""
        for fornitura in self.forniture:
            coda = _Record("9")
            quante = self.conti[fornitura.indice]
            for posizione, valore in ((2, quante), (11, 0), (20, quante), (29, 0)):
                coda.number(posizione, 9, valore)
            fornitura.open(self.name(fornitura)).write(coda.line())


def _value(stato: StatoUnita) -> int:
    """Return the taxable value in whole euro."""
    fallback = {"A": 160, "B": 140, "C": 160, "D": 65}[stato.categoria[0]]
    moltiplicatore = _MOLTIPLICATORI.get(stato.categoria, fallback)
    return round((stato.rendita or 0) * 1.05 * moltiplicatore / 100)
