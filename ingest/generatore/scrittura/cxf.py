"""The vector map: one CTF file a sheet, in ETRF2000/UTM metres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Final

import shapely

from catasto.formati.cxf import (
    Bordo,
    ClasseBordo,
    Fiduciale,
    MappaCxf,
    Simbolo,
    Testo,
    TipoMappa,
    write_cxf,
)
from catasto.nome_mappa import NomeMappa
from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import MAI, Edificio, Impronta, Mondo
from ingest.generatore.poligoni import Anello, Punto, centroide
from ingest.generatore.proiezione import Proiezione

#: What is built comes on the map some time after.
_RITARDO: Final = timedelta(days=60)
_FINE: Final = b"EOF\r\n"
_CROCE: Final = 1
_GRAFFA: Final = 9
_FIDUCIALE: Final = 20
#: One area: code, class, rings.
type _Area = tuple[str, ClasseBordo, list[Anello]]


class MappaCtf:
    """Writes the map of each sheet for each whole supply."""

    def __init__(self, comune: Comune, proiezione: Proiezione, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.proiezione = proiezione
        self.forniture = [f for f in forniture if "mappa" in f.fonti]

    def write(self, mondo: Mondo) -> None:
        """Write one sheet; areas that stay from one supply to the next are drawn once."""
        nome = str(NomeMappa(self.comune.belfiore, "", str(mondo.foglio)))
        gruppi: dict[tuple[str, int], tuple[int, _Area]] = {}
        for fornitura in self.forniture:
            for area in _areas(mondo, nome, fornitura.data):
                chiave = (area[0], id(area[2][0]))
                maschera, _ = gruppi.get(chiave, (0, area))
                gruppi[chiave] = (maschera | 1 << fornitura.indice, area)
        per_maschera: dict[int, list[_Area]] = {}
        for maschera, area in gruppi.values():
            per_maschera.setdefault(maschera, []).append(area)
        mappa = MappaCxf(TipoMappa.MAPPA, nome, 1000.0 if len(mondo.edifici) > 80 else 2000.0)
        vuota = _render(mappa)
        testa, coda = vuota[: -len(_FINE)], len(_FINE)
        corpi = {
            m: _render(replace(mappa, bordi=self._borders(aree)))[len(testa) : -coda]
            for m, aree in per_maschera.items()
        }
        resto = replace(
            mappa,
            testi=self._texts(mondo),
            simboli=self._symbols(mondo),
            fiduciali=self._fiducials(mondo),
        )
        fine = _render(resto)[len(testa) :]
        for fornitura in self.forniture:
            parti = [c for m, c in corpi.items() if m >> fornitura.indice & 1]
            (fornitura.cartella / f"{nome}.CTF").write_bytes(b"".join((testa, *parti, fine)))

    def _borders(self, aree: list[_Area]) -> tuple[Bordo, ...]:
        wkb = shapely.to_wkb(
            self.proiezione.polygons([r for _, _, r in aree], geografica=False), byte_order=1
        ).tolist()
        interni = self.proiezione.utm([_inner(r[0]) for _, _, r in aree]).tolist()
        return tuple(
            Bordo(
                0,
                codice,
                classe,
                0 if classe is ClasseBordo.CONFINE else 18,
                0.0,
                (x, y),
                (x, y),
                geometria,
            )
            for (codice, classe, _), geometria, (x, y) in zip(aree, wkb, interni, strict=True)
        )

    def _texts(self, mondo: Mondo) -> tuple[Testo, ...]:
        """Write each street once, by its first door on the sheet."""
        x0, y0 = self.proiezione.utm(mondo.bordo[0][:1]).tolist()[0]
        avviso = Testo(0, "DATI INVENTATI", 30, 0.0, x0, y0 + 20, esterno=True)
        primi = {c.strada.numero: c for c in reversed(mondo.civici)}
        punti = self.proiezione.utm([(c.x, c.y) for c in primi.values()] or [(0, 0)]).tolist()
        vie = [
            Testo(0, f"{c.strada.dug} {c.strada.nome}", 22, 0.0, x, y)
            for c, (x, y) in zip(primi.values(), punti, strict=False)
        ]
        return (avviso, *vie)

    def _symbols(self, mondo: Mondo) -> tuple[Simbolo, ...]:
        """Draw crosses on round coordinates, and a graffa where a house stands on two parcels."""
        est, nord = self.proiezione.est, self.proiezione.nord
        xs = [p[0] / 1000 + est for p in mondo.bordo[0]]
        ys = [p[1] / 1000 + nord for p in mondo.bordo[0]]
        croci = [
            Simbolo(0, _CROCE, 0.0, x, y, esterno=True)
            for x in (min(xs) // 200 * 200, max(xs) // 200 * 200 + 200)
            for y in (min(ys) // 200 * 200, max(ys) // 200 * 200 + 200)
        ]
        graffe = [
            Simbolo(0, _GRAFFA, 0.0, *self.proiezione.utm([e.particelle[1].anello[0]]).tolist()[0])
            for e in mondo.edifici
            if len(e.particelle) > 1 and e.in_mappa_dal < MAI
        ]
        return (*croci, *graffe)

    def _fiducials(self, mondo: Mondo) -> tuple[Fiduciale, ...]:
        passo = max(1, len(mondo.bordo[0]) // 3)
        punti = self.proiezione.utm(mondo.bordo[0][::passo][:3]).tolist()
        return tuple(
            Fiduciale(0, str(n), _FIDUCIALE, x, y, x + 2, y + 2)
            for n, (x, y) in enumerate(punti, 1)
        )


def _areas(mondo: Mondo, nome: str, giorno: date) -> Iterator[_Area]:
    """Yield the areas of a sheet on a day: border, parcels, roads, waters, buildings."""
    yield nome, ClasseBordo.CONFINE, mondo.bordo
    for p in mondo.particelle:
        if p.noto_dal <= giorno < p.noto_al:
            yield p.numero, ClasseBordo.PARTICELLA, [p.anello]
    for classe, pezzi in ((ClasseBordo.STRADA, mondo.strade), (ClasseBordo.ACQUA, mondo.acque)):
        for bordo, buchi in pezzi:
            yield classe.value.upper(), classe, [bordo, *buchi]
    for edificio in mondo.edifici:
        yield from _drawn(edificio, giorno)


def _drawn(edificio: Edificio, giorno: date) -> Iterator[_Area]:
    """Yield what the cadastral map shows of a building: one area on each of its parcels."""
    if not edificio.in_mappa_dal <= giorno:
        return
    dal = edificio.madre.dal if edificio.madre else edificio.dal
    al = edificio.figlia.al if edificio.figlia else edificio.al
    if not dal <= giorno or (al < MAI and giorno >= al + _RITARDO):
        return
    impronta = _on_map(edificio, giorno)
    if len(edificio.particelle) == 1:
        anelli = [impronta.anello, impronta.corte[::-1]] if impronta.corte else [impronta.anello]
        yield f"{edificio.particelle[0].numero}+", ClasseBordo.FABBRICATO, anelli
    else:
        for particella in edificio.particelle:
            yield f"{particella.numero}+", ClasseBordo.FABBRICATO, [particella.anello]


def _on_map(edificio: Edificio, giorno: date) -> Impronta:
    """Return the outline the map has: the declared one, and some time after the works."""
    if edificio.in_mappa is not None:
        return edificio.in_mappa
    passate = [i for i in edificio.impronte if i.dal + _RITARDO <= giorno]
    return passate[-1] if passate else edificio.impronte[0]


def _render(mappa: MappaCxf) -> bytes:
    buffer = BytesIO()
    write_cxf(buffer, mappa)
    return buffer.getvalue()


def _inner(anello: Anello) -> Punto:
    x, y = centroide(anello)
    return round(x), round(y)
