"""The session as a JSON document, and the log: both are public, so their shape is kept in files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.events import File, Message, Performed
from bot.chat.people import SLACK
from bot.engine.session import (
    FORMAT,
    Acceptance,
    Frame,
    Record,
    Undo,
    again,
    copy,
    decode,
    encode,
    pack,
    ruled,
    same,
    short,
    unpack,
)
from tests.engine.talk import START, Talk

if TYPE_CHECKING:
    from tests.conftest import Golden

FLOW = """
flow: test
version: 3
title: T
slots:
  kind: {type: choice, label: Kind}
  day: {type: date, label: Day}
  word: {type: text, sensitive: true}
  name: {type: text}
  note: {type: text}
  shots: {type: files}
steps:
  - {id: kind, collect: kind, prompt: Kind?, choices: [{id: a, label: A thing}, {id: b, label: B thing}]}
  - {id: rule, rule: terms, text: The terms., accept: Understood}
  - {id: word, collect: word, prompt: Word?}
  - {id: call, call: sub, with: {given: "{{ slots.kind }}"}, into: {name: found}}
  - {id: note, collect: note, prompt: Note?, timeout: {after: 1h, then: nudge}}
  - {id: shots, collect: shots, prompt: Shots?, optional: true}
  - {id: person, handoff: {queue: q}}
---
flow: sub
version: 1
title: S
slots: {given: {type: text}, day: {type: date}, found: {type: text}}
steps:
  - {id: day, collect: day, prompt: Day?}
  - {id: look, action: look_up, with: {given: "{{ slots.given }}"}, into: {found: found}}
---
flow: aside
version: 1
title: Beside it
triggers: [{command: aside}]
slots: {x: {type: yes_no}}
steps: [{id: x, collect: x, prompt: X?}]
"""


def whole() -> Talk:
    """A conversation that has been through most of what a session remembers."""
    talk = Talk(FLOW, channel=SLACK).send("/start", "a thing", "understood", "opensesame", "03/04/2025")
    talk.tap("2025-03-04")
    (perform,) = [each for each in talk.effects if type(each).__name__ == "Perform"]
    talk.send(Performed("p1", perform.action, {"found": "Ana's shop"}))  # type: ignore[union-attr]
    talk.send("a note", Message("f1", "the page", (File("1", "a.png", 7),)), "/back", "zzz", "/language es", "/aside")
    return talk


def pretty(value: Any) -> str:
    """JSON that people can compare, line by line."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def test_the_document_of_a_session(golden: Golden) -> None:
    """A session with everything in it has the document that is kept: another shape needs another format number."""
    golden("golden/session.json", pretty(whole().session))


def test_the_document_of_a_handed_off_session(golden: Golden) -> None:
    """The same for a session that a person has taken over."""
    golden("golden/handed_off.json", pretty(whole().send("/human").session))


def test_the_log_of_a_conversation(golden: Golden) -> None:
    """The log's kinds and data are read by others. No secret and no sensitive answer is in it."""
    talk = whole().send("password: Hunter2!x", "/human", "hello?")
    log = [record for turn in talk.turns for record in turn.log]
    text = pretty(log)
    assert "opensesame" not in text
    assert "Hunter2" not in text
    golden("golden/log.json", text)


def test_every_line_of_the_log_is_in_the_past_tense_and_in_time() -> None:
    """A record has a kind of lower-case words, the time of its turn, and data that JSON can hold."""
    for turn in whole().turns:
        assert turn.log[0].kind == "event_received"
        for record in turn.log:
            assert record.kind.replace("_", "").isalpha()
            assert record.kind.islower()
            assert record.at == START
            assert msgspec.json.decode(msgspec.json.encode(record), type=Record).kind == record.kind


def test_a_session_reads_what_it_wrote() -> None:
    """Encoding and decoding is the identity, on the session and on its document."""
    for turn in whole().turns:
        assert decode(encode(turn.session)) == turn.session
        assert encode(decode(encode(turn.session))) == encode(turn.session)


def test_the_document_names_its_format() -> None:
    """The format number is always there, so that a later version knows what it reads."""
    assert json.loads(encode(Talk(FLOW).session))["format"] == FORMAT


