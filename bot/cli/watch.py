"""`triage chat --watch`: flows and translations that change while somebody talks to them.

Looked at before each line: nothing runs beside the conversation, and no line meets half of a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.cli.shipped import shown
from bot.flow.loader import SUFFIXES
from bot.flow.problems import FlowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.flow.library import Library
    from bot.flow.loader import Loaded
    from bot.flow.model import Flow
    from bot.flow.program import Program

_NAMED: Final = 5
"""Changes of one kind that are named."""

_CATALOG: Final = ".po"

Stamp = dict[str, tuple[int, int]]
"""By file: when it was changed last (nanoseconds) and how many bytes it has."""


class Watch:
    """Files, and the flows in them that are in force.

    `read` loads them; it raises FlowError with every problem if they cannot be used. Flows that were in force once are
    kept, so that a conversation which began on one of them can end on it.
    """

    def __init__(self, paths: Sequence[Path], read: Callable[[], Loaded], loaded: Loaded) -> None:
        """Begin with what is `loaded` already."""
        self._paths = paths
        self._read = read
        self._stamp = _stamp(paths)
        self._kept: dict[tuple[str, str], Flow] = {}
        self.library: Library = loaded.library()

    def look(self) -> str:
        """Take over what has changed since the last look; what to tell about it, empty if nothing has."""
        stamp = _stamp(self._paths)
        if stamp == self._stamp:
            return ""
        changed = sorted(file for file in stamp.keys() | self._stamp.keys() if stamp.get(file) != self._stamp.get(file))
        self._stamp = stamp
        try:
            loaded = self._read()
            kept = self._kept | {(each.id, each.hash): each.flow for each in self.library.programs.values()}
            library = loaded.library(kept.values())
        except FlowError as error:
            return f"{_files(changed)} changed and cannot be used. The former version stays in force.\n\n{error}"
        told = list(_changes(self.library, library))
        self.library, self._kept = library, kept
        if not told:
            return f"{_files(changed)} changed; nothing that the conversation uses is different."
        return "\n".join([f"{_files(changed)} changed.", *(f"- {each}" for each in told), _AGAIN])


_AGAIN: Final = "Write /status to see the question that waits again."


def _stamp(paths: Sequence[Path]) -> Stamp:
    found: Stamp = {}
    for path in paths:
        below = path.rglob("*") if path.is_dir() else [path]
        for file in below:
            if file.suffix in SUFFIXES or file.suffix == _CATALOG:
                try:
                    status = file.stat()
                except OSError:
                    continue  # it was taken away meanwhile
                found[str(file)] = status.st_mtime_ns, status.st_size
    return found


def _files(changed: Sequence[str]) -> str:
    return _listed([shown(file) for file in changed])


def _changes(before: Library, now: Library) -> Iterator[str]:
    """What is different, a sentence for each flow and each language."""
    for flow in sorted(before.programs.keys() - now.programs.keys()):
        yield f"{flow} is gone"
    for flow, program in now.programs.items():
        former = before.programs.get(flow)
        if former is None:
            yield f"{flow} is new"
        elif parts := list(_parts(former, program)):
            yield f"{flow}: {'; '.join(parts)}"
    for language in dict.fromkeys((*before.languages, *now.languages)):
        old, new = _texts(before, language), _texts(now, language)
        if old != new:
            different = [context for context, source in new if old.get((context, source)) != new[context, source]]
            yield f"translation into {language}: {_listed(different) or 'fewer texts'}"


def _texts(library: Library, language: str) -> dict[tuple[str, str], str]:
    """The translations that are used, by context and source."""
    entries = library.catalogs.entries(language)
    return {key: entry.translation for key, entry in entries.items() if entry.usable}


def _parts(before: Program, now: Program) -> Iterator[str]:
    """What is different in a flow."""
    steps = [list(program.steps) for program in (before, now)]
    for what, found in (("new", set(steps[1]) - set(steps[0])), ("gone", set(steps[0]) - set(steps[1]))):
        if found:
            yield f"{what}: {_listed([step for step in (*steps[1], *steps[0]) if step in found])}"
    if before.hash != now.hash and set(steps[0]) == set(steps[1]):
        yield "steps ask or lead elsewhere"
    old, new = ({text.context: text.source for text in program.texts} for program in (before, now))
    texts = [context.partition(".")[2] for context in new if context in old and old[context] != new[context]]
    if texts:
        yield f"other words: {_listed(texts)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
