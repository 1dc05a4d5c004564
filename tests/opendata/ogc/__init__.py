"""Tests of the OGC API's statements."""
