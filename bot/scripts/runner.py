"""Playing a case: its turns one after another on one channel, each with what came of it and what was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.flow.problems import suggest
from bot.scripts.expectations import failures
from bot.scripts.merchant import Heard, Impossible, Merchant
from bot.text.locales import negotiate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.library import Library
    from bot.scripts.model import Case


class Played(NamedTuple):
    """A turn that was played: its 0-based number, what came of it, and what was expected in vain (key, sentence)."""

    number: int
    heard: Heard
    failures: tuple[tuple[str, str], ...] = ()


def play(library: Library, case: Case, channel: str) -> Iterator[Played]:
    """Play a case on a channel, turn by turn; ends early only where a turn cannot be done."""
    merchant = Merchant(library, case, channel)
    if obstacle := _obstacle(library, case):
        yield _stuck(merchant, 0, *obstacle)
        return
    for number, turn in enumerate(case.turns):
        try:
            heard = merchant.do(turn)
        except Impossible as reason:
            yield _stuck(merchant, number, turn.action, str(reason))
            return
        yield Played(number, heard, tuple(failures(turn, heard)))


def _stuck(merchant: Merchant, number: int, key: str, reason: str) -> Played:
    return Played(number, Heard(merchant.session, (), ()), ((key, reason),))


def _obstacle(library: Library, case: Case) -> tuple[str, str] | None:
    """Why the conversation cannot even begin: the key of the case that is at fault, and what is wrong with it."""
    if case.flow not in library.programs:
        hint = suggest(case.flow, library.programs)
        return "flow", f"there is no flow {case.flow!r}" + (f"; {hint}" if hint else "")
    if not negotiate([case.locale], library.languages, default=""):
        return "locale", f"there is no catalog for {case.locale!r}; there are {', '.join(library.languages)}"
    return None
