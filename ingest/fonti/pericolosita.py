"""Hazard areas: mosaics of ISPRA, plans of the basin authorities (PAI, PGRA; fonti.md §8.1).

Vector files, mostly CC BY 4.0, whose fields change their names with each release: they are
looked for by a table of names. We take phenomenon, class, authority, plan, its day and the
name of the area. The phenomenon stands in a field or in the name of the layer, and each has
a scale of its own: a class that its scale does not know is refused, a bare number too, since
of floods it may mean the first or the last. Where a layer marks what was studied and found
without hazard, that is kept as a class of its own: outside it nothing is known. An area has
no identity but its outline. A file speaks for the classes it holds, of the authorities it
names: floods come in a file for each scenario, basins in files of their own.
"""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte
from ingest.fonti.vincoli import TIPI
from ingest.formats import vector
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.contorno import impronta_contorno
from ingest.formats.vector import GEOMETRIA, Strato
from territorio.errors import Refused
from territorio.urbanistica.pericolosita import CLASSI, STUDIO

FONTE = Fonte(
    title="Pericolosità da frana, alluvione e valanga",
    publisher="ISPRA, autorità di bacino distrettuali",
    licence="CC BY 4.0",
    cadence="a ogni aggiornamento del piano",
    facts=("area_pericolosita",),
    # Layers come for a basin, or for a region.
    fuori_confine=0.99,
)

# fmt: off
NOMI = {
    "CLASSE": (
        "per_fr_ita", "per_idr_ita", "per_fr", "per_idr", "classe_per", "cl_peric", "cod_peric",
        "pericolosita", "pericolosità", "pericolosi", "peric", "scenario", "classe",
    ),
    "FENOMENO": ("fenomeno", "tipo_fenom", "tipo_peric", "hazard"),
    "AUTORITA": ("autorita", "autorità", "bacino", "nome_bacin", "distretto", "adb", "uom_name"),
    "PIANO": ("piano", "nome_piano", "strumento", "fonte"),
    "DATA": ("data", "data_piano", "data_atto", "data_agg"),
    "NOME": ("denominazione", "denominaz", "denom", "nome", "localita"),
}
"""What is said of an area, and the names its field may have."""
IGNORE = (
    "fid", "OBJECTID", "OBJECTID_1", "gid", "id", "Shape_Leng", "Shape_Length", "Shape_Area",
    "SHAPE_LENG", "area", "perimeter", "cod_reg", "cod_prov", "pro_com", "legenda",
)
FENOMENI = {
    "frana": "frana", "frane": "frana", "geomorfologica": "frana", "landslide": "frana",
    "alluvione": "alluvione", "alluvioni": "alluvione", "idraulica": "alluvione",
    "idraulico": "alluvione", "pgra": "alluvione", "flood": "alluvione",
    "hph": "alluvione", "mph": "alluvione", "lph": "alluvione",
    "valanga": "valanga", "valanghe": "valanga", "valanghiva": "valanga", "avalanche": "valanga",
}
"""Words for a phenomenon, in a field or in the name of a layer."""
_PAROLE = {
    "frana": {
        "molto elevata": "P4", "elevata": "P3", "media": "P2", "moderata": "P1",
        "area di attenzione": "AA", "aree di attenzione": "AA", "attenzione": "AA",
    },
    "alluvione": {
        "h": "P3", "hph": "P3", "elevata": "P3", "frequente": "P3",
        "m": "P2", "mph": "P2", "media": "P2", "poco frequente": "P2",
        "l": "P1", "lph": "P1", "bassa": "P1", "rara": "P1",
    },
    "valanga": {"elevata": "P3", "media": "P2", "moderata": "P1"},
}
# fmt: on
_STUDIATE = ("studio", "area di studio", "area studiata", "copertura", "limite di studio")
CODICI = {
    fenomeno: {
        **{codice.lower(): codice for codice in CLASSI[fenomeno]},
        **parole,
        **dict.fromkeys(_STUDIATE, STUDIO),
    }
    for fenomeno, parole in _PAROLE.items()
}
"""How each scale is written, in small letters; codes of one never stand for another's."""
_DI_CAMPO = {"per_fr_ita": "frana", "per_fr": "frana", "per_idr_ita": "alluvione"}
_DI_CAMPO["per_idr"] = "alluvione"
"""Fields of a class that say by their name of which phenomenon it is."""
_GENERICI = ("scenario", "classe")
"""Fields that many layers have: they are a hazard's where the name of the layer says so."""
_DI_PIANO = ("peric", "mosaic", "pai", "pgra", "hph", "mph", "lph", "hazard")
_LEGGIBILE = {"CLASSE", "FENOMENO", "AUTORITA"}


def recognise(path: Path) -> bool:
    """Tell whether a layer of the file has a class of hazard and says of what."""
    return bool(_strati(path))


def ambito(path: Path) -> Ambito:
    """Return the reference system and what the file covers: phenomenon, class, authority."""
    strati = _strati(path)
    systems = {vector.crs(path, strato) for strato in strati}
    if len(systems) > 1:
        raise Refused(
            path.name,
            f"gli strati hanno sistemi di riferimento diversi ({', '.join(sorted(systems))}): "
            "consegnali in file separati",
        )
    return Ambito("", None, parti={"area_pericolosita": _parts(path)}, crs=systems.pop())


