"""From effects to rows: which lane each goes out by, in what order of importance, and fenced by which epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, get_args

import msgspec

from bot.chat.addresses import parse
from bot.chat.effects import (
    ECHOED,
    WAITING,
    Ask,
    Card,
    Echo,
    Edit,
    Effect,
    Entrust,
    Forget,
    Join,
    Mark,
    Notice,
    OpenCase,
    Overview,
    Perform,
    React,
    Relay,
    Remove,
    Rewrite,
    Say,
    Schedule,
    Unschedule,
    banner,
    echoed,
    of_person,
    opened,
)
from bot.chat.places import NOWHERE, Places, native
from bot.store.rows import CARD, NAMES, Outgoing

PEOPLE: Final = 0
"""Priority of what people wrote."""
ANSWERS: Final = 1
"""Priority of what the bot says."""
CHANGES: Final = 2
"""Priority of what only alters a message that is there."""

FIRST_CARD: Final = "first_card"
"""The kind of the card that opens a case: it waits for nothing, as later ones do (see `bot.store.rows.CARD`)."""
HOOKS: Final = "hooks"
"""What the places begin with where actions are done."""
ERASER: Final = "eraser"
"""The same where data is removed."""
JOINER: Final = "joiner"
"""And where cases are joined; its carrier as well."""

_Way = tuple[str, Callable[[Effect], Sequence[Effect]]]

_text: Final = msgspec.json.Encoder().encode
_KINDS: Final[Mapping[type[Effect], str]] = MappingProxyType(
    {each: str(each.__struct_config__.tag) for each in get_args(Effect) if each not in {Schedule, Unschedule}}
)
"""Effects that go out, and what their rows are called."""
_STAFFS: Final = frozenset({OpenCase, Notice, Echo, Entrust})
_SAID: Final = frozenset({Say, Ask, Edit})
"""What the bot says in the conversation."""
_UNFENCED: Final = frozenset({Relay, Rewrite, React, Overview, Card, Mark})
"""Not said by the bot, or only because the merchant asked for it."""

# Effects are asked by type: for their classes `isinstance` takes ten times as long to say no, and mostly says so.


class Routes(msgspec.Struct, frozen=True):
    """Who takes what where: by channel, its carrier and how it cuts an effect into calls.

    `{account}` in a carrier stands for the account of the address, where each has a carrier of its own. `staff`
    are the places that cases and merchants' words go to; none for back into the conversation's own place.
    """

    carriers: Mapping[str, str]
    parts: Mapping[str, Callable[[Effect], Sequence[Effect]]]
    staff: Places = NOWHERE
    hooks: str = HOOKS
    """The carrier of actions."""
    eraser: str = ERASER
    """The carrier of what removes the data of a merchant."""


def whole(effect: Effect) -> Sequence[Effect]:
    """An effect as one call, where a channel takes any message at once."""
    return (effect,)


def outgoing(effects: Sequence[Effect], address: str, epoch: int, routes: Routes) -> list[Outgoing]:
    """The rows of a conversation's effects, in their order. What the bot says is fenced by `epoch`."""
    rows: list[Outgoing] = []
    way = _way(address, routes)
    for effect in effects:
        if type(effect) in _SAID:  # nearly always
            rows += _sent(effect, address, epoch, way)
        elif type(effect) is Perform:
            rows.append(Outgoing(routes.hooks, f"{HOOKS}:{effect.name}", _KINDS[Perform], _text(effect), ANSWERS))
        elif type(effect) is Forget:
            rows.append(Outgoing(routes.eraser, f"{ERASER}:", _KINDS[Forget], _text(effect), CHANGES))
        elif type(effect) is Join:
            rows.append(Outgoing(JOINER, f"{JOINER}:", _KINDS[Join], _text(effect), CHANGES))
        elif (type(effect) is Card or type(effect) is Mark) and effect.to == "merchant" and not routes.staff.addresses:
            continue  # there is no desk elsewhere: the case itself is shown here
        elif type(effect) in _KINDS:
            if _for_staff(effect):
                staff = routes.staff if routes.staff.addresses else Places((address,))
                for place, shown in _among_staff(effect, staff):
                    rows += _sent(shown, place, None, _way(place, routes))
            else:
                rows += _sent(effect, address, None if type(effect) in _UNFENCED else epoch, way)
    return _hurried(rows) if len(rows) > 1 else rows


