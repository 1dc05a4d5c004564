"""Metadata as the API of CKAN says them: what its harvesters ask another CKAN for.

ckanext-harvest reads ``package_search`` page by page, sorted by id, and only what changed since
its last visit (``fq=metadata_modified:[… TO *]``); some ask ``package_list`` and
``package_show``. Nothing else is answered, and nothing can be written.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opendata import vocabolari as v
from opendata.dcat import interfacce, keywords, wkt
from opendata.ente import Ente
from opendata.metadati import Metadati
from territorio.errors import InvalidInput, NotFound

Pacchetto = dict[str, Any]

VERSIONE = "2.11.0"
"""The version of CKAN whose answers these are."""

RIGHE, RIGHE_MASSIMO = 10, 1000

_DAL = re.compile(r"metadata_modified:\[(?P<dal>[0-9T:.Z-]+) TO \*\]")
_ENTE = re.compile(r"(?P<non>-|NOT )?(?:organization|owner_org):\"?(?P<ente>[\w-]+)\"?")


def identificativo(text: str) -> str:
    """Return the id of a thing in CKAN, made of its identifier: the same for ever.

    >>> identificativo("u_prova:edifici")
    'fdd04819-b9b2-57a8-9123-3c9d0ea158c7'
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:territorio:{text}"))


def nome(metadati: Metadati) -> str:
    """Return the name of a package: small letters, digits, dashes and low lines alone."""
    place = "" if metadati.comune is None else f"-{metadati.comune}"
    return f"{metadati.dataset.nome}{place}".lower()


def package(metadati: Metadati, base: str) -> Pacchetto:
    """Return a dataset as ``package_show`` does."""
    m = metadati
    own = identificativo(m.identificativo)
    modified = _plain(m.modificato)
    return {
        "id": own,
        "name": nome(m),
        "title": m.titolo,
        "notes": m.descrizione,
        "url": base + m.pagina,
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": True,
        "license_id": "CC-BY-4.0",
        "license_title": v.LICENZA_NOME,
        "license_url": v.LICENZA_TESTO,
        "author": m.titolare.nome,
        "author_email": m.ente.email,
        "maintainer": m.ente.nome,
        "maintainer_email": m.ente.email,
        "version": None if m.versione is None else str(m.versione),
        "metadata_created": _plain(m.emesso or m.modificato),
        "metadata_modified": modified,
        "owner_org": identificativo(m.ente.ipa),
        "organization": organization(m.ente),
        "groups": [],
        "tags": [_tag(word) for word in keywords(m)],
        "num_tags": len(keywords(m)),
        "resources": (resources := _resources(m, base)),
        "num_resources": len(resources),
        "extras": [{"key": key, "value": value} for key, value in _extras(m, base).items()],
    }


def organization(ente: Ente) -> Pacchetto:
    """Return the body that publishes as ``organization_show`` does."""
    return {
        "id": identificativo(ente.ipa),
        "name": ente.ipa.lower(),
        "title": ente.nome,
        "display_name": ente.nome,
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "description": "",
        "image_url": "",
    }


def _extras(m: Metadati, base: str) -> dict[str, str]:
    """Return what the Italian extension keeps beside CKAN's own fields."""
    found = {
        "uri": base + m.percorso,
        "identifier": m.identificativo,
        "theme": f'[{{"theme": "{m.dataset.tema}", "subthemes": []}}]',
        "frequency": m.frequenza,
        "language": "ITA",
        "modified": m.modificato.date().isoformat(),
        "holder_name": m.titolare.nome,
        "holder_identifier": m.titolare.ipa,
        "publisher_name": m.ente.nome,
        "publisher_identifier": m.ente.ipa,
        "spatial_wkt": wkt(m.riquadro),
    }
    if m.emesso is not None:
        found["issued"] = m.emesso.date().isoformat()
    if m.dataset.valore_elevato:
        found["applicable_legislation"] = v.VALORE_ELEVATO
        found["hvd_category"] = v.CATEGORIE_VALORE + m.dataset.valore_elevato
    return found


def _tag(word: str) -> Pacchetto:
    # CKAN takes letters, digits, blanks, dashes, low lines and dots in a tag, and 100 of them.
    clean = re.sub(r"[^\w .-]+", " ", word)[:100].strip()
    return {
        "id": identificativo(f"parola:{clean}"),
        "name": clean,
        "display_name": clean,
        "state": "active",
        "vocabulary_id": None,
    }


