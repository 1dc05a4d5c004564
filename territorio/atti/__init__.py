"""What operators do: each act in a module of its own, with author, reason and undo."""
