"""The Italian cadastre by itself: references, codes, rules and exchange formats.

Pure functions and frozen classes. Nothing here opens a database or a network
connection, and nothing is read from disk at import.
"""
