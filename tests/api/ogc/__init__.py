"""Tests of the OGC API over HTTP, with real clients."""
