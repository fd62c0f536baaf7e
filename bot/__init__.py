"""Triage: a support triage assistant that hands conversations over to people."""

__version__ = "0.1.0"
