"""Tests of the web pages: what they say, how they behave in a browser."""
