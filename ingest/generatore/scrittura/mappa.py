"""The map: open data GML of parcels and sheets."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from typing import Final

import shapely

from catasto.formati.gml import OggettoGml, write_fogli, write_particelle
from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Mondo
from ingest.generatore.poligoni import Anello
from ingest.generatore.proiezione import Proiezione

_CODA: Final = b"</wfs:FeatureCollection>\n"
_NOTA: Final = b"<!-- Dati inventati: nessun luogo vero. -->\n"


class MappaGml:
    """Writes the ``_ple`` and ``_map`` files of each whole supply."""

    def __init__(self, comune: Comune, proiezione: Proiezione, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.proiezione = proiezione
        self.forniture = [f for f in forniture if "particelle" in f.fonti]
        for fornitura in self.forniture:
            testa = BytesIO()
            write_particelle(testa, (), momento=_moment(fornitura.data))
            for nome in ("ple", "map"):
                fornitura.open(self.name(nome)).write(testa.getvalue()[: -len(_CODA)] + _NOTA)
        vuoto = BytesIO()
        self.testa = write_particelle(vuoto, (), momento=_moment(date(2000, 1, 1)))
        self.testa = len(vuoto.getvalue()) - len(_CODA)

    def name(self, quale: str) -> str:
        """Return the name of a file."""
        return f"{self.comune.belfiore}_{self.comune.nome_file}_{quale}.gml"

    def write(self, mondo: Mondo) -> None:
        """Append parcels, roads and waters of a sheet, then the sheet itself."""
        voci = [(p.numero, [p.anello], p.noto_dal, p.noto_al) for p in mondo.particelle]
        sempre = (date.min, date.max)
        for parola, pezzi in (("STRADA", mondo.strade), ("ACQUA", mondo.acque)):
            voci += [
                (f"{parola}{n:03d}", [bordo, *buchi], *sempre)
                for n, (bordo, buchi) in enumerate(pezzi, 1)
            ]
        mappa = f"{self.comune.belfiore}_{mondo.foglio:04d}00"
        wkb = shapely.to_wkb(
            self.proiezione.polygons([v[1] for v in voci], geografica=True), byte_order=1
        ).tolist()
        gruppi: dict[int, list[OggettoGml]] = {}
        for (etichetta, _, dal, al), geometria in zip(voci, wkb, strict=True):
            maschera = sum(1 << f.indice for f in self.forniture if dal <= f.data < al)
            riferimento = f"{mappa}.{etichetta}"
            gruppi.setdefault(maschera, []).append(
                OggettoGml(
                    0,
                    riferimento,
                    etichetta,
                    f"IT.AGE.PLA.{riferimento}",
                    self.comune.belfiore,
                    geometria,
                )
            )
        for maschera, oggetti in gruppi.items():
            corpo = self._render(oggetti)
            for fornitura in self.forniture:
                if maschera >> fornitura.indice & 1:
                    nome = self.name("ple")
                    fornitura.open(nome).write(corpo)
                    fornitura.righe[nome] += len(oggetti)
        self._sheet(mondo, mappa)

    def _render(self, oggetti: list[OggettoGml]) -> bytes:
        """Return the members alone, without the collection around them."""
        buffer = BytesIO()
        write_particelle(buffer, oggetti, momento=_moment(date(2000, 1, 1)))
        return buffer.getvalue()[self.testa : -len(_CODA)]

    def _sheet(self, mondo: Mondo, mappa: str) -> None:
        bordo: list[Anello] = mondo.bordo
        geometria = self.proiezione.polygons([bordo], geografica=True)
        oggetto = OggettoGml(
            0,
            mappa,
            str(mondo.foglio),
            f"IT.AGE.MAP.{mappa}",
            self.comune.belfiore,
            shapely.to_wkb(geometria, byte_order=1).tolist()[0],
            None,
            "3rdOrder",
            "Mappa Catastale",
        )
        buffer = BytesIO()
        write_fogli(buffer, [oggetto], momento=_moment(date(2000, 1, 1)))
        corpo = buffer.getvalue()[self.testa : -len(_CODA)]
        for fornitura in self.forniture:
            nome = self.name("map")
            fornitura.open(nome).write(corpo)
            fornitura.righe[nome] += 1

    def finish(self) -> None:
        """Close the collections."""
        for fornitura in self.forniture:
            for nome in ("ple", "map"):
                fornitura.open(self.name(nome)).write(_CODA)


def _moment(giorno: date) -> datetime:
    return datetime.combine(giorno, time(3, 0))
