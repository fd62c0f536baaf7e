"""The numbered changes of the tables, run on start under a lock."""

from typing import Final

HEAD: Final = "0007"
"""The newest of them."""
