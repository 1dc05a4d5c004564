"""The links, kind by kind, and what holds for all of them."""
