"""A cadastral map and what is drawn on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import shapely

from catasto.formati.anomalia import Anomalia, RigaRifiutata
from catasto.formati.cxf.classe import ClasseBordo, TipoMappa
from catasto.nome_mappa import NomeMappa
from catasto.riferimento import RiferimentoCatastale

#: Decorative texts stand in parentheses too: only a number means a *diritto di superficie*.
_DIRITTO_DI_SUPERFICIE: Final = re.compile(r"\([0-9]+\)")


# Not frozen, here and below: a supply has millions of records, and freezing takes as long
# as making them.
@dataclass(slots=True)
class Bordo:
    """An area: border of the map, parcel, building, road, water.

    ``geometria`` is a WKB polygon in the coordinates of the file; None where it has too
    few points, and ``problema`` says what was wrong. ``punto_interno`` is what the file
    says: converters get it wrong, use ``representative_point``.
    """

    riga: int
    codice: str
    classe: ClasseBordo
    dimensione: int
    angolo: float
    posizione: tuple[float, float]
    punto_interno: tuple[float, float]
    geometria: bytes | None
    problema: str | None = None

    @property
    def numero(self) -> str:
        """The number of the parcel: of a building, the one that contains it."""
        return self.codice.removesuffix("+")

    def representative_point(self) -> tuple[float, float] | None:
        """Return a point that is inside the area, computed anew."""
        if self.geometria is None:
            return None
        poligono = shapely.make_valid(shapely.from_wkb(self.geometria))
        punto = shapely.point_on_surface(poligono)
        return (punto.x, punto.y)

    def area(self) -> float:
        """Return the area in the units of the file, islands taken away."""
        return (
            0.0 if self.geometria is None else float(shapely.area(shapely.from_wkb(self.geometria)))
        )


@dataclass(slots=True)
class Testo:
    """A text; ``esterno`` says that it lies mostly outside the border, here and below."""

    riga: int
    testo: str
    dimensione: int
    angolo: float
    x: float
    y: float
    esterno: bool = False

    @property
    def particella_raster(self) -> bool:
        """Say whether it is the centroid of a parcel of a raster map."""
        return self.dimensione == 0

    @property
    def diritto_di_superficie(self) -> bool:
        """Say whether it marks a right of surface, similar to a parcel: ``(731)``."""
        return _DIRITTO_DI_SUPERFICIE.fullmatch(self.testo) is not None


@dataclass(slots=True)
class Simbolo:
    """A symbol; 9 and 14 are *graffe*, 4 *osso di morto*: they tie buildings to parcels."""

    riga: int
    codice: int
    angolo: float
    x: float
    y: float
    esterno: bool = False


@dataclass(slots=True)
class Fiduciale:
    """A fiducial point and the place of its label."""

    riga: int
    numero: str
    codice: int
    x: float
    y: float
    x_testo: float
    y_testo: float
    esterno: bool = False


@dataclass(slots=True)
class Linea:
    """A line with its stroke; ``geometria`` is a WKB line."""

    riga: int
    tratto: int
    geometria: bytes
    esterno: bool = False


@dataclass(slots=True)
class Libretto:
    """A line of a field book; protocol ``0`` means that it is in the map already."""

    riga: int
    protocollo: str
    tratto: int
    geometria: bytes


@dataclass(slots=True)
class RiferimentoRaster:
    """The raster below the map; corners sorted by place: UL, UR, LR, LL.

    The specification gives two orders that contradict each other.
    """

    riga: int
    file: str
    angoli: tuple[float, ...]


@dataclass(frozen=True)
class MappaCxf:
    """A whole map, in memory: the largest have a few megabytes."""

    tipo: TipoMappa
    nome_scritto: str
    scala: float | None
    bordi: tuple[Bordo, ...] = ()
    testi: tuple[Testo, ...] = ()
    simboli: tuple[Simbolo, ...] = ()
    fiduciali: tuple[Fiduciale, ...] = ()
    linee: tuple[Linea, ...] = ()
    raster: tuple[RiferimentoRaster, ...] = ()
    libretti: tuple[Libretto, ...] = ()
    nome_file: str = ""
    rifiutate: tuple[RigaRifiutata, ...] = ()
    anomalie: tuple[Anomalia, ...] = ()

    @cached_property
    def nome(self) -> NomeMappa | None:
        """The name of the map: the written one, else that of the file."""
        return parse_nome(self.nome_scritto) or parse_nome(self.nome_file.rpartition(".")[0])

    @property
    def trasformata(self) -> bool:
        """Say whether SISTER transformed the map to ETRF2000/UTM: the extension tells."""
        return self.nome_file.lower().endswith(".ctf")

    def riferimento(self, bordo: Bordo) -> RiferimentoCatastale | None:
        """Return the parcel of an area: for a building, the one that contains it.

        None for borders, and where the map has no name.
        """
        if self.nome is None or bordo.classe in {ClasseBordo.CONFINE, ClasseBordo.ALTRA_MAPPA}:
            return None
        return RiferimentoCatastale.of_mappa(self.nome, bordo.numero)

    def of_class(self, classe: ClasseBordo) -> tuple[Bordo, ...]:
        """Return the areas of one kind, in the order of the file."""
        return tuple(b for b in self.bordi if b.classe is classe)


def parse_nome(testo: str) -> NomeMappa | None:
    """Read a map name, None where the text is none."""
    try:
        return NomeMappa.parse(testo)
    except ValueError:
        return None
