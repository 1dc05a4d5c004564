"""The tables of the first revision, a matter a module; written once, never edited."""
