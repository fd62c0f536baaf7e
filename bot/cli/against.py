"""`triage check --against`: what the flows that are checked mean for the conversations stored in a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from bot.cli.operating import operate
from bot.conversation import decode
from bot.engine.fates import fate
from bot.flow.checks.view import Finding
from bot.flow.problems import Problem, quantity, quoted
from bot.flow.snapshots import SnapshotError, revive
from bot.store import admin, reading
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.engine.fates import Fate
    from bot.engine.versions import Obstacle
    from bot.flow.library import Library
    from bot.flow.loader import Loaded, Source
    from bot.flow.model import Flow

_SHOWN: Final = 5
"""Conversations of a group that are named."""

_END: Final = "(at its end)"

_STRANDED: Final = frozenset({"finishes", "begins_anew", "stuck"})
"""What becomes of those that cannot follow."""

_REASONS: Final = {
    "step": "there is no step {name}",
    "kind": "{name} is another kind of step",
    "slot": "it does not ask for {name}",
    "type": "the slot {name} has another type",
    "choice": "it does not offer {name}",
    "answer": "there is no slot {name}, which has an answer",
    "flow": "there is no such flow",
}
"""Of each obstacle, what is so in the new version."""


class Group(NamedTuple):
    """Conversations with the same fate. `now` is the version that is checked, None where the flow is not there."""

    fate: Fate
    now: int | None
    addresses: list[str]


def look(database: str, loaded: Loaded, *, complete: bool) -> list[Group]:
    """What becomes of all that have not ended; raises typer.Exit(1), after a word why.

    Without errors in `loaded`. Unless it is `complete`, a flow that it lacks is not gone: it is in another file.
    """

    async def work(url: str) -> list[Group]:
        async with reading.observed(url) as connection:
            library = loaded.library(_kept([each.document for _, each in await admin.flows(connection)]))
            found: dict[Fate, Group] = {}
            async for each in reading.conversations(connection):
                _add(found, library, each, complete=complete)
        return [found[key] for key in sorted(found, key=_place)]

    return operate(database, work)


def _kept(documents: Sequence[bytes]) -> list[Flow]:
    """The versions that are kept and that this program understands: the service leaves the others out, too."""
    found: list[Flow] = []
    for each in documents:
        try:
            found.append(revive(each))
        except SnapshotError:
            continue
    return found


def _add(found: dict[Fate, Group], library: Library, row: reading.Standing, *, complete: bool) -> None:
    try:
        becomes = fate(library, decode(row.document).session)
    except msgspec.MsgspecError as error:
        raise StoreError(f"the conversation {row.address} cannot be read: {error}") from error
    if becomes is not None and (complete or becomes.flow in library.programs):
        program = library.programs.get(becomes.flow)
        now = program.version if program is not None else None
        found.setdefault(becomes, Group(becomes, now, [])).addresses.append(row.address)


def _place(each: Fate) -> tuple[str, str, int, str]:
    return each.flow, each.step, each.version, each.kind


def problems(groups: Sequence[Group], loaded: Loaded, folder: str) -> list[Problem]:
    """Of those that cannot follow: a warning if they finish on their version, an error if it was not kept.

    They stand at the step or flow; where that is gone, at `folder`.
    """
    sources = {source.flow.flow: source for source in loaded.sources}
    return [
        _placed(_finding(group), sources.get(group.fate.flow), folder)
        for group in groups
        if group.fate.kind in _STRANDED
    ]


def _finding(group: Group) -> Finding:
    """What is wrong, at the step that they are at."""
    becomes, number = group.fate, len(group.addresses)
    who = quantity(number, "stored conversation")
    where = f"{who} on {_version(group)} of {quoted(becomes.flow)}, at {quoted(becomes.step or _END)}, cannot follow"
    message = f"{where}: {_reason(becomes.obstacle)}"
    path = ("steps", becomes.step.partition(".")[0])
    hint = f"say below `migrate:`, `from: {becomes.version}`, where they go on"
    if group.now is None:
        hint = "keep the flow until they have ended"
    if becomes.kind == "finishes":
        message += f"; {'it finishes' if number == 1 else 'they finish'} on that version"
        return Finding("conversation-stays", path, message, hint, "warning")
    if becomes.kind == "begins_anew":
        message += f"; that version was not kept, so {'it begins' if number == 1 else 'they begin'} the flow anew"
    else:
        message += ", and that version was not kept"
    return Finding("conversation-stranded", path, message, hint)


def _placed(found: Finding, source: Source | None, folder: str) -> Problem:
    """The problem at that step, or else where the version of the flow stands."""
    if source is None:
        return Problem(found.code, found.severity, found.message, folder, 1, 1, hint=found.hint)
    step = found.path[-1]
    places = [("steps", number, "id") for number, each in enumerate(source.flow.steps) if each.id == step]
    return source.tree.problem(found.code, places[0] if places else ("version",), *found[2:5])


def _version(group: Group) -> str:
    """The version they are on; the same number may stand for two."""
    same = group.fate.version == group.now and group.fate.kind != "same"
    return f"an earlier version {group.fate.version}" if same else f"version {group.fate.version}"


def _reason(obstacle: Obstacle | None) -> str:
    if obstacle is None:
        return _REASONS["flow"]
    return _REASONS[obstacle.reason].format(name=quoted(obstacle.name))


def as_text(groups: Sequence[Group]) -> Iterator[str]:
    """What becomes of all, line by line: counted, and by flow and step."""
    counts = dict.fromkeys(_TOLD, 0)
    for group in groups:
        counts[group.fate.kind] += len(group.addresses)
    total = sum(counts.values())
    told = ", ".join(f"{number} {_TOLD[kind][number != 1]}" for kind, number in counts.items() if number)
    colon = ": " if told else ""
    yield f"{total} stored {'conversation is' if total == 1 else 'conversations are'} under way{colon}{told}."
    width = max((len(group.fate.step or _END) for group in groups), default=0)
    flow = ""
    for group in groups:
        if group.fate.flow != flow:
            flow = group.fate.flow
            yield f"  {flow}"
        yield f"    {group.fate.step or _END:{width}}  {len(group.addresses):5} {_becomes(group)}"
        if group.fate.kind in _STRANDED:
            more = len(group.addresses) - _SHOWN
            named = ", ".join(group.addresses[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
            yield f"{'':{width + 12}}{named}"


def _becomes(group: Group) -> str:
    becomes, several = group.fate, len(group.addresses) != 1
    told = _TOLD[becomes.kind][several]
    if becomes.kind == "moves":
        return f"{told}, {group.now}, from {_version(group)}"
    if becomes.kind == "finishes":
        told = f"{'finish' if several else 'finishes'} on {_version(group)}"
    return f"{told}: {_reason(becomes.obstacle)}" if becomes.kind in _STRANDED else told


_TOLD: Final = {
    "same": ("goes on as it is", "go on as they are"),
    "moves": ("moves to the new version", "move to the new version"),
    "finishes": ("finishes on its own version", "finish on their own version"),
    "begins_anew": ("begins anew", "begin anew"),
    "stuck": ("cannot go on", "cannot go on"),
}
"""Of each fate, what is said of one and of several; the better ones first."""


def as_data(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """The same for scripts, with every conversation."""
    return [
        {
            "flow": group.fate.flow,
            "step": group.fate.step,
            "version": group.fate.version,
            "new_version": group.now,
            "fate": group.fate.kind,
            "obstacle": group.fate.obstacle._asdict() if group.fate.obstacle is not None else None,
            "conversations": group.addresses,
        }
        for group in groups
    ]
