"""Hypothesis strategies for cadastral values."""

from __future__ import annotations

from datetime import date
from string import ascii_uppercase, digits

from hypothesis import strategies as st

from catasto.riferimento import RiferimentoCatastale, RiferimentoUrbano, strip_zeros

_ALFANUMERICI = ascii_uppercase + digits

belfiore = st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True)
sezione = st.sampled_from(["", *ascii_uppercase])
foglio = st.text(_ALFANUMERICI, min_size=1, max_size=4).map(strip_zeros)
inset = st.sampled_from(_ALFANUMERICI)
numero = st.from_regex(r"\.?[0-9A-Z]{1,9}|STRADA[0-9]{3}|ACQUA[0-9]{3}", fullmatch=True).map(
    strip_zeros
)
optional_number = st.one_of(st.just(""), st.from_regex(r"[1-9A-Z][0-9A-Z]{0,3}", fullmatch=True))

riferimenti = st.builds(
    RiferimentoCatastale, belfiore, sezione, foglio, inset, inset, numero, optional_number
)
riferimenti_urbani = st.builds(
    RiferimentoUrbano,
    belfiore,
    sezione,
    st.text(f"{_ALFANUMERICI}.{{}}_", max_size=3),
    st.one_of(st.just(""), foglio),
    numero,
    optional_number,
    optional_number,
)
dates = st.dates(date(1861, 3, 17), date(2030, 12, 31))
