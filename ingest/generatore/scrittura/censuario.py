"""Census supplies: FAB, TER, SOG, TIT and PRM, zipped as the cadastre sends them.

A version that stays the same from one supply to the next is made and written once:
records are grouped by the set of supplies that carry them.
"""

from __future__ import annotations

import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Final

from catasto.codici import Catasto
from catasto.formati.censuario import RichiestaCensuaria, TipoFornitura, write_prm
from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Diritto, Mondo
from ingest.generatore.scrittura.righe import fab, sog, ter, tit
from ingest.generatore.verita import Verita

_CATASTI: Final = (("fabbricati", "FABBRICATI", "FAB"), ("terreni", "TERRENI", "TER"))


@dataclass(slots=True)
class _Gruppi:
    """Lines by the set of supplies (one bit each) that carry them."""

    di_chi: dict[int, list[str]] = field(default_factory=dict)

    def add(self, maschera: int, voce: str) -> None:
        if maschera:
            self.di_chi.setdefault(maschera, []).append(voce)


class Censuario:
    """Writes both cadastres, sheet by sheet, then zips them."""

    def __init__(self, comune: Comune, forniture: list[Fornitura], verita: Verita) -> None:
        self.comune = comune
        self.verita = verita
        self.forniture = {
            fonte: [f for f in forniture if fonte in f.fonti] for fonte, _, _ in _CATASTI
        }

    def write(self, mondo: Mondo) -> None:
        """Append units, parcels, rights and subjects of a sheet."""
        self._units(mondo)
        self._parcels(mondo)

    def _units(self, mondo: Mondo) -> None:
        codice = self.comune.belfiore
        unita, titoli, soggetti = _Gruppi(), _Gruppi(), _Gruppi()
        for u in mondo.unita:
            for stato in u.stati:
                maschera = self._mask("fabbricati", stato.noto_dal, stato.noto_al)
                unita.add(maschera, fab(codice, u, stato))
            vita = self._mask("fabbricati", u.stati[0].noto_dal, u.stati[-1].noto_al)
            for diritto in u.diritti:
                maschera = vita & self._mask("fabbricati", diritto.noto_dal, diritto.noto_al)
                self._right(titoli, soggetti, maschera, diritto, u.id, "F")
        self._flush("fabbricati", "FAB", unita)
        self._flush("fabbricati", "TIT", titoli)
        self._flush("fabbricati", "SOG", soggetti)

    def _parcels(self, mondo: Mondo) -> None:
        codice = self.comune.belfiore
        terreni, titoli, soggetti = _Gruppi(), _Gruppi(), _Gruppi()
        for p in mondo.particelle:
            for n, stato in enumerate(p.stati, 1):
                maschera = self._mask("terreni", stato.noto_dal, stato.noto_al)
                terreni.add(maschera, ter(codice, p, stato, n))
            for diritto in p.diritti:
                maschera = self._mask("terreni", diritto.noto_dal, diritto.noto_al)
                self._right(titoli, soggetti, maschera, diritto, p.id, "T")
        self._flush("terreni", "TER", terreni)
        self._flush("terreni", "TIT", titoli)
        self._flush("terreni", "SOG", soggetti)

    def _mask(self, fonte: str, noto_dal: date, noto_al: date) -> int:
        maschera = 0
        for f in self.forniture[fonte]:
            if noto_dal <= f.data < noto_al:
                maschera |= 1 << f.indice
        return maschera

    def _right(
        self,
        titoli: _Gruppi,
        soggetti: _Gruppi,
        maschera: int,
        diritto: Diritto,
        immobile: int,
        tipo: str,
    ) -> None:
        if not maschera:
            return
        titoli.add(maschera, tit(self.comune.belfiore, diritto, immobile, tipo))
        spostamento = 0 if tipo == "F" else 16
        for soggetto in (diritto.soggetto, diritto.rif):
            if soggetto is None:
                continue
            nuovi = maschera & ~(soggetto.scritto >> spostamento)
            if nuovi:
                if not soggetto.scritto:
                    self.verita.subject(soggetto)
                soggetto.scritto |= nuovi << spostamento
                soggetti.add(nuovi, sog(self.comune.belfiore, soggetto))

    def _flush(self, fonte: str, estensione: str, gruppi: _Gruppi) -> None:
        for maschera, voci in gruppi.di_chi.items():
            testo = "".join(voci)
            # What that encoding lacks is written as the national system does.
            grezzo, righe = testo.encode("iso-8859-1", "replace"), testo.count("\n")
            for fornitura in self.forniture[fonte]:
                if maschera >> fornitura.indice & 1:
                    nome = self.name(fonte, fornitura, estensione)
                    fornitura.open(nome).write(grezzo)
                    fornitura.righe[nome] += righe

    def name(self, fonte: str, fornitura: Fornitura, estensione: str) -> str:
        """Return the name of a file inside the archive."""
        prefisso = 1 if fonte == "fabbricati" else 2
        return f"{self.comune.belfiore}{prefisso}{fornitura.giorno[2:]}.{estensione}"

    def finish(self) -> None:
        """Write the parameters, zip the files with fixed times and remove the loose ones."""
        archivi = [(*catasto, f) for catasto in _CATASTI for f in self.forniture[catasto[0]]]
        # Compressing leaves the interpreter to others: on two cores, two zips at a time.
        with ThreadPoolExecutor(max_workers=2) as insieme:
            # What one meets is raised here, and those not begun are left alone.
            list(insieme.map(lambda archivio: self._pack(*archivio), archivi))

    def _pack(self, fonte: str, etichetta: str, principale: str, fornitura: Fornitura) -> None:
        nomi = [self.name(fonte, fornitura, e) for e in (principale, "SOG", "TIT")]
        for nome in nomi:
            fornitura.open(nome).flush()
        righe = sum(fornitura.righe[n] for n in nomi)
        zip_nome = f"{self.comune.belfiore}_{etichetta}_{1 + fornitura.indice}.zip"
        with zipfile.ZipFile(
            fornitura.cartella / zip_nome, "w", zipfile.ZIP_DEFLATED, compresslevel=1
        ) as z:
            for nome in nomi:
                voce = _entry(nome, fornitura.data)
                with (
                    (fornitura.cartella / nome).open("rb") as da,
                    z.open(voce, "w", force_zip64=True) as a,
                ):
                    shutil.copyfileobj(da, a, 1 << 20)
            prm = BytesIO()
            write_prm(prm, self._request(fonte, fornitura, righe))
            z.writestr(_entry(self.name(fonte, fornitura, "PRM"), fornitura.data), prm.getvalue())
        for nome in nomi:
            fornitura.aperti.pop(nome).close()
            (fornitura.cartella / nome).unlink()

    def _request(self, fonte: str, fornitura: Fornitura, righe: int) -> RichiestaCensuaria:
        return RichiestaCensuaria(
            self.comune.belfiore,
            "",
            Catasto.FABBRICATI if fonte == "fabbricati" else Catasto.TERRENI,
            TipoFornitura.ATTUALITA,
            f"Consultazione {fonte} completa (dati inventati)",
            fornitura.data,
            fornitura.data,
            fornitura.data,
            numero_record=righe,
        )


def _entry(nome: str, giorno: date) -> zipfile.ZipInfo:
    voce = zipfile.ZipInfo(nome, (giorno.year, giorno.month, giorno.day, 0, 0, 0))
    voce.compress_type = zipfile.ZIP_DEFLATED
    voce.external_attr = 0o644 << 16
    return voce
