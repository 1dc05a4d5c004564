"""Census supplies: FAB, TER, SOG, TIT and PRM, zipped as the cadastre sends them.

A version that stays the same from one supply to the next is made and written once:
records are grouped by the set of supplies that carry them.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO, Final

from catasto.categoria import Categoria
from catasto.codici import Catasto
from catasto.formati.censuario import (
    CaratteristicheTerreno,
    CaratteristicheUrbane,
    IdentificativoUrbano,
    IndirizzoCensuario,
    Nota,
    PersonaFisica,
    PersonaGiuridica,
    RichiestaCensuaria,
    SituazioneTerreno,
    SituazioneUrbana,
    TipoFornitura,
    TitolaritaCensuaria,
    write_fab,
    write_prm,
    write_sog,
    write_ter,
    write_tit,
)
from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import (
    Diritto,
    Mondo,
    Particella,
    Soggetto,
    StatoTerreno,
    StatoUnita,
    Unita,
)
from ingest.generatore.terreni import ENTE_URBANO
from ingest.generatore.verita import Verita

#: Species of street in the cadastre's own table of 554.
_TOPONIMI: Final = {
    "VIA": 236, "VIALE": 240, "VICOLO": 248, "CORSO": 58, "PIAZZA": 130, "PIAZZETTA": 134,
    "LARGO": 86, "STRADA": 210, "STRADA COMUNALE": 546, "STRADA VICINALE": 579,
}  # fmt: skip
_CATASTI: Final = (("fabbricati", "FABBRICATI", "FAB"), ("terreni", "TERRENI", "TER"))
type _Scrittore = Callable[[BinaryIO, Iterable[Any]], int]


@dataclass(slots=True)
class _Gruppi:
    """Records by the set of supplies (one bit each) that carry them."""

    di_chi: dict[int, list[Any]] = field(default_factory=dict)

    def add(self, maschera: int, record: Any) -> None:
        if maschera:
            self.di_chi.setdefault(maschera, []).append(record)


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
        unita, titoli, soggetti = _Gruppi(), _Gruppi(), _Gruppi()
        for u in mondo.unita:
            for stato in u.stati:
                unita.add(
                    self._mask("fabbricati", stato.noto_dal, stato.noto_al), self._fab(u, stato)
                )
            vita = self._mask("fabbricati", u.stati[0].noto_dal, u.stati[-1].noto_al)
            for diritto in u.diritti:
                maschera = vita & self._mask("fabbricati", diritto.noto_dal, diritto.noto_al)
                self._right(titoli, soggetti, maschera, diritto, u.id, "F")
        self._flush("fabbricati", "FAB", write_fab, unita)
        self._flush("fabbricati", "TIT", write_tit, titoli)
        self._flush("fabbricati", "SOG", write_sog, soggetti)

    def _parcels(self, mondo: Mondo) -> None:
        terreni, titoli, soggetti = _Gruppi(), _Gruppi(), _Gruppi()
        for p in mondo.particelle:
            for n, stato in enumerate(p.stati, 1):
                maschera = self._mask("terreni", stato.noto_dal, stato.noto_al)
                if maschera:
                    terreni.add(maschera, self._ter(p, stato, n))
            for diritto in p.diritti:
                maschera = self._mask("terreni", diritto.noto_dal, diritto.noto_al)
                self._right(titoli, soggetti, maschera, diritto, p.id, "T")
        self._flush("terreni", "TER", write_ter, terreni)
        self._flush("terreni", "TIT", write_tit, titoli)
        self._flush("terreni", "SOG", write_sog, soggetti)

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
        titoli.add(maschera, self._tit(diritto, immobile, tipo))
        spostamento = 0 if tipo == "F" else 16
        for soggetto in (diritto.soggetto, diritto.rif):
            if soggetto is None:
                continue
            nuovi = maschera & ~(soggetto.scritto >> spostamento)
            if nuovi:
                if not soggetto.scritto:
                    self.verita.subject(soggetto)
                soggetto.scritto |= nuovi << spostamento
                soggetti.add(nuovi, self._sog(soggetto))

    def _flush(self, fonte: str, estensione: str, scrittore: _Scrittore, gruppi: _Gruppi) -> None:
        for maschera, record in gruppi.di_chi.items():
            buffer = BytesIO()
            righe = scrittore(buffer, record)
            for fornitura in self.forniture[fonte]:
                if maschera >> fornitura.indice & 1:
                    nome = self.name(fonte, fornitura, estensione)
                    fornitura.open(nome).write(buffer.getbuffer())
                    fornitura.righe[nome] += righe

    def name(self, fonte: str, fornitura: Fornitura, estensione: str) -> str:
        """Return the name of a file inside the archive."""
        prefisso = 1 if fonte == "fabbricati" else 2
        return f"{self.comune.belfiore}{prefisso}{fornitura.giorno[2:]}.{estensione}"

    # --- records -----------------------------------------------------------------

    def _fab(self, u: Unita, s: StatoUnita) -> SituazioneUrbana:
        return SituazioneUrbana(
            self.comune.belfiore,
            "",
            u.id,
            s.progressivo,
            0,
            CaratteristicheUrbane(
                0,
                None,
                Categoria.parse(s.categoria) if s.categoria else None,
                s.classe or None,
                None if s.consistenza is None else Decimal(f"{s.consistenza:g}"),
                None if s.superficie is None else Decimal(s.superficie),
                None,
                None if s.rendita is None else Decimal(s.rendita).scaleb(-2),
                None,
                None,
                u.scala or None,
                (u.interno,) if u.interno else (),
                tuple(u.piano.split("-")),
                _note(s.dal, s.noto_dal, s.nota, s.causale),
                None,
                s.partita or None,
                None,
                None,
                None,
                None,
                None,
                "4",
            ),
            tuple(
                IdentificativoUrbano(
                    0,
                    None,
                    f"{p.foglio:04d}",
                    f"{int(p.numero):05d}",
                    None,
                    f"{int(sub):04d}",
                    None,
                )
                for p, sub in u.identificativi
            ),
            self._addresses(u),
        )

    def _addresses(self, u: Unita) -> tuple[IndirizzoCensuario, ...]:
        if u.civico is None:
            return ()
        strada = u.civico.strada
        return (
            IndirizzoCensuario(
                0, _TOPONIMI.get(strada.dug), u.indirizzo_catasto or strada.nome, (u.civico.testo,)
            ),
        )

    def _ter(self, p: Particella, s: StatoTerreno, progressivo: int) -> SituazioneTerreno:
        reddito = s.qualita != ENTE_URBANO
        return SituazioneTerreno(
            self.comune.belfiore,
            "",
            p.id,
            progressivo,
            0,
            CaratteristicheTerreno(
                0,
                str(p.foglio),
                f"{int(p.numero):05d}",
                None,
                None,
                None,
                s.qualita,
                f"{s.classe:02d}" if s.classe else "00",
                Decimal(p.mq),
                "0" if reddito else "1",
                "0",
                "0",
                None,
                None,
                Decimal(s.dominicale).scaleb(-2) if reddito else None,
                Decimal(s.agrario).scaleb(-2) if reddito else None,
                _note(s.dal, s.noto_dal, s.nota, s.causale),
                None,
                None if reddito else "0000001",
                None,
                None,
                None,
            ),
        )

    def _tit(self, d: Diritto, immobile: int, tipo: str) -> TitolaritaCensuaria:
        soggetto = d.soggetto
        return TitolaritaCensuaria(
            self.comune.belfiore,
            "",
            0,
            soggetto.id,
            "P" if soggetto.persona else "G",
            immobile,
            tipo,
            d.codice,
            None,
            _share(d.num, d.den),
            d.regime or None,
            d.rif.id if d.rif else None,
            _note(d.dal, d.noto_dal, d.nota, d.causale),
            None,
            None,
            None,
            None,
            d.id,
        )

    def _sog(self, s: Soggetto) -> PersonaFisica | PersonaGiuridica:
        cf = None if s.senza_cf else s.cf
        if not s.persona:
            return PersonaGiuridica(self.comune.belfiore, "", s.id, 0, s.cognome, s.luogo, None, cf)
        return PersonaFisica(
            self.comune.belfiore,
            "",
            s.id,
            0,
            s.cognome,
            s.nome,
            s.sesso,
            s.nascita,
            s.luogo,
            None,
            cf,
            None,
        )

    # --- packing -----------------------------------------------------------------

    def finish(self) -> None:
        """Write the parameters, zip the files with fixed times and remove the loose ones."""
        for fonte, etichetta, principale in _CATASTI:
            for fornitura in self.forniture[fonte]:
                self._pack(fonte, etichetta, principale, fornitura)

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


def _note(dal: date, noto: date, nota: tuple[str, str, int], causale: tuple[str, str]) -> Nota:
    return Nota(
        dal,
        noto,
        nota[0],
        nota[1] or None,
        "001",
        nota[2] or None,
        causale[0] or None,
        causale[1] or None,
    )


@lru_cache(maxsize=4096)
def _share(num: int, den: int) -> Fraction | None:
    return Fraction(num, den) if num and den else None
