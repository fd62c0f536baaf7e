"""`triage paths`: the questions until a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cli import paths

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

SHOP = """\
flow: shop
version: 1
title: Shop
slots: {x: {type: choice}, y: {type: text}}
steps:
  - {id: x, collect: x, prompt: Which?, choices: [{id: a, label: A}, {id: b, label: B}, {id: c, label: C, next: away}]}
  - {id: y, when: "slots.x == 'a'", collect: y, prompt: And?}
  - {id: person, handoff: {}}
  - {id: away, end: away}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with one flow."""
    (tmp_path / "shop.yaml").write_text(SHOP)
    return tmp_path


def test_the_numbers(run: Run, shop: Path) -> None:
    """Each arrival with its paths and questions, people first; then a shortest and a longest path."""
    code, out, errors = run("paths", "shop", "--flows", str(shop))
    assert (code, errors) == (0, "")
    assert out == (
        "shop, version 1\n\n"
        "Where paths arrive        paths  questions and rules: least  median  most\n"
        "handoff person                2                           1       1     2\n"
        "end away                      1                           1       1     1\n\n"
        "Until a person: 1 at least, 1 in the middle, 2 at most.\n\n"
        "A shortest path to a person (1):\n  x: b\n  → handoff person\n\n"
        "A longest path to a person (2):\n  x: a\n  y: in words\n  → handoff person\n"
    )


def test_every_path(run: Run, shop: Path) -> None:
    """One below the other."""
    _, out, _ = run("paths", "shop", "--list", "--flows", str(shop))
    assert out.count("\n  → ") == 3
    assert "\n3. (1)\n  x: c\n  → end away\n" in out


def test_what_a_change_makes_of_it(run: Run, shop: Path) -> None:
    """The numbers that differ, what is asked now and was not, arrivals, and ways."""
    old = shop / "old.yaml"
    old.write_text(
        SHOP.replace(", next: away", "").replace("- {id: y,", "- {id: z, collect: y, prompt: Z?}\n  - {id: y,")
    )
    code, out, _ = run("paths", "shop", "--flows", str(shop / "shop.yaml"), "--against", str(old))
    assert code == 0
    assert out[out.index("Compared") :] == (
        f"Compared with {old}, version 1:\n\n"
        "Until a person, least: 2 before, 1 now (-1)\n"
        "Until a person, median: 2 before, 1 now (-1)\n"
        "Arrivals that are new: end away\n"
        "Questions and rules that are new: y\n"
        "Questions and rules that are gone: z\n"
        "Ways through the questions: 1 before, 2 now; 2 are new and 1 are gone\n"
    )


def test_nothing_changed(run: Run, shop: Path) -> None:
    """Is said as well."""
    _, out, _ = run("paths", "shop", "--flows", str(shop), "--against", str(shop))
    assert out.endswith("\nEvery path asks the same as before.\n")


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        ("end: gone", "handoff: {}", "No path leads to a person any more."),
        ("handoff: {}", "end: gone", "to a person now"),
    ],
)
def test_a_person_who_comes_or_goes(run: Run, shop: Path, now: str, before: str, told: str) -> None:
    """A change that takes the person away is the first thing to be told."""
    (shop / "shop.yaml").write_text(SHOP.replace("handoff: {}", now))
    (shop / "old.yaml").write_text(SHOP.replace("handoff: {}", before))
    _, out, _ = run("paths", "shop", "--flows", str(shop / "shop.yaml"), "--against", str(shop / "old.yaml"))
    assert told in out


@pytest.mark.parametrize("wrong", ["now", "before"])
def test_a_flow_that_cannot_be_walked(run: Run, shop: Path, wrong: str) -> None:
    """A target that does not exist is told as `triage check` tells it, in either version."""
    (shop / "broken.yaml").write_text(SHOP.replace("next: away", "next: awai"))
    files = {"now": "shop.yaml", "before": "shop.yaml", wrong: "broken.yaml"}
    flows, against = (str(shop / files[each]) for each in ("now", "before"))
    code, _, errors = run("paths", "shop", "--flows", flows, "--against", against)
    assert code == 1
    assert "broken.yaml:6:" in errors
    assert "error[unresolved-target]: there is no step `awai` in this flow" in errors


def test_more_than_can_be_walked(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow that nobody could have written ends in a sentence."""
    monkeypatch.setattr(paths, "STATES", 2)
    monkeypatch.setattr(paths, "WALKED", 2)
    code, out, errors = run("paths", "shop", "--flows", str(shop))
    assert (code, out) == (1, "")
    assert "has too many paths" in errors


def test_more_than_is_listed(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are those of all paths; it is said that not all were listed, and of which ones the examples are."""
    monkeypatch.setattr(paths, "WALKED", 1)
    _, out, _ = run("paths", "shop", "--flows", str(shop))
    assert "Only the first 1 paths were gone through one by one." in out
    assert "1 at least, 1 in the middle, 2 at most" in out
    assert "The shortest of these (2):" in out


def test_a_flow_without_a_person(run: Run) -> None:
    """Has none."""
    _, out, _ = run("paths", "rules")
    assert "No path leads to a person." in out
