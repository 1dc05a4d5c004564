"""Defects are planted whatever day chance says."""

from datetime import date
from pathlib import Path

import pytest

from ingest.generatore import difetti, genera
from tests.ingest.generatore.conftest import COMUNE, Comune

BISESTILE = date(2024, 2, 29)


def test_a_namesake_may_come_on_the_last_day_of_a_leap_february(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A town of a million buildings did not get past such a day."""
    monkeypatch.setattr(difetti, "some_day", lambda _caso: BISESTILE)
    genera(COMUNE, 120, 3, tmp_path / "comune")
    planted = Comune(tmp_path / "comune").verita["difetti"]
    assert isinstance(planted, dict)
    assert planted["omonimi"]
