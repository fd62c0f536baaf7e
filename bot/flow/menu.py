"""The menu of a question: what can be chosen, in one language, ready to be shown and to be matched against."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.flow.linked import short_name
from bot.flow.model import Rule
from bot.text.matching import Matcher
from bot.text.matching import Option as Names

if TYPE_CHECKING:
    from bot.flow.library import Library
    from bot.flow.model import Collect
    from bot.flow.texts import Text
    from bot.text.nodes import Document

YES: Final = "yes"
NO: Final = "no"
UNSURE: Final = "unsure"
"""The stored answer "I don't know", for every slot type."""

SKIP: Final = "skip"
ACCEPT: Final = "accept"
DECLINE: Final = "decline"


class Option(NamedTuple):
    """One thing a question can be answered with by choosing; `next` is where that choice leads."""

    id: str
    label: Text
    synonyms: Text | None = None
    next: str | None = None
    prefix: str = ""
    """Stands before the label when it is shown."""


class Menu:
    """The options of a question in one language. `labels` and `marks` go with `options`, one each."""

    # in slots what every turn reads: beside what is made late in a mapping it would be found in twice the time
    __slots__ = (
        "__dict__", "_library", "_limit", "_locale", "by_id", "by_mark", "document", "ends", "labels", "marks",
        "options",
    )  # fmt: skip

    def __init__(
        self, library: Library, locale: str, limit: int, step: Collect | Rule, options: tuple[Option, ...]
    ) -> None:
        """Name the options; `limit` is where the channel shortens a label, 0 for nowhere."""
        self.options = options
        self.document = _standing_text(library, locale, step)
        """The question itself, unless its wording depends on the conversation."""
        self.labels = tuple(
            (f"{option.prefix}: " if option.prefix else "") + library.plain(option.label, locale) for option in options
        )
        self.marks = tuple(f".{short_name(step.id)}.{short_name(option.id)}" for option in options)
        """The ends of the options' button tokens."""
        self.ends = ("", *(f"{mark} " for mark in self.marks))
        """The same for joining all at once: with a question's name between them they are its tokens, a space apart."""
        self.by_id = {option.id: option for option in options}
        self.by_mark = {short_name(option.id): option for option in options}
        self._library, self._locale, self._limit = library, locale, limit

    @cached_property
    def matcher(self) -> Matcher:
        """What reads replies; made for the first one that is not a pressed button."""
        named = zip(self.options, self.labels, strict=True)
        return Matcher([_names(self._library, self._locale, option, label) for option, label in named], self._limit)

    def label(self, option: str) -> str:
        """The label of an option by id."""
        return self.labels[self.options.index(self.by_id[option])]


def standing(library: Library, step: Collect | Rule, expects: str) -> tuple[Option, ...]:
    """The options a question always has, in the order they are shown; `expects` is the type of its slot."""
    named = library.named
    if isinstance(step, Rule):
        found = [Option(ACCEPT, step.accept, named("accept_synonyms"))]
        if step.decline is not None:
            found.append(Option(DECLINE, step.decline.label, None, step.decline.next))
        return tuple(found)
    found = [Option(choice.id, choice.label, choice.synonyms, choice.next) for choice in step.choices]
    if expects == "yes_no" and not found:
        found += [Option(each, named(each), named(f"{each}_synonyms")) for each in (YES, NO)]
    if step.unsure:
        found.append(Option(UNSURE, named("unsure"), named("unsure_synonyms")))
    if step.optional:
        found.append(Option(SKIP, named("skip"), named("skip_synonyms")))
    return tuple(found)


def _standing_text(library: Library, locale: str, step: Collect | Rule) -> Document | None:
    texts = [step.text] if isinstance(step, Rule) else [step.prompt, *filter(None, [step.hint])]
    wordings = [library.wording(text, locale) for text in texts]
    if any(wording.expressions for wording in wordings):
        return None
    return tuple(block for wording in wordings for block in wording.document)


def _names(library: Library, locale: str, option: Option, shown: str) -> Names:
    """What people may call an option; `shown` is its label with its prefix.

    An option with a prefix is one of many that only a conversation has: it is known in its language alone.
    """
    label = library.plain(option.label, locale)
    if option.prefix:
        return Names(id=option.id, label=label, synonyms=(shown,))
    others = [language for language in library.languages if language != locale]
    words = [library.plain(option.synonyms, each) for each in (locale, *others)] if option.synonyms is not None else []
    return Names(
        id=option.id,
        label=label,
        other_labels=tuple(dict.fromkeys(library.plain(option.label, language) for language in others)),
        synonyms=tuple(dict.fromkeys(word for each in words for word in split_words(each))),
    )


def split_words(words: str) -> list[str]:
    """The members of a comma-separated text."""
    return [word for each in words.split(",") if (word := each.strip())]
