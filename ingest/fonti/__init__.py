"""One file a source; the name of the file is its registration."""
