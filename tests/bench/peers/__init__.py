"""The peers of the engine benchmark: the same six questions in four known libraries.

A peer takes the text of a reply, matches it against the choices of the present question, stores the answer, moves on
and composes the next question. That is all: peers do no persistence, translation, rich text, way back or checks, all
of which are part of every turn of Triage's engine. The comparison favours the peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import conversation_handler, sismic_, statemachine, transitions_

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Peer:
    """A library beside the engine; `walk(n)` has n complete conversations and returns the turns (answers) it took."""

    name: str
    walk: Callable[[int], int]


PEERS: tuple[Peer, ...] = (
    Peer("python-telegram-bot ConversationHandler", conversation_handler.walk),
    Peer("python-statemachine", statemachine.walk),
    Peer("transitions", transitions_.walk),
    Peer("sismic", sismic_.walk),
)
