"""The generator of plausible supplies: an invented town in the real exchange formats."""

from ingest.generatore.genera import Riepilogo, genera

__all__ = ["Riepilogo", "genera"]
