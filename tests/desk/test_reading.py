"""Reading `desk.yaml`: every mistake at once, each at its place, and nothing that only follows from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.reading import read, unknown_queues
from bot.desk.settings import DeskFile
from bot.flow.loader import load
from bot.flow.problems import format_text

if TYPE_CHECKING:
    from tests.conftest import Golden

FOLDER = Path(__file__).parent / "golden"
LANGUAGES = ("en", "es", "nl", "de")


def codes(text: str, *languages: str) -> list[str]:
    """The codes of the problems of a file."""
    return [each.code for each in read(text.encode(), "desk.yaml", languages).problems]


def test_all_mistakes_are_told_at_once(golden: Golden) -> None:
    """The words, places and hints for a file in which much is wrong."""
    found = read((FOLDER / "bad.yaml").read_bytes(), "bad.yaml", LANGUAGES)
    assert found.desk is None
    golden("golden/bad.txt", "\n".join(map(format_text, found.problems)) + "\n")


@pytest.mark.parametrize("text", ["", "---\n", "# nothing yet\n", "{}\n"])
def test_an_empty_file_is_all_defaults(text: str) -> None:
    """A file without anything in it is as good as none."""
    assert read(text.encode(), "desk.yaml") == (DeskFile(), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", ["not-a-mapping"]),
        ("{}\n---\n{}\n", ["second-document"]),
        ("undo: 5s\nundo: 6s\n", ["duplicate-key"]),
        ("people: [\n", ["yaml-syntax"]),
        ("people: ana\n", ["wrong-type"]),
        ("people: {ana: }\n", ["wrong-type"]),
        ("people: {Ana: {name: Ana, accounts: ['slack:T:U']}}\n", ["bad-value"]),
        ("people: {ana: {name: Ana, accounts: []}}\n", ["bad-value"]),
        ("people: {ana: {name: Ana, accounts: ['slack:T:U']}}\n", ["missing-role", "missing-role"]),
        ("calendar: always\n", []),
        ("calendar: office\n", ["unknown-calendar"]),
        ("queues: {a: {title: A, calendar: office}}\n", ["unknown-calendar"]),
        ("retention: {messages: 0, events: 1.5, failures: '9'}\n", ["bad-value", "wrong-type", "wrong-type"]),
        ("removal: []\n", ["bad-value"]),
        ("calendars: {a: {week: {mon: '09:00-10:00'}}}\ncalendar: a\ntargets: {low: {resolution: 52h}}\n", []),
        (
            "calendars: {a: {week: {mon: '09:00-10:00'}}}\ncalendar: a\ntargets: {low: {resolution: 54h}}\n",
            ["far-target"],
        ),
    ],
)
def test_a_mistake_has_its_code(text: str, expected: list[str]) -> None:
    """One mistake, one problem: none that only follows from it."""
    assert codes(text) == expected


def test_a_broken_calendar_is_a_calendar() -> None:
    """Those who refer to something that is wrong in itself are not told that it is missing."""
    assert codes("calendars: {office: {zone: Moon}}\ncalendar: office\n") == ["unknown-zone"]


def test_every_language_needs_words() -> None:
    """A macro has a text in each language of the deployment, or in the source language; all show the same values."""
    macro = "macros: {a: {title: A, text: {es: 'Hola {{ staff.name }}'%s}}}\n"
    assert codes(macro % "", "en", "es") == ["missing-translation"]
    assert codes(macro % "", "es") == []
    assert codes(macro % ", en: 'Hi {{ staff.name }}'", "en", "es", "de", "pt-BR") == []
    assert codes(macro % ", en: Hi", "en", "es") == ["placeholder-mismatch"]


def test_flows_hand_over_to_queues_of_the_desk(tmp_path: Path) -> None:
    """A queue that the settings do not name is told where the flow hands over, if they name any at all."""
    flow = tmp_path / "a.yaml"
    flow.write_text("flow: a\nversion: 1\ntitle: A\nsteps:\n  - {id: b, handoff: {queue: integratoin}}\n")
    sources = load([tmp_path]).sources
    named = read(b"queues: {integration: {title: I}}\n", "desk.yaml").desk
    assert named is not None
    (found,) = unknown_queues(named, sources)
    assert (found.code, found.severity, found.line, found.hint) == (
        "unknown-queue",
        "warning",
        5,
        "did you mean `integration`?",
    )
    assert list(unknown_queues(DeskFile(), sources)) == []


TEXT = (FOLDER / "good.yaml").read_text("utf-8")


@given(st.data())
def test_nothing_in_a_file_raises(data: st.DataObject) -> None:
    """A sound file of which lines are lost, repeated or cut still gives a desk or says why not."""
    lines = data.draw(st.lists(st.sampled_from(TEXT.splitlines()), max_size=30)) if data.draw(st.booleans()) else None
    text = TEXT if lines is None else "\n".join(lines)
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.sampled_from(["", "[]", "{a: b}", ": ", "- ", "\t", "null", "0", "&a ", "*a", "\n", "'"]))
    cut = data.draw(st.integers(0, 5))
    found = read((text[:at] + piece + text[at + cut :]).encode(), "desk.yaml", LANGUAGES)
    assert (found.desk is None) is any(each.severity == "error" for each in found.problems)
