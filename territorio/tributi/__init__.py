"""The office of the local taxes: positions and rates."""
