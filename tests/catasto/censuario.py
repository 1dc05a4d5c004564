"""Factories and strategies for census records."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from hypothesis import strategies as st

from catasto.categoria import categorie
from catasto.codice_fiscale import compose
from catasto.codici import diritti, qualita, toponimi
from catasto.formati.censuario import (
    CaratteristicheTerreno,
    CaratteristicheUrbane,
    IdentificativoUrbano,
    IndirizzoCensuario,
    Nota,
    PersonaFisica,
    PersonaGiuridica,
    Porzione,
    Riserva,
    SituazioneTerreno,
    SituazioneUrbana,
    TitolaritaCensuaria,
    UtilitaComune,
)
from tests.catasto.strategie import belfiore, dates, sezione

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Fornito:
    """A census file made of bytes."""

    contenuto: bytes
    nome: str = "prova.FAB"

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it from the beginning."""
        yield BytesIO(self.contenuto)


def supplied(*righe: str) -> Fornito:
    return Fornito("".join(f"{r}\r\n" for r in righe).encode("iso-8859-1"))


FAB_1 = (
    "H501|B|4711001|F|2|1|3|A02|04|5,5|102||710,13||B|1|12||3||||15032012|15032012|V|012345|001"
    "|2012|||||||||987654||||VCL|VARIAZIONE DI CLASSAMENTO|||4|"
)
FAB_2 = "H501|B|4711001|F|2|2||0352|01018||0007|||0352|01019||0003||"
FAB_3 = "H501|B|4711001|F|2|3|236|DEI CIABATTARI|12/A|||00123|"
FAB_4 = "H501|B|4711001|F|2|4||0352|01018||0001|"
FAB_5 = "H501|B|4711001|F|2|5|1|0001234|"
TER_1 = (
    "H501|B|990123|T|1|1|352|01018||||1|03|0|12|45|0|0|0|13700|8700|7,07|4,50|12051990|01061990"
    "|F|000321|001|1990|||||||0001234||12345||"
)
SOG_P = "H501| |55001|P|ROSSI|MARIO|1|01011980|H501|RSSMRA80A01H501U||"
SOG_G = "H501| |55002|G|CONDOMINIO DEI GIRASOLI|H501|12345678903|"
TIT = (
    "H501|B|55001|P|4711001|F|10||1|2|C|55002|15032012|N|004567|001|2012|20032012||||||||987655|"
    "|8800123|IST|COMPRAVENDITA|||"
)

# What ISO-8859-1 has and a field may hold: no delimiter, no control, no blank at the ends.
_CARATTERI = st.characters(codec="iso-8859-1", exclude_characters="|\x7f", exclude_categories=["C"])


def one_encoding(scritto: str) -> bool:
    """Leave out what reads as UTF-8 too: a file of nothing else would be read so."""
    ottetti = scritto.encode("iso-8859-1")
    return ottetti.isascii() or ottetti.decode("utf-8", "replace").count("\ufffd") > 0


_testi = st.text(_CARATTERI, max_size=12).map(str.strip).filter(one_encoding)
testi = _testi.map(lambda t: t or None)
pieni = _testi.map(lambda t: t or "X")
interi = st.one_of(st.none(), st.integers(0, 10**15 - 1))
giorni = st.one_of(st.none(), dates)
numeri = st.from_regex(r"[0-9A-Z]{1,5}", fullmatch=True)
cifre = st.one_of(st.none(), numeri)
classi = st.sampled_from([None, "U", "1", "4", "12"])
euro = st.one_of(st.none(), st.decimals(0, 10**9, places=2))
aree = st.one_of(st.none(), st.integers(0, 10**8).map(Decimal))
note = st.one_of(
    st.none(),
    st.builds(
        Nota,
        dates,
        giorni,
        st.sampled_from([None, "V", "N", "I"]),
        cifre,
        cifre,
        st.one_of(st.none(), st.integers(1900, 2030)),
        st.sampled_from([None, "VCL", "IST"]),
        testi,
    ),
)

