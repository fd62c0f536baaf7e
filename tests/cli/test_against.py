"""`triage check --against`: what flows mean for the conversations that are stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SAMPLE, execute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample flows, to be changed."""
    copied = tmp_path / "flows"
    copied.mkdir()
    for file in (SAMPLE / "flows").glob("*.yaml"):
        copied.joinpath(file.name).write_text(file.read_text("utf-8"), "utf-8")
    return copied


def change(folder: Path, before: str, after: str) -> None:
    """Write something in them otherwise."""
    for file in folder.iterdir():
        file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")


def three(say: Callable[..., str]) -> None:
    """Three conversations: two at `problem`, one that has ended nowhere yet at `platform`."""
    say("/start", "woo")
    say("/start", "m2", who="bo")
    say("/start", who="cy")


def test_all_go_on_where_nothing_has_changed(run: Run, say: Callable[..., str], database: str, folder: Path) -> None:
    """They are counted, by flow and step, and nobody is named."""
    three(say)
    code, out, errors = run("check", str(folder), "--against", database)
    assert (code, errors) == (0, "")
    assert out.endswith(
        "3 stored conversations are under way: 3 go on as they are.\n"
        "  shop\n    platform      1 goes on as it is\n    problem       2 go on as they are\n"
    )


def test_those_that_move_and_those_that_stay(run: Run, say: Callable[..., str], database: str, folder: Path) -> None:
    """A step that has another id strands nobody while the version is kept: a warning, and who it is."""
    three(say)
    change(folder, "version: 1\ntitle: A shop", "version: 2\ntitle: A shop")
    change(folder, "  - id: problem\n", "  - id: trouble\n")
    code, out, _ = run("check", str(folder), "--against", database)
    assert code == 0
    assert (
        "shop.yaml:3:10: warning[conversation-stays]: 2 stored conversations on version 1 of `shop`, at `problem`, "
        "cannot follow: there is no step `problem`; they finish on that version\n" in out
    )
    assert "hint: say below `migrate:`, `from: 1`, where they go on" in out
    assert "1 moves to the new version, 2, from version 1\n" in out
    assert "2 finish on version 1: there is no step `problem`\n" in out
    assert "console:ana:chat:, console:bo:chat:\n" in out
    change(
        folder, "steps:\n  - id: welcome", "migrate: [{from: 1, steps: {problem: trouble}}]\nsteps:\n  - id: welcome"
    )
    assert "3 move to the new version.\n" in run("check", str(folder), "--against", database)[1]


def test_those_that_are_stranded_are_an_error(run: Run, say: Callable[..., str], database: str, folder: Path) -> None:
    """Where the version was not kept they begin anew, or, where the flow is gone too, cannot go on."""
    three(say)
    execute(database, "DELETE FROM flows WHERE flow = 'shop'")
    change(folder, "  - id: problem\n", "  - id: trouble\n")
    code, out, _ = run("check", str(folder), "--against", database)
    assert code == 1
    assert (
        "error[conversation-stranded]: 2 stored conversations on an earlier version 1 of `shop`, at `problem`," in out
    )
    assert "so they begin the flow anew" in out
    (folder / "shop.yaml").write_text("flow: other\nversion: 1\ntitle: T\nsteps: [{id: a, end: over}]\n")
    code, out, _ = run("check", str(folder), "--against", database)
    assert code == 1
    assert f"{folder}:1:1: error[conversation-stranded]: 2 stored conversations on version 1 of `shop`, at" in out
    assert "3 stored conversations are under way: 3 cannot go on.\n" in out


def test_a_single_file_says_nothing_of_other_flows(
    run: Run, say: Callable[..., str], database: str, tmp_path: Path
) -> None:
    """Only where a folder is checked, a flow that is not in it is gone."""
    three(say)
    file = tmp_path / "other.yaml"
    file.write_text("flow: other\nversion: 1\ntitle: T\nsteps: [{id: a, end: over}]\n")
    code, out, _ = run("check", str(file), "--against", database)
    assert code == 0
    assert out.endswith("0 stored conversations are under way.\n")


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_for_other_programs(run: Run, say: Callable[..., str], database: str, folder: Path, form: str) -> None:
    """JSON names every conversation; what may end up in public names none."""
    three(say)
    change(folder, "  - id: problem\n", "  - id: trouble\n")
    code, out, _ = run("check", str(folder), "--against", database, "--format", form)
    assert code == 0
    assert "conversation-stays" in out
    assert ("console:ana:chat:" in out) is (form == "json")
    if form == "json":
        stays = [each for each in json.loads(out)["stored"] if each["fate"] == "finishes"]
        assert stays == [
            {
                "flow": "shop",
                "step": "problem",
                "version": 1,
                "new_version": 1,
                "fate": "finishes",
                "obstacle": {"reason": "step", "name": "problem"},
                "conversations": ["console:ana:chat:", "console:bo:chat:"],
            }
        ]


def test_flows_that_cannot_be_read_come_first(run: Run, database: str, folder: Path) -> None:
    """Nothing is said of conversations then, and that is said; other errors do not keep them from being looked at."""
    change(folder, "  - id: platform\n", "  - id: platform\n    next: nowhere\n")
    assert run("check", str(folder), "--against", database)[1].endswith("0 stored conversations are under way.\n")
    (folder / "broken.yaml").write_text("flow: broken\n")
    code, out, _ = run("check", str(folder), "--against", database)
    assert code == 1
    assert out.endswith("The stored conversations were not looked at: mend what cannot be read first.\n")


def test_a_database_that_cannot_be_used(run: Run, folder: Path, tmp_path: Path) -> None:
    """Is said in one line, and no file is made."""
    for url, reason in (
        (f"sqlite:///{tmp_path}/none.db", "there is no such file"),
        ("mysql://host/triage", "'mysql' is no database known here: write sqlite:///FILE"),
        ("postgresql://127.0.0.1:1/none", "PostgreSQL cannot be reached"),
    ):
        code, out, errors = run("check", str(folder), "--against", url)
        assert (code, out) == (1, "")
        assert reason in errors
    assert not list(tmp_path.glob("*.db"))


def test_a_conversation_that_cannot_be_read_is_named(
    run: Run, say: Callable[..., str], database: str, folder: Path
) -> None:
    """Somebody has tampered with it; nothing is guessed."""
    three(say)
    execute(database, "UPDATE conversations SET document = '{}' WHERE address = 'console:bo:chat:'")
    code, _, errors = run("check", str(folder), "--against", database)
    assert code == 1
    assert "the conversation console:bo:chat: cannot be read" in errors
