"""The office of the SUE and SUAP procedures."""