caratteristiche_urbane = st.builds(
    CaratteristicheUrbane,
    riga=st.just(0),
    zona_censuaria=cifre,
    categoria=st.sampled_from([None, *categorie()]),
    classe=classi,
    consistenza=st.one_of(st.none(), st.decimals(0, 999, places=1)),
    superficie=aree,
    rendita_lire=st.none(),
    rendita=euro,
    lotto=testi,
    edificio=testi,
    scala=testi,
    interni=st.lists(pieni, max_size=2).map(tuple),
    piani=st.lists(pieni, max_size=4).map(tuple),
    generante=note,
    conclusivo=note,
    partita=cifre,
    annotazione=testi,
    mutazione_iniziale=interi,
    mutazione_finale=interi,
    protocollo_notifica=cifre,
    data_notifica=giorni,
    flag_classamento=st.sampled_from([None, "1", "4"]),
    extra=st.just(()),
)
situazioni_urbane = st.builds(
    SituazioneUrbana,
    belfiore,
    sezione,
    st.integers(0, 10**15 - 1),
    st.integers(0, 999),
    st.just(0),
    caratteristiche_urbane,
    st.lists(
        st.builds(IdentificativoUrbano, st.just(0), cifre, cifre, numeri, cifre, cifre, st.none()),
        max_size=12,
    ).map(tuple),
    st.lists(
        st.builds(
            IndirizzoCensuario,
            st.just(0),
            st.one_of(st.none(), st.sampled_from(sorted(toponimi()))),
            pieni,
            st.lists(pieni, max_size=3).map(tuple),
            cifre,
        ),
        max_size=5,
    ).map(tuple),
    st.lists(
        st.builds(UtilitaComune, st.just(0), cifre, cifre, numeri, cifre, cifre), max_size=3
    ).map(tuple),
    st.lists(st.builds(Riserva, st.just(0), numeri, cifre), max_size=3).map(tuple),
)
situazioni_terreni = st.builds(
    SituazioneTerreno,
    belfiore,
    sezione,
    st.integers(0, 10**15 - 1),
    st.integers(0, 999),
    st.just(0),
    st.builds(
        CaratteristicheTerreno,
        riga=st.just(0),
        foglio=cifre,
        numero=cifre,
        denominatore=cifre,
        subalterno=cifre,
        edificialita=st.sampled_from([None, "E"]),
        qualita=st.one_of(st.none(), st.sampled_from(sorted(qualita()))),
        classe=classi,
        superficie=aree,
        flag_reddito=st.sampled_from([None, "0", "1"]),
        flag_porzione=st.sampled_from([None, "0", "1"]),
        flag_deduzioni=st.sampled_from([None, "0", "1"]),
        reddito_dominicale_lire=st.none(),
        reddito_agrario_lire=st.none(),
        reddito_dominicale=euro,
        reddito_agrario=euro,
        generante=note,
        conclusivo=note,
        partita=cifre,
        annotazione=testi,
        mutazione_iniziale=interi,
        mutazione_finale=interi,
    ),
    st.lists(st.sampled_from(["A1", "B9", "C17"]), max_size=9).map(tuple),
    st.lists(st.builds(Riserva, st.just(0), numeri, cifre), max_size=3).map(tuple),
    st.lists(
        st.builds(
            Porzione,
            st.just(0),
            st.sampled_from(["AA", "AB"]),
            st.sampled_from(sorted(qualita())),
            classi,
            aree,
        ),
        max_size=3,
    ).map(tuple),
)
codici_fiscali = st.builds(
    compose,
    st.from_regex(r"[A-Z]{3,8}", fullmatch=True),
    st.from_regex(r"[A-Z]{3,8}", fullmatch=True),
    dates,
    st.sampled_from(["M", "F"]),
    belfiore,
)
_persone = st.builds(
    PersonaFisica,
    belfiore,
    sezione,
    st.integers(1, 10**9),
    st.just(0),
    testi,
    testi,
    st.sampled_from([None, "M", "F"]),
    giorni,
    st.one_of(st.none(), belfiore),
    st.one_of(st.none(), codici_fiscali),
    st.none(),
    testi,
)
_enti = st.builds(
    PersonaGiuridica,
    belfiore,
    sezione,
    st.integers(1, 10**9),
    st.just(0),
    testi,
    st.one_of(st.none(), belfiore),
    st.one_of(st.none(), codici_fiscali),
    st.none(),
)
soggetti = st.one_of(_persone, _enti)
titolarita = st.builds(
    TitolaritaCensuaria,
    comune_catastale=belfiore,
    sezione=sezione,
    riga=st.just(0),
    soggetto=st.integers(1, 10**9),
    tipo_soggetto=st.sampled_from(["P", "G"]),
    immobile=st.integers(1, 10**15 - 1),
    tipo_immobile=st.sampled_from(["F", "T"]),
    codice_diritto=st.sampled_from(sorted(diritti())),
    titolo=testi,
    quota=st.one_of(
        st.none(), st.fractions(Fraction(1, 10**6), 1).filter(lambda f: f.denominator < 10**9)
    ),
    regime=st.sampled_from([None, "C", "P", "S", "D"]),
    soggetto_riferimento=interi,
    generante=note,
    conclusivo=note,
    partita=cifre,
    mutazione_iniziale=interi,
    mutazione_finale=interi,
    identificativo=interi,
)


def unlined(valore: Any) -> Any:
    """Return a record with all its line numbers at zero, as the strategies make them."""
    if isinstance(valore, tuple):
        return tuple(unlined(v) for v in valore)
    if not is_dataclass(valore) or isinstance(valore, type):
        return valore
    nuovi = {f.name: unlined(getattr(valore, f.name)) for f in fields(valore)}
    if "riga" in nuovi:
        nuovi["riga"] = 0
    nuovi.pop("codice_fiscale_scritto", None)
    return replace(valore, **nuovi)
