"""What a typed line means: a message, files, a press of a button, or nothing the bot should hear of."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.buttons import Buttons
from bot.channels.console.inbound import Notice, read
from bot.chat.events import File, Message, Tap

if TYPE_CHECKING:
    from pathlib import Path


def parse(line: str) -> Message | Tap | Notice:
    """The line as the first event of a console that shows one button."""
    buttons = Buttons()
    buttons.number("s.1.a.change")
    return read(line, "k", buttons)


def notice(wording: str, about: str = "") -> Notice:
    """That wording, alone."""
    return Notice(((wording, about),))


@pytest.mark.parametrize(
    "line", ["hello", "/start", "2", "", "  ", "/filed x", "file x", "/changes", "change 1", "/human now"]
)
def test_a_line_is_a_message(line: str) -> None:
    """Whatever is no command of the console goes to the bot as it was typed."""
    assert parse(line) == Message("k", line)


@pytest.mark.parametrize("line", ["/change 1", " /change  1 ", "/CHANGE 1", "/change ١"])
def test_change_presses_the_button(line: str) -> None:
    """The number beside an answer stands for the button with that token."""
    assert parse(line) == Tap("k", "s.1.a.change")


@pytest.mark.parametrize(
    "line", ["/change", "/change 2", "/change 0", "/change -1", "/change x", "/change ²", "/change " + "9" * 5000]
)
def test_change_without_a_known_number_says_what_to_write(line: str) -> None:
    """A number that stands beside no answer presses nothing."""
    assert parse(f"/change {line}") == notice("console_change_usage")


def test_files_are_described_and_not_read(tmp_path: Path) -> None:
    """A file is its absolute path, name, size and type; quotation marks keep spaces; the text follows a lone `--`."""
    first, second = tmp_path / "an order.png", tmp_path / "log"
    first.write_bytes(b"12345")
    second.write_bytes(b"")
    second.chmod(0)
    expected = (File(str(first), "an order.png", 5, "image/png"), File(str(second), "log", 0))
    assert parse(f"/file '{first}' {second}") == Message("k", "", expected)
    assert parse(f"/file '{first}' {second} -- it's \"here\" -- #1") == Message("k", 'it\'s "here" -- #1', expected)


def test_a_path_may_be_relative_or_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are read as a shell reads them."""
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = Message("k", "", (File(str(tmp_path / "a.txt"), "a.txt", 1, "text/plain"),))
    assert parse("/file a.txt") == parse("/file ~/a.txt") == expected


def test_what_is_no_file_is_said_kindly(tmp_path: Path) -> None:
    """Every path that cannot be given is named, and then none of them is given."""
    (tmp_path / "a.txt").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    assert parse(f"/file {tmp_path}/a.txt {tmp_path}/b.txt {tmp_path}") == Notice(
        (("console_no_file", f"{tmp_path}/b.txt"), ("console_folder", str(tmp_path)))
    )
    assert parse(f"/file {tmp_path}/pipe") == notice("console_not_ordinary", f"{tmp_path}/pipe")
    assert parse("/file " + "x" * 5000) == notice("console_not_opened", "x" * 5000)
    assert isinstance(parse("/file a\0b"), Notice)
    assert isinstance(parse("/file ~nobody-of-that-name/x"), Notice)


@pytest.mark.parametrize("line", ["/file", "/file ", "/file -- words"])
def test_file_alone_says_how_it_is_used(line: str) -> None:
    """Without a path there is nothing to give."""
    assert parse(line) == notice("console_file_usage")


def test_an_open_quotation_mark_is_said(tmp_path: Path) -> None:
    """A line that a shell would go on reading is not guessed at."""
    assert parse(f"/file {tmp_path}/it's.png") == notice("console_quotes")


@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"a\x1b[2Jb.txt"])
def test_a_name_that_cannot_be_shown_is_refused(name: bytes, tmp_path: Path) -> None:
    """Such a name could not be stored, or would steer the terminal of whoever reads the case."""
    path = tmp_path / os.fsdecode(name)
    path.write_text("x")
    refused = parse(f"/file '{path}'")
    assert isinstance(refused, Notice)
    ((wording, about),) = refused.said
    assert wording == "console_unshowable"
    assert "\x1b" not in about


@given(st.sampled_from(["/file ", "/change ", "/file a -- ", ""]), st.text(st.characters(exclude_categories=())))
def test_any_line_can_be_read(command: str, rest: str) -> None:
    """No line is too odd."""
    assert isinstance(parse(command + rest), (Message, Tap, Notice))
