"""What is not said of a flow that was mended, nor of those that lean on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.flow.checks import check
from bot.flow.checks.doubts import decides
from bot.flow.loader import load

if TYPE_CHECKING:
    from pathlib import Path

CALLER = """
flow: caller
version: 1
title: Caller
steps:
  - {id: a, call: called, with: {name: Ana}}
  - {id: b, call: nobody}
"""

CALLED = """
flow: called
version: 1
title: Called
slots: {name: {type: text}}
steps:
  - {id: a, say: "Hello {{ slots.name }}"}
"""


def codes(folder: Path, called: str, caller: str = CALLER) -> list[str]:
    """The codes of everything that is wrong with the two flows, each in a file of its own."""
    (folder / "called.yaml").write_text(called, "utf-8")
    (folder / "caller.yaml").write_text(caller, "utf-8")
    return [problem.code for problem in check(load([folder]))]


def test_sound_flows_are_not_in_doubt(tmp_path: Path) -> None:
    """What is wrong with them is told."""
    assert codes(tmp_path, CALLED) == ["unknown-flow"]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (CALLED.replace("steps:", "steps: ["), ["yaml-syntax"]),
        (CALLED.replace("flow: called", "flow: 5"), ["wrong-type"]),
        (CALLED.replace("flow: called", "flwo: called"), ["unknown-key", "unknown-flow"]),
        (CALLED.replace("{name: {type: text}}", "[name]"), ["wrong-type", "unknown-flow"]),
        (CALLED.replace("{type: text}", "text"), ["wrong-type", "unknown-flow"]),
        (CALLED.replace("title: Called", "title: 5"), ["wrong-type", "unknown-flow"]),
    ],
)
def test_a_broken_flow_breaks_no_other(tmp_path: Path, called: str, expected: list[str]) -> None:
    """A flow that cannot be read, or named, may be any that is called; its slots may be any that are given."""
    assert codes(tmp_path, called) == expected


def test_what_a_broken_caller_gives_is_not_known(tmp_path: Path) -> None:
    """Nothing is said about the answers of the flow that it calls, but what else is wrong there is."""
    called = CALLED + "  - {id: b, say: B, next: nowhere}\n"
    caller = CALLER.replace("{name: Ana}", "Ana").replace("nobody", "called")
    assert codes(tmp_path, called, caller) == ["unresolved-target", "wrong-type"]


@pytest.mark.parametrize(
    ("doubt", "expected"),
    [
        (("title",), False),
        (("steps", 1, "prompt"), False),
        (("steps", 1, "reprompt", 0), False),
        (("steps", 1, "next", 0, "then"), True),
        (("steps", 1), True),
        (("slots", "shop"), True),
    ],
)
def test_words_decide_nothing(doubt: tuple[str | int, ...], expected: bool) -> None:
    """Where a flow leads does not depend on its texts."""
    assert decides(doubt) is expected
