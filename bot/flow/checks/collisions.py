"""Names that people type: within a question each means one option, in every language, and none hides a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.flow.checks.view import Finding
from bot.flow.library import WORDS
from bot.flow.menu import ACCEPT, DECLINE, NO, SKIP, UNSURE, YES, Option, standing
from bot.flow.model import Collect, Rule
from bot.flow.problems import quoted
from bot.text.locales import SOURCE
from bot.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.flow.checks.view import View, World
    from bot.flow.reader import Path

_TOGETHER: Final = ((YES, NO, UNSURE, SKIP, "keep"), (UNSURE, SKIP, "done", "keep"))
"""Options of the engine's own, by their wordings, that one question may offer."""


class _Name(NamedTuple):
    """One name of an option as it is shown and compared, and where it stands; the engine's stand nowhere here."""

    shown: str
    key: str
    path: Path | None


def choices(view: View, world: World) -> Iterator[Finding]:
    """No name of an option is a name of another option of its question, or a command."""
    for step in view.program.steps.values():
        if isinstance(step, (Collect, Rule)):
            options = _options(view, world, step)
            yield from _collisions(view, world, options)
            yield from _shadows(view, world, options)
    if view.program.id == WORDS:
        texts = view.flow.texts
        for group in _TOGETHER:
            brought = [Option(name, texts[name], texts.get(f"{name}_synonyms")) for name in group if name in texts]
            yield from _collisions(view, world, brought)


def _options(view: View, world: World, step: Collect | Rule) -> Sequence[Option]:
    """What can be chosen; without the engine's own options where their wordings are missing."""
    try:
        return standing(world.library, step, view.flow.slots.get(step.collect) if isinstance(step, Collect) else None)
    except KeyError:
        if isinstance(step, Collect):
            return [Option(choice.id, choice.label, choice.synonyms) for choice in step.choices]
        declined = [Option(DECLINE, step.decline.label)] if step.decline else []
        return [Option(ACCEPT, step.accept), *declined]


def _names(view: View, world: World, option: Option, language: str) -> Iterator[_Name]:
    """Everything that an option can be called."""
    label = view.texts.get(option.label)
    yield _Name(option.id, normalise(option.id), (*label[:-1], "id") if label else None)
    shown = world.plain(option.label, language)
    yield _Name(shown, normalise(shown) or shown.strip().casefold(), label)
    if option.synonyms is not None:
        place = view.texts.get(option.synonyms)
        yield from (_Name(word, key, place) for word, key in world.words_of(option.synonyms, language))


def _collisions(view: View, world: World, options: Sequence[Option]) -> Iterator[Finding]:
    everywhere: set[tuple[str, str]] = set()
    for language in world.catalogs.languages:
        owners: dict[str, tuple[Option, _Name]] = {}
        told: set[tuple[str, str]] = set()
        for option in options:
            for name in _names(view, world, option, language):
                owner, other = owners.setdefault(name.key, (option, name))
                pair = (owner.id, option.id)
                path = name.path or other.path
                if owner.id == option.id or pair in everywhere or pair in told or path is None:
                    continue
                told.add(pair)
                where = "" if language == SOURCE else f" in `{language}`"
                message = f"{quoted(name.shown)} means both {quoted(owner.id)} and {quoted(option.id)}{where}"
                yield Finding("colliding-choices", path, message, "give one of them another name")
        if language == SOURCE:
            everywhere = told


def _shadows(view: View, world: World, options: Sequence[Option]) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for language in world.catalogs.languages:
        words = world.bare_words(language)
        for option in options:
            for name in _names(view, world, option, language):
                flow = words.get(name.key, view.program.id)
                if flow == view.program.id or name.path is None or (option.id, flow) in told:
                    continue
                told.add((option.id, flow))
                where = "" if language == SOURCE else f" in `{language}`"
                message = f"{quoted(name.shown)} is also a word that calls {quoted(flow)}{where}; here it chooses this"
                hint = "give it another name if that is not meant"
                yield Finding("shadows-command", name.path, message, hint, "warning")
