"""The conversation scripts of this folder reach everything that the shipped flows can do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bot.chat.events import Message
from bot.chat.people import CONSOLE, User
from bot.engine import limits
from bot.engine.ids import Ids
from bot.engine.session import start
from bot.engine.turn import advance
from bot.flow.loader import load
from bot.scripts import SUFFIX
from bot.scripts.coverage import Coverage, Point
from bot.scripts.model import PLATFORMS, read_script
from bot.scripts.runner import play
from bot.text.locales import LANGUAGES

if TYPE_CHECKING:
    from bot.flow.library import Library

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)

HAND_OVER = ("help_us_help_you", "hand_over")

UNREACHABLE = {
    Point("pattern_words", "none"): "it holds the engine's own wordings and is never run",
}
"""What nothing can reach, and why."""


class Tour(NamedTuple):
    """All scripts, played: what they reached, and the languages and channels in which a case was handed over."""

    coverage: Coverage
    handed_over: set[tuple[str, str]]


@pytest.fixture(scope="module")
def tour() -> Tour:
    """Play every script on each of its channels, and what no script can bring about."""
    loaded = load([ROOT / "flows", HERE / "gallery.yaml"], ROOT / "locales")
    tour = Tour(Coverage(loaded.sources, loaded.catalogs.languages), set())
    library = tour.coverage.library(loaded.catalogs)
    for path in sorted(HERE.glob(f"*{SUFFIX}")):
        sheet, _ = read_script(path.read_bytes(), path.name)
        assert sheet is not None, path.name
        for case in sheet.script.cases:
            for channel in case.channels:
                for played in play(library, case, channel):
                    tour.coverage.notice(played.heard.log, played.heard.session.locale)
                    if HAND_OVER in [(each.data.get("flow"), each.data.get("step")) for each in played.heard.log]:
                        tour.handed_over.add((case.locale, channel))
    beyond_scripts(library, tour.coverage)
    return tour


def beyond_scripts(library: Library, coverage: Coverage) -> None:
    """A flow that was deployed anew without the step that waits, and a conversation of five hundred turns."""
    first = start(id="s", flow="help_us_help_you", user=User("u"), channel=CONSOLE, locale="en", now=NOW)
    for trouble in ("redeployed", "long"):
        turn = advance(library, first, Message("1", "/start"), NOW, Ids("1"))
        if trouble == "redeployed":
            turn.session.stack[0].hash, turn.session.stack[0].step = "of old", "of_old"
        else:
            turn.session.turns = limits.TURNS_PER_SESSION
        coverage.notice(advance(library, turn.session, Message("2", "Hello?"), NOW, Ids("2")).log)


def test_everything_is_reached(tour: Tour) -> None:
    """Every step, choice, arm and outcome of a `when` of the shipped flows, and each flow in each language."""
    shipped = {
        point: f"{Path(place.file).relative_to(ROOT)}:{place.line}: {point}"
        for point, place in tour.coverage.missing.items()
        if Path(place.file).parent == ROOT / "flows"
    }
    missing = [line for point, line in shipped.items() if point not in UNREACHABLE]
    assert not missing, "\n".join(missing)
    assert shipped.keys() == UNREACHABLE.keys(), "something unreachable was reached: take it out of the list"


def test_every_language_is_walked_to_the_end_on_every_channel(tour: Tour) -> None:
    """In each shipped language a conversation reaches the hand-over after the summary, on Slack, Telegram, console."""
    wanted = {(language, channel) for language in LANGUAGES for channel in PLATFORMS}
    assert wanted - tour.handed_over == set()
