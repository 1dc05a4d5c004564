"""Tests of ``territorio``."""
