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


def test_the_pipe_in_it_works() -> None:
    """The scripted conversation of the README runs and ends with the summary it asks for."""
    (lines,) = re.findall(r"printf '(.*?)' \| \.venv/bin/triage chat --locale en", TEXT)
    done = subprocess.run(
        [Path(sys.executable).with_name("triage"), "chat", "--locale", "en"],
        input=lines.replace("\\n", "\n"),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert "Platform: WooCommerce" in done.stdout


def test_it_stays_short() -> None:
    """At most 150 lines, so that somebody reads it."""
    assert len(TEXT.splitlines()) <= 150
