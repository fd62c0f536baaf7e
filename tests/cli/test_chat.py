"""`triage chat`: its options, its scripts and its terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import termios
import time
from typing import TYPE_CHECKING

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import shipped
from bot.cli.chat import begun_by_start, flow_of, system_language
from bot.cli.flows import language
from bot.flow.loader import load
from tests.cli.conftest import SAMPLE, SHOP

if TYPE_CHECKING:
    from pathlib import Path

    from bot.flow.loader import Loaded
    from tests.cli.conftest import Run, Triage

LANGUAGES = ("en", "es", "nl", "pt")


@pytest.fixture(scope="module")
def sample() -> Loaded:
    """The sample flows with the shipped repair patterns."""
    return load([shipped.PATTERNS, SAMPLE / "flows"], SAMPLE / "locales")


# --- scripts ----------------------------------------------------------------------------------------------------------


def test_a_script_is_answered_line_by_line(run: Run) -> None:
    """Each line is a message, repeated behind `> `, and every message of the bot is printed as plain text."""
    code, out, errors = run("chat", *SHOP, "--locale", "es", "--name", "Ana", stdin="/start\n1\n/human\n")
    assert (code, errors) == (0, "")
    assert out.startswith("> /start\n\nHello Ana, this is shop")
    assert "\n¿Qué plataforma?\n\n  1. Magento 2\n  2. WooCommerce\n\n> 1\n" in out
    assert "For the team: queue integrations, priority normal\n\nCase T-" in out
    assert "\x1b" not in out


def test_no_database_can_be_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a database is set, as in the image, an empty `--db` keeps a conversation in memory all the same."""
    monkeypatch.setenv("TRIAGE_DATABASE_URL", "sqlite:////nowhere/triage.db")
    code, out, errors = run("chat", *SHOP, "--db", "", stdin="/start\n")
    assert (code, errors) == (0, "")
    assert out.startswith("> /start\n\nHello")


def test_the_shipped_flow_can_be_talked_to(run: Run) -> None:
    """Without options it is the product's own flow, in English."""
    code, out, _ = run("chat", stdin="/start\n2\n")
    assert code == 0
    assert "welcome to the Integration Team of MultiSafepay" in out
    assert "You chose WooCommerce" in out


@pytest.mark.parametrize(
    "stdin",
    [
        b"",
        b"\n",
        b"\n\n\n",
        b"/start",
        b"/start\r\n1\r\n",
        b"\xff\xfe\x00/start\n\xc3\n",
        b"/file caf\xe9\n",
        b"\x1b[2J\n",
    ],
)
def test_any_bytes_are_taken(run: Run, stdin: bytes) -> None:
    """No input, no closing newline, lines of another system, bytes that are no text: nothing stops the script."""
    code, out, errors = run("chat", *SHOP, stdin=stdin)
    assert (code, errors) == (0, "")
    assert "\x1b" not in out


def test_the_terminals_own_words_are_in_the_language_of_the_conversation(run: Run) -> None:
    """What it says of files, of numbers and of what reached the team, also after the language was changed."""
    typed = "/start\nwoo\n/file /nowhere\n/change 99\n/language it\n/file\n/human\nciao\n"
    out = run("chat", "--locale", "de", stdin=typed)[1]
    assert "Diese Datei gibt es hier nicht: /nowhere\n" in out
    assert "schreiben Sie /change und die Nummer" in out
    assert "Per consegnare file, scriva: /file" in out
    assert "→ trasmesso al team: ciao\n" in out


def test_two_conversations_have_different_ids(run: Run) -> None:
    """Ids come from the system's randomness."""
    references = {re.findall("Case (T-[A-Z2-7]{6})", run("chat", *SHOP, stdin="/human\n")[1])[0] for _ in range(2)}
    assert len(references) == 2


