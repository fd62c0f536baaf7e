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
_PROTOCOL: Final = re.compile(
    r"(?<![A-Za-z])(?:S?FTP|FTPS|SSH|SCP|HTTPS?|TLS|SSL|VPN|RDP|VNC|TCP|UDP|SMTP|IMAP|DNS|2FA|MFA)(?![A-Za-z])"
)
_MARKS: Final = str.maketrans("", "", "*_~\\")


def _words(*stems: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(stems)})", re.IGNORECASE)


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
            for language, written in world.written(text):
                tag = language.partition("-")[0]
                if written is None or (bones is not None and _state_the_same(text.source, written, bones, tag)):
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


def _state_the_same(source: str, translation: str, bones: Skeleton, language: str) -> bool:
    """Whether that can be told without a parser, which most translations need not meet.

    It can where both are built alike and nothing but words is in them: taking every mark out, also one that is meant as
    it stands, then makes the same places of both run together. Their facts must come in the same order for that.
    """
    if bones[1] or not have_skeleton([translation], bones):
        return False
    ours, theirs = source.translate(_MARKS), translation.translate(_MARKS)
    return (
        _NUMBER.findall(ours) == _NUMBER.findall(theirs)
        and _PROTOCOL.findall(ours) == _PROTOCOL.findall(theirs)
        and (language not in _ENVIRONMENTS or _environments(ours, SOURCE) == _environments(theirs, language))
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
    return {name for name, words in _ENVIRONMENTS[language].items() if words.search(text)}


def _odd(ours: set[str], theirs: set[str]) -> str:
    lost, added = sorted(ours - theirs), sorted(theirs - ours)
    parts = [f"{', '.join(each)} {what}" for each, what in ((lost, "is missing"), (added, "is new")) if each]
    return "; ".join(parts)
