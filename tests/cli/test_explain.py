"""`triage explain`: the log in words, what is waited for, and what became of the messages."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.words import in_words
from bot.engine.session import Record
from tests.cli.conftest import ROOT, execute, masked

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flow.loader import Loaded
    from tests.cli.conftest import Run
    from tests.conftest import Golden

ANA = "console:ana:chat:"


def test_it_says_why_a_conversation_is_where_it_is(
    run: Run, say: Callable[..., str], database: str, golden: Golden
) -> None:
    """Answers by their labels, what was taken back, what was removed, and what is waited for."""
    say("/start", "woo", "my card is 5555 4444 3333 1111", "it fails", "03/04/2026", "/back", "/change 1", "2", "/why")
    code, out, errors = run("explain", ANA, "--db", database)
    assert (code, errors) == (0, "")
    golden("golden/explain.txt", masked(out))


def test_a_conversation_has_three_names(run: Run, say: Callable[..., str], database: str) -> None:
    """Its address with or without the last colon, its case in any letters, and its session, also an earlier one."""
    shown = say("/start", "/human")
    case = next(word for word in shown.replace("\n", " ").split() if word.startswith("T-"))
    session = json.loads(execute(database, "SELECT document FROM conversations")[0][0])["session"]["id"]
    say("/restart", "yes")
    say("/start", who="bo")
    outs = {run("explain", name, "--db", database)[1] for name in (ANA, ANA[:-1], case, case.lower(), session)}
    assert len(outs) == 1
    assert outs.pop().startswith(ANA)


def test_an_address_may_be_named_as_it_is_read(run: Run, say: Callable[..., str], database: str) -> None:
    """Whoever looks for Zoé writes the name with its accent, as it was typed in the terminal; it is stored quoted."""
    say("/start", who="zoé")
    outs = {run("explain", name, "--db", database)[1] for name in ("console:zoé:chat:", "console:zo%C3%A9:chat")}
    assert len(outs) == 1
    assert outs.pop().startswith("console:zo%C3%A9:chat:")


def test_all_that_can_happen_has_words() -> None:
    """No record, no event and no timer stands there by its name in the code alone."""
    sources = {path: path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py")}
    known = sources[ROOT / "bot" / "cli" / "words.py"]
    kinds = {kind for text in sources.values() for kind in re.findall(r"\brecord\(\s*\"(\w+)\"", text)}
    assert len(kinds) > 50
    assert sorted(kind for kind in kinds if f'"{kind}"' not in known) == []
    words = sources[ROOT / "bot" / "service" / "words.py"]
    tags = set(re.findall(r'tag="(\w+)"', sources[ROOT / "bot" / "chat" / "events.py"]))
    assert sorted(tag for tag in tags if f'case "{tag}"' not in words) == []


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            "command_denied",
            {"person": "noor", "command": "claim", "reason": "desk_yours_already"},
            "noor did not: claim, and was told: You have this case already.",
        ),
        (
            "answer_unmatched",
            {"flow": "shop", "step": "since", "kind": "invalid", "reason": "no_date", "times": 1},
            "no answer to since *Since when?* (not valid: no date; 1 so far)",
        ),
        (
            "answer_unmatched",
            {"flow": "shop", "step": "gone", "kind": "unrecognised", "times": 2},
            "no answer to gone (not recognised; 2 so far)",
        ),
        ("form_refused", {"slots": ["a", "b"]}, "the form was refused, because of a, b"),
    ],
)
def test_reasons_are_words(shop: Loaded, kind: str, data: dict[str, Any], words: str) -> None:
    """As somebody was told them, where they were."""
    assert in_words(Record(kind, datetime.now(UTC), data), shop.library()) == words


def test_a_timer_is_told_by_what_it_does(run: Run, say: Callable[..., str], database: str) -> None:
    """Those of the desk as well, and without what they are about: it may be the way to a one-time form."""
    say("/start", "/human")
    query = "INSERT INTO timers (conversation, name, due) SELECT id, :name, 0 FROM conversations"
    for name in ("desk:hold:a", "desk:drop:0123456789"):
        execute(database, query, name=name)
    out = run("explain", ANA, "--db", database)[1]
    assert "Timer: sends an answer of staff, unless that is taken back at 1970" in out
    assert "Timer: ends a one-time form at 1970" in out
    assert "0123456789" not in out


def test_messages_that_were_not_sent_have_a_reason(run: Run, say: Callable[..., str], database: str) -> None:
    """Refused, uncertain and queued ones are named, with what the platform said."""
    say("/start", "/human")
    execute(database, "UPDATE outbox SET state = 'refused', reason = 'chat not found' WHERE kind = 'ask'")
    late = "UPDATE outbox SET state = 'queued', reason = 'too fast', not_before = 1 WHERE kind = 'open_case'"
    execute(database, late)
    out = masked(run("explain", ANA, "--db", database)[1])
    assert "ask N to console:ana:chat: is refused, 1 attempt: chat not found" in out
    assert "open_case N to console:ana:chat: is queued, 1 attempt, not before TIME UTC: too fast" in out
    assert "Now: waits for a person to take case T-" in out


def test_a_case_is_shown_as_it_stands(run: Run, say: Callable[..., str], database: str) -> None:
    """With who has it, and with access, time-box and the next clock where there are any."""
    say("/start", "/human")
    out = run("explain", ANA, "--db", database)[1]
    assert ": new, priority normal, queue integrations, nobody has it\n" in out
    values = "assignee = 'console:1:eve', access = 'in_use', time_box = 'running', due = 0"
    execute(database, f"UPDATE cases SET {values}")
    out = run("explain", ANA, "--db", database)[1]
    assert "console:1:eve, access in_use, time-box running, next due 1970-01-01 00:00:00 UTC" in out
    (case,) = json.loads(run("explain", ANA, "--db", database, "--format", "json")[1])["cases"]
    assert (case["due"], case["title"]) == (0, "Ana")


def test_for_scripts_it_is_json(run: Run, say: Callable[..., str], database: str) -> None:
    """The records as they are, and the same words; nothing of what was sent."""
    say("/start", "woo")
    found = json.loads(run("explain", ANA, "--db", database, "--format", "json")[1])
    assert found["now"].startswith("waits for an answer at shop, problem")
    assert [each["words"] for each in found["log"] if each["kind"] == "answer_accepted"] == [
        "answered platform *Which platform?* with WooCommerce (by its id)"
    ]
    assert {each["state"] for each in found["messages"]} == {"sent"}
    assert all("payload" not in each for each in found["messages"])


def test_what_is_not_there_is_said(run: Run, say: Callable[..., str], database: str, tmp_path: object) -> None:
    """No conversation of that name, no file, no database named: each with what to do, and no file is made."""
    say("/start")
    code, out, errors = run("explain", "T-AAAAAA", "--db", database)
    assert (code, out) == (1, "")
    assert "there is no conversation 'T-AAAAAA'" in errors
    assert "there is no such file" in run("explain", ANA, "--db", f"sqlite:///{tmp_path}/none.db")[2]
    code, _, errors = run("explain", ANA)
    assert code == 2
    assert "TRIAGE_DATABASE_URL" in errors
