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

    option: str
    shown: str
    key: str
    path: Path | None


_Names = dict[str, list[_Name]]
"""By language: every name of every option of a question, in the options' order."""


def choices(view: View, world: World) -> Iterator[Finding]:
    """No name of an option is a name of another option of its question, or a command."""
    for step in view.program.steps.values():
        if isinstance(step, (Collect, Rule)):
            offered = options(view, world, step)
            if _may_collide(world, offered):
                names = _named(view, world, offered)
                yield from _collisions(names)
                yield from _shadows(view, world, names)
    if view.program.id == WORDS:
        texts = view.flow.texts
        for group in _TOGETHER:
            brought = [Option(name, texts[name], texts.get(f"{name}_synonyms")) for name in group if name in texts]
            yield from _collisions(_named(view, world, brought))


def options(view: View, world: World, step: Collect | Rule) -> Sequence[Option]:
    """What can be chosen; without the engine's own options where their wordings are missing."""
    key = (view.program.id, step.id)
    found = world.offered.get(key)
    if found is None:
        found = world.offered[key] = _options(view, world, step)
    return found


def _options(view: View, world: World, step: Collect | Rule) -> Sequence[Option]:
    slot = view.flow.slots.get(step.collect) if isinstance(step, Collect) else None
    try:
        return standing(world.library, step, slot.type if slot is not None else "")
    except KeyError:
        if isinstance(step, Collect):
            return [Option(choice.id, choice.label, choice.synonyms) for choice in step.choices]
        declined = [Option(DECLINE, step.decline.label)] if step.decline else []
        return [Option(ACCEPT, step.accept), *declined]


def _may_collide(world: World, options: Sequence[Option]) -> bool:
    """Whether options have a name in common, or one has that of a command, be it in different languages.

    Most questions need no closer look.
    """
    keys = list(map(world.keys_of, options))
    every = frozenset[str]().union(*keys)
    return len(every) < sum(map(len, keys)) or not every.isdisjoint(world.every_bare_word)


def _named(view: View, world: World, options: Sequence[Option]) -> _Names:
    """Everything that the options can be called, by language."""
    found: _Names = {language: [] for language in world.catalogs.languages}
    for option in options:
        label, synonyms = view.texts.get(option.label), view.texts.get(option.synonyms) if option.synonyms else None
        own = _Name(option.id, option.id, normalise(option.id), (*label[:-1], "id") if label else None)
        for language, names in found.items():
            names.append(own)
            shown = world.plain(option.label, language)
            names.append(_Name(option.id, shown, normalise(shown) or shown.strip().casefold(), label))
            if option.synonyms is not None:
                words = world.words_of(option.synonyms, language)
                names += [_Name(option.id, word, key, synonyms) for word, key in words]
    return found


def _collisions(names: _Names) -> Iterator[Finding]:
    everywhere: set[tuple[str, str]] = set()
    for language, found in names.items():
        owners: dict[str, _Name] = {}
        told: set[tuple[str, str]] = set()
        for name in found:
            owner = owners.setdefault(name.key, name)
            if owner.option == name.option:
                continue
            pair, path = (owner.option, name.option), name.path or owner.path
            if pair in everywhere or pair in told or path is None:
                continue
            told.add(pair)
            message = f"{quoted(name.shown)} means both {quoted(owner.option)} and {quoted(name.option)}{_in(language)}"
            yield Finding("colliding-choices", path, message, "give one of them another name")
        if language == SOURCE:
            everywhere = told


def _shadows(view: View, world: World, names: _Names) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    for language, found in names.items():
        words = world.bare_words(language)
        for name in found if words else ():
            flow = words.get(name.key, view.program.id)
            if flow == view.program.id or name.path is None or (name.option, flow) in told:
                continue
            told.add((name.option, flow))
            where = _in(language)
            message = f"{quoted(name.shown)} is also a word that calls {quoted(flow)}{where}; here it chooses this"
            hint = "give it another name if that is not meant"
            yield Finding("shadows-command", name.path, message, hint, "warning")


def _in(language: str) -> str:
    return "" if language == SOURCE else f" in `{language}`"
