"""Cadastral references as people write them, before they become values.

``foglio 352 particella 1018 sub 7``, ``H501/B/352/1018``, ``fg. 12 mapp. 345/2``:
the parts found are kept as text and what was not understood is handed back, so
that a search box can try it as the name of a municipality.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

_PREFISSO = r"(?<![A-Z0-9])"
_N = r"\s*[.:]?\s*(?:N(?:R|UM|°|º)?\s*\.?\s*(?=[0-9]))?"
#: Order matters: ``sezione urbana`` before ``sezione``, and the keyword of the
#: parcel last, because ``n. 12`` also follows other keywords.
_PAROLE: Final = (
    ("sezione_urbana", rf"{_PREFISSO}SEZ(?:IONE)?\.?\s*URB(?:ANA)?{_N}([A-Z0-9]{{1,3}})\b"),
    ("sezione", rf"{_PREFISSO}SEZ(?:IONE)?(?:\.?\s*CENS(?:UARIA)?)?{_N}([A-Z])\b"),
    ("subalterno", rf"{_PREFISSO}SUB(?:ALTERNO)?{_N}([0-9A-Z]{{1,4}})\b"),
    ("allegato", rf"{_PREFISSO}ALL(?:EGATO)?{_N}([0-9A-Z])\b"),
    ("sviluppo", rf"{_PREFISSO}SV(?:ILUPPO)?{_N}([0-9A-Z])\b"),
    ("foglio", rf"{_PREFISSO}(?:FOGLIO|FGL?|FOG){_N}([0-9A-Z]{{1,5}})\b"),
    ("foglio", rf"{_PREFISSO}F{_N}([0-9]{{1,5}})\b"),
    (
        "numero",
        rf"{_PREFISSO}(?:PARTICELL[AE]|PART\.?LL?A|P\.?LL?A|PART|MAPPAL[EI]|MAPP?|NUMERO|NUM)"
        rf"{_N}(\.?[0-9A-Z]+(?:/[0-9A-Z]+)?)",
    ),
    ("numero", rf"{_PREFISSO}(?:P|N|MN){_N}(\.?[0-9][0-9A-Z]*(?:/[0-9A-Z]+)?)"),
    ("comune_catastale", rf"{_PREFISSO}([A-Z][0-9]{{3}})\b"),
)
#: ``F.5 M.172``: after a foglio only, since M begins codes of municipalities too.
_MAPPALE: Final = re.compile(rf"(?<=[\s,;.])M{_N}(\.?[0-9][0-9A-Z]*(?:/[0-9A-Z]+)?)\s*$")
#: ``F758 5 172`` is municipality, foglio, number, not foglio 758.
_CODICE_DAVANTI: Final = re.compile(r"([A-Z][0-9]{3})[\s,;]+(?=(?:[A-Z]\s+)?[0-9]+\s+[0-9]|F)")
_REGOLE: Final = tuple((campo, re.compile(modello)) for campo, modello in _PAROLE)
_FOGLIO: Final = re.compile(rf"{_PREFISSO}(?:FOGLIO|FGL?|FOG|F){_N}[0-9]")
_RIEMPITIVI: Final = re.compile(
    r"\b(?:COMUNE|CATASTALE|CATASTO|NCEU|NCT|TERRENI|FABBRICATI|URBANO|DI|DEL|CODICE|E|AL|IN)\b"
)
_SEGNI: Final = re.compile(r"[\s,;:.()\-]+")


@dataclass(frozen=True, slots=True)
class Scrittura:
    """The parts of a reference found in a text; None where the text is silent."""

    comune_catastale: str | None = None
    sezione: str | None = None
    sezione_urbana: str | None = None
    foglio: str | None = None
    allegato: str | None = None
    sviluppo: str | None = None
    numero: str | None = None
    denominatore: str | None = None
    subalterno: str | None = None
    resto: str = ""


def read_scrittura(testo: str, comune_catastale: str | None = None) -> Scrittura:
    """Read what a person wrote; ``resto`` is what was not understood.

    ``comune_catastale`` completes a text that does not name it.

    >>> s = read_scrittura("Roma, foglio 352 particella 1018/2 sub. 7")
    >>> s.foglio, s.numero, s.denominatore, s.subalterno, s.resto
    ('352', '1018', '2', '7', 'ROMA')
    """
    pulito = testo.strip().upper()
    barre = _with_slashes(pulito)
    if barre is not None:
        return replace(barre, comune_catastale=barre.comune_catastale or comune_catastale)
    trovati: dict[str, str] = {}
    if (codice := _CODICE_DAVANTI.match(pulito)) is not None:
        trovati["comune_catastale"] = codice[1]
        pulito = pulito[codice.end() :]
    mappale = _MAPPALE.search(pulito)
    if mappale is not None and _FOGLIO.search(pulito) is not None:
        trovati["numero"] = mappale[1]
        pulito = pulito[: mappale.start()]
    for campo, modello in _REGOLE:
        if campo in trovati:
            continue
        esito = modello.search(pulito)
        if esito is not None:
            trovati[campo] = esito[1]
            pulito = f"{pulito[: esito.start()]} {pulito[esito.end() :]}"
    if comune_catastale is not None:
        trovati.setdefault("comune_catastale", comune_catastale)
    resto = _SEGNI.sub(" ", _RIEMPITIVI.sub(" ", pulito)).strip()
    if "numero" not in trovati:
        resto = _bare_numbers(trovati, resto)
    numero, _, denominatore = trovati.pop("numero", "").partition("/")
    return Scrittura(
        **trovati, numero=numero or None, denominatore=denominatore or None, resto=resto
    )


_COMUNE: Final = re.compile(r"[A-Z][0-9]{3}")
_LETTERA: Final = re.compile(r"[A-Z_]?")
_SUB: Final = re.compile(r"\s+SUB\.?\s*([0-9A-Z]{1,4})$")
_PARTE: Final = re.compile(r"[^\s/]+")


def _with_slashes(testo: str) -> Scrittura | None:
    """Read ``[comune/][sezione/]foglio/numero[/denominatore][ sub n]``."""
    sub = _SUB.search(testo)
    parti = [p.strip() for p in (testo[: sub.start()] if sub else testo).split("/")]
    esito = Scrittura(subalterno=sub[1] if sub else None)
    if _COMUNE.fullmatch(parti[0]):
        esito = replace(esito, comune_catastale=parti.pop(0))
        if len(parti) > 2 and _LETTERA.fullmatch(parti[0]):
            esito = replace(esito, sezione=parti.pop(0).replace("_", ""))
    # Units of the old urban cadastre: the foglio may be empty.
    if len(parti) not in {2, 3} or not all(_PARTE.fullmatch(p) for p in parti[1:]):
        return None
    if esito.comune_catastale is None and not parti[0].isalnum():
        return None
    return replace(
        esito,
        foglio=parti[0],
        numero=parti[1],
        denominatore=parti[2] if len(parti) == 3 else None,
    )


_NUDO: Final = re.compile(r"[0-9]{1,5}[A-Z]?(?:/[0-9A-Z]{1,4})?")
_NUDI: Final = re.compile(r"(?:([A-Z])\s+)?([0-9]{1,5})\s+([0-9]{1,5}[A-Z]?)(?:\s+([0-9]{1,4}))?")


def _bare_numbers(trovati: dict[str, str], resto: str) -> str:
    """Take ``B 352 1018 [7]`` (section, foglio, numero, subalterno) out of the rest.

    After a foglio in words one number alone is that of the parcel.
    """
    if "foglio" in trovati:
        if _NUDO.fullmatch(resto) is None:
            return resto
        trovati["numero"] = resto
        return ""
    nudi = _NUDI.fullmatch(resto)
    if nudi is None or "comune_catastale" not in trovati:
        return resto
    for campo, valore in zip(
        ("sezione", "foglio", "numero", "subalterno"), nudi.groups(), strict=True
    ):
        if valore is not None:
            trovati.setdefault(campo, valore)
    return ""
