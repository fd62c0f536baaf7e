"""Reading `desk.yaml`: the settings, and every problem of the file at once, each at its place.

What the model refuses is left out, so that what remains is proved as well: names that lead nowhere, accounts of two
people, targets that no calendar can hold, macros without a text in a language.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.structs import asdict
from pydantic_core import ValidationError

from bot.desk.office import ALWAYS
from bot.desk.settings import DeskFile, Macro, Terms
from bot.flow import reader
from bot.flow.model import Handoff
from bot.flow.problems import in_order, quoted, suggest
from bot.flow.understanding import understood
from bot.flow.validation import refusals, told
from bot.text.locales import SOURCE, fallbacks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bot.flow.loader import Source
    from bot.flow.problems import Problem
    from bot.flow.reader import Path, Tree

_ROUNDS: Final = 5
"""How often what remains is looked at again; a model that was refused may hold more that is."""


class Read(NamedTuple):
    """What a file says: the desk, None if there is an error among the problems."""

    desk: DeskFile | None
    problems: tuple[Problem, ...]


def read(data: bytes, file: str, languages: Collection[str] = ()) -> Read:
    """Read a file for a deployment of these languages; an empty one is all defaults. Nothing raises."""
    reading = reader.read(data, file)
    problems = [each for each in reading.problems if each.code != "empty-document"]
    if len(reading.documents) > 1:
        problems.append(reading.documents[1].problem("second-document", (), "the desk's settings are one document"))
    desk = DeskFile() if not reading.documents else None
    for tree in reading.documents[:1]:
        desk, refused = _validated(tree)
        problems += refused
        if desk is not None:
            problems += _proved(desk, tree, languages)
    broken = not reading.whole or any(each.severity == "error" for each in problems)
    return Read(None if broken else desk, in_order(problems))


def _validated(tree: Tree) -> tuple[DeskFile | None, list[Problem]]:
    """The settings without what the model refuses, and that."""
    data = deepcopy(tree.data)
    problems: list[Problem] = []
    gone: list[Path] = []
    for _ in range(_ROUNDS):
        try:
            return understood(DeskFile, data), problems
        except ValidationError as error:
            found = refusals(error, data, DeskFile)
            problems += told([each for each in found if not _follows(each.place.path, gone)], tree)
            gone += [left for each in found if (left := _leave_out(data, each.place.path))]
    return None, problems


def _follows(path: Path, gone: Iterable[Path]) -> bool:
    """Whether something is only refused there because of what was left out."""
    return any(each[: len(path)] == path for each in gone)


def _leave_out(data: dict[str, Any], path: Path) -> Path:
    """Take out the key that holds what is at `path`, and name it; what is in a list goes with the list.

    So what remains keeps its place. If the key is not there, what lacks it goes.
    """
    for end in range(len(path), 0, -1):
        key = path[end - 1]
        holder: Any = data
        for part in path[: end - 1]:
            held = isinstance(holder, (dict, list)) and (part in holder if isinstance(holder, dict) else True)
            holder = holder[part] if held else None
        if isinstance(holder, dict) and key in holder:
            del holder[key]
            return path[:end]
    return ()


def _proved(desk: DeskFile, tree: Tree, languages: Collection[str]) -> Iterator[Problem]:
    calendars = {ALWAYS, *_keys(tree, "calendars")}
    queues = _keys(tree, "queues")
    yield from _terms(desk, desk, (), tree, calendars)
    for name, queue in desk.queues.items():
        yield from _terms(desk, queue, ("queues", name), tree, calendars)
    yield from _people(desk, tree, queues)
    for name, macro in desk.macros.items():
        yield from _macro(macro, name, tree, languages)


def _keys(tree: Tree, name: str) -> set[str]:
    """The keys of a mapping as they are written, whatever is wrong with their values."""
    found = tree.data.get(name)
    return set(map(str, found)) if isinstance(found, dict) else set()


def _terms(desk: DeskFile, terms: Terms, path: Path, tree: Tree, calendars: set[str]) -> Iterator[Problem]:
    if terms.calendar is not None and terms.calendar not in calendars:
        message = f"there is no calendar {quoted(terms.calendar)}"
        yield tree.problem("unknown-calendar", (*path, "calendar"), message, _hint(terms.calendar, calendars))
    opening = desk.calendars.get(terms.calendar or desk.calendar or ALWAYS)
    for priority, promise in (terms.targets or {}).items():
        for kind, target in asdict(promise).items():
            if opening is not None and target is not None and target > opening.year:
                message = "that is more working time than a year of the calendar has"
                yield tree.problem("far-target", (*path, "targets", priority, kind), message)


def _people(desk: DeskFile, tree: Tree, queues: set[str]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, member in desk.people.items():
        for index, account in enumerate(member.accounts):
            owner = owners.setdefault(account, name)
            if owner != name:
                message = f"{quoted(account)} is already the account of {quoted(owner)}"
                yield tree.problem("duplicate-account", ("people", name, "accounts", index), message)
        for index, queue in enumerate(member.queues):
            if queue not in queues:
                place: Path = ("people", name, "queues", index)
                message = f"there is no queue {quoted(queue)}"
                yield tree.problem("unknown-queue", place, message, _hint(queue, queues))
    if desk.people.keys() != _keys(tree, "people"):
        return  # nobody knows what those were meant to be who are left out
    for role, missing in (("specialist", "approve access to a live environment"), ("lead", "overrule an open access")):
        if desk.people and not any(role in each.roles for each in desk.people.values()):
            message = f"nobody has the role `{role}`, so nobody may {missing}"
            yield tree.problem("missing-role", ("people",), message, "", "warning", key=True)


def _macro(macro: Macro, name: str, tree: Tree, languages: Iterable[str]) -> Iterator[Problem]:
    path = ("macros", name, "text")
    written = tree.data["macros"][name]["text"]  # with those that were refused
    lacking = [each for each in languages if not any(tag in written for tag in fallbacks(each))]
    if lacking:
        message = f"this macro has no text in {', '.join(map(quoted, lacking))}"
        hint = f"a text in `{SOURCE}` would do for every language"
        yield tree.problem("missing-translation", path, message, hint, key=True)
    first, *others = macro.text.items()
    for language, words in others:
        if set(words.expressions) != set(first[1].expressions):
            message = f"the texts in `{language}` and `{first[0]}` do not show the same values"
            yield tree.problem("placeholder-mismatch", (*path, language), message, "copy each {{ … }} as it is")


def _hint(name: str, known: Collection[str]) -> str:
    """What may have been meant."""
    return suggest(name, known) or (f"there are {', '.join(sorted(known))}" if known else "")


def unknown_queues(desk: DeskFile, sources: Iterable[Source]) -> Iterator[Problem]:
    """Hand-offs of flows to queues that the desk does not name, if it names any."""
    for source in sources if desk.queues else ():
        for number, step in enumerate(source.flow.steps):
            if isinstance(step, Handoff) and step.handoff.queue not in desk.queues:
                path: Path = ("steps", number, "handoff", "queue")
                message = f"the desk's settings know no queue {quoted(step.handoff.queue)}"
                hint = _hint(step.handoff.queue, desk.queues)
                yield source.tree.problem("unknown-queue", path, message, hint, "warning")
