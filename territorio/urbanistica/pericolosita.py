"""Hazards: the scale of each phenomenon, in words (fonti.md §8.1).

The scales run in opposite directions and are never merged: of landslides P4 is the worst, of
floods P3 is, the one that comes most often.
"""

STUDIO = "studio"
"""The class of an area that was studied and to which no hazard was given: outside it nothing
is known, and that is not the same."""

CLASSI: dict[str, dict[str, str]] = {
    "frana": {
        "P4": "molto elevata",
        "P3": "elevata",
        "P2": "media",
        "P1": "moderata",
        "AA": "area di attenzione",
    },
    "alluvione": {
        "P3": "elevata (alluvioni frequenti)",
        "P2": "media (alluvioni poco frequenti)",
        "P1": "bassa (alluvioni rare o estreme)",
    },
    "valanga": {"P3": "elevata", "P2": "media", "P1": "moderata"},
}
"""The classes of each phenomenon, the worst first."""


def descrizione(fenomeno: str, classe: str) -> str:
    """Return a hazard in words.

    >>> descrizione("frana", "P3"), descrizione("alluvione", "P3")
    ('frana: P3, elevata', 'alluvione: P3, elevata (alluvioni frequenti)')
    >>> descrizione("frana", "studio")
    'frana: area studiata, nessuna pericolosità assegnata'
    """
    if classe == STUDIO:
        return f"{fenomeno}: area studiata, nessuna pericolosità assegnata"
    words = CLASSI.get(fenomeno, {}).get(classe)
    return f"{fenomeno}: {classe}" + (f", {words}" if words else "")
