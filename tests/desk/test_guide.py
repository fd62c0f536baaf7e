"""The page for staff names every command there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

from bot.desk.commands import COMMANDS
from bot.desk.permissions import NEEDS
from tests.engine.talk import ROOT

PAGE = Path(ROOT, "docs", "desk.md").read_text("utf-8")
WHO = {
    "everybody": "anyone",
    "who has the case": "assignee",
    "who has the case, or everybody while nobody has it": "holder",
    "specialists": "specialist",
    "leads": "lead",
}


def test_every_command_is_told_of_with_who_may_give_it() -> None:
    """The table is the table of permissions."""
    rows = re.findall(r"^\| (`.+`.*?) \| .+? \| (.+?) \|$", PAGE, re.MULTILINE)
    told = {
        name: WHO[who]
        for commands, who in rows
        for name in re.findall(r"`([a-z]+)(?: [^`]*)?`", commands)
        if name not in {"normal", "high", "urgent"}
    }
    assert told == {name: NEEDS[name] for name in COMMANDS}
