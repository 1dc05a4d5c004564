"""Census records written are read back."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from catasto.formati.censuario import (
    PersonaFisica,
    PersonaGiuridica,
    SituazioneTerreno,
    SituazioneUrbana,
    TitolaritaCensuaria,
    read_fab,
    read_sog,
    read_ter,
    read_tit,
    write_fab,
    write_sog,
    write_ter,
    write_tit,
)
from tests.catasto import censuario as c


@given(st.lists(c.situazioni_urbane, max_size=4, unique_by=lambda s: (s.immobile, s.progressivo)))
@settings(max_examples=25, deadline=None)
def test_urban_situations_written_are_read_back(situazioni: list[SituazioneUrbana]) -> None:
    flusso = io.BytesIO()
    write_fab(flusso, situazioni)
    assert [c.unlined(s) for s in read_fab(c.Fornito(flusso.getvalue()))] == situazioni


@given(st.lists(c.situazioni_terreni, max_size=4, unique_by=lambda s: (s.immobile, s.progressivo)))
@settings(max_examples=25, deadline=None)
def test_land_situations_written_are_read_back(situazioni: list[SituazioneTerreno]) -> None:
    flusso = io.BytesIO()
    write_ter(flusso, situazioni)
    assert [c.unlined(s) for s in read_ter(c.Fornito(flusso.getvalue()))] == situazioni


@given(st.lists(c.soggetti, max_size=4))
@settings(max_examples=25, deadline=None)
def test_subjects_written_are_read_back(soggetti: list[PersonaFisica | PersonaGiuridica]) -> None:
    flusso = io.BytesIO()
    assert write_sog(flusso, soggetti) == len(soggetti)
    letti = [
        replace(c.unlined(s), codice_fiscale_scritto=None)
        for s in read_sog(c.Fornito(flusso.getvalue()))
    ]
    assert letti == soggetti


@given(st.lists(c.titolarita, max_size=4))
@settings(max_examples=25, deadline=None)
def test_rights_written_are_read_back(titolarita: list[TitolaritaCensuaria]) -> None:
    flusso = io.BytesIO()
    write_tit(flusso, titolarita)
    letti = [replace(c.unlined(t), anomalie=()) for t in read_tit(c.Fornito(flusso.getvalue()))]
    assert letti == titolarita
