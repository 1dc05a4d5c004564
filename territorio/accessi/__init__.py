"""Who may see what and why; the log of who looked."""
