"""What names persons leaves only once it is written down who looked."""

import httpx
import pytest

from territorio.accessi import lettura
from tests.pages.town import Town

CERCA = "?visto_da=anagrafe&scopo=prova"


def test_what_cannot_be_written_down_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, http: httpx.Client, town: Town
) -> None:
    address = f"/api/v1/edifici/{town.pieno}/fascicolo{CERCA}"
    before = http.get(address)
    assert before.headers["x-lettura"].isdecimal()
    assert "cognome" in before.text
    with monkeypatch.context() as broken:
        broken.setattr(lettura, "_APPEND", "SELECT persone.nessuna($1, $2, $3, $4, $5, $6)")
        failed = http.get(address)
    assert failed.status_code == 500
    assert "cognome" not in failed.text
    assert "x-lettura" not in failed.headers
    after = http.get(address)
    assert after.json() == before.json()
    assert int(after.headers["x-lettura"]) > int(before.headers["x-lettura"])
