"""The registry: keeps the objects, who said what about them since when, and compiles the dossier."""
