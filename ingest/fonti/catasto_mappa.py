"""The vector cadastral map as the office delivers it: CXF, or CTF in ETRF2000/UTM.

Agenzia delle Entrate, for the municipality, one file a map, on request. We take the border
of the map (foglio), parcels with roads and waters, and the buildings drawn on them; texts,
symbols, lines and fiducial points are for drawing and for surveyors. A table of surfaces
(``.SUP``) beside the file is compared with the drawing. A map speaks for itself alone:
only what was on it before and is not any more has ended (catasto.md §12-14).

Maps in a local Cassini-Soldner plane name no origin: each needs its PROJ definition, in
``FILE.mappa.json`` beside it (``{"crs": "+proj=cass …"}``).
"""

import re
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from catasto.errors import CatastoError
from catasto.formati.cxf import Bordo, ClasseBordo, MappaCxf, TipoMappa, read_cxf
from catasto.formati.cxf.sistema import Sistema, likely_epsg, likely_system
from catasto.formati.sup import TabellaSuperfici, compare_sup, parse_sup
from catasto.nome_mappa import NomeMappa
from catasto.riferimento import RiferimentoCatastale
from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte, Rifiuto
from ingest.fonti.ade_fogli import valori as valori_foglio
from ingest.fonti.ade_particelle import valori as valori_particella
from ingest.forma import Geometries
from ingest.formats.vector import stated_crs
from territorio.errors import Refused

FONTE = Fonte(
    title="Mappa catastale vettoriale",
    publisher="Agenzia delle Entrate",
    licence="riservata al comune (DPR 1142/1949, convenzione)",
    cadence="su richiesta",
    facts=("foglio", "particella", "fabbricato"),
)

_SAMPLE_BYTES = (8_000, 64_000)
"""How much of a map is read to know which one it is; more where the border is long."""
_EOF = re.compile(rb"(?m)^[ \t]*EOF[ \t\r]*$")
SUFFISSI = frozenset({".cxf", ".ctf"})
_ROMA40 = {1: "EPSG:3003", 2: "EPSG:3004"}
_DENTRO = 0.98
"""Part of a building that must lie in the parcel of its code."""
_SBILANCIO = 1e-3
"""Part of the border that the areas may leave uncovered."""
_AREE = (ClasseBordo.PARTICELLA, ClasseBordo.STRADA, ClasseBordo.ACQUA)


def recognise(path: Path) -> bool:
    """Tell whether the file has the ending and the first line of a map."""
    if path.suffix.lower() not in SUFFISSI:
        return False
    with path.open("rb") as stream:
        first = stream.read(64).removeprefix(BOM_UTF8).split(b"\n", 1)[0].strip()
    return first.decode("ascii", "replace") in set(TipoMappa)


def ambito(path: Path) -> Ambito:
    """Return the map, its day if a table of surfaces says it, and its plane."""
    mappa, nome = _sample(path)
    whole = mappa.tipo is not TipoMappa.QUADRO_UNIONE and _ends(path)
    part = (str(nome),) if whole else ()
    tabella = _table(path)
    return Ambito(
        nome.comune_catastale,
        tabella.data if isinstance(tabella, TabellaSuperfici) else None,
        parti=dict.fromkeys(FONTE.facts, part),
        crs=_crs(path, mappa),
    )


def read(path: Path, _ambito: Ambito) -> Iterator[Detto]:
    """Say the border, each parcel, road, water and building of the map."""
    mappa, nome = _mappa(path)
    yield from _oddities(path, mappa, nome)
    if mappa.tipo is TipoMappa.QUADRO_UNIONE:
        motivo = "è un quadro d'unione: i fogli si prendono dalle loro mappe"
        yield Avviso(None, "quadro d'unione", motivo)
        return
    for bordo in mappa.bordi:
        if bordo.geometria is None:
            reason = bordo.problema or "geometria illeggibile"
            about = _about(bordo.codice, nome) if bordo.classe in _AREE else ()
            yield Rifiuto(bordo.riga, reason, bordo.codice, about)
        elif bordo.classe in _AREE and isinstance(why := _riferimento(nome, bordo), str):
            yield Rifiuto(bordo.riga, why, bordo.codice)
    if border := [b for b in mappa.of_class(ClasseBordo.CONFINE) if b.geometria is not None]:
        valori = {**valori_foglio(nome), "scala": round(mappa.scala) if mappa.scala else None}
        yield Asserzione(
            "foglio", str(nome), valori, border[0].riga, geometria=_whole(border), parte=str(nome)
        )
    parcels = _parcels(mappa, nome)
    for riferimento, bordi in parcels.values():
        yield from _parcel(riferimento, bordi, str(nome))
    yield from _buildings(mappa, nome, parcels)
    yield from _balance(mappa)


