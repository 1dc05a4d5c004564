"""The planning office: zones, constraints, hazards."""
