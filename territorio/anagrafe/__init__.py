"""The office of the residents and their households."""
