"""Rules on data, one file a family."""
