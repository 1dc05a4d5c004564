"""Parameters of a request, and the packaging of a supply."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catasto.codici import Catasto
from catasto.errors import FormatError
from catasto.formati.censuario import (
    RichiestaCensuaria,
    TipoFornitura,
    find_files,
    parse_prm,
    read_fab,
    write_prm,
)
from tests.catasto.censuario import FAB_1, FAB_2
from tests.catasto.strategie import belfiore, dates, sezione

PRM = """Comune richiesto     : H501B
Data richiesta:   01/03/2024
DATA  ELABORAZIONE : 02/03/2024
Tipologia di estrazione : Fabbricati: estrazione completa
Data selezione : 29/02/2024
Numero record : 1.234
Fogli estratti : 0352, 0353
Ora richiesta : 12:30
"""


def test_a_whole_picture_of_some_fogli() -> None:
    r = parse_prm(PRM.encode(), "x.prm")
    assert (r.comune_catastale, r.sezione, r.catasto) == ("H501", "B", Catasto.FABBRICATI)
    assert (r.tipo, r.data_selezione) == (TipoFornitura.ATTUALITA, date(2024, 2, 29))
    assert (r.data_richiesta, r.data_elaborazione) == (date(2024, 3, 1), date(2024, 3, 2))
    assert (r.numero_record, r.fogli) == (1234, ("0352", "0353"))
    assert r.tipologia == "Fabbricati: estrazione completa"
    assert r.altro == {"ora richiesta": "12:30"}
    assert r.data_riferimento == date(2024, 2, 29)


def test_what_changed_between_two_days() -> None:
    r = parse_prm(
        b"Tipologia di estrazione : terreni, aggiornamento\r\n"
        b"Date registrazione : 01/01/2024   31/01/2024\r\n",
        "x.prm",
    )
    assert (r.tipo, r.catasto) == (TipoFornitura.AGGIORNAMENTO, Catasto.TERRENI)
    assert (r.registrate_dal, r.registrate_al) == (date(2024, 1, 1), date(2024, 1, 31))
    assert r.data_riferimento == date(2024, 1, 31)


@pytest.mark.parametrize(
    ("tipologia", "tipo"),
    [
        ("fabbricati completa", TipoFornitura.ATTUALITA),
        ("terreni aggiornamenti", TipoFornitura.AGGIORNAMENTO),
        ("terreni", None),
    ],
)
def test_without_dates_the_wording_decides(tipologia: str, tipo: TipoFornitura | None) -> None:
    assert parse_prm(f"Tipologia di estrazione: {tipologia}".encode(), "x").tipo is tipo


@pytest.mark.parametrize("contenuto", [b"", b"ciao: mondo\n", b"\xff\xfe\0"])
def test_what_is_not_a_prm_is_refused(contenuto: bytes) -> None:
    with pytest.raises(FormatError, match="non è un file di parametri"):
        parse_prm(contenuto, "x.prm")


def test_an_impossible_date_is_refused_by_its_label() -> None:
    with pytest.raises(FormatError, match="'data selezione' = '31/02/2024'"):
        parse_prm(b"Data selezione : 31/02/2024", "x.prm")


@given(
    st.builds(
        RichiestaCensuaria,
        comune_catastale=belfiore,
        sezione=sezione,
        catasto=st.just(Catasto.TERRENI),
        tipo=st.just(TipoFornitura.ATTUALITA),
        tipologia=st.just("Terreni: completa"),
        data_richiesta=dates,
        data_elaborazione=st.one_of(st.none(), dates),
        data_selezione=dates,
        numero_record=st.one_of(st.none(), st.integers(0, 10**7)),
        fogli=st.lists(st.from_regex("[0-9]{4}", fullmatch=True), max_size=3).map(tuple),
    )
)
@settings(deadline=None, max_examples=40)
def test_parameters_written_are_read_back(richiesta: RichiestaCensuaria) -> None:
    flusso = io.BytesIO()
    write_prm(flusso, richiesta)
    assert parse_prm(flusso.getvalue(), "x.prm") == richiesta


def zipped(**file: bytes) -> bytes:
    flusso = io.BytesIO()
    with zipfile.ZipFile(flusso, "w", zipfile.ZIP_DEFLATED) as z:
        for nome, contenuto in file.items():
            z.writestr(nome.replace("__", "."), contenuto)
    return flusso.getvalue()


def test_files_are_found_in_folders_archives_and_archives_of_archives(tmp_path: Path) -> None:
    fab = f"{FAB_1}\r\n{FAB_2}\r\n".encode()
    dentro = zipped(H501B123_1__FAB=fab, H501B123_2__fab=fab, leggimi__txt=b"")
    (tmp_path / "fuori.ZIP").write_bytes(zipped(interno__zip=dentro, H501B123__Prm=PRM.encode()))
    (tmp_path / "sciolto.Fab").write_bytes(fab)
    trovati = find_files(tmp_path)
    assert [(f.nome, f.tipo) for f in trovati] == [
        ("fuori.ZIP/H501B123.Prm", "PRM"),
        ("fuori.ZIP/interno.zip/H501B123_1.FAB", "FAB"),
        ("fuori.ZIP/interno.zip/H501B123_2.fab", "FAB"),
        ("sciolto.Fab", "FAB"),
    ]
    assert {f.base for f in trovati} == {"H501B123", "SCIOLTO"}
    letti = [len(list(read_fab(f))) for f in trovati if f.tipo == "FAB"]
    assert letti == [1, 1, 1]
    with trovati[0].open() as flusso:
        assert parse_prm(flusso.read(), "x").comune_catastale == "H501"


def test_a_refused_line_names_its_archive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(H501__FAB=b"rotta\r\n"))
    (rifiuto,) = read_fab(find_files(tmp_path / "a.zip")[0])
    assert rifiuto.riga == 1
    assert getattr(rifiuto, "file", "") == "a.zip/H501.FAB"


def test_a_broken_archive_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\3\4rotto")
    with pytest.raises(FormatError, match=r"a\.zip: non è un archivio ZIP"):
        find_files(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("scritto", "comune", "sezione"),
    [
        ("H501B", "H501", "B"),
        ("h501 b", "H501", "B"),
        ("H501_B", "H501", "B"),
        ("H501 - ROMA", "H501", ""),
        ("H501 ROMA", "H501", ""),
        ("H501ROMA", "H501", ""),
        ("ROMA (H501)", "H501", ""),
        ("ROMA", None, ""),
    ],
)
def test_the_municipality_of_a_request(scritto: str, comune: str | None, sezione: str) -> None:
    found = parse_prm(f"Comune richiesto : {scritto}\r\n".encode(), "x.PRM")
    assert (found.comune_catastale, found.sezione) == (comune, sezione)


def test_the_mark_of_utf_8_is_no_part_of_the_first_label() -> None:
    found = parse_prm(b"\xef\xbb\xbfComune richiesto:H501\nData selezione:1/2/2024", "x.PRM")
    assert (found.comune_catastale, found.data_selezione) == ("H501", date(2024, 2, 1))
