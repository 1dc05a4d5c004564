"""Addresses, streets and municipalities in the terms of CLV-AP_IT 1.0 (fonti.md §15.4)."""

from collections.abc import Callable, Mapping
from typing import Any

from territorio.indirizzo import dug, plain

type Nodo = dict[str, Any]
"""A thing in JSON-LD."""

Riga = Mapping[str, Any]

CONTEXT = {
    "clv": "https://w3id.org/italia/onto/CLV/",
    "l0": "https://w3id.org/italia/onto/l0/",
    "ti": "https://w3id.org/italia/onto/TI/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def clv_of(collezione: str, row: Riga, base: str) -> Nodo:
    """Return the types of an object and what CLV-AP_IT has terms for."""
    return _COME.get(collezione, _feature)(row, base)


def identifier(address: str, kind: str, value: object) -> Nodo:
    """Return one of the names of a thing, and whose it is."""
    return {
        "@id": address,
        "@type": "clv:Identifier",
        "l0:identifier": str(value),
        "clv:identifierType": kind,
    }


def street(address: str, denominazione: str) -> Nodo:
    """Return a street with its name in two parts: kind and own name."""
    kind, own = parts(denominazione)
    return {
        "@id": address,
        "@type": "clv:StreetToponym",
        "clv:toponymQualifier": kind,
        "clv:officialStreetName": own,
    }


def parts(denominazione: str) -> tuple[str, str]:
    """Return the kind and the own name of a street; without a known kind, all is its name.

    >>> parts("VIA DEI GLICINI"), parts("SALITA DEL POZZO"), parts("RIALTO")
    (('VIA', 'DEI GLICINI'), ('SALITA', 'DEL POZZO'), ('', 'RIALTO'))
    """
    first, _, rest = denominazione.partition(" ")
    if rest and plain(first).replace("'", "") in dug():
        return first, rest
    return "", denominazione


def _feature(row: Riga, _base: str) -> Nodo:
    label = row.get("denominazione") or row.get("riferimento") or row["codice"]
    return {"@type": ["clv:Feature", "gsp:Feature"], "rdfs:label": label}


def _particella(row: Riga, base: str) -> Nodo:
    this = f"{base}/id/particella/{row['codice']}"
    reference = identifier(
        f"{this}#riferimento-catastale", "riferimento catastale", row["riferimento"]
    )
    return _feature(row, base) | {"clv:hasIdentifier": [reference]}


def _sezione(row: Riga, base: str) -> Nodo:
    this = f"{base}/id/sezione-censimento/{row['codice']}"
    code = identifier(f"{this}#istat", "sezione di censimento ISTAT", row["sezione"])
    return {
        "@type": ["clv:CensusSection", "gsp:Feature"],
        "rdfs:label": row["sezione"],
        "clv:hasIdentifier": [code],
    }


def _comune(row: Riga, base: str) -> Nodo:
    this = f"{base}/id/comune/{row['comune']}"
    found: Nodo = {
        "@type": ["clv:City", "gsp:Feature"],
        "rdfs:label": row["denominazione"],
        "l0:name": row["denominazione"],
        "clv:hasIdentifier": [identifier(f"{this}#catastale", "codice catastale", row["comune"])],
    }
    if row["istat"]:
        found["clv:hasIdentifier"].append(identifier(f"{this}#istat", "codice ISTAT", row["istat"]))
    if row["provincia"]:
        found["clv:hasDirectHigherRank"] = {
            "@id": f"{this}#provincia",
            "@type": "clv:Province",
            "clv:acronym": row["provincia"],
        }
    return found


def _odonimo(row: Riga, base: str) -> Nodo:
    this = f"{base}/id/odonimo/{row['codice']}"
    found = street(this, row["denominazione"])
    found["rdfs:label"] = row["denominazione"]
    found["clv:situatedWithin"] = {"@id": f"{base}/id/comune/{row['comune']}"}
    if row["progressivo_nazionale"] is not None:
        national = row["progressivo_nazionale"]
        found["clv:hasIdentifier"] = [
            identifier(f"{this}#anncsu", "progressivo nazionale ANNCSU", national)
        ]
    return found


def _civico(row: Riga, base: str) -> Nodo:
    this = f"{base}/id/civico/{row['codice']}"
    found: Nodo = {"rdfs:label": row["indirizzo"]}
    if row["progressivo_accesso"] is not None:
        national = row["progressivo_accesso"]
        found["clv:hasIdentifier"] = [
            identifier(f"{this}#anncsu", "progressivo dell’accesso ANNCSU", national)
        ]
    via = None
    if row["odonimo"] is not None:
        via = street(f"{base}/id/odonimo/{row['odonimo_codice']}", row["odonimo"])
    if via is None or row["numero"] is None:
        # CLV wants one number and one street of an address: this is a place on its street.
        return found | {"@type": ["gsp:Feature"]} | ({"dct:relation": via} if via else {})
    found["@type"] = ["clv:Address", "gsp:Feature"]
    found["clv:fullAddress"] = row["indirizzo"]
    found["clv:hasStreetToponym"] = via
    found["clv:hasNumber"] = _numero(this, row)
    found["clv:hasCity"] = {"@id": f"{base}/id/comune/{row['comune']}", "@type": "clv:City"}
    if row["localita"]:
        found["clv:hasAddressArea"] = {
            "@id": f"{this}#area",
            "@type": "clv:AddressArea",
            "l0:name": row["localita"],
        }
    return found


def _numero(this: str, row: Riga) -> Nodo:
    found: Nodo = {
        "@id": f"{this}#numero-civico",
        "@type": "clv:CivicNumbering",
        "clv:streetNumber": {"@value": str(row["numero"]), "@type": "xsd:int"},
    }
    if row["esponente"]:
        found["clv:exponent"] = row["esponente"]
    if row["specificita"]:
        found["clv:peculiarity"] = row["specificita"]
    if row["metrico"] is not None:
        found["clv:metric"] = row["metrico"]
    return found


_COME: Mapping[str, Callable[[Riga, str], Nodo]] = {
    "comuni": _comune,
    "odonimi": _odonimo,
    "civici": _civico,
    "particelle": _particella,
    "sezioni_censimento": _sezione,
}