@pytest.mark.parametrize("number", [FORMAT + 1, 0, "1", None])
def test_another_format_is_refused(number: Any) -> None:
    """A document of another format, say of a newer version, is not read as if it were ours."""
    document = json.loads(encode(whole().session))
    document["format"] = number
    with pytest.raises(msgspec.ValidationError):
        decode(json.dumps(document).encode())


def test_a_document_without_a_format_is_refused() -> None:
    """Nothing is guessed."""
    document = json.loads(encode(whole().session))
    del document["format"]
    with pytest.raises(msgspec.ValidationError):
        decode(json.dumps(document).encode())


@pytest.mark.parametrize("document", [b"", b"{", b"[]", b"null", b'{"id": 1}', b"\xff"])
def test_what_is_no_document_is_refused(document: bytes) -> None:
    """Anything else than a session's document is an error of one kind."""
    with pytest.raises(msgspec.DecodeError):
        decode(document)


def test_a_field_of_the_same_format_that_is_not_known_is_left_out() -> None:
    """Fields may be added without a new format: a process that does not know one yet still reads the session."""
    document = json.loads(encode(whole().session))
    document["added_later"] = {"a": 1}
    document["stack"][0]["added_later"] = 1
    assert decode(json.dumps(document).encode()) == whole().session


def test_a_wrong_type_in_a_field_is_refused() -> None:
    """The document is checked, field by field."""
    document = json.loads(encode(whole().session))
    document["status"] = "asleep"
    with pytest.raises(msgspec.ValidationError, match="status"):
        decode(json.dumps(document).encode())


def test_undo_entries_are_packed_without_loss() -> None:
    """A way back survives being packed, and holds no space, which stands between two of them."""
    frame = Frame(id=2, flow="sub", hash="ab", version=1, step="day", slots={"x": [1, {"y": None}], "z": "é…"})
    acceptance = Acceptance(START, "ab12", "es", accepted=False)
    entry = Undo(
        7, [("a", {"x": 1}, ["y"])], known=True, dropped=[frame], rules={"r": acceptance, "s": None}, answer=["a"]
    )
    packed = pack(entry, "sub")
    assert unpack(packed) == entry
    assert " " not in packed
    assert packed.isascii()


def test_an_ordinary_undo_entry_is_written_short() -> None:
    """What is written short says the same as the whole entry: an answer in the only frame, or a rule's."""
    assert unpack(short(31, "", "kind")) == Undo(31, [("kind", {}, ["kind"])])
    assert unpack(same(31, "", "kind")) == Undo(31, [("kind", {}, [])])
    assert unpack(ruled(31, "sub", "terms")) == Undo(31, [("terms", {}, [])], rules={"terms": None})


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.text(), each),
        max_leaves=5,
    )
)
@example("a day. é")
@example("it's a: ~ \\ \"")
def test_another_answers_undo_entry_is_written_short(held: Any) -> None:
    """So is one that holds what the slot held before, whatever that is."""
    entry = again(31, "", "kind", held)
    assert unpack(entry) == Undo(31, [("kind", {"kind": held}, [])])
    assert " " not in entry
    assert entry.isascii()


def test_a_copy_can_be_changed_alone() -> None:
    """Whatever a turn writes to is copied: the stack and its frames with their slots."""
    session = whole().session
    session.recall = ("x",)
    document, other = encode(session), copy(session)
    other.stack[0].slots["kind"] = "b"
    other.stack[-1].step = ""
    other.stack[-1].wait = None
    other.stack.pop()
    assert encode(session) == document


def test_a_session_stays_small() -> None:
    """A conversation of fifty answers is still a document of a few kilobytes."""
    slots = ", ".join(f"q{n}: {{type: text}}" for n in range(50))
    steps = "\n".join(f"  - {{id: q{n}, collect: q{n}, prompt: Q?}}" for n in range(50))
    talk = Talk(f"flow: test\nversion: 1\ntitle: T\nslots: {{{slots}}}\nsteps:\n{steps}\n").send(
        "/start", *["twenty characters !!"] * 49
    )
    assert len(encode(talk.session)) < 6_000
