"""The rows of DATASETS and the tables they lead to say the same."""

import pytest

from opendata.dataset import DATASETS, Dataset
from territorio.schema_pubblico import COLLEZIONI, properties


def test_every_published_table_is_a_dataset() -> None:
    assert [dataset.nome for dataset in DATASETS] == list(COLLEZIONI)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.nome)
def test_every_column_is_told_in_words(dataset: Dataset) -> None:
    assert [campo.nome for campo in dataset.campi] == properties(dataset.tavola)
    assert all(campo.titolo for campo in dataset.campi)
