"""The quick lines of the census files beside the writers of ``catasto``."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from catasto.formati.censuario import (
    find_files,
    read_fab,
    read_sog,
    read_ter,
    read_tit,
    write_fab,
    write_sog,
    write_ter,
    write_tit,
)
from tests.ingest.generatore.conftest import Comune

FORMATI: dict[str, tuple[Callable[..., Any], Callable[..., int]]] = {
    "FAB": (read_fab, write_fab),
    "TER": (read_ter, write_ter),
    "SOG": (read_sog, write_sog),
    "TIT": (read_tit, write_tit),
}


@pytest.mark.parametrize("tipo", FORMATI)
def test_the_quick_lines_are_those_of_the_format(comune: Comune, tipo: str) -> None:
    read, write = FORMATI[tipo]
    confrontate = 0
    for _, archivio in comune.supplies("*.zip"):
        for file in find_files(archivio):
            if file.tipo != tipo:
                continue
            riscritto = BytesIO()
            write(riscritto, (r for r in read(file) if hasattr(r, "comune_catastale")))
            righe = _lines(comune, archivio, tipo)
            # The reader gives situations back in the order they end in.
            assert sorted(righe) == sorted(riscritto.getvalue().splitlines())
            confrontate += len(righe)
    assert confrontate > 1000


def _lines(comune: Comune, archivio: Path, tipo: str) -> list[bytes]:
    """Return the lines of a file, but for the one damaged on purpose."""
    with zipfile.ZipFile(archivio) as z:
        (nome,) = [n for n in z.namelist() if n.endswith(tipo)]
        righe = z.read(nome).splitlines()
    guaste = [d for d in comune.table("difetti") if d["file"] == nome]
    for guasta in guaste:
        del righe[int(guasta["chiave"]) - 1]
    # Class 00, which land without income has, is no class to the reader.
    return [r.replace(b"|282|00|", b"|282||") for r in righe]
