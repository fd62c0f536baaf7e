"""Flows as bytes: what a store keeps comes back as the same flow, and what is not one is refused in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict
from pydantic_core import ValidationError

from bot.flow.leaves import leaves
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.snapshots import FORMAT, SnapshotError, revive, snapshot
from bot.flow.understanding import understood
from tests.bench.flows import write_many
from tests.flow.made import at, changed, complete, data, places, shipped, without

if TYPE_CHECKING:
    from pathlib import Path

    from tests.flow.made import Data

OPTIONAL = [place for place in places(complete()) if place and isinstance(place[-1], str)]
"""The keys of the flow that has every key; some of them must be there."""
COMPLETE = "the snapshot of flow 'complete' cannot be used by this version of Triage: "
WORDS = [place for place in places(complete()) if place and isinstance(at(complete(), place), str)]


def survives(source: Data) -> None:
    """Check that the flow comes back from its snapshot: structure, texts and, kept again, the same bytes."""
    flow = understood(Flow, source)
    kept = snapshot(flow)
    revived = revive(kept)
    assert snapshot(revived) == kept
    before, after = Program(flow), Program(revived)
    assert (after.hash, after.text_hash) == (before.hash, before.text_hash)
    assert str(list(leaves(revived))) == str(list(leaves(flow)))
    assert [type(step) for step in revived.steps] == [type(step) for step in flow.steps]


def is_sound(source: Data) -> bool:
    """Whether the model accepts a flow."""
    try:
        understood(Flow, source)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("source", [complete(), *shipped()], ids=lambda each: each["flow"])
def test_a_flow_comes_back(source: Data) -> None:
    """Every shipped flow does, and the one that has every key of the language."""
    survives(source)


def test_long_flows_come_back(tmp_path: Path) -> None:
    """Generated flows do, with conditions, mark-up and values of all kinds."""
    write_many(tmp_path, files=2, steps=60)
    for file in sorted(tmp_path.iterdir()):
        for source in data(file.read_text("utf-8")):
            survives(source)


@given(st.sets(st.sampled_from(OPTIONAL)))
def test_whatever_is_left_out(left_out: set[tuple[str | int, ...]]) -> None:
    """A flow with any of the keys comes back, and what it leaves out stays at its default."""
    source = complete()
    for place in sorted(left_out, key=len, reverse=True):
        smaller = without(source, place)
        source = smaller if is_sound(smaller) else source
    survives(source)


@given(st.sampled_from(WORDS), st.text() | st.from_regex(r"[1-9][0-9]{0,4}[smhdw]", fullmatch=True))
def test_whatever_is_written(place: tuple[str | int, ...], words: str) -> None:
    """Any text, duration, condition or value that the language accepts comes back as it is."""
    source = changed(complete(), place, words)
    if is_sound(source):
        survives(source)


@pytest.mark.parametrize(
    "value", [1, 2**63 - 1, -0.5, 1e300, True, None, "", "{{ slots.shop ~ '}}' }}", ["a", 1, None, False]], ids=str
)
def test_assigned_values_keep_their_types(value: object) -> None:
    """Numbers, flags, nothing, lists and expressions."""
    source = complete()
    (number,) = [number for number, step in enumerate(source["steps"]) if "set" in step]
    source = changed(source, ("steps", number, "set", "shop"), value)
    survives(source)
    flow = understood(Flow, source)
    assert repr(asdict(revive(snapshot(flow)).steps[number])["set"]) == repr(asdict(flow.steps[number])["set"])


def test_a_snapshot_needs_no_file() -> None:
    """It is one JSON document with its format: the flow as an author could have written it, defaults left out."""
    source = {"flow": "f", "version": 1, "title": "F", "expire_after": "48h", "steps": [{"id": "a", "say": "*A*"}]}
    kept = msgspec.json.decode(snapshot(understood(Flow, {**source, "triggers": []})))
    assert kept == {"format": FORMAT, "flow": {**source, "expire_after": "2d"}}


def written(flow: object, number: int = FORMAT) -> bytes:
    """The bytes of a snapshot that holds `flow`."""
    return msgspec.json.encode({"format": number, "flow": flow})


@pytest.mark.parametrize(
    ("kept", "reason"),
    [
        (b"", "this is no snapshot of a flow: Input data was truncated"),
        (b"\xff\xfe", "this is no snapshot of a flow: "),
        (b'{"flow": {"flow": "\xff"}, "format": 1}', "this is no snapshot of a flow: "),
        (b"[]", "this is no snapshot of a flow: Expected `object`, got `array`"),
        (b'{"flow": {}}', "this is no snapshot of a flow: Object missing required field `format`"),
        (written({}, FORMAT + 1), "the snapshot has format 2; this version of Triage reads format 1"),
        (written({}), "the snapshot of flow None cannot be used by this version of Triage: flow: Field required (and"),
        (
            written(changed(complete(), ("later",), 1)),
            COMPLETE + "later: this key is not known",
        ),
        (
            written(changed(complete(), ("steps", 1, "later"), 1)),
            COMPLETE + "steps.1.later: this key is not known",
        ),
        (
            written(changed(complete(), ("steps", 0, "id"), "A")),
            COMPLETE + "steps.0.id: String should match pattern '^[a-z][a-z0-9_]*$'",
        ),
    ],
    ids=[
        "nothing",
        "no-text",
        "no-utf8",
        "no-document",
        "no-format",
        "later-format",
        "no-flow",
        "later-key",
        "later-key-inside",
        "later-rule",
    ],
)
def test_what_cannot_be_revived_says_why(kept: bytes, reason: str) -> None:
    """Other bytes, a later format, a key or a rule that this version does not know."""
    with pytest.raises(SnapshotError) as refused:
        revive(kept)
    assert str(refused.value).startswith(reason)
