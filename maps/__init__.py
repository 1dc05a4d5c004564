"""What is drawn: layers, vector tiles, styles, extracts."""
