"""Tests of ``maps``."""
