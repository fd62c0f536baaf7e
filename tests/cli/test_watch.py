"""`triage chat --watch`: flows and translations that change during a conversation."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.cli import shipped
from bot.cli.watch import Watch
from bot.flow.loader import Loaded, load
from bot.flow.problems import FlowError
from tests.programs import Program

if TYPE_CHECKING:
    from pathlib import Path

FLOW = """\
flow: shop
version: 1
title: Shop
triggers: [{command: start}]
slots: {x: {type: choice}, y: {type: text}}
steps:
  - {id: x, collect: x, prompt: Which?, choices: [{id: a, label: First}, {id: b, label: Second}]}
  - {id: y, collect: y, prompt: And?}
  - {id: person, handoff: {}}
"""
CATALOG = 'msgctxt "shop.x.prompt"\nmsgid "Which?"\nmsgstr "¿Cuál?"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a flow and a catalog."""
    (tmp_path / "shop.yaml").write_text(FLOW)
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "es" / "LC_MESSAGES" / "messages.po").write_text(CATALOG)
    return tmp_path


def watching(folder: Path) -> Watch:
    """A watch over the folder, which refuses flows with errors."""

    def read() -> Loaded:
        loaded = load([shipped.PATTERNS, folder], folder)
        if loaded.problems:
            raise FlowError(loaded.problems)
        return loaded

    return Watch([folder], read, read())


def edit(file: Path, before: str, after: str) -> None:
    """Write something else, of another length."""
    assert len(before) != len(after)
    file.write_text(file.read_text().replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Which?", "Which one?", "- shop: other words: x.prompt"),
        ("  - {id: y, collect: y, prompt: And?}\n", "", "- shop: gone: y"),
        ("  - {id: person", "  - {id: z, say: Z}\n  - {id: person", "- shop: new: z"),
        ("{id: y, collect: y,", "{id: y, when: \"slots.x == 'a'\", collect: y,", "- shop: steps ask or lead elsewhere"),
    ],
)
def test_what_changed_in_a_flow(folder: Path, before: str, after: str, told: str) -> None:
    """Words, steps, and where steps lead; then the new version is in force."""
    watch = watching(folder)
    former = watch.library
    assert watch.look() == ""
    edit(folder / "shop.yaml", before, after)
    assert told in watch.look().splitlines()
    assert watch.library is not former
    assert watch.look() == ""


def test_flows_come_and_go(folder: Path) -> None:
    """A new file and one that was taken away; the names of the files are told."""
    watch = watching(folder)
    (folder / "other.yaml").write_text(FLOW.replace("shop", "other").replace("command: start", "command: other"))
    lines = watch.look().splitlines()
    assert lines[0].endswith("other.yaml changed.")
    assert lines[1] == "- other is new"
    (folder / "other.yaml").unlink()
    assert "- other is gone" in watch.look().splitlines()


def test_translations(folder: Path) -> None:
    """The texts that are said in other words; a text that has none any more."""
    watch = watching(folder)
    catalog = folder / "es" / "LC_MESSAGES" / "messages.po"
    edit(catalog, "¿Cuál?", "¿Cuál de ellos?")
    assert "- translation into es: shop.x.prompt" in watch.look().splitlines()
    edit(catalog, "¿Cuál de ellos?", "")
    assert "- translation into es: fewer texts" in watch.look().splitlines()


def test_a_change_that_means_nothing(folder: Path) -> None:
    """A comment is no change of the conversation; it is said that the file was seen."""
    watch = watching(folder)
    edit(folder / "shop.yaml", "version: 1", "version: 1  # the first")
    assert watch.look().endswith("nothing that the conversation uses is different.")


def test_what_cannot_be_used_is_not_taken_over(folder: Path) -> None:
    """All problems are told, the former version stays; once mended, the next look takes it over."""
    watch = watching(folder)
    former = watch.library
    edit(folder / "shop.yaml", "prompt: And?", "promt: And?")
    told = watch.look()
    assert "cannot be used. The former version stays in force." in told
    assert "did you mean `prompt`?" in told
    assert watch.library is former
    assert watch.look() == ""
    edit(folder / "shop.yaml", "promt: And?", "prompt: And then?")
    assert "- shop: other words: y.prompt" in watch.look()


def test_versions_that_were_in_force_are_kept(folder: Path) -> None:
    """A conversation that cannot move to the new structure ends on its own."""
    watch = watching(folder)
    first = watch.library.programs["shop"].hash
    for name in ("one", "two"):
        edit(folder / "shop.yaml", "  - {id: person", f"  - {{id: {name}, say: More}}\n  - {{id: person")
        watch.look()
    kept = watch.library.pinned("shop", first)
    assert kept is not None
    assert "two" not in kept.steps
    assert "two" in watch.library.programs["shop"].steps


class Conversation:
    """A conversation through pipes, one line at a time."""

    def __init__(self, process: Program) -> None:
        """Nothing was said yet."""
        self._process = process

    def say(self, line: str, until: str) -> str:
        """Write a line and read up to some words."""
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        said = ""
        while until not in said:
            read = self._process.stdout.readline().decode()
            assert read, said
            said += read
        return said


def test_a_conversation_goes_on_in_the_changed_flow(folder: Path) -> None:
    """New words at once, errors shown and not taken over, answers kept; a flow that is gone is an error like others."""
    options = ("--flows", str(folder), "--locales", str(folder), "--watch", "--locale", "en")
    with closing(Program("chat", *options)) as process:
        talk = Conversation(process)
        talk.say("/start", "Second")
        edit(folder / "shop.yaml", "prompt: And?", "prompt: And then?")
        assert "- shop: other words: y.prompt" in talk.say("First", "And then?")
        edit(folder / "shop.yaml", "  - {id: y", "  - {id: y, nonsense: true")
        assert "unknown-key" in talk.say("/status", "Questions you have answered so far: 1.")
        edit(folder / "shop.yaml", ", nonsense: true", "")
        edit(folder / "shop.yaml", "flow: shop", "flow: another")
        assert "there is no flow `shop` any more" in talk.say("/back", "1. First")
        process.stdin.close()
        assert process.wait() == 0
