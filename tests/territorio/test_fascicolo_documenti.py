"""Documents in the dossier, also of those whose words were erased by law."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import cancellazione
from territorio.cancellazione import PER_LEGGE, Ordine
from territorio.config import Settings
from tests.factories import new_fatto
from tests.factory_defaults import COMUNE
from tests.territorio.casa import Casa, read, section


@pytest.mark.parametrize("campi", [("*",), ("documento",), ("documento.titolo",)])
def test_a_dossier_says_which_words_of_a_document_were_erased(
    conn: sa.Connection, casa: Casa, tmp_path: Path, campi: tuple[str, ...]
) -> None:
    said = {"titolo": "CASA BELFIORITI", "nome_file": "foto.jpg"}
    doc = new_fatto(conn, "documento", edificio=casa.edificio, **said)
    ordine = Ordine(COMUNE, (doc,), "dott. Neri", "Prot. 7", "ordine", campi)
    cancellazione.erase(conn, Settings(data=tmp_path), ordine)
    (voce,) = section(read(conn, casa), "documenti")["voci"]
    whole = campi != ("documento.titolo",)
    assert voce["valori"]["titolo"] == PER_LEGGE
    assert voce["valori"]["nome_file"] == (PER_LEGGE if whole else "foto.jpg")
