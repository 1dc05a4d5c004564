"""The web pages, one module a noun."""
