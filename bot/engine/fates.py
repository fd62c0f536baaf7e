"""What new flows mean for a conversation that is under way, by the rules of `versions`, before they are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bot.engine import versions

if TYPE_CHECKING:
    from bot.engine.session import Frame, Session
    from bot.engine.versions import Obstacle
    from bot.flow.library import Library

Kind = Literal["same", "moves", "finishes", "begins_anew", "stuck"]

_ORDER: Final[tuple[Kind, ...]] = ("same", "moves", "finishes", "begins_anew", "stuck")
"""The better ones first."""


class Fate(NamedTuple):
    """What becomes of a conversation at the next event, and where: the frame that fares worst, else the one on top.

    It goes on as it is ("same"), moves to the new structure ("moves") or finishes on its own ("finishes"), which it
    cannot leave because of the `obstacle`. Where its own was not kept either, it begins its flow anew ("begins_anew")
    or, where there is no such flow any more, cannot go on at all ("stuck").
    """

    kind: Kind
    flow: str
    version: int
    step: str
    obstacle: Obstacle | None = None


def fate(library: Library, session: Session) -> Fate | None:
    """What becomes of a session with the flows of `library`; None for one that has come to its end."""
    found = [_of_frame(library, frame) for frame in session.stack]
    return max(reversed(found), key=lambda each: _ORDER.index(each.kind), default=None)


def _of_frame(library: Library, frame: Frame) -> Fate:
    program = library.programs.get(frame.flow)
    where = (frame.flow, frame.version, frame.step)
    if program is not None and program.hash == frame.hash:
        return Fate("same", *where)
    obstacle = versions.obstacle(library, frame, program) if program is not None else None
    if program is not None and obstacle is None:
        return Fate("moves", *where)
    if library.pinned(frame.flow, frame.hash) is not None:
        return Fate("finishes", *where, obstacle)
    return Fate("stuck" if program is None else "begins_anew", *where, obstacle)
