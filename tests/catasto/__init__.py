"""Tests of ``catasto``."""
