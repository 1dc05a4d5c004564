"""The generator of plausible supplies, in the real exchange formats."""