def read(path: Path, _ambito: Ambito) -> Iterator[Detto]:
    """Say each area of the file, layer after layer."""
    for strato in _strati(path):
        columns = _columns(strato)
        missing = [name for name in NOMI if name not in columns and name != "FENOMENO"]
        if missing:
            motivo = f"lo strato «{strato.nome}» non dice: {', '.join(missing)}"
            yield Avviso(None, "colonna mancante", motivo, campo=missing[0])
        items = vector.features(
            path,
            strato,
            {name: columns.get(name, name) for name in NOMI},
            ignore=IGNORE,
            optional=[name for name in NOMI if name != "CLASSE"],
        )
        yield from said(items, partial(_load, di=_of_layer(strato)))


def _load(campi: Campi, di: str | None) -> Iterator[Detto]:
    """Say one area; ``di`` is the phenomenon of its layer."""
    shape = campi.shape(GEOMETRIA)
    fenomeno = campi.category("FENOMENO", _Minuscolo(FENOMENI)) or di
    if fenomeno is None:
        raise Illeggibile("manca «FENOMENO»")
    classe = campi.category("CLASSE", _Minuscolo(CODICI[fenomeno]))
    if classe is None:
        raise Illeggibile("manca «CLASSE»")
    autorita = campi.text("AUTORITA")
    valori: dict[str, object] = {
        "fenomeno": fenomeno,
        "classe": classe,
        "denominazione": campi.text("NOME"),
        "autorita": autorita,
        "strumento": campi.text("PIANO"),
        "data_atto": campi.day("DATA"),
    }
    parte = f"{fenomeno}/{classe}/{autorita or ''}"
    chiave = f"{parte}|{impronta_contorno(shape)}"
    yield from campi.avvisi(("area_pericolosita", chiave))
    yield Asserzione("area_pericolosita", chiave, valori, campi.riga, geometria=shape, parte=parte)


class _Minuscolo(dict[str, str]):
    """A table of words in which capitals do not count."""

    def __contains__(self, testo: object) -> bool:
        return isinstance(testo, str) and super().__contains__(_plain(testo))

    def __getitem__(self, testo: str) -> str:
        return super().__getitem__(_plain(testo))


def _plain(testo: str) -> str:
    """Return a word as the tables have it.

    >>> _plain("Pericolosità  Molto_elevata"), _plain("P 3")
    ('molto elevata', 'p3')
    """
    words = re.sub(r"[\W_]+", " ", testo.lower()).removeprefix("pericolosità ").strip()
    return re.sub(r"^p (\d)$", r"p\1", words)


def _parts(path: Path) -> tuple[str, ...]:
    """Return what the file covers.

    With more than one class of a phenomenon it is the whole layer of those who drew it: then
    a class that is no longer there is gone. With one it is one scenario among several.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for strato in _strati(path):
        columns, di = _columns(strato), _of_layer(strato)
        names = [name for name in _LEGGIBILE if name in columns]
        lists = [vector.values(path, strato, columns[name]) for name in names]
        for values in set(zip(*lists, strict=True)):
            row = {
                n: "" if v is None else str(v).strip() for n, v in zip(names, values, strict=True)
            }
            fenomeno = FENOMENI.get(_plain(row.get("FENOMENO", "")), di)
            classe = CODICI.get(fenomeno or "", {}).get(_plain(row["CLASSE"]))
            if fenomeno and classe:
                found.setdefault((fenomeno, row.get("AUTORITA", "")), set()).add(classe)
    parts: list[str] = []
    for (fenomeno, autorita), classi in found.items():
        whole = {*CLASSI[fenomeno], STUDIO} if len(classi - {STUDIO}) > 1 else classi
        parts += [f"{fenomeno}/{classe}/{autorita}" for classe in whole]
    return tuple(sorted(parts))


def _columns(strato: Strato) -> dict[str, str]:
    """Return where each value stands in a layer."""
    actual = {name.lower() for name in strato.campi}
    found = {n: next((a for a in aliases if a in actual), None) for n, aliases in NOMI.items()}
    return {name: alias for name, alias in found.items() if alias is not None}


def _of_layer(strato: Strato) -> str | None:
    """Return the phenomenon that the field of the class, or the name of the layer, tells."""
    columns = _columns(strato)
    if (own := _DI_CAMPO.get(columns.get("CLASSE", ""))) is not None:
        return own
    words = _words(strato.nome)
    return next((FENOMENI[word] for word in words if word in FENOMENI), None)


@lru_cache(maxsize=256)
def _words(nome: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\W\d_]+", nome.lower()))


def _strati(path: Path) -> list[Strato]:
    """Return the layers that hold hazards."""
    return [strato for strato in vector.strati(path) if _is_hazard(strato)]


def _is_hazard(strato: Strato) -> bool:
    """Tell whether a layer holds hazards; constraints have a source of their own."""
    columns = _columns(strato)
    if "CLASSE" not in columns or strato.nome.upper() in TIPI:
        return False
    if columns["CLASSE"] in _GENERICI and not any(
        word.startswith(_DI_PIANO) for word in _words(strato.nome)
    ):
        return False
    return "FENOMENO" in columns or _of_layer(strato) is not None
