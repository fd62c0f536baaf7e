"""What really happened, as the stand-in platform saw it: the one witness that no kill touches."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Posted:
    """An event that somebody on the platform brought about. `results`: each acknowledgement, in order."""

    address: str
    key: str
    received: str
    """JSON of a `Received`."""
    thread: str = ""
    """The message of the case in whose thread staff did it; "" for what the merchant did."""
    tries: int = 0
    results: list[str] = field(default_factory=list)


@dataclass
class Shown:
    """A message that the platform took: people see it from then on.

    `answered`: the platform said so to `process`; otherwise it kept silent and closed. `outbox` is our id of it.
    """

    process: str
    outbox: int
    place: str
    kind: str
    payload: str
    native: str
    target: tuple[str, ...]
    answered: bool


@dataclass
class Truth:
    """Everything the platform knows, in its order. `killed`: the processes that died by SIGKILL."""

    posted: list[Posted] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    killed: set[str] = field(default_factory=set)
    unheard: set[str] = field(default_factory=set)
    """Processes that could not reach their database for a while: what they knew may have been lost with a lease."""
    stuck: list[str] = field(default_factory=list)
    """People who did not see what a crash-free conversation shows them."""
    counts: dict[str, int] = field(default_factory=dict)
    """How often the platform misbehaved, by manner."""
