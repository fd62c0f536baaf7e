"""The numbered changes of the tables, run on start under a lock."""

from typing import Final

HEAD: Final = "0005"
"""The newest of them."""
