"""Readers of tables and of vector files, for any source."""
