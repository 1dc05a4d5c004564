"""What is measured, not tested: ``make bench`` and ``make accuracy``."""