def _hurried(rows: list[Outgoing]) -> list[Outgoing]:
    """What holds something up is as urgent as that: a change before an answer in the same lane goes with the answer."""
    urgency: dict[str, int] = {}
    for place in range(len(rows) - 1, -1, -1):
        row = rows[place]
        if row.kind != CARD:  # it holds nothing up
            most = urgency.get(row.destination, row.priority)
            if most < row.priority:
                rows[place] = Outgoing(*row[:4], most, *row[5:])  # as _replace, in half the time
            else:
                urgency[row.destination] = row.priority
    return rows


def _way(destination: str, routes: Routes) -> _Way:
    """Who takes what goes to a place, and how they cut it."""
    channel = destination.partition(":")[0]
    carrier = routes.carriers[channel]
    if "{" in carrier:
        carrier = carrier.format(account=parse(destination).account)
    return carrier, routes.parts[channel]


def _sent(effect: Effect, destination: str, fence: int | None, way: _Way) -> list[Outgoing]:
    """The rows of an effect for one place."""
    carrier, parts = way
    return [_row(part, carrier, destination, fence) for part in parts(effect)]


def timers(effects: Sequence[Effect]) -> dict[str, int | None]:
    """The timers that effects set (milliseconds UTC) and forget."""
    found: dict[str, int | None] = {}
    for effect in effects:
        if type(effect) is Schedule:
            found[effect.timer] = int(effect.due.timestamp() * 1000)
        elif type(effect) is Unschedule:
            found[effect.timer] = None
    return found


def _for_staff(effect: Effect) -> bool:
    if type(effect) is Relay or type(effect) is Card or type(effect) is Mark:
        return effect.to == "staff"
    return bool(effect.case) if type(effect) is Rewrite else type(effect) in _STAFFS


def _among_staff(effect: Effect, staff: Places) -> Iterable[tuple[str, Effect]]:
    """At which places of staff it is shown, and as what. The name of what belongs to a message tells where that is."""
    match effect:
        case Echo(case, origin, document, files, by, quoted, parts):
            copy = Relay(case, document, files, by, echoed(origin), "staff", quoted, parts)
            return [(each, copy) for each in staff.others(origin)]
        case Mark(_, origin):
            here, there = staff.of(origin), msgspec.structs.replace(effect, origin="", ref=echoed(origin))
            itself = [(here, msgspec.structs.replace(effect, origin=native(origin)))] if here else []
            return [*itself, *((each, there) for each in staff.others(origin))]
        case Rewrite(ref) if ref.startswith(ECHOED):
            return [(each, effect) for each in staff.others(ref.removeprefix(ECHOED))]
        case Notice(ref=ref) | Rewrite(ref) if ref.startswith(WAITING):
            return [(staff.of(ref.removeprefix(WAITING)), effect)]
        case Entrust(at=at) if staff.on(at):
            return [(staff.on(at), effect)]
    return [(each, effect) for each in staff.addresses]


def _row(part: Effect, carrier: str, destination: str, epoch: int | None) -> Outgoing:
    """The row of an effect: what it is to be found by later, and which earlier message it is about."""
    kind, text = _KINDS[type(part)], _text(part)
    if type(part) is Say:
        return Outgoing(carrier, destination, kind, text, ANSWERS, epoch)
    if type(part) is Ask:
        return Outgoing(carrier, destination, kind, text, ANSWERS, epoch, part.ref)
    if type(part) is Edit:
        return Outgoing(carrier, destination, kind, text, CHANGES, epoch, "", part.ref)
    match part:
        case OpenCase():
            return Outgoing(carrier, destination, kind, text, PEOPLE, epoch, opened(part.case))
        case Relay():
            return Outgoing(
                carrier,
                destination,
                kind,
                text,
                PEOPLE,
                None,
                NAMES.join(part.names),
                opened(part.case) if part.to == "staff" else "",
            )
        case Notice() | Entrust():
            ref = part.ref if type(part) is Notice else ""
            return Outgoing(carrier, destination, kind, text, ANSWERS, None, ref, opened(part.case))
        case Card(case, side, first):
            # where it is sent before it can be edited, it is one of the messages that opened the case
            name = opened(case) if side == "staff" else banner(case)
            kind, priority = (FIRST_CARD, PEOPLE) if first else (kind, CHANGES)
            return Outgoing(carrier, destination, kind, text, priority, None, name, name)
        case Rewrite() | Mark():
            # where a text has become longer, there is one copy more of what somebody wrote
            name = part.ref if type(part) is Rewrite and of_person(part.ref) else ""
            return Outgoing(carrier, destination, kind, text, CHANGES, None, name, part.ref)
        case React() | Remove():
            return Outgoing(carrier, destination, kind, text, CHANGES, None, getattr(part, "ref", ""))
    return Outgoing(carrier, destination, kind, text, ANSWERS, epoch)
