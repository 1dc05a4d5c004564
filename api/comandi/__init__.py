"""The commands of ``territorio``, one module a noun; ``api.cli`` lists them."""
