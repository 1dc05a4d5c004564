"""Tests of the sources: the contract over all of them, and what is peculiar to each."""
