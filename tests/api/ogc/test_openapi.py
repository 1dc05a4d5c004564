"""The description is true: valid, closed in itself, and every door answers as it says."""

import json
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from opendata.dataset import DATASETS
from opendata.ogc import openapi

schema = schemathesis.openapi.from_dict(openapi.document("http://127.0.0.1/ogc"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_it_is_valid_and_whole(http: httpx.Client) -> None:
    answer = http.get("/ogc/openapi")
    assert answer.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    body = answer.json()
    validate(body)
    references = json.dumps(body).split('"$ref": "')[1:]
    assert references
    assert [one for one in references if not one.startswith("#/")] == []
    assert {f"/collections/{dataset.nome}/items" for dataset in DATASETS} <= set(body["paths"])


@schema.parametrize()
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_every_door_answers_as_described(case: Any, site: str) -> None:
    answer = case.call(base_url=f"{site}/ogc", allow_redirects=False)
    case.validate_response(answer, checks=CHECKS)
