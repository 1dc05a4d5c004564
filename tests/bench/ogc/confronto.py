"""Before anything is measured: who answers at all, and do all say the same."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench.ogc.lavori import Lavoro, Server
from tests.bench.ogc.serventi import Servente

PROVE = 3
"""Addresses of each work that are looked at."""


@dataclass(frozen=True, slots=True)
class Risposta:
    """What a server said."""

    stato: int
    corpo: bytes


def answering(
    lavoro: Lavoro, serventi: Mapping[Server, Servente]
) -> tuple[list[Server], list[str]]:
    """Return the servers that do a work, and where they differ from the floor, in words."""
    able: list[Server] = []
    differences: list[str] = []
    for server, addresses in lavoro.indirizzi.items():
        if server not in serventi:
            continue
        porta = serventi[server].porta
        answers = [_get(porta, one) for one in addresses[:PROVE]]
        wrong = next((one for one in answers if one.stato != 200), None)
        if wrong is not None:
            differences.append(f"{server}: {wrong.stato} {wrong.corpo[:60]!r}")
            continue
        able.append(server)
        if lavoro.tassello and server != "nostro":
            continue
        if server != "floor" and "floor" in lavoro.indirizzi:
            floor = [_get(serventi["floor"].porta, a) for a in lavoro.indirizzi["floor"][:PROVE]]
            differences += [
                f"{server}: {why}"
                for theirs, best in zip(answers, floor, strict=True)
                if (why := _difference(server, theirs.corpo, best.corpo))
            ]
    return able, differences


def _difference(server: Server, theirs: bytes, floor: bytes) -> str:
    """Tell in which way an answer is not that of the floor; ours down to the byte."""
    if not theirs.startswith(b"{"):
        # A square of the map: its features come in whatever order they were found in.
        same = len(theirs) == len(floor)
        return "" if same else f"{len(theirs)} bytes, not the {len(floor)} of the floor"
    if server == "nostro" and _features(theirs) != _features(floor):
        return f"not the bytes of the floor: {_features(theirs)[:200]!r}"
    said, best = _summary(json.loads(theirs)), _summary(json.loads(floor))
    unlike = {
        name: (said[name], best[name])
        for name in best
        if None not in (said[name], best[name]) and said[name] != best[name]
    }
    return f"{unlike} (theirs, the floor's)" if unlike else ""


def _features(answer: bytes) -> bytes:
    """Return the features as they are written, or the one that the answer is."""
    begin = answer.find(b'"features":[')
    if begin < 0:
        # A single feature: what stands before its links, which the floor has not.
        return answer.partition(b',"links"')[0].rstrip(b"}")
    return answer[begin : answer.rindex(b"}}") + 2] if b"}}" in answer[begin:] else b""


def _summary(answer: dict[str, Any]) -> dict[str, Any]:
    features = answer.get("features")
    first = answer if features is None else (features or [{}])[0]
    return {
        "numberReturned": answer.get("numberReturned"),
        "numberMatched": answer.get("numberMatched"),
        "id": None if first.get("id") is None else int(first["id"]),
    }


def _get(porta: int, address: str) -> Risposta:
    conn = http.client.HTTPConnection("127.0.0.1", porta, timeout=60)
    try:
        conn.request("GET", address)
        said = conn.getresponse()
        return Risposta(said.status, said.read())
    finally:
        conn.close()
