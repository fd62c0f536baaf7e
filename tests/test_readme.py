"""The README keeps its word: its flow is sound, its pipe works, and it stays short."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from bot.flow.checks import check
from bot.flow.loader import load

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text("utf-8")


def test_the_flow_in_it_has_no_problem(tmp_path: Path) -> None:
    """The example flow passes every check, beside the shipped patterns."""
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "opening_hours.yaml").write_text(example, "utf-8")
    found = check(load([ROOT / "flows", tmp_path]))
    assert found == ()


def chatted(lines: str, *arguments: str) -> str:
    """What the terminal says to these lines."""
    done = subprocess.run(
        [Path(sys.executable).with_name("triage"), "chat", "--locale", "en", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
    )
    return done.stdout


def told(text: str) -> str:
    """A text without what differs from one conversation to the next: numbers of cases and of secrets, its layout."""
    return " ".join(re.sub(r"\bT-[A-Z0-9]{6}\b|#[0-9a-f]{6}\b", "…", text).split())


def test_the_conversation_it_begins_with_is_real() -> None:
    """All that the terminal says there, it says, in that order."""
    (shown,) = re.findall(r"^\$ make chat ARGS=\"(?:.*?)\"\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    typed = re.findall(r"^> (.*)$", shown, re.MULTILINE)
    said = told(chatted("\n".join(["/start", *typed, ""]), "--name", "Ana"))
    for part in filter(None, map(told, re.split(r"^(?:> .*|\[\.\.\.\])$", shown, flags=re.MULTILINE))):
        before, found, said = said.partition(part)
        assert found == part, before


def test_the_pipe_in_it_works() -> None:
    """The scripted conversation of the README runs and ends with the summary it asks for."""
    (lines,) = re.findall(r"printf '(.*?)' \| \.venv/bin/triage chat --locale en", TEXT)
    assert "Platform: WooCommerce" in chatted(lines.replace("\\n", "\n"))


def test_its_figures_are_those_of_the_crash_run() -> None:
    """What it says was killed, lost and left uncertain is the sum of the two columns that docs/durability.md has."""
    table = (ROOT / "docs" / "durability.md").read_text("utf-8")

    def both(row: str) -> int:
        (found,) = re.findall(rf"^\| {row} \| ([\d,]+) \| ([\d,]+) \|$", table, re.MULTILINE)
        return sum(int(each.replace(",", "")) for each in found)

    names = ("processes killed", "events applied twice, or acknowledged and lost", "events", "messages", "uncertain")
    killed, lost, events, messages, uncertain = map(both, names)
    words = " ".join(TEXT.split())
    assert f"killed the service {killed} times" in words
    assert f"{lost} of {events:,} events and {lost} of {messages:,} messages were lost, {uncertain:,} messages" in words


def test_it_stays_short() -> None:
    """At most 150 lines, so that somebody reads it."""
    assert len(TEXT.splitlines()) <= 150
