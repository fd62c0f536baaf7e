"""Flows and catalogs that are read once for all tests of a process, and for the programs that are forked from one.

Reading the same bytes makes the same flows each time, and nobody can change what was made: it is frozen. Without this
a third of what commands do within tests is to read what is shipped with them, and a tenth to prove it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from bot.flow import loader, mending, reader
from bot.text import catalogs, pofile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from types import ModuleType

    from bot.flow.loader import Loaded
    from bot.flow.mending import Validated
    from bot.flow.problems import Problem
    from bot.flow.reader import Tree
    from bot.text.pofile import Entry, Key

    Check: TypeAlias = Callable[[Loaded, Collection[str], Collection[str]], tuple[Problem, ...]]

FILES = 256
"""So many are remembered."""


def remember() -> None:
    """From now on, have `load` remember what it made of the bytes of a file."""
    setattr(loader, "read", lru_cache(FILES)(reader.read))  # noqa: B010  (a name of that module's own)
    setattr(mending, "validate", _by_identity(mending.validate))  # noqa: B010
    setattr(catalogs, "entries", _by_text(pofile.entries))  # noqa: B010


def remember_proofs(module: ModuleType) -> None:
    """From now on, have a module that checks flows without their catalogs remember what the proofs say of them."""
    setattr(module, "check", _by_sources(getattr(module, "check")))  # noqa: B009, B010


def _by_sources(check: Check) -> Check:
    """The same flows, as `validate` remembers them, in the same order."""
    known: dict[tuple[object, ...], tuple[Loaded, tuple[Problem, ...]]] = {}

    def remembered(loaded: Loaded, patterns: Collection[str], words: Collection[str]) -> tuple[Problem, ...]:
        assert len(loaded.catalogs.languages) == 1, "what is said of translations depends on more"
        written = tuple((id(each.flow), id(each.tree), each.file, each.doubts) for each in loaded.sources)
        key = written, loaded.problems, loaded.whole, tuple(patterns), tuple(words)
        if key not in known:
            if len(known) == FILES:
                known.clear()
            known[key] = loaded, check(loaded, patterns, words)  # as long as it is there, nothing else has its ids
        return known[key][1]

    return remembered


def _by_identity(validate: Callable[[Tree], Validated]) -> Callable[[Tree], Validated]:
    """A tree cannot be hashed; but who remembers it as well knows it again."""
    known: dict[int, tuple[Tree, Validated]] = {}

    def remembered(tree: Tree) -> Validated:
        if id(tree) not in known:
            if len(known) == FILES:
                known.clear()
            known[id(tree)] = tree, validate(tree)
        return known[id(tree)][1]

    return remembered


def _by_text(entries: Callable[[str], Mapping[Key, Entry]]) -> Callable[..., Mapping[Key, Entry]]:
    """Which names of messages the catalogs of a folder share is of no consequence but for memory."""
    made = lru_cache(FILES)(entries)

    def remembered(text: str, _shared: dict[str, Key] | None = None) -> Mapping[Key, Entry]:
        return made(text)

    return remembered
