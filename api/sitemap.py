"""What search engines ask for first: where they may go, and which pages there are.

Objects are millions and have no place here: each dataset has its page.
"""

from fastapi import APIRouter, Request
from lxml import etree
from starlette.responses import Response

from api import formats
from api.catalogo import base_of, metadati_of
from api.macchina import Rotta
from opendata.metadati import PAGINE

router = APIRouter(include_in_schema=False, route_class=Rotta)

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

ALTRE = ("/", PAGINE, "/mappa", "/sviluppatori")

RISERVATE = ("/cerca", "/selezione", "/segnala", "/segnalazioni", "/tiles/", "/metrics")
"""Where a machine that follows every link would never come to an end, or only costs."""


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Say where machines may go."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in RISERVATE), "Allow: /", ""]
    lines.append(f"Sitemap: {base_of(request)}/sitemap.xml")
    data = ("\n".join(lines) + "\n").encode()
    return formats.tagged(request, data, "text/plain; charset=utf-8")


@router.get("/sitemap.xml")
def sitemap(request: Request) -> Response:
    """Give the pages of this site, and when their datasets last changed."""
    nsmap: dict[str | None, str] = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}urlset", nsmap=nsmap)  # type: ignore[arg-type] # stubs
    changed: dict[str, str] = {}
    for each in metadati_of(request):
        path, day = each.pagina, each.modificato.date().isoformat()
        changed[path] = max(day, changed.get(path, day))
    for path in (*ALTRE, *changed):
        url = etree.SubElement(root, f"{{{NAMESPACE}}}url")
        etree.SubElement(url, f"{{{NAMESPACE}}}loc").text = base_of(request) + path
        if path in changed:
            etree.SubElement(url, f"{{{NAMESPACE}}}lastmod").text = changed[path]
    data = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return formats.tagged(request, data, "application/xml")
