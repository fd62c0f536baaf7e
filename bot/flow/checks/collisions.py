"""Names that people type: within a question each means one option, in every language, and none hides a command."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.flow.checks.view import Finding
from bot.flow.library import WORDS
from bot.flow.menu import ACCEPT, NO, SKIP, UNSURE, YES, split_words, standing
from bot.flow.model import Collect, Rule
from bot.flow.problems import quoted
from bot.text.locales import fallbacks
from bot.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.flow.checks.view import View, World
    from bot.flow.menu import Option
    from bot.flow.reader import Path
    from bot.flow.texts import Text

_TOGETHER: Final = ((YES, NO, UNSURE, SKIP, "keep"), (UNSURE, SKIP, "done", "keep"))
"""Options of the engine's own that one question may offer."""


class _Name(NamedTuple):
    """One name of an option in one language, where it stands, and whether the engine brought the option along."""

    option: str
    shown: str
    path: Path
    brought: bool = False


def choices(view: View, world: World) -> Iterator[Finding]:
    """No name of an option is a name of another one, or a command."""
    for step in view.program.steps.values():
        if isinstance(step, (Collect, Rule)):
            options = _options(view, world, step)
            yield from _collisions(view, world, options, view.places[step.id])
            yield from _shadows(view, world, options)
    if view.program.id == WORDS:
        for names in _TOGETHER:
            yield from _collisions(view, world, _engine_options(view, names), ("texts",))


Option_ = tuple[str, tuple["Text", ...], bool]
"""Id, label and synonyms, and whether the engine brought the option along."""
