"""What became of the conversations that came to a step of a flow: the drop-off, as it is drawn."""

from __future__ import annotations

from typing import NamedTuple


class Visits(NamedTuple):
    """Conversations by what became of them at a step, each counted once."""

    went_on: int = 0
    """They answered, or went on without an answer."""
    left: int = 0
    """They fell silent there until they were closed, or were cancelled or begun anew."""
    called: int = 0
    """They called a person from there."""
    waiting: int = 0
    """They are there now."""

    @property
    def came(self) -> int:
        """All of them."""
        return sum(self)

    def __str__(self) -> str:
        """In words, those that there are: `120 came: 96 went on, 24 left (20 %)`."""
        share = f" ({100 * self.left / self.came:.0f} %)" if self.left else ""
        parts = [
            (self.went_on, "went on"),
            (self.left, f"left{share}"),
            (self.called, "called a person"),
            (self.waiting, "is here now" if self.waiting == 1 else "are here now"),
        ]
        found = ", ".join(f"{number} {what}" for number, what in parts if number)
        return f"{self.came} came: {found}" if found else "nobody came"
