"""Metadata as schema.org says them, for the page of a dataset: what search engines read."""

from collections.abc import Iterable
from typing import Any

from opendata import vocabolari as v
from opendata.dataset import Dataset
from opendata.dcat import interfacce, keywords, lineage
from opendata.ente import Ente
from opendata.metadati import PAGINE, Metadati


def dataset(metadati: Metadati, base: str) -> dict[str, Any]:
    """Return the JSON-LD of the page of a dataset or of an edition."""
    m, box = metadati, metadati.riquadro
    # Search engines want fifty characters of description.
    said = " ".join(part for part in (m.descrizione, m.dataset.limiti) if part)
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": base + m.percorso,
        "name": m.titolo,
        "description": f"{said} Dati aperti di {m.ente.nome}.",
        "url": base + m.pagina,
        "identifier": m.identificativo,
        "keywords": keywords(m),
        "license": v.LICENZA_TESTO,
        "isAccessibleForFree": True,
        "inLanguage": "it",
        "dateModified": m.modificato.isoformat(timespec="seconds"),
        "creator": _organization(m.titolare),
        "publisher": _organization(m.ente),
        "measurementTechnique": lineage(m),
        "spatialCoverage": {
            "@type": "Place",
            "name": m.titolare.nome,
            "geo": {
                "@type": "GeoShape",
                "box": f"{box.sud:.6f} {box.ovest:.6f} {box.nord:.6f} {box.est:.6f}",
            },
        },
        "variableMeasured": [
            _variable(campo.nome, campo.titolo, campo.unita) for campo in m.dataset.campi
        ],
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{base}/catalogo"},
        "distribution": _downloads(m, base),
    }
    if m.comune is not None:
        found["isPartOf"] = {"@type": "Dataset", "@id": f"{base}/opendata/{m.dataset.nome}"}
    if m.emesso is not None:
        found["datePublished"] = m.emesso.isoformat(timespec="seconds")
    if m.versione is not None:
        found["version"] = str(m.versione)
    if m.giorno is not None:
        found["temporalCoverage"] = m.giorno.isoformat()
    return found


def catalog(datasets: Iterable[Dataset], ente: Ente, base: str) -> dict[str, Any]:
    """Return the JSON-LD of the page that lists the datasets."""
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": f"{base}/catalogo",
        "name": f"Dati aperti di {ente.nome}",
        "url": base + PAGINE,
        "inLanguage": "it",
        "license": v.LICENZA_TESTO,
        "publisher": _organization(ente),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": f"{base}/opendata/{dataset.nome}",
                "name": f"{dataset.titolo} - {ente.nome}",
                "description": f"{dataset.descrizione} Dati aperti di {ente.nome}.",
                "license": v.LICENZA_TESTO,
                "url": f"{base}{PAGINE}/{dataset.nome}",
            }
            for dataset in datasets
        ],
    }


def _organization(ente: Ente) -> dict[str, str]:
    found = {"@type": "GovernmentOrganization", "name": ente.nome, "identifier": ente.ipa}
    return found | ({"url": ente.sito, "email": ente.email} if ente.sito else {})


def _variable(nome: str, titolo: str, unita: str) -> dict[str, str]:
    found = {"@type": "PropertyValue", "name": nome, "description": titolo}
    return found | ({"unitText": unita} if unita else {})


def _downloads(m: Metadati, base: str) -> list[dict[str, Any]]:
    files: list[dict[str, Any]] = [
        {
            "@type": "DataDownload",
            "name": v.nome_formato(file.formato),
            "contentUrl": base + m.percorso_file(file),
            "encodingFormat": file.media_type,
            "contentSize": f"{file.byte} B",
            "sha256": file.sha256,
        }
        for file in m.distribuiti
    ]
    interfaces: list[dict[str, Any]] = [
        {
            "@type": "DataDownload",
            "name": each.titolo,
            "contentUrl": base + each.percorso,
            "encodingFormat": each.media_type,
        }
        for each in interfacce(m)
    ]
    return files + interfaces
