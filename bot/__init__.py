"""Triage: a support triage assistant that hands conversations over to people."""

import gc

__version__ = "0.1.0"


def collect_seldom() -> None:
    """Look for garbage in cycles after 20,000 new objects, not after 700: what a process of ours makes, it keeps.

    Importing takes a sixth less time so, and loading flows and handling events are not interrupted as often. For a
    program's beginning; what runs in somebody else's process leaves this alone.
    """
    gc.set_threshold(20_000, 10, 10)
