"""ANNCSU: streets (STRAD) and accesses (INDIR) as the monthly open data have them."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Civico, Mondo, Strada
from ingest.generatore.proiezione import Proiezione

#: National numbers of streets and accesses start here, far from each other.
PRIMA_STRADA: Final = 900000
PRIMO_ACCESSO: Final = 40000000
_INDIR: Final = (
    "CODICE_COMUNE;CODICE_ISTAT;PROGRESSIVO_NAZIONALE;CODICE_COMUNALE;ODONIMO;LOCALITA';DIZIONE_LINGUA1;"
    "DIZIONE_LINGUA2;PROGRESSIVO_ACCESSO;CODICE_COMUNALE_ACCESSO;CIVICO;ESPONENTE;SPECIFICITA;METRICO;"
    "PROGRESSIVO_SNC;COORD_X_COMUNE;COORD_Y_COMUNE;QUOTA;METODO\n"
)
_STRAD: Final = (
    "CODICE_COMUNE;CODICE_ISTAT;PROGRESSIVO_NAZIONALE;CODICE_COMUNALE;ODONIMO;LOCALITA';TOTALE_ACCESSI;"
    "DIZIONE_LINGUA1;DIZIONE_LINGUA2;\n"
)


def national_number(strada: Strada) -> int:
    """Return PROGRESSIVO_NAZIONALE of a street."""
    return PRIMA_STRADA + strada.numero


def access_number(civico: Civico) -> int:
    """Return PROGRESSIVO_ACCESSO of a house number."""
    return PRIMO_ACCESSO + civico.progressivo


class Indirizzi:
    """Writes accesses as they come and counts them street by street for STRAD."""

    def __init__(self, comune: Comune, proiezione: Proiezione, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.proiezione = proiezione
        self.forniture = [f for f in forniture if "anncsu" in f.fonti]
        self.conti: dict[int, Counter[int]] = {f.indice: Counter() for f in self.forniture}
        for fornitura in self.forniture:
            fornitura.append(self.name("INDIR", fornitura), _INDIR)
            fornitura.append(self.name("STRAD", fornitura), _STRAD)

    def name(self, quale: str, fornitura: Fornitura) -> str:
        """Return the file name of one of the two tables."""
        return f"{quale}_{self.comune.belfiore}_{fornitura.giorno}.csv"

    def write(self, mondo: Mondo) -> None:
        """Append the accesses of a sheet to each supply."""
        if not mondo.civici:
            return
        veri = self.proiezione.lonlat([(c.x, c.y) for c in mondo.civici]).tolist()
        spostati = [c for c in mondo.civici if c.scarto not in (None, (0, 0))]
        errati = self._displaced(spostati)
        for fornitura in self.forniture:
            conto = self.conti[fornitura.indice]
            righe = []
            for civico, vero in zip(mondo.civici, veri, strict=True):
                if civico.dal <= fornitura.data < civico.al:
                    conto[civico.strada.numero] += 1
                    giusto = fornitura.data >= civico.corretto_dal
                    x, y = vero if giusto else errati.get(civico.progressivo, vero)
                    righe.append(self._row(civico, x, y, fornitura))
            fornitura.append(self.name("INDIR", fornitura), "".join(righe))

    def _displaced(self, civici: list[Civico]) -> dict[int, list[float]]:
        """Return the wrong points that are published for some house numbers."""
        punti = [(c.x + c.scarto[0], c.y + c.scarto[1]) for c in civici if c.scarto]
        coordinate = self.proiezione.lonlat(punti).tolist()
        return {c.progressivo: p for c, p in zip(civici, coordinate, strict=True)}

    def _row(self, civico: Civico, x: float, y: float, fornitura: Fornitura) -> str:
        strada = civico.strada
        posto = (
            ";;;"
            if civico.scarto is None
            else f"{x:.7f};{y:.7f};;{3 if civico.progressivo % 4 else 1}"
        )
        return (
            f"{self.comune.belfiore};{self.comune.istat};{national_number(strada)};;"
            f"{strada.at(fornitura.data)};{strada.localita};;;{access_number(civico)};;"
            f"{civico.numero};{civico.esponente};;;;{posto.replace('.', ',')}\n"
        )

    def write_streets(self, strade: list[Strada]) -> None:
        """Append the streets of a square, those of open country only where somebody lives."""
        for fornitura in self.forniture:
            conto = self.conti[fornitura.indice]
            righe = [
                f"{self.comune.belfiore};{self.comune.istat};{national_number(s)};;"
                f"{s.at(fornitura.data)};{s.localita};{conto[s.numero]};;;\n"
                for s in strade
                if conto[s.numero] or not s.dug.startswith("STRADA")
            ]
            fornitura.append(self.name("STRAD", fornitura), "".join(righe))
            conto.clear()
