"""Deliveries that are several files: a shapefile, loose census files, a map and its areas.

What is kept, and what tells a delivery from another, is all of them together: the same
outlines with other attributes are another delivery.
"""

import shutil
import zipfile
from pathlib import Path

MAPPA = ".mappa.json"
"""Ending of the mapping that stands beside a file of unknown layout."""
SIDECARS = frozenset(
    [
        ".shx",
        ".dbf",
        ".prj",
        ".cpg",
        ".qix",
        ".sbn",
        ".sbx",
        ".qmd",
        ".xml",
        ".gfs",
        ".xsd",
        ".md",
        ".license",
        ".sup",
        ".sog",
        ".tit",
        ".prm",
    ]
)
"""Endings of files that belong to another file or only describe it."""

_SHAPEFILE = frozenset({".shx", ".dbf", ".prj", ".cpg"})
_CENSUS = frozenset({".fab", ".ter", ".sog", ".tit", ".prm"})
_COMPANIONS = {
    ".shp": _SHAPEFILE,
    ".fab": _CENSUS,
    ".ter": _CENSUS,
    ".cxf": frozenset({".sup"}),
    ".ctf": frozenset({".sup"}),
}
_DESCRIVONO = frozenset({".xml", ".gfs", ".xsd", ".md", ".license", ".qmd"})
"""Endings of files that say nothing of a municipality, but describe another file."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def companions(path: Path) -> list[Path]:
    """Return the other files of a delivery, in order."""
    if path.is_dir():
        return sorted(child for child in path.rglob("*") if child.is_file())
    wanted = _COMPANIONS.get(path.suffix.lower(), frozenset())
    # Parts of a census supply share what precedes the underscore (catasto.md §2).
    stem = path.stem.partition("_")[0] if wanted is _CENSUS else path.stem
    beside = (child for child in path.parent.iterdir() if child != path)
    return sorted(
        child
        for child in beside
        if child.name == f"{path.name}{MAPPA}"
        or (
            child.suffix.lower() in wanted
            and (child.stem.partition("_")[0] if wanted is _CENSUS else child.stem) == stem
        )
    )


def is_sidecar(path: Path) -> bool:
    """Tell whether a file belongs to another or only describes it."""
    return path.suffix.lower() in SIDECARS or path.name.endswith(MAPPA)


def why_sidecar(path: Path) -> str:
    """Say why a file that was named is not loaded, and what to name instead.

    >>> why_sidecar(Path("c.dbf"))
    'accompagna altri file e da solo non si carica: indica il file «.shp» a cui appartiene'
    """
    suffix = path.suffix.lower()
    owners = " o ".join(f"«{kind}»" for kind, parts in _COMPANIONS.items() if suffix in parts)
    if suffix in _DESCRIVONO or not owners:
        return "accompagna o descrive altri file e da solo non si carica: indica quelli"
    return (
        f"accompagna altri file e da solo non si carica: indica il file {owners} a cui appartiene"
    )


def pack(path: Path, scratch: Path) -> Path:
    """Return one file that holds the whole delivery: itself, or a ZIP made the same always."""
    others = companions(path)
    if not others:
        return path
    members = others if path.is_dir() else [path, *others]
    folder = scratch / f"originale-{len(list(scratch.iterdir()))}"
    folder.mkdir()
    target = folder / f"{path.name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for member in sorted(members):
            name = str(member.relative_to(path.parent))
            entry = zipfile.ZipInfo(name, _EPOCH)
            with archive.open(entry, "w", force_zip64=True) as sink, member.open("rb") as stream:
                shutil.copyfileobj(stream, sink, 1 << 20)
    return target
