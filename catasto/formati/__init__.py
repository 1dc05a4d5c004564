"""Readers and writers of the cadastral exchange formats, one module a format."""
