"""The benchmarks run and say what they measured; no test looks at a time."""

from __future__ import annotations

import gc
import json
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import pytest

from bot.chat.events import Message, Tap
from bot.engine.session import decode
from bot.flow.loader import load
from tests.bench import engine
from tests.bench.__main__ import FULL, QUICK, measure
from tests.bench.flows import write_many
from tests.bench.merchants import MERCHANTS, merchant
from tests.bench.results import Result, document, machine, table
from tests.bench.sample import ROOT
from tests.bench.starting import Fork
from tests.bench.talks import walk

if TYPE_CHECKING:
    from bot.flow.library import Library
    from bot.flow.loader import Loaded
    from tests.bench.talks import Script
    from tests.databases import NewDatabase

PEERS = ("python-telegram-bot_ConversationHandler", "python-statemachine", "transitions", "sismic")
INTAKES = [(kind, at_once) for kind in ("sqlite", "postgres") for at_once in QUICK.service.at_once]
INTAKE = {
    "events_per_s": "events/s",
    "cpu_us": "µs",
    "floor_per_s": "events/s",
    "ratio_to_floor": "times",
    "p50_ms": "ms",
    "p99_ms": "ms",
}
GROWTH = {"events_per_s": "events/s", "memory_mib": "MiB", "bytes_per_conversation": "bytes"}
ACKS = [
    f"{platform}.{kind}_{figure}.{store}"
    for platform, store in QUICK.web.pairs
    for kind in ("ack", "naive_ack")
    for figure in ("p50_ms", "p99_ms", "max_ms")
]
GOALS = {
    "engine.turns_per_s": ">= 15000",
    "engine.growth_percent": "< 10",
    "flow.load_ms": "<= 150",
    "check.one_flow_ms": "<= 100",
    "import_ms": "<= 150",
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The shipped flows and catalogs."""
    return load([ROOT / "flows"], ROOT / "locales")


@pytest.fixture(scope="module")
def library(loaded: Loaded) -> Library:
    """The library of them."""
    return loaded.library()


@pytest.fixture(scope="module")
def scripts(library: Library) -> list[Script]:
    """The conversations of all merchants."""
    return engine.conversations(library, MERCHANTS)


def test_every_benchmark_reports_its_figures(loaded: Loaded, new_postgres: NewDatabase) -> None:
    """A run at the smallest size yields each figure once, with its unit, and the goals that are promised."""
    gc.freeze()  # what is here before is no garbage that a benchmark has to look through
    results = list(measure(loaded, QUICK, Fork, new_postgres))
    units = {each.name: each.unit for each in results}
    assert len(units) == len(results)
    assert units == {
        "engine.turns_per_s": "turns/s",
        "engine.turns_per_s.min_of_rounds": "turns/s",
        "engine.turns_per_s.max_of_rounds": "turns/s",
        "engine.turns_per_cpu_s": "turns/s",
        "engine.six_questions.turns_per_s": "turns/s",
        **{f"peer.{peer}.turns_per_s": "turns/s" for peer in PEERS},
        **{f"engine.ratio_to.{peer}": "times" for peer in PEERS},
        **{f"engine.six_questions.ratio_to.{peer}": "times" for peer in PEERS},
        "engine.turn_us.p50": "µs",
        "engine.turn_us.p99": "µs",
        "engine.turn_us.max": "µs",
        "engine.merchants": "merchants",
        "engine.turns_per_merchant": "turns",
        "session.bytes": "bytes",
        "session.bytes.max": "bytes",
        "engine.turns_per_s.at_turn_5": "turns/s",
        "engine.turns_per_s.at_turn_20": "turns/s",
        "engine.growth_percent": "%",
        "flow.load_ms": "ms",
        "flow.load_ms.cpu": "ms",
        "flow.check_ms": "ms",
        "flow.check_ms.cpu": "ms",
        "flow.load_2x20_ms": "ms",
        "flow.load_2x20_ms.cpu": "ms",
        "check.one_flow_ms": "ms",
        "check.one_flow_ms.cpu": "ms",
        "check.2x20x7_ms": "ms",
        "check.2x20x7_ms.cpu": "ms",
        "import_ms": "ms",
        **{f"intake.{kind}.{at_once}.{name}": unit for kind, at_once in INTAKES for name, unit in INTAKE.items()},
        **{f"intake.sqlite.{at_once}.ratio_to_naive": "times" for at_once in QUICK.service.at_once},
        "intake.sqlite.1.p99_ms": "ms",
        "delivery.messages_per_s": "messages/s",
        "delivery.cpu_us": "µs",
        **{f"growth.sqlite.{stored}.{name}": unit for stored in QUICK.service.stored for name, unit in GROWTH.items()},
        "growth.sqlite.spread": "%",
        "desk.open_cases": "cases",
        **dict.fromkeys(("desk.word_p50_ms", "desk.word_p99_ms", "desk.home_p50_ms", "desk.home_max_ms"), "ms"),
        **dict.fromkeys(ACKS, "ms"),
        "slack.ack_p99_ms": "ms",
        "telegram.ack_p99_ms": "ms",
        "serve.empty_mib": "MiB",
        "serve.idle_conversations_mib": "MiB",
    }
    assert {each.name: each.goal for each in results if each.goal} == {
        **GOALS,
        "flow.load_2x20_ms": "<= 2000",
        "check.2x20x7_ms": "<= 2000",
        **{f"intake.sqlite.{at_once}.events_per_s": ">= 5000" for at_once in QUICK.service.at_once},
        **{f"intake.postgres.{at_once}.events_per_s": ">= 4000" for at_once in QUICK.service.at_once},
        **{f"intake.{kind}.{at_once}.ratio_to_floor": ">= 0.6" for kind, at_once in INTAKES},
        "intake.sqlite.1.p99_ms": "<= 5",
        "delivery.messages_per_s": ">= 5000",
        "growth.sqlite.spread": "<= 15",
        "desk.word_p99_ms": "<= 250",
        "desk.home_max_ms": "<= 300",
        "slack.ack_p99_ms": "<= 50",
        "telegram.ack_p99_ms": "<= 50",
        "serve.idle_conversations_mib": "< 100",
    }


def test_the_full_size_is_the_one_that_is_published() -> None:
    """All merchants, fifty flows of two hundred steps, and a session of four hundred turns, several times over."""
    assert (FULL.merchants, FULL.files, FULL.steps, FULL.late) == (MERCHANTS, 50, 200, 400)
    assert FULL.rounds == FULL.samples == 7
    assert (FULL.web.rate, FULL.web.idle) == (300, 10_000)
    assert list(FULL.web.pairs) == list(product(("slack", "telegram"), ("sqlite", "postgres")))
    assert (FULL.service.at_once, FULL.service.stored) == ((64, 256), (1_000, 100_000, 1_000_000))


def test_the_merchants_differ(scripts: list[Script], library: Library) -> None:
    """At least forty conversations in every language, no two alike, by buttons as well as by words."""
    assert len(scripts) >= 40
    languages = Counter(script.merchant.locale for script in scripts)
    assert set(languages) == set(library.languages)
    assert max(languages.values()) - min(languages.values()) <= 1
    assert len({tuple(event for event, _ in script.turns) for script in scripts}) == len(scripts)
    kinds = Counter(type(event) for script in scripts for event, _ in script.turns)
    assert min(kinds[Message], kinds[Tap]) > sum(kinds.values()) / 4


def test_every_conversation_ends_with_a_person(scripts: list[Script], library: Library) -> None:
    """Walking the scripts takes all their turns and comes to the very sessions that were recorded."""
    assert walk(library, scripts) == sum(len(script.turns) for script in scripts)
    assert {decode(script.closing).status for script in scripts} == {"handed_off"}


def test_merchants_stray(scripts: list[Script]) -> None:
    """Among them are ways back, questions why, replies that are not understood, typos, files and corrections."""
    said = [event for script in scripts for event, _ in script.turns if isinstance(event, Message)]
    assert {"/start", "/back", "/why", "Woocomerce"} <= {event.text for event in said}
    assert any(event.files for event in said)
    assert any(script.merchant.corrections for script in scripts)
    assert any(script.merchant.declines for script in scripts)


def test_a_merchant_is_always_the_same() -> None:
    """What a merchant says follows from their number alone."""
    assert merchant(11, ("en", "es")) == merchant(11, ("en", "es"))
    assert merchant(11, ("en", "es")) != merchant(13, ("en", "es"))


def test_generated_flows_are_sound(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Flows made for measuring load without a problem; kinds of steps are mixed, and a quarter has a condition."""
    folder = tmp_path_factory.mktemp("flows")
    write_many(folder, 2, 200)
    loaded = load([folder])
    assert loaded.problems == ()
    for source in loaded.sources:
        steps = source.flow.steps
        assert len(steps) == 200
        assert len({type(step) for step in steps}) >= 5
        assert sum(step.when is not None or step.next is not None for step in steps) == 50
    assert len(loaded.library().programs) == 2


@pytest.mark.parametrize(
    ("value", "goal", "verdict"), [(5, ">= 5", "met"), (4, ">= 5", "missed"), (4, "< 4", "missed"), (4, "", "")]
)
def test_a_goal_is_a_comparison(value: float, goal: str, verdict: str) -> None:
    """A figure meets its goal, misses it or has none."""
    assert Result("a", value, "ms", goal).verdict == verdict


def test_results_are_written_as_json_and_as_a_table() -> None:
    """The file holds what the table shows, rounded, and the facts about the machine."""
    results = [Result("engine.turns_per_s", 15000.98765, "turns/s", ">= 15000"), Result("import_ms", 1.23456, "ms")]
    facts = machine()
    assert {"python", "cpus", "loop_ms"} <= facts.keys()
    written = json.loads(document(results, facts))
    assert written["machine"] == facts
    assert written["results"] == [
        {"name": "engine.turns_per_s", "value": 15000.988, "unit": "turns/s", "goal": ">= 15000"},
        {"name": "import_ms", "value": 1.235, "unit": "ms", "goal": ""},
    ]
    assert table(results).split("\n")[1:] == [
        "engine.turns_per_s  15,001  turns/s  >= 15000  met",
        "import_ms             1.23  ms",
    ]
