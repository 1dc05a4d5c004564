"""The doors: HTTP, web pages, command line. Translation only."""