def _ends(path: Path) -> bool:
    """Tell whether the map has its last line: what one that breaks off lacks has not ended."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _SAMPLE_BYTES[-1]))
        return _EOF.search(stream.read()) is not None or _EOF.search(path.read_bytes()) is not None


def _about(codice: str, nome: NomeMappa) -> tuple[tuple[str, str], ...]:
    """Return which parcel an area without outline is; of buildings one cannot tell."""
    if codice.endswith("+"):
        return ()
    try:
        return (("particella", RiferimentoCatastale.of_mappa(nome, codice).chiave),)
    except CatastoError:
        return ()


def _whole(bordi: list[Bordo]) -> BaseGeometry | bytes | None:
    """Return what was drawn in one piece or in several as one outline."""
    if len(bordi) == 1:
        return bordi[0].geometria
    return MultiPolygon(list(shapely.from_wkb([b.geometria for b in bordi])))


type _Particelle = dict[str, tuple[RiferimentoCatastale, list[Bordo]]]


def _parcels(mappa: MappaCxf, nome: NomeMappa) -> _Particelle:
    """Return the areas by parcel: one number drawn twice is a parcel in two parts."""
    found: _Particelle = {}
    for classe in _AREE:
        for bordo in mappa.of_class(classe):
            riferimento = _riferimento(nome, bordo)
            if bordo.geometria is not None and not isinstance(riferimento, str):
                found.setdefault(riferimento.chiave, (riferimento, []))[1].append(bordo)
    return found


def _parcel(riferimento: RiferimentoCatastale, bordi: list[Bordo], parte: str) -> Iterator[Detto]:
    """Say one parcel."""
    first, chiave = bordi[0], riferimento.chiave
    yield from _flaws(bordi, ("particella", chiave))
    classe = {ClasseBordo.STRADA: "strada", ClasseBordo.ACQUA: "acqua"}.get(
        first.classe, "particella"
    )
    valori = {**valori_particella(riferimento), "classe": classe}
    yield Asserzione("particella", chiave, valori, first.riga, geometria=_whole(bordi), parte=parte)


def _buildings(mappa: MappaCxf, nome: NomeMappa, parcels: _Particelle) -> Iterator[Detto]:
    """Say the buildings; those of one parcel are told apart by where they lie."""
    drawn = [b for b in mappa.of_class(ClasseBordo.FABBRICATO) if b.geometria is not None]
    if not drawn:
        return
    shapes = shapely.from_wkb([b.geometria for b in drawn])
    # The corner puts the buildings of one parcel in order, whatever the file's.
    corners = shapely.bounds(shapes).round(1).tolist()
    by_code: dict[str, list[int]] = defaultdict(list)
    for i, bordo in enumerate(drawn):
        by_code[bordo.codice].append(i)
    riferimenti = {codice: _riferimento(nome, drawn[those[0]]) for codice, those in by_code.items()}
    inside = _inside(shapes, [_ground(riferimenti[bordo.codice], parcels) for bordo in drawn])
    for codice, indices in by_code.items():
        riferimento = riferimenti[codice]
        if isinstance(riferimento, str):
            for i in indices:
                yield Rifiuto(drawn[i].riga, riferimento, codice)
            continue
        for k, i in enumerate(sorted(indices, key=corners.__getitem__), 1):
            bordo, chiave = drawn[i], f"{nome}|{codice}|{k}"
            yield from _flaws([bordo], ("fabbricato", chiave))
            yield from _misplaced(bordo, *inside[i], chiave)
            valori = {**valori_particella(riferimento), "codice": codice}
            del valori["classe"]
            yield Asserzione(
                "fabbricato",
                chiave,
                valori,
                bordo.riga,
                geometria=bordo.geometria,
                parte=str(nome),
            )


def _riferimento(nome: NomeMappa, bordo: Bordo) -> RiferimentoCatastale | str:
    """Return the parcel whose number an area or a building has, or why it cannot be one."""
    try:
        return RiferimentoCatastale.of_mappa(nome, bordo.numero)
    except CatastoError as error:
        return str(error)


def _ground(riferimento: RiferimentoCatastale | str, parcels: _Particelle) -> list[bytes | None]:
    """Return the outlines of a parcel on this map; none where it is not there."""
    if isinstance(riferimento, str) or riferimento.chiave not in parcels:
        return []
    return [area.geometria for area in parcels[riferimento.chiave][1]]


def _inside(shapes: Geometries, grounds: list[list[bytes | None]]) -> list[tuple[float, float]]:
    """Return the area of each building, and how much of it lies on its ground.

    All the buildings of a map together: a call for each takes longer than what it does.
    """
    buildings = shapely.make_valid(shapes)
    whole = shapely.area(buildings)
    areas = shapely.make_valid(shapely.from_wkb(list(chain.from_iterable(grounds))))
    which = np.repeat(np.arange(len(grounds)), [len(ground) for ground in grounds])
    on_it = shapely.area(shapely.intersection(buildings[which], areas))
    inside = np.bincount(which, on_it, len(grounds))
    return list(zip(whole.tolist(), inside.tolist(), strict=True))


def _misplaced(bordo: Bordo, whole: float, inside: float, chiave: str) -> Iterator[Avviso]:
    """Report a building that does not lie in the parcel whose number it has."""
    if inside < _DENTRO * whole:
        motivo = f"solo il {inside / whole:.0%} sta nella particella {bordo.numero}"
        yield Avviso(
            bordo.riga, "fabbricato fuori particella", motivo, chiave=("fabbricato", chiave)
        )


def _flaws(bordi: list[Bordo], chiave: tuple[str, str]) -> Iterator[Avviso]:
    """Report what the reader found wrong with areas it could save."""
    for bordo in bordi:
        if bordo.problema is not None:
            yield Avviso(
                bordo.riga,
                "geometria difettosa",
                bordo.problema,
                campo="geometria",
                chiave=chiave,
            )


def _balance(mappa: MappaCxf) -> Iterator[Avviso]:
    """Report a map whose areas do not tile its border."""
    border = _area(mappa.of_class(ClasseBordo.CONFINE))
    inside = sum(_area(mappa.of_class(classe)) for classe in _AREE)
    if border and abs(inside - border) > max(1.0, _SBILANCIO * border):
        motivo = f"particelle, strade e acque coprono {inside:.0f} m², il confine {border:.0f}"
        yield Avviso(None, "sbilancio della mappa", motivo)


def _area(bordi: tuple[Bordo, ...]) -> float:
    """Return what some outlines cover together, those that could be read."""
    outlines = [b.geometria for b in bordi if b.geometria is not None]
    return float(shapely.area(shapely.from_wkb(outlines)).sum())


def _oddities(path: Path, mappa: MappaCxf, nome: NomeMappa) -> Iterator[Detto]:
    """Say what the reader did not understand, and where the table of surfaces disagrees."""
    for rifiutata in mappa.rifiutate:
        if rifiutata.motivo.startswith("BORDO"):
            about = next((_about(codice, nome) for codice in rifiutata.inizio), ())
            yield Rifiuto(rifiutata.riga, rifiutata.motivo, chiavi=about)
        else:
            yield Avviso(rifiutata.riga, "elemento illeggibile", rifiutata.motivo)
    for anomalia in mappa.anomalie:
        yield Avviso(None, "mappa difettosa", anomalia.regola, anomalia.campo, anomalia.valore)
    tabella = _table(path)
    if isinstance(tabella, str):
        yield Avviso(None, "tabella delle superfici illeggibile", tabella)
    elif tabella is not None:
        for d in compare_sup(tabella, mappa):
            motivo = f"{d.cosa}: nella tabella {d.tabella}, nel disegno {d.disegno}"
            yield Avviso(None, "superfici discordi", motivo)


def _crs(path: Path, mappa: MappaCxf) -> str:
    """Return the plane of the map; raise Refused where nobody knows it."""
    stated = stated_crs(path)
    if stated is not None:
        return stated
    if epsg := likely_epsg(mappa):
        return f"EPSG:{epsg}"
    outlines = [b.geometria for b in mappa.bordi if b.geometria is not None]
    if not outlines:
        raise Refused(path.name, "la mappa non ha nessun contorno leggibile")
    ovest, sud, *_ = shapely.total_bounds(shapely.from_wkb(outlines)).tolist()
    if likely_system(ovest, sud) is Sistema.GAUSS_BOAGA:
        return _ROMA40[1 if ovest < 2_000_000 else 2]
    raise Refused(
        path.name,
        "la mappa è in coordinate locali (Cassini-Soldner) e il file non ne dice l'origine: "
        "chiedi a SISTER il file «.CTF» in ETRF2000/UTM, oppure scrivi la definizione PROJ "
        f'della mappa in «{path.name}.mappa.json»: {{"crs": "+proj=cass …"}}',
    )


def _table(path: Path) -> TabellaSuperfici | str | None:
    """Return the table of surfaces beside the map, or why it cannot be read."""
    for suffix in (".sup", ".SUP", ".Sup"):
        beside = path.with_suffix(suffix)
        if beside.exists():
            try:
                return parse_sup(beside)
            except CatastoError as error:
                return str(error)
    return None


def _sample(path: Path) -> tuple[MappaCxf, NomeMappa]:
    """Return the beginning of a map: its name, and borders that tell where it is.

    The whole where that does not do; a land office sends hundreds of maps at a time.
    """
    for size in _SAMPLE_BYTES:
        with path.open("rb") as stream:
            begin = stream.read(size)
        if len(begin) == size:  # without the border that is cut in two
            begin = begin[: begin.rfind(b"\nBORDO") + 1]
        try:
            mappa = read_cxf(BytesIO(begin), path.name)
        except CatastoError:
            continue
        if mappa.nome is not None and any(b.geometria is not None for b in mappa.bordi):
            return mappa, mappa.nome
    return _mappa(path)


def _mappa(path: Path) -> tuple[MappaCxf, NomeMappa]:
    """Return the map and its name; raise Refused for a map without one."""
    try:
        mappa = read_cxf(path)
    except CatastoError as error:
        raise Refused(path.name, error.dentro) from None
    if mappa.nome is None:
        raise Refused(path.name, "né il file né il suo nome dicono quale mappa è")
    return mappa, mappa.nome
