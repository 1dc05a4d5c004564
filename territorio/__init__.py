"""The registry: keeps the objects and who said what about them when; compiles the dossier."""
