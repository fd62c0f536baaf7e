"""What channels can show: texts, buttons and headings within the limits of each channel, in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.chat.people import LIMITS
from bot.flow.checks.collisions import options
from bot.flow.checks.view import Finding
from bot.flow.limits import CHANNELS, limits_of
from bot.flow.model import Collect, Form, Rule
from bot.flow.problems import quoted
from bot.text.locales import SOURCE
from bot.text.split import code_points, utf16_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.chat.people import Channel
    from bot.flow.checks.view import View, World
    from bot.flow.menu import Option
    from bot.flow.reader import Path

_LABELED: Final = tuple(channel for channel in CHANNELS if channel.label_limit)
_MEASURED: Final = tuple(channel for channel in CHANNELS if LIMITS[channel.name].text)
_COMMANDED: Final = tuple(channel for channel in CHANNELS if LIMITS[channel.name].command)

_SHORT: Final = min(channel.label_limit for channel in _LABELED)
"""Code points of a label that every channel shows whole."""

_SAFE: Final = min(LIMITS[channel.name].text for channel in _MEASURED) // 4
"""Code points of a source that fits everywhere, even translated into twice as many that count twice."""

_NOT_SHOWN: Final = frozenset({"accept", "label", "staff_label", "submit", "synonyms", "title", "words"})
"""Keys of texts that are no message: buttons and headings have limits of their own, the others are never sent alone."""


def texts(view: View, world: World) -> Iterator[Finding]:
    """A text is one message on every channel, as its author wrote it."""
    for text, path in view.texts.items():
        if len(text.source) <= _SAFE or _NOT_SHOWN.intersection(path):
            continue
        for channel in _MEASURED:
            limits = LIMITS[channel.name]
            measure, unit = (utf16_units, "UTF-16 units") if limits.utf16 else (code_points, "characters")
            sizes = {language: measure(world.plain(text, language)) for language in world.catalogs.languages}
            if over := {language: size for language, size in sizes.items() if size > limits.text}:
                size = max(over.values())
                message = (
                    f"{channel.name.title()} shows {limits.text} {unit} at once, and this text has {size}"
                    f"{_in(over)}: it is cut into several messages"
                )
                yield Finding("text-too-long", path, message, "say it in fewer words, or in two steps", "warning")


def labels(view: View, world: World) -> Iterator[Finding]:
    """A button is shown whole on every channel; where it is shortened, no two of a question look alike."""
    for step in view.program.steps.values():
        if not isinstance(step, (Collect, Rule)):
            continue
        offered = options(view, world, step)
        labels = [world.shown(option.label) for option in offered]
        if all(len(label) <= _SHORT for shown in labels for label in shown):
            continue
        by_language = {
            language: shown
            for language, shown in zip(world.catalogs.languages, zip(*labels, strict=True), strict=True)
            if max(map(len, shown)) > _SHORT
        }
        for channel in _LABELED:
            yield from _shortened(view, offered, by_language, channel)


def _shortened(
    view: View, offered: Sequence[Option], by_language: Mapping[str, Sequence[str]], channel: Channel
) -> Iterator[Finding]:
    """What a channel shortens of the options, whose labels are given by language."""
    limit = channel.label_limit
    long: dict[Path, dict[str, str]] = {}
    alike: dict[Path, dict[str, str]] = {}
    for language, shown in by_language.items():
        seen: dict[str, str] = {}
        for option, label in zip(offered, shown, strict=True):
            path = view.texts.get(option.label)
            cut = f"{label[: limit - 1]}…" if len(label) > limit else label
            if cut != label and path is not None:
                long.setdefault(path, {})[language] = cut
                if cut in seen:
                    alike.setdefault(path, {})[language] = seen[cut]
            seen.setdefault(cut, option.id)
    name = channel.name.title()
    for path, found in alike.items():
        message = f"{name} shortens this to {limit} characters{_in(found)}, and {quoted(next(iter(found.values())))}"
        yield Finding("labels-alike", path, f"{message} then looks the same", "begin with what tells them apart")
    for path, found in long.items():
        if path not in alike:
            message = f"{name} shortens this to {limit} characters{_in(found)}: {quoted(next(iter(found.values())))}"
            yield Finding("label-too-long", path, message, "use a shorter label, and say the rest above", "warning")


def headings(view: View, world: World) -> Iterator[Finding]:
    """The heading and the send button of a form fit where a channel shows it in a window of its own."""
    for step in view.flow.steps:
        for text in (step.title, step.submit) if isinstance(step, Form) else ():
            for channel, limit in limits_of(text.context).items():
                found = {
                    language: plain
                    for language in world.catalogs.languages
                    if len(plain := world.plain(text, language)) > limit
                }
                if found:
                    message = f"{channel.title()} shows {limit} characters here, and this has more{_in(found)}"
                    hint = "use a shorter one, and say the rest in a step before"
                    yield Finding("label-too-long", view.texts[text], message, hint, "warning")


def commands(view: View, _: World) -> Iterator[Finding]:
    """A command is short enough for every channel's list of commands."""
    for number, trigger in enumerate(view.flow.triggers):
        for channel in _COMMANDED:
            limit = LIMITS[channel.name].command
            if trigger.command and len(trigger.command) > limit:
                message = f"{channel.name.title()} knows no command of more than {limit} characters"
                yield Finding("command-too-long", ("triggers", number, "command"), message, "give it a shorter name")


def _in(languages: Mapping[str, object]) -> str:
    """Where it is so, if not in the source, where the author sees it."""
    if SOURCE in languages:
        return ""
    return f" in {', '.join(quoted(language) for language in languages)}"
