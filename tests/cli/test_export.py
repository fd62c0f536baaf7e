"""`triage export`: transcripts of both sides, for people and for scripts."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from bot.cli.cases import line
from tests.cli.conftest import execute, masked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run
    from tests.conftest import Golden

THROUGH = ("/start", "woo", "it fails", "yesterday", "skip", "1", "2", "done", "2", "1")


def test_a_transcript_has_both_sides(run: Run, say: Callable[..., str], database: str, golden: Golden) -> None:
    """With answers, and with which wording of a rule was acknowledged when."""
    say(*THROUGH)
    code, out, errors = run("export", "console:ana:chat:", "--db", database)
    assert (code, errors) == (0, "")
    golden("golden/export.txt", masked(out))


def test_all_conversations_are_a_line_of_json_each(run: Run, say: Callable[..., str], database: str) -> None:
    """In the order in which they began."""
    say(*THROUGH)
    say("/start", "1", who="bo")
    found = [json.loads(line) for line in run("export", "--all", "--db", database, "--format", "json")[1].splitlines()]
    assert [each["address"] for each in found] == ["console:ana:chat:", "console:bo:chat:"]
    assert [len(each["cases"]) for each in found] == [1, 0]
    assert found[0]["cases"][0]["id"] == found[0]["case"]
    assert found[0]["acknowledgements"][0].keys() >= {"rule", "at", "wording", "locale"}
    assert found[1]["answers"] == {"shop.platform": "magento"}
    assert [each["from"] for each in found[1]["transcript"]][:2] == ["merchant", "bot"]


def test_one_is_named_or_all_are_meant(run: Run, database: str) -> None:
    """Neither and both are errors; an empty database has none."""
    assert run("export", "--db", database)[0] == 2
    assert run("export", "console:ana:chat:", "--all", "--db", database)[0] == 2
    assert run("export", "--all", "--db", database) == (0, "", "")


def test_cases_are_a_row_each(run: Run, say: Callable[..., str], database: str) -> None:
    """As CSV in which nothing is a formula, or a line of JSON each; all, or those of a time."""
    say(*THROUGH)
    say(*THROUGH, who="bo")
    execute(
        database,
        "UPDATE cases SET title = '=1+1, \"x\"', opened = 0 WHERE conversation = (SELECT min(id) FROM conversations)",
    )
    code, out, errors = run("export", "cases", "--db", database)
    first, second = csv.DictReader(io.StringIO(out, newline=""))
    assert (code, errors, line(["a,b", "-1"])) == (0, "", b'"a,b",\'-1\r\n')
    assert (first["merchant"], first["opened"], first["due"]) == ('\'=1+1, "x"', "1970-01-01T00:00:00Z", "")
    assert (second["conversation"], second["status"]) == ("console:bo:chat:", "new")
    late = run("export", "cases", "--since", "1970-01-02", "--format", "json", "--db", database)[1]
    assert [json.loads(line)["case"] for line in late.splitlines()] == [second["case"]]
    early = run("export", "cases", "--until", "1970-01-02", "--db", database)[1]
    assert [row["case"] for row in csv.DictReader(io.StringIO(early, newline=""))] == [first["case"]]
    assert run("export", "cases", "--format", "text", "--db", database)[0] == 2
    assert run("export", "--all", "--since", "1970-01-02", "--db", database)[0] == 2
