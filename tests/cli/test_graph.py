"""`triage graph`: a flow as a picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import SHOP

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("form", "start"),
    [("mermaid", "---\ntitle:"), ("dot", "digraph "), ("svg", "<svg "), ("html", "<!doctype html>")],
)
def test_every_format(run: Run, form: str, start: str) -> None:
    """The picture is the output, and nothing else is."""
    code, out, errors = run("graph", "help_us_help_you", "--format", form)
    assert (code, errors) == (0, "")
    assert out.startswith(start)
    assert "server_access" in out


def test_in_another_language(run: Run) -> None:
    """The texts are those that merchants of that language see."""
    _, out, _ = run("graph", "help_us_help_you", "--locale", "es")
    assert "¿En qué plataforma" in out
    code, _, errors = run("graph", "help_us_help_you", "--locale", "klingon")
    assert code == 2
    assert "es (Español)" in errors


def test_an_unknown_flow(run: Run) -> None:
    """The known ones are named."""
    code, _, errors = run("graph", "help_us")
    assert code == 2
    assert "there is no flow 'help_us'; there are: help_us_help_you," in errors


def test_flows_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """Are told as `triage check` tells them."""
    (tmp_path / "a.yaml").write_text("flow: a\n")
    code, out, errors = run("graph", "a", "--flows", str(tmp_path))
    assert (code, out) == (1, "")
    assert "error[missing-key]" in errors


@pytest.mark.parametrize("form", ["mermaid", "dot", "svg", "html"])
def test_with_what_became_of_stored_conversations(run: Run, say: Callable[..., str], database: str, form: str) -> None:
    """How many came to a step, went on, left or are there, in every format, and of how many conversations."""
    say("/start", "woo")
    say("/start", "woo", "It fails", "/human", who="bo")
    say("/start", "/cancel", "1", who="cy")
    code, out, errors = run("graph", "shop", *SHOP, "--db", database, "--format", form)
    assert (code, errors) == (0, "")
    words = " ".join(re.sub("<[^>]*>|\\\\n", " ", out).split())
    assert "3 stored conversations, 20" in words
    assert "3 came: 2 went on, 1 left (33 %)" in words
    assert "2 came: 1 went on, 1 is here now" in words
    assert "1 came: 1 called a person" in words


def test_nothing_was_counted(run: Run, say: Callable[..., str], database: str) -> None:
    """A flow that nobody came to is drawn all the same."""
    say("/start")
    code, out, _ = run("graph", "pattern_help", "--db", database)
    assert code == 0
    assert "no stored conversation came here" in out


def test_a_database_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """Is said, in a line that says what to do, and nothing is drawn or made."""
    for url, reason in (
        (f"sqlite:///{tmp_path}/none.db", "there is no such file"),
        ("mysql://host/triage", "'mysql' is no database known here: write sqlite:///FILE"),
        ("triage.db", "is no database known here"),
        ("postgresql://127.0.0.1:1/none", "PostgreSQL cannot be reached"),
        ("postgresql://127.0.0.1:port/none", "the database URL cannot be used"),
    ):
        code, out, errors = run("graph", "help_us_help_you", "--db", url)
        assert (code, out) == (1, "")
        assert reason in errors
        assert len(errors.splitlines()) == 1
    assert not list(tmp_path.iterdir())
