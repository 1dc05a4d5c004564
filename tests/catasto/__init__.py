"""Tests of the cadastral library, which needs no database."""
