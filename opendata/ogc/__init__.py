"""The OGC API: what its parameters mean, and the statements that answer them."""
