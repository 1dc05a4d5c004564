"""The rooms keep their shape: imports, sizes, one vocabulary."""

import ast
import re
from pathlib import Path

import pytest

from territorio.tables import FATTI, metadata

ROOT = Path(__file__).parent.parent
ROOMS = ("catasto", "territorio", "ingest", "opendata", "maps", "api")
LIMIT = 400
GLOSSARY = (ROOT / "territorio/docs/glossary.md").read_text()
# Tables that serve another table, not nouns of the domain.
SERVANTS = {
    "persone.chiave",
    "persone.segnalazione_valore",
    "registro.chiave",
    "registro.fornitura_ambito",
}


def modules() -> list[Path]:
    """Return every module of the rooms."""
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def test_no_module_is_longer_than_a_reader_bears() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in modules()}
    assert len(sizes) > 100
    assert {path: size for path, size in sizes.items() if size > LIMIT} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [p for p in modules() if p.read_text().strip() and '"""' not in p.read_text()[:400]]
    assert silent == []


def test_no_statement_is_put_together_from_strings() -> None:
    """Names that vary are quoted by the driver (psycopg.sql), values are parameters."""
    made = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr == "text" and ast.unparse(node.func.value) == "sa")
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert made == []


@pytest.mark.parametrize("table", sorted(FATTI))
def test_every_fact_is_a_line_of_the_glossary(table: str) -> None:
    assert f"| {table} |" in GLOSSARY
    assert f"`{FATTI[table].fullname}`" in GLOSSARY


def test_the_glossary_names_no_table_that_is_not_there() -> None:
    named = set(re.findall(r"`((?:registro|persone)\.\w+)`", GLOSSARY))
    assert named
    assert named - set(metadata.tables) == set()


def test_every_index_says_what_it_is_for() -> None:
    for room in ("territorio",):
        for path in (ROOT / room).rglob("*schema*.py"):
            lines = path.read_text().splitlines()
            for number, line in enumerate(lines):
                if re.search(r"\bsa\.Index\(", line):
                    around = " ".join(lines[max(0, number - 3) : number + 3])
                    assert "# used by:" in around, f"{path.name}:{number + 1}"
