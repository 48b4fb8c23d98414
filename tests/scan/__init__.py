"""Scanners that we did not write, against the demonstration on this machine: ``make scan``."""
