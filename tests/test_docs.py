"""What the README promises is there, and what is there stands in the README."""

import re
from pathlib import Path

import pytest
import typer.main

from api.cli import build
from territorio.config import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SETTINGS = [f"TERRITORIO_{name.upper()}" for name in Settings.model_fields]
COMMANDS = sorted(typer.main.get_command(build(Settings())).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_explained(name: str) -> None:
    assert f"`{name}`" in README


def test_the_readme_explains_no_setting_that_is_not_there() -> None:
    assert set(re.findall(r"`(TERRITORIO_\w+)`", README)) == set(SETTINGS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_named(name: str) -> None:
    assert f"`territorio {name}" in README


def test_the_files_the_readme_leads_to_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    missing = [link for link in links if not link.startswith("http") and not (ROOT / link).exists()]
    assert missing == []


def test_every_decision_has_context_and_consequences() -> None:
    pages = sorted((ROOT / "territorio/docs/adr").glob("*.md"))
    assert len(pages) >= 7
    for page in pages:
        text = page.read_text()
        assert all(part in text for part in ("**Context.**", "**Decision.**", "**Consequences.**"))