def _resources(m: Metadati, base: str) -> list[Pacchetto]:
    own = identificativo(m.identificativo)
    modified = _plain(m.modificato)
    files: list[Pacchetto] = [
        {
            "url": base + m.percorso_file(file),
            "uri": f"{base}{m.percorso}#{file.formato}",
            "name": v.nome_formato(file.formato),
            "format": v.nome_formato(file.formato),
            "mimetype": file.media_type.partition(";")[0],
            "size": file.byte,
            "hash": file.sha256,
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
        }
        for file in m.distribuiti
    ]
    interfaces: list[Pacchetto] = [
        {
            "url": base + each.percorso,
            "uri": f"{base}{m.percorso}#{each.nome}",
            "name": each.titolo,
            "format": each.tipo if each.tipo != v.QUALSIASI else "MVT",
            "mimetype": each.media_type,
            "size": None,
            "hash": "",
        }
        for each in interfacce(m)
    ]
    return [
        {
            "id": identificativo(f"{m.identificativo}#{each['name']}"),
            "package_id": own,
            "position": position,
            "state": "active",
            "description": "",
            "license_type": v.LICENZA,
            "last_modified": modified,
            "metadata_modified": modified,
            **each,
        }
        for position, each in enumerate(files + interfaces)
    ]


@dataclass(frozen=True, slots=True)
class Ricerca:
    """What ``package_search`` is asked."""

    q: str = ""
    fq: str = ""
    righe: int = RIGHE
    inizio: int = 0
    ordine: str = ""


def search(metadati: Sequence[Metadati], ricerca: Ricerca, base: str) -> Pacchetto:
    """Return a page of packages; raise InvalidInput for a filter we do not know."""
    found = [m for m in metadati if _matches(m, ricerca)]
    if ricerca.ordine.startswith("id"):
        found.sort(key=lambda m: identificativo(m.identificativo))
    elif ricerca.ordine.startswith("metadata_modified"):
        found.sort(key=lambda m: (m.modificato, m.identificativo))
    else:
        found.sort(key=nome)
    if ricerca.ordine.endswith("desc"):
        found.reverse()
    rows = found[ricerca.inizio : ricerca.inizio + ricerca.righe]
    return {
        "count": len(found),
        "sort": ricerca.ordine or "name asc",
        "facets": {},
        "search_facets": {},
        "results": [package(m, base) for m in rows],
    }


def _matches(m: Metadati, ricerca: Ricerca) -> bool:
    """Tell whether a dataset is among those asked for."""
    words = [] if ricerca.q.strip() in {"", "*", "*:*"} else ricerca.q.lower().split()
    text = f"{m.titolo} {m.descrizione} {' '.join(keywords(m))} {m.identificativo}".lower()
    return all(word in text for word in words) and _passes(m, ricerca.fq)


def _passes(m: Metadati, fq: str) -> bool:
    since = _DAL.search(fq)
    rest = _DAL.sub("", fq)
    passes = since is None or _moment(since["dal"]) <= m.modificato
    ours = {m.ente.ipa.lower(), identificativo(m.ente.ipa)}
    asked = [(one["non"] is None, one["ente"] in ours) for one in _ENTE.finditer(rest)]
    wanted, unwanted = ([hit for yes, hit in asked if yes is kind] for kind in (True, False))
    passes = passes and (not wanted or any(wanted)) and not any(unwanted)
    left = re.sub(r"\bOR\b|\bAND\b|[()\s+]", "", _ENTE.sub("", rest))
    if left not in {"", "dataset_type:dataset", "type:dataset", "*:*"}:
        raise InvalidInput("fq", f"«{left[:60]}» non si può chiedere qui")
    return passes


def find(metadati: Sequence[Metadati], chiave: str) -> Metadati:
    """Return the dataset with this name or id; raise NotFound if there is none."""
    for m in metadati:
        if chiave in {nome(m), identificativo(m.identificativo)}:
            return m
    raise NotFound("dataset", chiave)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("fq", f"«{text}» non è un istante") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _plain(moment: datetime) -> str:
    """Return a moment as CKAN writes it: in UTC, which goes without saying."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
