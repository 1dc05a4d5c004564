"""Census supplies: what is read, what is refused, what is repaired and said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catasto.categoria import Categoria
from catasto.errors import FormatError
from catasto.formati.censuario import (
    Anomalia,
    PersonaFisica,
    PersonaGiuridica,
    RigaRifiutata,
    SituazioneTerreno,
    SituazioneUrbana,
    TitolaritaCensuaria,
    read_fab,
    read_sog,
    read_ter,
    read_tit,
)
from catasto.formati.censuario import righe as modulo_righe
from tests.catasto import censuario as c

if TYPE_CHECKING:
    from collections.abc import Iterable


def units(*righe: str) -> list[SituazioneUrbana]:
    lette = list(read_fab(c.supplied(*righe)))
    assert all(isinstance(s, SituazioneUrbana) for s in lette), lette
    return [s for s in lette if isinstance(s, SituazioneUrbana)]


def parcels(*righe: str) -> list[SituazioneTerreno]:
    return [s for s in read_ter(c.supplied(*righe)) if isinstance(s, SituazioneTerreno)]


def refused(lette: Iterable[object]) -> list[tuple[int, str]]:
    return [(r.riga, r.motivo) for r in lette if isinstance(r, RigaRifiutata)]


def test_the_example_of_the_specification_is_one_situation() -> None:
    (s,) = units(c.FAB_1, c.FAB_2, c.FAB_3, c.FAB_4, c.FAB_5)
    assert (s.comune_catastale, s.sezione, s.immobile, s.progressivo) == ("H501", "B", 4711001, 2)
    u = s.caratteristiche
    assert u is not None
    assert (u.categoria, u.classe, u.zona_censuaria) == (Categoria("A", 2), "4", "3")
    assert (u.consistenza, u.superficie, u.rendita) == (
        Decimal("5.5"),
        Decimal(102),
        Decimal("710.13"),
    )
    assert (u.edificio, u.scala, u.interni, u.piani) == ("B", "1", ("12",), ("3",))
    assert u.generante is not None
    assert u.generante.data_efficacia == date(2012, 3, 15)
    assert (u.generante.causale, u.generante.anno) == ("VCL", 2012)
    assert (u.conclusivo, u.partita, u.mutazione_iniziale) == (None, None, 987654)
    assert u.flag_classamento == "4"
    assert [str(r) for r in s.riferimenti] == ["H501/B/352/1018 sub 7", "H501/B/352/1019 sub 3"]
    assert [(i.toponimo, i.indirizzo, i.civici, i.codice_strada) for i in s.indirizzi] == [
        (236, "DEI CIABATTARI", ("12/A",), "00123")
    ]
    assert [u.subalterno for u in s.utilita_comuni] == ["0001"]
    assert [(r.codice, r.partita) for r in s.riserve] == [("1", "0001234")]
    assert s.anomalie == ()
    assert [s.identificativi[0].riga, s.riserve[0].riga] == [2, 5]


def test_a_land_parcel_and_its_area() -> None:
    porzioni = "H501|B|990123|T|1|4|AA|1|03|0|10|00|AB|282|00||02|45|"
    (s,) = parcels(c.TER_1, "H501|B|990123|T|1|2|A1|B9|", porzioni)
    t = s.caratteristiche
    assert t is not None
    assert (t.superficie, t.qualita, t.classe) == (Decimal(1245), 1, "3")
    assert (t.reddito_dominicale, t.reddito_agrario) == (Decimal("7.07"), Decimal("4.50"))
    assert str(s.riferimento) == "H501/B/352/1018"
    assert s.deduzioni == ("A1", "B9")
    assert [(p.identificativo, p.qualita, p.superficie) for p in s.porzioni] == [
        ("AA", 1, Decimal(1000)),
        ("AB", 282, Decimal(245)),
    ]
    assert s.anomalie == ()


def test_subjects_are_persons_or_organisations() -> None:
    persona, ente = read_sog(c.supplied(c.SOG_P, c.SOG_G))
    assert isinstance(persona, PersonaFisica)
    assert (persona.cognome, persona.sesso, persona.data_nascita) == (
        "ROSSI",
        "M",
        date(1980, 1, 1),
    )
    assert str(persona.codice_fiscale) == "RSSMRA80A01H501U"
    assert isinstance(ente, PersonaGiuridica)
    assert (ente.denominazione, str(ente.codice_fiscale)) == (
        "CONDOMINIO DEI GIRASOLI",
        "12345678903",
    )


def test_a_right_with_its_notes() -> None:
    (t,) = read_tit(c.supplied(c.TIT))
    assert isinstance(t, TitolaritaCensuaria)
    assert (t.soggetto, t.immobile, t.tipo_immobile) == (55001, 4711001, "F")
    assert (t.quota, t.regime, t.soggetto_riferimento) == (Fraction(1, 2), "C", 55002)
    assert t.generante is not None
    assert t.generante.data_efficacia == date(2012, 3, 15)
    assert t.generante.data_registrazione == date(2012, 3, 20)
    assert (t.generante.tipo, t.generante.numero, t.generante.causale) == ("N", "004567", "IST")
    assert (t.conclusivo, t.identificativo) == (None, 8800123)
    assert t.diritto is not None
    assert t.diritto.descrizione == "Proprietà"


@given(st.binary(max_size=300))
def test_no_bytes_stop_a_reader(contenuto: bytes) -> None:
    for read in (read_fab, read_ter, read_sog, read_tit):
        assert all(isinstance(r, RigaRifiutata) for r in read(c.Fornito(contenuto)))


@given(st.integers(0, 4), st.text("|0F1", max_size=12), st.integers(0, 80))
def test_no_damaged_line_stops_a_reader_or_hides(quale: int, sporco: str, dove: int) -> None:
    righe = [c.FAB_1, c.FAB_2, c.FAB_3, c.FAB_4, c.FAB_5]
    righe[quale] = righe[quale][:dove] + sporco + righe[quale][dove:]
    lette = list(read_fab(c.supplied(*righe)))
    viste = {r.riga for r in lette if isinstance(r, RigaRifiutata)}
    for s in lette:
        if isinstance(s, SituazioneUrbana):
            parti: list[Any] = [*s.identificativi, *s.indirizzi, *s.utilita_comuni, *s.riserve]
            viste |= {p.riga for p in parti} | (
                {s.caratteristiche.riga} if s.caratteristiche else set()
            )
    assert viste == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("quanti", [39, 40, 45, 46, 47])
def test_every_national_length_of_record_1_is_read(quanti: int) -> None:
    campi = c.FAB_1.removesuffix("|").split("|")
    campi = [*campi, "x", "y"][:quanti]
    (s,) = units("|".join(campi) + "|")
    assert s.caratteristiche is not None
    assert s.caratteristiche.generante is not None
    assert s.caratteristiche.extra == tuple(["x", "y"][: max(quanti - 45, 0)])
    assert s.caratteristiche.flag_classamento == ("4" if quanti >= 45 else None)
    assert s.caratteristiche.generante.causale == ("VCL" if quanti >= 45 else None)


@pytest.mark.parametrize("quanti", [6, 38, 41, 44, 48])
def test_any_other_length_is_refused(quanti: int) -> None:
    campi = (c.FAB_1.removesuffix("|").split("|") + ["x"] * 9)[:quanti]
    (motivo,) = refused(read_fab(c.supplied("|".join(campi) + "|")))
    assert motivo == (1, f"{quanti} campi per un record di tipo '1'")


def test_long_and_short_layouts_of_the_others() -> None:
    lunga = f"{c.TER_1}FRZ|FRAZIONAMENTO|||"
    (s,) = parcels(lunga)
    assert s.caratteristiche is not None
    assert s.caratteristiche.generante is not None
    assert s.caratteristiche.generante.causale == "FRZ"
    corta = "|".join(c.TIT.split("|")[:28]) + "|"
    (t,) = read_tit(c.supplied(corta))
    assert isinstance(t, TitolaritaCensuaria)
    assert t.identificativo == 8800123
    assert t.generante is not None
    assert t.generante.causale is None


def test_addresses_of_five_and_of_six_fields_are_told_apart() -> None:
    chiave = "H501|B|4711001|F|2|3|"
    (s,) = units(c.FAB_1, chiave + "236|ROMA|1|||236|MILANO|2|3||")
    assert [(i.indirizzo, i.civici, i.codice_strada) for i in s.indirizzi] == [
        ("ROMA", ("1",), None),
        ("MILANO", ("2", "3"), None),
    ]
    (s,) = units(c.FAB_1, chiave + "236|ROMA|1|||00001|236|MILANO|2|3||00002|")
    assert [i.codice_strada for i in s.indirizzi] == ["00001", "00002"]


def test_swapped_sub_and_edificialita_are_put_right_and_said() -> None:
    (s,) = units(c.FAB_1, "H501|B|4711001|F|2|2||0352|01018||E|0007|")
    assert (s.identificativi[0].subalterno, s.identificativi[0].edificialita) == ("0007", "E")
    assert s.anomalie == (Anomalia("subalterno", "E|0007", "scambiato con l'edificialità"),)


@pytest.mark.parametrize(
    ("campo", "valore", "regola"),
    [
        (23, "31022012", "data impossibile"),
        (23, "01011193", "data non plausibile"),
        (23, "2012", "data non nella forma GGMMAAAA"),
        (10, "cinque", "atteso un numero"),
        (8, "Z99", "categoria non valida"),
        (9, "99", "classe non prevista"),
        (28, "duemila", "atteso un numero intero"),
        (37, "1" * 19, "atteso un numero intero"),
    ],
)
def test_a_wrong_field_is_empty_and_said(campo: int, valore: str, regola: str) -> None:
    campi = c.FAB_1.split("|")
    campi[campo - 1] = valore
    (s,) = units("|".join(campi))
    assert [(a.valore, a.regola) for a in s.anomalie] == [(valore, regola)]


def test_lire_and_euro_that_disagree_are_said() -> None:
    campi = c.FAB_1.split("|")
    campi[11] = "1375000"
    (s,) = units("|".join(campi))
    assert s.anomalie == ()
    campi[11] = "1376000"
    (s,) = units("|".join(campi))
    assert [a.regola for a in s.anomalie] == ["lire ed euro discordi"]


def test_unknown_dates_are_no_anomaly() -> None:
    campi = c.FAB_1.split("|")
    campi[22], campi[23] = "01010001", " "
    (s,) = units("|".join(campi))
    assert s.anomalie == ()
    assert s.caratteristiche is not None
    assert s.caratteristiche.generante is not None
    assert s.caratteristiche.generante.data_efficacia is None


def test_records_in_any_order_make_the_same_situations() -> None:
    altra = [r.replace("4711001", "4711002") for r in (c.FAB_1, c.FAB_2)]
    ordinate = units(c.FAB_1, c.FAB_2, c.FAB_3, *altra)
    sparse = units(c.FAB_1, altra[0], c.FAB_3, altra[1], c.FAB_2)
    assert len(ordinate) == len(sparse) == 2
    assert {s.immobile: c.unlined(s) for s in sparse} == {
        s.immobile: c.unlined(s) for s in ordinate
    }


def test_records_without_record_1_and_with_two_are_said() -> None:
    (s,) = units(c.FAB_2)
    assert s.caratteristiche is None
    assert [a.regola for a in s.anomalie] == ["record 1 mancante"]
    (s,) = units(c.FAB_1, c.FAB_2, c.FAB_1)
    assert [a.regola for a in s.anomalie] == ["più record 1 per la stessa situazione"]


def test_damaged_lines_are_refused_by_number_and_never_quoted() -> None:
    lette = list(
        read_fab(
            c.supplied(
                c.FAB_1,
                "una riga qualsiasi",
                c.FAB_2.removesuffix("|"),
                "   ",
                c.FAB_1.replace("4711001", "ROSSI MARIO"),
                c.FAB_1.replace("H501|B", "5H01|B"),
                c.TER_1,
                c.FAB_2.replace("|2|2|", "|2|6|"),
            )
        )
    )
    assert sum(isinstance(r, SituazioneUrbana) for r in lette) == 1
    assert sorted(refused(lette)) == [
        (2, "1 campi: non è un record"),
        (3, "17 campi per un record di tipo '2'"),
        (5, "campo 'identificativo immobile': atteso un numero intero"),
        (6, "codice amministrativo non valido"),
        (7, "tipo immobile diverso da 'F'"),
        (8, "18 campi per un record di tipo '6'"),
    ]


def test_a_line_that_is_no_record_does_not_cut_a_situation() -> None:
    lette = list(read_fab(c.supplied(c.FAB_1, "| | |", c.FAB_2)))
    assert refused(lette) == [(2, "3 campi: non è un record")]
    (s,) = [s for s in lette if isinstance(s, SituazioneUrbana)]
    assert len(s.identificativi) == 2


def test_the_trailing_delimiter_may_be_missing() -> None:
    (s,) = units(c.FAB_1.removesuffix("|"), c.FAB_3.removesuffix("|"))
    assert s.anomalie == ()
    assert s.indirizzi[0].codice_strada == "00123"


def test_quotes_nul_bytes_and_backslashes_are_text() -> None:
    sporca = c.FAB_3.replace("DEI CIABATTARI", 'DELL\\"ALBA\0')
    (s,) = units(c.FAB_1, sporca)
    assert s.indirizzi[0].indirizzo == 'DELL\\"ALBA'


def test_both_encodings_and_line_ends_are_read() -> None:
    accentata = c.FAB_3.replace("CIABATTARI", "CIABATTARI PIÙ")
    for contenuto in (
        f"{c.FAB_1}\r\n{accentata}\r\n".encode("iso-8859-1"),
        f"{c.FAB_1}\n{accentata}".encode(),
    ):
        (s,) = read_fab(c.Fornito(contenuto))
        assert isinstance(s, SituazioneUrbana)
        assert s.indirizzi[0].indirizzo == "DEI CIABATTARI PIÙ"


def test_characters_that_python_takes_for_line_ends_do_not_cut_a_line() -> None:
    strana = c.FAB_3.replace("CIABATTARI", "CIA\x85BATTARI\x1c")
    (s,) = units(c.FAB_1, strana)
    assert s.indirizzi[0].riga == 2


def test_the_blank_of_an_old_right_is_kept() -> None:
    nuda, livello = read_tit(
        c.supplied(c.TIT.replace("|10|", "|20|"), c.TIT.replace("|10|", "|20 |"))
    )
    assert isinstance(nuda, TitolaritaCensuaria)
    assert isinstance(livello, TitolaritaCensuaria)
    assert (nuda.codice_diritto, livello.codice_diritto) == ("20", "20 ")
    assert livello.diritto is not None
    assert livello.diritto.descrizione == "Livellario"
    assert (nuda.anomalie, livello.anomalie) == ((), ())


def test_rights_of_a_file_that_lost_its_blanks_are_doubtful() -> None:
    lette = list(read_tit(c.supplied(c.TIT.replace("|10|", "|20|"), c.TIT.replace("|10|", "|3|"))))
    regole = [[a.regola for a in t.anomalie] for t in lette if isinstance(t, TitolaritaCensuaria)]
    assert regole == [["ambiguo: il file ha perso gli spazi finali"], []]


def test_shares_that_are_unknown_or_impossible() -> None:
    ignota, troppa = read_tit(
        c.supplied(c.TIT.replace("|1|2|", "|0|0|"), c.TIT.replace("|1|2|", "|3|2|"))
    )
    assert isinstance(ignota, TitolaritaCensuaria)
    assert isinstance(troppa, TitolaritaCensuaria)
    assert (ignota.quota, ignota.anomalie) == (None, ())
    assert troppa.quota is None
    assert [a.valore for a in troppa.anomalie] == ["3/2"]


def test_a_wrong_fiscal_code_is_kept_as_written() -> None:
    (p,) = read_sog(c.supplied(c.SOG_P.replace("H501U", "H501X")))
    assert isinstance(p, PersonaFisica)
    assert (p.codice_fiscale, p.codice_fiscale_scritto) == (None, "RSSMRA80A01H501X")
    assert [a.regola for a in p.anomalie] == ["carattere di controllo errato"]


def test_portions_of_eight_fields_are_known_by_the_whole_file() -> None:
    chiave = "H501|B|990123|T|1|4|"
    otto = "AA|1|03|0|10|00|1,10|2,20|"
    (s,) = parcels(c.TER_1, chiave + otto * 3, chiave + otto)
    assert [p.reddito_agrario for p in s.porzioni] == [Decimal("2.20")] * 4
    sei = "AA|1|03|0|10|00|"
    (s,) = parcels(c.TER_1, chiave + sei * 4)
    assert [p.superficie for p in s.porzioni] == [Decimal(1000)] * 4


def test_the_variant_of_trento_is_refused_by_name() -> None:
    gruppo = "|".join(["481", "0001", "00012", "", "0001", "E", *[""] * 10])
    with pytest.raises(FormatError, match="tavolare"):
        list(read_fab(c.supplied(f"L378| |1|F|1|1|{'|' * 41}", f"L378| |1|F|1|2|{gruppo}|")))


def test_situations_are_the_same_however_the_file_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    righe = [r.replace("4711001", str(n)) for n in range(1, 30) for r in (c.FAB_1, c.FAB_2)]
    intere = units(*righe)
    assert len(intere) == 29
    for blocco in (50, 333):
        monkeypatch.setattr(modulo_righe, "_BLOCCO", blocco)
        assert units(*righe) == intere
