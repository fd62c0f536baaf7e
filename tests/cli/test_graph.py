"""`triage graph`: a flow as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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
