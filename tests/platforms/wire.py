"""What went over the wire, as a list and, when a file is named, as JSON lines."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json: TypeAlias = dict[str, Any]
Direction: TypeAlias = Literal["call", "delivery"]


@dataclass(frozen=True)
class Exchange:
    """One request and its answer: a `call` of the product, or a `delivery` of the platform to the product."""

    platform: str
    direction: Direction
    method: str
    """A method of the platform for a call; for a delivery what was delivered, such as `message` or `block_actions`."""
    arguments: Any
    status: int
    """HTTP status; 0 when the connection ended without an answer."""
    answer: Any
    at: float
    """Seconds since 1970, of the stand-in's clock."""


class Wire:
    """Every exchange of one stand-in, oldest first."""

    def __init__(self, record: Path | None = None) -> None:
        """With `record`, each exchange is also appended to that file."""
        self.exchanges: list[Exchange] = []
        self.violations: list[str] = []
        """What the product sent that the real platform would refuse or silently ignore, in order."""
        self._record = record

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        self.exchanges.append(exchange)
        if self._record is not None:
            with self._record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(dataclasses.asdict(exchange), ensure_ascii=False, default=str) + "\n")

    def calls(self, method: str) -> list[Exchange]:
        """The product's calls of one method."""
        return [each for each in self if each.direction == "call" and each.method == method]

    def deliveries(self, method: str) -> list[Exchange]:
        """The platform's deliveries of one kind."""
        return [each for each in self if each.direction == "delivery" and each.method == method]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self.exchanges)

    def __len__(self) -> int:
        return len(self.exchanges)
