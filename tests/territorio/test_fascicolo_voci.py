"""The 26 items of the checklist each have a section."""

import json
from collections import Counter
from pathlib import Path

import pytest

from territorio.fascicolo import SEZIONI
from territorio.fascicolo_voci import ALTRE, VOCI, missing

CHECKLIST = Path(__file__).parents[3] / "shared/specs/checklists/fascicolo_checklist.json"


def test_every_item_names_a_section_of_the_dossier() -> None:
    names = {sezione.nome for sezione in SEZIONI}
    assert len(VOCI) == 26
    assert {voce.sezione for voce in (*VOCI, *ALTRE)} <= names


def test_the_items_are_those_of_the_checklist() -> None:
    if not CHECKLIST.exists():
        pytest.skip(f"the checklist is not on this machine ({CHECKLIST.name})")
    checklist = json.loads(CHECKLIST.read_text())
    assert checklist["count_of_items"] == len(VOCI)
    expected = {group: len(items) for group, items in checklist["sections"].items()}
    assert Counter(voce.gruppo for voce in VOCI) == expected
    order = [group for group, items in checklist["sections"].items() for _ in items]
    assert [voce.gruppo for voce in VOCI] == order


def test_what_no_source_brings_is_missing_and_what_one_brought_is_not() -> None:
    loaded = frozenset({"residenza"})
    assert "contratti di locazione" in missing("residenti", loaded)
    assert "residenti con famiglia e relazione" not in missing("residenti", loaded)
    assert "residenti con famiglia e relazione" in missing("residenti", frozenset())
    assert missing("cronologia", frozenset()) == ()
