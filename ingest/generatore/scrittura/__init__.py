"""From the invented world to the files of each source, sheet by sheet."""
