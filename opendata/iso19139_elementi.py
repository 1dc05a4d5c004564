"""Elements that an ISO 19139 record repeats: texts, codes, dates, bodies, citations."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from lxml import etree

from opendata.ente import Ente

GMD = "http://www.isotc211.org/2005/gmd"
GCO = "http://www.isotc211.org/2005/gco"
GMX = "http://www.isotc211.org/2005/gmx"
GML = "http://www.opengis.net/gml/3.2"
XLINK = "http://www.w3.org/1999/xlink"
CODICI = (
    "http://standards.iso.org/ittf/PubliclyAvailableStandards/ISO_19139_Schemas/resources/codelist/"
    "gmxCodelists.xml#"
)
LINGUE = "http://www.loc.gov/standards/iso639-2"

type Element = etree._Element

SPAZI = {"gmd": GMD, "gco": GCO, "gmx": GMX, "gml": GML, "xlink": XLINK}


class Maker:
    """Makes elements of the standard as they nest: ``E.title(text("Edifici"))``."""

    def __call__(self, name: str, *parts: Element | str) -> Element:
        """Return an element with these inside."""
        found = etree.Element(f"{{{GMD}}}{name}", nsmap=SPAZI)
        for part in parts:
            if isinstance(part, str):
                found.text = part
            else:
                found.append(part)
        return found

    def __getattr__(self, name: str) -> Callable[..., Element]:
        """Return what makes elements of a name."""
        return partial(self, name)


E = Maker()


def text(said: str) -> Element:
    """Return a free text."""
    return _value("CharacterString", said)


def integer(number: int) -> Element:
    """Return a whole number."""
    return _value("Integer", str(number))


def decimal(number: float) -> Element:
    """Return a number with six decimals: a decimetre in degrees."""
    return _value("Decimal", f"{number:.6f}")


def boolean(*, yes: bool) -> Element:
    """Return a yes or no."""
    return _value("Boolean", "true" if yes else "false")


def anchor(said: str, address: str) -> Element:
    """Return a text that leads somewhere: a word of a vocabulary."""
    found = etree.Element(f"{{{GMX}}}Anchor", {f"{{{XLINK}}}href": address})
    found.text = said
    return found


def code(name: str, value: str) -> Element:
    """Return a word of a code list of the standard."""
    where = LINGUE if name == "LanguageCode" else CODICI + name
    found = etree.Element(f"{{{GMD}}}{name}", {"codeList": where, "codeListValue": value})
    found.text = value
    return found


def date_of(moment: datetime | str) -> Element:
    """Return a day."""
    return _value("Date", moment if isinstance(moment, str) else moment.date().isoformat())


def party(ente: Ente, role: str, email: str = "") -> Element:
    """Return a public body in a role, with its address for letters: never a natural person."""
    contact = E.CI_Contact(
        E.address(E.CI_Address(E.electronicMailAddress(text(ente.email or email))))
    )
    if ente.sito:
        contact.append(E.onlineResource(E.CI_OnlineResource(E.linkage(E.URL(ente.sito)))))
    return E.CI_ResponsibleParty(
        E.organisationName(text(ente.nome)),
        E.contactInfo(contact),
        E.role(code("CI_RoleCode", role)),
    )


def citation(
    title: Element, dates: Iterable[tuple[datetime | str, str]], *more: Element
) -> Element:
    """Return what something is called and since when."""
    said = (
        E.date(E.CI_Date(E.date(date_of(day)), E.dateType(code("CI_DateTypeCode", kind))))
        for day, kind in dates
    )
    return E.CI_Citation(E.title(title), *said, *more)


def unknown(name: str) -> Element:
    """Return an element that must be there and of which nothing is known."""
    return etree.Element(f"{{{GMD}}}{name}", {f"{{{GCO}}}nilReason": "unknown"})


def _value(kind: str, said: str) -> Element:
    found = etree.Element(f"{{{GCO}}}{kind}")
    found.text = said
    return found
