"""Tests of ``opendata``."""
