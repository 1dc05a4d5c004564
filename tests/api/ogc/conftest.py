"""A known town, served."""

from tests.sito import app, http, site, town, town_settings

__all__ = ["app", "http", "site", "town", "town_settings"]