def test_output_that_cannot_be_written_is_replaced(triage: Triage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without ¿ and é gets question marks, not an end of the conversation."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    out, errors = triage("chat", *SHOP).communicate(b"/start\n")
    assert errors == b""
    assert b"?Qu? plataforma?" in out


def test_a_reader_that_leaves_ends_it_quietly(triage: Triage) -> None:
    """`triage chat | head` neither complains nor hangs."""
    process = triage("chat", *SHOP)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(b"/start\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"> /start\n"
    process.stdout.close()
    process.stdin.write(b"1\n" * 200)
    process.stdin.close()
    assert process.wait(60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


# --- the terminal -----------------------------------------------------------------------------------------------------


class Terminal:
    """Our end of a terminal."""

    def __init__(self) -> None:
        """Open one; `theirs` is the other end."""
        self.ours, self.theirs = pty.openpty()
        self._shown = b""

    def until(self, words: bytes, again: bytes = b"") -> bytes:
        """What it shows up to these words, for which it waits a minute at most.

        Keys to press `again` are those that a program may miss: they are, whenever it shows nothing for a while.
        """
        deadline = time.monotonic() + 60
        while words not in self._shown:
            ready, _, _ = select.select([self.ours], [], [], 3)
            assert time.monotonic() < deadline, self._shown
            if ready:
                self._shown += os.read(self.ours, 4096)
            else:
                self.press(again)
        before, _, self._shown = self._shown.partition(words)
        return before

    def prompt(self) -> bytes:
        """What it shows until it listens to keys."""
        shown = self.until(b"\n> ")
        while termios.tcgetattr(self.ours)[3] & termios.ICANON:
            time.sleep(0.01)
        return shown

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.ours, keys)


def test_at_a_terminal_one_converses(triage: Triage) -> None:
    """It starts by itself, in colour, with a prompt; Ctrl-C drops a line; Ctrl-D leaves with a word of goodbye."""
    terminal = Terminal()
    process = triage("chat", *SHOP, terminal=terminal.theirs)
    os.close(terminal.theirs)
    try:
        assert b"\x1b[1mWhich platform?\x1b[0m" in terminal.prompt()
        terminal.press(b"ma")
        terminal.until(b"ma")
        time.sleep(0.3)  # readline misses a signal in the moment between two keys
        terminal.press(b"\x03")
        assert b"\n" in terminal.until(b"To leave", again=b"\x03")
        terminal.prompt()
        terminal.press(b"woo\n")
        assert b"I don't know" in terminal.prompt()
        terminal.press(b"\x04")
        assert b"\n" in terminal.until(b"Goodbye")
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal.ours)


# --- options ----------------------------------------------------------------------------------------------------------


def test_flows_with_errors_are_shown_and_not_talked_to(run: Run, tmp_path: Path) -> None:
    """The problems go to the error stream, as `triage check` words them."""
    (tmp_path / "a.yaml").write_text("flow: a\nversion: 1\ntitle: A\nsteps: []\n")
    code, out, errors = run("chat", "--flows", str(tmp_path), stdin="/start\n")
    assert (code, out) == (1, "")
    assert f"{tmp_path}/a.yaml:4:" in errors


def test_a_language_that_is_not_there_is_an_error(run: Run) -> None:
    """The nearest and all others are named; likewise for the team's language and the flow."""
    code, out, errors = run("chat", *SHOP, "--locale", "esp", stdin="/start\n")
    flat = " ".join(errors.split())
    assert (code, out) == (2, "")
    assert "there is no language 'esp'; did you mean `es`? there are: en (English), es (Español)" in flat
    assert run("chat", *SHOP, "--staff-locale", "xx")[0] == 2
    code, _, errors = run("chat", *SHOP, "--flow", "shops")
    assert code == 2
    assert "did you mean `shop`?" in errors


@pytest.mark.parametrize(
    ("wanted", "found"), [("es", "es"), ("ES", "es"), ("es_MX", "es"), ("pt-BR", "pt"), ("en-GB", "en"), ("nl", "nl")]
)
def test_a_language_is_found_by_its_tag(wanted: str, found: str) -> None:
    """In any spelling, and by a region that has no translation of its own."""
    assert language(wanted, LANGUAGES, "--locale") == found


@pytest.mark.parametrize(
    ("wanted", "hint"), [("Nederlands", "`Nederlands`"), ("espanol", "`Español`"), ("xx", "there is no")]
)
def test_a_language_that_is_unknown_brings_a_hint(wanted: str, hint: str) -> None:
    """A language's own name is recognised, and its tag stands in the list."""
    with pytest.raises(typer.BadParameter, match=hint):
        language(wanted, LANGUAGES, "--locale")


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "nl_BE@euro"}, "nl"),
        ({"LC_ALL": "pt_BR.UTF-8", "LANG": "es_ES.UTF-8"}, "pt"),
        ({"LC_ALL": "", "LC_MESSAGES": "nl_NL", "LANG": "es_ES.UTF-8"}, "nl"),
        ({"LC_ALL": "C", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "fy_NL"}, "en"),
    ],
)
def test_the_systems_language_is_the_default(environment: dict[str, str], found: str) -> None:
    """The variables count in the order in which the system reads them."""
    assert system_language(environment, LANGUAGES) == found


@given(st.text())
def test_any_system_has_a_language(value: str) -> None:
    """An odd setting is English."""
    assert system_language({"LANG": value}, LANGUAGES) in LANGUAGES


def test_the_flow_is_the_one_that_start_begins(sample: Loaded) -> None:
    """Unless another is named; a repair pattern is none that can be talked to."""
    assert flow_of(sample, None) == "shop"
    assert flow_of(sample, "endless") == "endless"
    with pytest.raises(typer.BadParameter, match="there are: endless, shop"):
        flow_of(sample, "pattern_back")


def test_start_begins_the_flow_that_was_named(run: Run, sample: Loaded) -> None:
    """With --flow, a script that says /start meets that flow and not the usual one."""
    assert run("chat", *SHOP, "--flow", "endless", stdin="/start\n/start\n")[1].count("Which platform") == 0
    library = begun_by_start(sample, "endless").library()
    assert library.commands["start"] == "endless"
    assert library.commands["endless"] == "endless"
    assert sample.library().commands["start"] == "shop"


@pytest.mark.parametrize("chosen", ["help_us_help_you", "rules"])
def test_the_words_that_start_a_flow_stay_translated(chosen: str) -> None:
    """Which flow `/start` begins moves no other trigger: translations know each by its place."""
    loaded = load([shipped.ROOT / "flows"], shipped.ROOT / "locales")
    before, after = loaded.library(), begun_by_start(loaded, chosen).library()
    assert after.commands == {**before.commands, "start": chosen}
    for each in before.languages:
        assert after._words(each) == before._words(each)


def test_flows_without_a_start_are_asked_for(tmp_path: Path) -> None:
    """A single flow needs no name; of several none is guessed."""
    text = "flow: {0}\nversion: 1\ntitle: A\nsteps: [{{id: a, say: Hello}}]\n"
    (tmp_path / "a.yaml").write_text(text.format("a"))
    assert flow_of(load([shipped.PATTERNS, tmp_path]), None) == "a"
    (tmp_path / "b.yaml").write_text(text.format("b"))
    with pytest.raises(typer.BadParameter, match="a, b"):
        flow_of(load([shipped.PATTERNS, tmp_path]), None)
