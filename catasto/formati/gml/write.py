"""Writer of the open data GML, byte for byte the same for the same records."""

from __future__ import annotations

from itertools import batched, chain
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.sax.saxutils import escape

from catasto.formati.wkb import unpack_polygons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from catasto.formati.gml.oggetto import OggettoGml
    from catasto.formati.wkb import Coordinate

_SISTEMA: Final = "urn:ogc:def:crs:EPSG::6706"
_BLOCCO: Final = 2000
_TESTA: Final = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection
    xmlns:CP="http://mapserver.gis.umn.edu/mapserver"
    xmlns:gml="http://www.opengis.net/gml/3.2"
    xmlns:wfs="http://www.opengis.net/wfs/2.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    timeStamp="{momento}" numberMatched="unknown" numberReturned="{numero}">
"""
_INTERO: Final = f' srsName="{_SISTEMA}"'
_CODA: Final = "</wfs:FeatureCollection>\n"
_RIQUADRO: Final = (
    '{rientro}<gml:Envelope srsName="' + _SISTEMA + '">\n'
    "{rientro}  <gml:lowerCorner>{sud:.6f} {ovest:.6f}</gml:lowerCorner>\n"
    "{rientro}  <gml:upperCorner>{nord:.6f} {est:.6f}</gml:upperCorner>\n"
    "{rientro}</gml:Envelope>\n"
)

#: west, south, east, north
type Estensione = tuple[float, float, float, float]


def write_particelle(
    flusso: BinaryIO,
    oggetti: Iterable[OggettoGml],
    *,
    momento: datetime,
    numero: int | None = None,
    estensione: Estensione | None = None,
) -> int:
    """Write a ``_ple`` file and return how many features were written.

    ``numero`` and ``estensione`` go in the header, which is written before the
    features are known: a caller that does not know them leaves them out.
    """
    return _write(flusso, _particella, oggetti, momento, numero, estensione)


def write_fogli(
    flusso: BinaryIO,
    oggetti: Iterable[OggettoGml],
    *,
    momento: datetime,
    numero: int | None = None,
    estensione: Estensione | None = None,
) -> int:
    """Write a ``_map`` file and return how many features were written."""
    return _write(flusso, _foglio, oggetti, momento, numero, estensione)


def _write(
    flusso: BinaryIO,
    voce: Callable[[OggettoGml], str],
    oggetti: Iterable[OggettoGml],
    momento: datetime,
    numero: int | None,
    estensione: Estensione | None,
) -> int:
    testa = _TESTA.format(
        momento=momento.isoformat(timespec="seconds"),
        numero="unknown" if numero is None else numero,
    )
    if estensione is not None:
        testa += f"    <wfs:boundedBy>\n{_envelope(estensione, '        ')}    </wfs:boundedBy>\n"
    flusso.write(testa.encode())
    scritti = 0
    for lotto in batched(oggetti, _BLOCCO):
        flusso.write("".join(map(voce, lotto)).encode())
        scritti += len(lotto)
    flusso.write(_CODA.encode())
    return scritti


def _particella(o: OggettoGml) -> str:
    campi = (
        ("INSPIREID_LOCALID", o.id_locale),
        ("INSPIREID_NAMESPACE", "IT.AGE.PLA."),
        ("LABEL", o.etichetta),
        ("NATIONALCADASTRALREFERENCE", o.riferimento),
        ("ADMINISTRATIVEUNIT", o.unita_amministrativa),
    )
    return _member("CadastralParcel", o, campi)


def _foglio(o: OggettoGml) -> str:
    campi = (
        ("INSPIREID_LOCALID", o.id_locale),
        ("INSPIREID_NAMESPACE", "IT.AGE.MAP."),
        ("LABEL", o.etichetta),
        ("NATIONALCADASTRALZONINGREFERENCE", o.riferimento),
        ("ADMINISTRATIVEUNIT", o.unita_amministrativa),
        ("LEVEL", o.livello),
        ("LEVELNAME", o.nome_livello),
    )
    return _member("CadastralZoning", o, campi)


def _member(tipo: str, o: OggettoGml, campi: tuple[tuple[str, str | None], ...]) -> str:
    identificativo = escape(f"{tipo}.{o.id_locale or o.riferimento}", {'"': "&quot;"})
    geometria = "" if o.geometria is None else _geometry(o.geometria, identificativo)
    righe = "".join(
        f"            <CP:{nome}>{escape(valore)}</CP:{nome}>\n" for nome, valore in campi if valore
    )
    return (
        f'    <wfs:member>\n        <CP:{tipo} gml:id="{identificativo}">\n{geometria}{righe}'
        f"        </CP:{tipo}>\n    </wfs:member>\n"
    )


def _envelope(estensione: Estensione, rientro: str) -> str:
    ovest, sud, est, nord = estensione
    return _RIQUADRO.format(rientro=rientro, ovest=ovest, sud=sud, est=est, nord=nord)


def _geometry(wkb: bytes, identificativo: str) -> str:
    poligoni = unpack_polygons(wkb)
    ascisse = [x for p in poligoni for x in p[0][::2]]
    ordinate = [y for p in poligoni for y in p[0][1::2]]
    estensione = (min(ascisse), min(ordinate), max(ascisse), max(ordinate))
    if len(poligoni) == 1:
        corpo = _polygon(poligoni[0], f"{identificativo}.1", _INTERO)
    else:
        membri = "".join(
            "<gml:surfaceMember>\n"
            + _polygon(p, f"{identificativo}.{n}", "")
            + "</gml:surfaceMember>\n"
            for n, p in enumerate(poligoni, 1)
        )
        corpo = (
            f'<gml:MultiSurface gml:id="{identificativo}.0"{_INTERO}>\n{membri}'
            "</gml:MultiSurface>\n"
        )
    return (
        f"            <gml:boundedBy>\n{_envelope(estensione, '                ')}"
        f"            </gml:boundedBy>\n            <CP:msGeometry>\n{corpo}"
        "            </CP:msGeometry>\n"
    )


def _polygon(anelli: list[Coordinate], identificativo: str, sistema: str) -> str:
    testo = [f'<gml:Polygon gml:id="{identificativo}"{sistema}>\n']
    for n, anello in enumerate(anelli):
        ruolo = "interior" if n else "exterior"
        # Latitude first, as the declared system wants.
        valori = tuple(chain.from_iterable(zip(anello[1::2], anello[::2], strict=True)))
        coordinate = ("%.8f " * len(valori))[:-1] % valori
        testo.append(
            f'<gml:{ruolo}><gml:LinearRing><gml:posList srsDimension="2">{coordinate}'
            f"</gml:posList></gml:LinearRing></gml:{ruolo}>\n"
        )
    testo.append("</gml:Polygon>\n")
    return "".join(testo)
