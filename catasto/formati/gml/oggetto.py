"""One feature of the open data: a parcel or a map sheet."""

from __future__ import annotations

from dataclasses import dataclass

from catasto.nome_mappa import NomeMappa
from catasto.riferimento import RiferimentoCatastale


# Not frozen: a region has millions of them, and freezing each costs a second in ten.
@dataclass(slots=True)
class OggettoGml:
    """A parcel or a sheet as delivered.

    ``riga`` is the line of the feature in the XML file. ``geometria`` is WKB with x =
    longitude, y = latitude (EPSG:6706): a Polygon, or a MultiPolygon where the file has
    several; None when it cannot be read at all. ``problema`` says in Italian what is
    wrong, also where a geometry could be saved.
    """

    riga: int
    riferimento: str
    etichetta: str | None
    id_locale: str | None
    unita_amministrativa: str | None
    geometria: bytes | None
    problema: str | None = None
    livello: str | None = None
    nome_livello: str | None = None

    @property
    def particella(self) -> RiferimentoCatastale:
        """The reference as a value; raises InvalidValue for a sheet or a damaged text."""
        return RiferimentoCatastale.parse(self.riferimento)

    @property
    def mappa(self) -> NomeMappa:
        """The map sheet: the reference of a sheet, or what precedes the dot of a parcel's."""
        return NomeMappa.parse(self.riferimento.partition(".")[0])
