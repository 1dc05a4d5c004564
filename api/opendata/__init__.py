"""The doors of open data: files of each version, what changed, which versions there are."""

from api.opendata import file, variazioni

OPENDATA = (variazioni.router, file.router)
"""The routers, in the order in which they are asked."""
