"""The flows, patterns and catalogs in force: everything a turn reads, immutable; a reload makes a new one."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from bot.flow.expressions import ExpressionError, Scope
from bot.flow.menu import Menu, split_words, standing
from bot.flow.program import Program
from bot.flow.texts import Wording
from bot.text.locales import fallbacks
from bot.text.markdown import MarkdownError
from bot.text.nodes import Text as Words
from bot.text.normal import normalise
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.flow.linked import Linked
    from bot.flow.menu import Option
    from bot.flow.model import Flow
    from bot.flow.texts import Text
    from bot.text.catalogs import Catalogs
    from bot.text.nodes import Document, Inline

PATTERN: Final = "pattern_"
"""Flows whose id starts so are repair patterns."""

WORDS: Final = "pattern_words"
"""The pattern whose `texts` hold the wordings the engine itself uses: yes, no, back, …"""


MOST_PASSING: Final = 256
"""Menus of single conversations that are remembered."""


class Library:
    """Programs by flow id, the older structures that sessions may still run on, and the catalogs.

    What is made of the texts is made once: a library is as long-lived as its files are unchanged.
    """

    def __init__(self, flows: Iterable[Flow], catalogs: Catalogs, kept: Iterable[Flow] = ()) -> None:
        """Link `flows`; `kept` are older versions of them."""
        self.programs: Mapping[str, Program] = {flow.flow: Program(flow) for flow in flows}
        self.catalogs = catalogs
        self._kept = {(old.id, old.hash): old for old in (Program(flow) for flow in kept)}
        self.wording: Callable[[Text, str], Wording] = cache(self._wording)
        """The text in a language, or in the nearest language that has it."""
        self.plain: Callable[[Text, str], str] = cache(self._plain)
        """A text without places (a label, say) in a language, as plain characters."""
        self.word: Callable[[str, str], str] = cache(self._word)
        """A wording of the engine itself in a language, as plain characters; raises KeyError for an unknown name."""
        self.heading: Callable[[Text, str], Inline] = cache(self._heading)
        """A label in a language as it stands before what it is of: bold, with a colon."""
        self.line: Callable[[Text, Text, str], tuple[Inline, ...]] = cache(self._line)
        """A label and the choice that was made there, in a language."""
        self.chosen: Callable[[Text, str], Document] = cache(self._chosen)
        """What stands in place of a question's buttons once the option with this label was chosen."""
        self._digests: dict[tuple[Text, str], tuple[Document, str]] = {}
        self._passing: dict[tuple[object, ...], Menu] = {}
        """Menus that depend on a conversation: there is no end of them, so few are remembered."""
        self._triggers: dict[str, dict[str, str]] = {}
        self.commands: Mapping[str, str] = {
            trigger.command: program.id
            for program in self.programs.values()
            for trigger in program.flow.triggers
            if trigger.command
        }
        """Slash commands that start a flow, to its id."""
        programs = (*self.programs.values(), *self.kept)
        self.sensitive = any(program.sensitive for program in programs)
        """Whether any flow asks for something that is nobody's business."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages texts exist in, the source language first."""
        return self.catalogs.languages

    @property
    def kept(self) -> Iterable[Program]:
        """The older structures."""
        return self._kept.values()

    def pinned(self, flow: str, structure: str) -> Program | None:
        """The program of that very structure, in force or kept; None when it is gone."""
        program = self.programs.get(flow)
        if program is not None and program.hash == structure:
            return program
        return self._kept.get((flow, structure))

    def _wording(self, text: Text, locale: str) -> Wording:
        source = self.catalogs.get(locale, text.context, text.source)
        try:
            return text.wording if source == text.source else Wording(source)
        except (MarkdownError, ExpressionError):
            # a check reports the translation; nobody is left without a text
            wider = locale.partition("-")[0]
            return text.wording if wider == locale else self.wording(text, wider)

    def _plain(self, text: Text, locale: str) -> str:
        return plain(self.wording(text, locale).document)

    def _word(self, name: str, locale: str) -> str:
        return self.plain(self.named(name), locale)

    def _heading(self, label: Text, locale: str) -> Inline:
        return Words(f"{self.plain(label, locale)}:", bold=True)

    def _line(self, label: Text, choice: Text, locale: str) -> tuple[Inline, ...]:
        return self.heading(label, locale), Words(f" {self.plain(choice, locale)}")

    def _chosen(self, label: Text, locale: str) -> Document:
        wording = self.wording(self.named("you_chose"), locale)
        return wording.render(Scope({"pattern": {"answer": self.plain(label, locale)}}))

    def named(self, name: str) -> Text:
        """A wording of the engine itself; raises KeyError for an unknown name."""
        return self.programs[WORDS].flow.texts[name]

    def digest(self, text: Text, locale: str, shown: Document) -> str:
        """A fingerprint of a wording as it was shown, 16 hexadecimal digits."""
        key = (text, locale)
        known = self._digests.get(key)
        if known is not None and known[0] is shown:
            return known[1]
        digest = blake2b(plain(shown).encode(), digest_size=8).hexdigest()
        self._digests[key] = (shown, digest)
        return digest

    def menu(
        self,
        step: Linked,
        locale: str,
        limit: int = 0,
        passing: tuple[str, ...] = (),
        more: Callable[[], tuple[Option, ...]] = tuple,
    ) -> Menu:
        """The menu of a question; `more` makes the options that it has only now, `passing` tells them from others."""
        if not passing:
            found = step.menus.get((locale, limit))
            if found is None:
                found = step.menus[locale, limit] = self._menu(step, locale, limit, ())
            return found
        key = (step, locale, limit, passing)
        found = self._passing.get(key)
        if found is None:
            if len(self._passing) >= MOST_PASSING:
                self._passing.clear()
            found = self._passing[key] = self._menu(step, locale, limit, more())
        return found

    def _menu(self, step: Linked, locale: str, limit: int, more: tuple[Option, ...]) -> Menu:
        return Menu(self, locale, limit, step.model, standing(self, step.model, step.expects) + more)

    def triggered(self, text: str, locale: str) -> str | None:
        """The flow that a whole message starts by its trigger words; None for no flow."""
        if text.isdecimal():
            return None
        words = self._triggers.get(locale)
        if words is None:
            words = self._triggers[locale] = self._words(locale)
        return words.get(normalise(text))

    def _words(self, locale: str) -> dict[str, str]:
        return {
            key: program.id
            for language in reversed(fallbacks(locale))  # what a word means in the nearest language counts
            for program in self.programs.values()
            for trigger in program.flow.triggers
            if trigger.words is not None
            for word in split_words(self.plain(trigger.words, language))
            if (key := normalise(word))
        }
