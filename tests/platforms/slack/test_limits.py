"""The published fixtures of Block Kit: what is valid passes, and each limit that they touch bites."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.platforms.clock import Clock
from tests.platforms.oracle import NEEDS_SPECS
from tests.platforms.schemas import published, specs
from tests.platforms.slack.blocks import Blocks
from tests.platforms.slack.ids import Ids
from tests.platforms.slack.limits import FILE, Limits, _kinds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = NEEDS_SPECS


def fixtures(*kinds: str) -> list[Path]:
    """The valid fixtures of these kinds; none without the folder."""
    folder = specs()
    places = [] if folder is None else [folder / "slackblocks-spec/spec/fixtures/valid" / kind for kind in kinds]
    return [file for place in places for file in sorted(place.glob("*.json"))]


@pytest.fixture(scope="module")
def blocks() -> Blocks:
    """The checks, with their schemas read once."""
    return Blocks(Ids(Clock()))


def objects(value: Any, holder: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Every object inside, with the name of the field that holds it."""
    if isinstance(value, list):
        for each in value:
            yield from objects(each, holder)
    elif isinstance(value, dict):
        yield value, holder
        for name, each in value.items():
            yield from objects(each, name)


NEWER = {"card_block", "data_visualization_area", "data_visualization_bar", "data_visualization_line"}
NEWER |= {"data_visualization_pie"}
"""Fixtures whose structure the schemas of @slack/types 3.2.0 do not know yet; only their limits are checked."""


@pytest.mark.parametrize("file", fixtures("blocks"), ids=lambda file: file.stem)
def test_valid_blocks_pass(blocks: Blocks, file: Path) -> None:
    """A valid block is accepted, as far as the schemas know its structure."""
    block = json.loads(file.read_text("utf-8"))
    if file.stem in NEWER:
        assert list(Limits().faults([block])) == []
    else:
        assert blocks.message([block])[0]["type"] == block["type"]


def test_each_limit_of_a_text_bites() -> None:
    """Every text in the fixtures that has a limit is refused one character above it."""
    limits, bitten = Limits(), set()
    for file in fixtures("blocks", "elements", "objects", "views"):
        document = json.loads(file.read_text("utf-8"))
        for index, (value, holder) in enumerate(objects(document)):
            for name in value:
                keys = {f"{kind}.{name}.max_length" for kind in _kinds(value, holder)} & published(FILE).keys()
                for key in keys:
                    changed = copy.deepcopy(document)
                    target, _ = list(objects(changed))[index]
                    long = "x" * (published(FILE)[key] + 1)
                    target[name] = {**target[name], "text": long} if isinstance(target[name], dict) else long
                    assert any(key in fault for fault in limits.faults(changed)), (file.stem, key)
                    bitten.add(key)
    assert len(bitten) > 30
