"""Stories: a delivery comes in, and the registry answers."""
