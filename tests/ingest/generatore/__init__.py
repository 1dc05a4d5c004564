"""The generator of invented towns."""
