"""Triage: a support triage assistant that hands conversations over to people."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("triage-assistant")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+source"
