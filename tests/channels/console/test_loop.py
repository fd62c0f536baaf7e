"""Whole conversations in the console, scripted and at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.console.loop import converse, replay
from tests.channels.console.conftest import Talk
from tests.searching import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.flow.library import Library
    from tests.channels.console.conftest import Talks
    from tests.conftest import Golden

THROUGH = ("/start", "1", "it fails", "yesterday", "skip", "1", "2", "done", "2", "1")


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A conversation that meets everything the console can show."""
    (tmp_path / "order.png").write_bytes(b"12345")
    monkeypatch.chdir(tmp_path)
    return [
        *("/start", "/why", "woocomerce", "1", "2", "12 orders fail", "/change 2", "keep", "3 January 2026"),
        *("/file nothing.png", "/file order.png -- it's this one", "done", "1", "2", "done", "yes"),
        *("/change 1", "magento", "/summary", "understood", "thanks", "/file order.png", "/status", ""),
    ]


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_whole_conversation_reads_well(locale: str, script: list[str], talks: Talks, golden: Golden) -> None:
    """The transcript of a script, up to the card and what comes after it."""
    talk = talks(locale=locale)
    replay(talk.console, [f"{line}\n" for line in script])
    golden(f"golden/conversation_{locale}.txt", talk.stream.getvalue())


def test_a_number_chooses_where_options_have_numbers(talk: Talk) -> None:
    """And it is an answer like any other where they have none."""
    assert "You chose WooCommerce" in talk("/start", "2")
    assert "   - I don't know" in talk("/back", "2")
    assert talk("1").startswith("I already know: 1 [Change: /change 2]")


def test_change_asks_an_earlier_question_again(talk: Talk) -> None:
    """The number beside an answer goes back to its question, and the later answers stay."""
    talk("/start", "2", "it fails", "yesterday", "skip")
    assert "Your answer was: WooCommerce" in talk("/change 1")
    assert "Which payment methods?" in talk("1")
    slots = talk.conversation.session.stack[0].slots
    assert (slots["platform"], slots["problem"]) == ("magento", "it fails")


def test_the_card_is_in_the_language_of_the_team(library: Library) -> None:
    """The merchant's language and the team's are chosen apart."""
    shown = Talk(library, locale="es", staff_locale="en")(*THROUGH)
    assert "For the team: queue shops, priority high" in shown
    assert "- Language: Español (es)" in shown


def test_a_secret_is_not_kept(talk: Talk) -> None:
    """The engine's guard works on what is typed here as well."""
    assert "removed it" in talk("/start", "1", "my card is 5555 4444 3333 1111")
    assert b"5555" not in talk.conversation._document


def keyboard(*keys: str | type[BaseException]) -> Callable[[str], str]:
    """Someone who types these lines, or presses Ctrl-C or Ctrl-D, and leaves."""
    typed: Iterator[str | type[BaseException]] = iter([*keys, EOFError])

    def ask(prompt: str) -> str:
        assert prompt == "> "
        key = next(typed)
        if isinstance(key, str):
            return key
        raise key

    return ask


def test_at_a_terminal_the_conversation_starts_by_itself(talk: Talk) -> None:
    """The first question is there before anything is typed; Ctrl-D ends politely."""
    converse(talk.console, keyboard())
    shown = talk.stream.getvalue()
    assert "Which platform?" in shown
    assert shown.endswith("Goodbye. This conversation is not kept.\n\n")


def test_at_a_terminal_nothing_is_repeated_and_an_empty_line_is_no_message(talk: Talk) -> None:
    """The terminal has shown what was typed; Enter alone asks for nothing."""
    converse(talk.console, keyboard("", "  ", "woo"))
    assert "> " not in talk.stream.getvalue()
    assert "empty" not in talk.stream.getvalue()
    assert talk.conversation.session.turns == 2


def test_control_c_drops_a_line_and_twice_leaves(talk: Talk) -> None:
    """One Ctrl-C says how to leave; what is typed after it counts; two in a row leave."""
    typed = keyboard(KeyboardInterrupt, "woo", KeyboardInterrupt, KeyboardInterrupt, "never read")
    converse(talk.console, typed)
    shown = talk.stream.getvalue()
    assert shown.count("To leave, press Ctrl-D") == 2
    assert "You chose WooCommerce" in shown
    assert shown.endswith("Goodbye. This conversation is not kept.\n\n")
    assert typed("> ") == "never read"


COMMANDS = (
    *("/start", "/back", "/cancel", "/restart", "/human", "/language", "/language es", "/why", "/help", "/status"),
    *("/summary", "/endless", "/change", "/change 1", "/change 2", "/change 3"),
    *("/file", "/file .", f"/file {__file__}", f"/file {__file__} -- words"),
)
ANSWERS = (
    *("1", "2", "3", "9", "yes", "no", "ok", "woo", "magneto", "yesterday", "03/04/2026", "skip", "done", "keep"),
    *("ideal, card", "i don't know", "understood", "5555 4444 3333 1111", "x" * 9000, ""),
)
WORDS = st.sampled_from(COMMANDS + ANSWERS)
LINES = st.lists(WORDS | st.text(st.characters(exclude_categories=())), max_size=25)


@settings(max_examples=examples(60))
@given(LINES, st.sampled_from(["shop", "endless"]), st.sampled_from(["en", "es"]), st.integers(0, 9))
def test_no_line_brings_the_console_down(library: Library, lines: list[str], flow: str, locale: str, days: int) -> None:
    """Whatever is typed, at whatever time, the console goes on, and what it shows can be shown."""
    talk = Talk(library, flow=flow, locale=locale)
    for line in lines:
        replay(talk.console, [f"{line}\n"])
        talk.clock.forward(days=days)
    talk.stream.getvalue().encode()


def test_a_very_long_line_is_taken(talk: Talk) -> None:
    """A megabyte on one line is answered like anything else that is too long."""
    assert "longer than I can keep" in talk("/start", "1", "x " * 500_000)
