"""The facts of a rule: what it lays down about ports, protocols and environments is the same in every language."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.flow.checks.skeletons import have_skeleton
from bot.flow.checks.view import Finding
from bot.flow.model import Rule
from bot.flow.problems import quoted
from bot.flow.texts import Wording
from bot.text.locales import SOURCE
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.flow.checks.skeletons import Skeleton
    from bot.flow.checks.view import View, World

_NUMBER: Final = re.compile(r"\d+(?:[.,:\u00a0\u202f]\d+)*")
_SEPARATOR: Final = re.compile(r"[.,:\u00a0\u202f]")
_MARKS: Final = str.maketrans("", "", "*_~\\")


def _beginning(*stems: str, after: str) -> str:
    """A pattern for words that do not stand after such a character; each stem begins with a letter or a digit.

    What may stand before it is looked at behind that: a search by first letters alone takes a fifth of the time.
    """
    return "|".join(f"{stem[0]}(?<!{after}{stem[0]}){stem[1:]}" for stem in stems)


_PROTOCOLS: Final = (
    *("SFTP", "FTPS", "FTP", "SSH", "SCP", "HTTPS?", "TLS", "SSL", "VPN", "RDP", "VNC", "TCP", "UDP", "SMTP", "IMAP"),
    *("DNS", "2FA", "MFA"),
)
_PROTOCOL: Final = re.compile(f"(?:{_beginning(*_PROTOCOLS, after='[A-Za-z]')})(?![A-Za-z])")


def _words(*stems: str) -> re.Pattern[str]:
    """For words of a case-folded text."""
    return re.compile(_beginning(*stems, after=r"[^\W_]"))


_ENVIRONMENTS: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = MappingProxyType(
    {
        language: MappingProxyType({"a test environment": _words(*test), "the live environment": _words(*live)})
        for language, test, live in (
            ("en", (r"tests?\b", "staging", "sandbox"), (r"live\b", r"production\b")),
            ("es", (r"pruebas?\b", r"ensayos?\b", r"tests?\b", "staging"), (r"real\b", "producci[oó]n", r"en vivo\b")),
            ("it", (r"tests?\b", "staging", r"prova\b"), (r"live\b", "produzione", r"reale\b")),
            ("nl", ("test", "staging"), (r"live\b", "productie")),
            ("de", ("test", "staging"), (r"live\b", "produktion", "produktiv", "echt")),
            (
                "fr",
                (r"tests?\b", "pr[ée]production", "staging", r"recette\b"),
                (r"production\b", r"live\b", r"r[ée]el"),
            ),
            ("pt", (r"testes?\b", "staging", "homologa"), (r"produ[cç][aã]o\b", r"live\b", r"real\b")),
        )
    }
)
"""By language: how environments are called in it."""


def rules(view: View, world: World) -> Iterator[Finding]:
    """A rule names the same numbers, protocols and environments in every language."""
    for step in view.flow.steps:
        for text in (step.text, step.staff_label) if isinstance(step, Rule) else ():
            if text is None:
                continue
            bones = world.skeleton(text.source)
            simple = None if bones is None or bones[1] else _Plainly(text.source, bones)
            for language, written in world.written(text):
                tag = language.partition("-")[0]
                if written is None or (simple is not None and simple.says_the_same(written, tag)):
                    continue
                found = world.translation(text, language)
                if not isinstance(found, Wording):
                    continue
                stated = _facts(plain(text.wording.document), SOURCE)
                for what, theirs in _facts(plain(found.document), tag).items():
                    ours = stated[what]
                    if ours != theirs:
                        message = f"in {quoted(language)} this rule does not name the same {what}: {_odd(ours, theirs)}"
                        hint = "a rule binds everybody alike; translate its facts exactly"
                        yield Finding("rule-facts", view.texts[text], message, hint)


class _Plainly:
    """The facts of a source in which nothing but words is marked up, for comparison without a parser.

    A translation that is built alike has the same marks at the same places. Without any of them, also those that are
    meant as they stand, the same places of both run together; so their facts are the same if they come in one order.
    """

    def __init__(self, source: str, bones: Skeleton) -> None:
        self._bones = bones
        text = source.translate(_MARKS)
        self._exact = _NUMBER.findall(text), _PROTOCOL.findall(text)
        self._environments = _environments(text, SOURCE)

    def says_the_same(self, translation: str, language: str) -> bool:
        """Whether that is certain."""
        if not have_skeleton([translation], self._bones):
            return False
        text = translation.translate(_MARKS)
        return (_NUMBER.findall(text), _PROTOCOL.findall(text)) == self._exact and (
            language not in _ENVIRONMENTS or _environments(text, language) == self._environments
        )


def _facts(text: str, language: str) -> dict[str, set[str]]:
    """What a text states, by the kind of fact; environments in the languages whose words for them are known."""
    found = {"numbers": _numbers(text), "protocols": set(_PROTOCOL.findall(text))}
    if language in _ENVIRONMENTS:
        found["environments"] = _environments(text, language)
    return found


def _numbers(text: str) -> set[str]:
    """The numbers of a text, however a language separates their digits."""
    return {_SEPARATOR.sub("", number) for number in _NUMBER.findall(text)}


def _environments(text: str, language: str) -> set[str]:
    folded = text.casefold()
    return {name for name, words in _ENVIRONMENTS[language].items() if words.search(folded)}


def _odd(ours: set[str], theirs: set[str]) -> str:
    lost, added = sorted(ours - theirs), sorted(theirs - ours)
    parts = [f"{', '.join(each)} {what}" for each, what in ((lost, "is missing"), (added, "is new")) if each]
    return "; ".join(parts)
