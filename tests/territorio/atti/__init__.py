"""Tests of the operators' acts."""
