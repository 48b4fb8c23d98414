"""Figures for speed and size: ``make bench``. Never run as tests."""
