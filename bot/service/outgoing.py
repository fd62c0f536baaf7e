"""From effects to rows: which lane each goes out by, in what order of importance, and fenced by which epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from bot.chat.addresses import parse
from bot.chat.effects import Ask, Edit, Effect, OpenCase, Perform, Relay, Schedule, Unschedule
from bot.store.rows import Outgoing

PEOPLE: Final = 0
"""Priority of what people wrote."""
ANSWERS: Final = 1
"""Priority of what the bot says."""
CHANGES: Final = 2
"""Priority of what only alters a message that is there."""

HOOKS: Final = "hooks"
"""What the places begin with where actions are done."""

_ENCODER: Final = msgspec.json.Encoder()


class Routes(msgspec.Struct, frozen=True):
    """Who takes what where: by channel, its carrier and how it cuts an effect into calls.

    `{account}` in a carrier stands for the account of the address, where each has a carrier of its own. `staff`
    is the address that cases and merchants' words go to; "" for back into the conversation's own place.
    """

    carriers: Mapping[str, str]
    parts: Mapping[str, Callable[[Effect], Sequence[Effect]]]
    staff: str = ""
    hooks: str = HOOKS
    """The carrier of actions."""


def outgoing(effects: Sequence[Effect], address: str, epoch: int, routes: Routes) -> list[Outgoing]:
    """The rows of a conversation's effects, in their order. What the bot says is fenced by `epoch`."""
    return [
        row
        for effect in effects
        if not isinstance(effect, (Schedule, Unschedule))
        for row in _rows(effect, address, epoch, routes)
    ]


def timers(effects: Sequence[Effect]) -> dict[str, int | None]:
    """The timers that effects set (milliseconds UTC) and forget."""
    found: dict[str, int | None] = {}
    for effect in effects:
        if isinstance(effect, Schedule):
            found[effect.timer] = int(effect.due.timestamp() * 1000)
        elif isinstance(effect, Unschedule):
            found[effect.timer] = None
    return found


def _rows(effect: Effect, address: str, epoch: int, routes: Routes) -> list[Outgoing]:
    if isinstance(effect, Perform):
        return [Outgoing(routes.hooks, f"{HOOKS}:{effect.name}", "perform", _text(effect), ANSWERS)]
    for_staff = isinstance(effect, (OpenCase, Relay))
    destination = (routes.staff if for_staff else "") or address
    place = parse(destination)
    channel = place.channel
    carrier = routes.carriers[channel].format(account=place.account)
    return [
        Outgoing(
            carrier=carrier,
            destination=destination,
            kind=type(part).__struct_config__.tag,  # type: ignore[arg-type]
            payload=_text(part),
            priority=PEOPLE if for_staff else CHANGES if isinstance(part, Edit) else ANSWERS,
            epoch=None if for_staff else epoch,
            ref=part.ref if isinstance(part, Ask) else "",
            edits=part.ref if isinstance(part, Edit) else "",
        )
        for part in routes.parts[channel](effect)
    ]


def _text(effect: Effect) -> str:
    return _ENCODER.encode(effect).decode()
