"""What leaves the house as files, and their catalogue."""
