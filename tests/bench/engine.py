"""How fast the engine is: the shipped conversation beside its peers, single turns, and a session's size and growth.

A turn of the engine is everything between an event and its outcome: guarding the text, matching it, storing the answer
with its way back, moving on, finding the next texts in the catalogs and filling them as rich text, and the log; and the
session is written to JSON and read back in every turn. What is left out is the channel (making Block Kit or a keyboard
out of the rich text) and the database.

The peers (see `tests.bench.peers`) keep nothing, translate nothing, make no rich text, know no way back and check
nothing; parsing Telegram's updates is not timed either. They answer six questions in English, with replies that fit.
`engine.six_questions` is the engine with those very questions and replies, all its duties included.
"""

from __future__ import annotations

import statistics
import time
from itertools import cycle, islice
from typing import TYPE_CHECKING, Final

from bot.chat.events import Message
from bot.chat.people import CONSOLE, User
from bot.engine.ids import Ids
from bot.engine.session import decode, encode, start
from bot.engine.turn import advance
from bot.flow.library import Library
from tests.bench import flows, talks
from tests.bench.merchants import NOW, merchant
from tests.bench.peers import PEERS
from tests.bench.peers.questions import SCRIPTS
from tests.bench.results import Result
from tests.bench.rounds import Contender, race

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.events import Event
    from bot.engine.session import Session
    from bot.flow.loader import Loaded
    from tests.bench.rounds import Sample
    from tests.bench.talks import Script

_ENGINE: Final = "engine"
_SIX: Final = "engine.six_questions"
_EARLY: Final = 5
_LATE: Final = 400
_ROUND: Final = ("it is about penguins", "2", "The order stays on “pending”, señor.", "1.250", "yes")
"""Five replies to the endless flow that lead once round it; the first is none."""


def conversations(library: Library, merchants: int) -> list[Script]:
    """The scripts of the first `merchants`, each held once and found to end with a person."""
    return [talks.hold(library, merchant(number, library.languages)) for number in range(merchants)]


def rates(loaded: Loaded, scripts: Sequence[Script], rounds: int, seconds: float) -> list[Result]:
    """Turns per second of the engine and of its peers, and how they compare; about `seconds` a walk."""
    library, six = loaded.library(), _SixQuestions(loaded)

    def shipped(times: int) -> int:
        return sum(talks.walk(library, scripts) for _ in range(times))

    peers = [Contender(each.name.replace(" ", "_"), each.walk) for each in PEERS]
    samples = race([Contender(_ENGINE, shipped), Contender(_SIX, six.walk), *peers], rounds, seconds)
    walls = [each.wall for each in samples[_ENGINE]]
    found = [
        Result("engine.turns_per_s", statistics.median(walls), "turns/s", ">= 15000"),
        Result("engine.turns_per_s.min_of_rounds", min(walls), "turns/s"),
        Result("engine.turns_per_s.max_of_rounds", max(walls), "turns/s"),
        Result("engine.turns_per_cpu_s", statistics.median(each.cpu for each in samples[_ENGINE]), "turns/s"),
        Result("engine.six_questions.turns_per_s", _median(samples[_SIX]), "turns/s"),
    ]
    found += [Result(f"peer.{each.name}.turns_per_s", _median(samples[each.name]), "turns/s") for each in peers]
    for name in (_ENGINE, _SIX):
        found += [Result(f"{name}.ratio_to.{each.name}", _ratio(samples, name, each.name), "times") for each in peers]
    return found


def turns(library: Library, scripts: Sequence[Script], passes: int) -> list[Result]:
    """Microseconds a turn takes: of each turn of the walk the median of all passes, so that pauses do not count."""
    taken: list[list[int]] = [[] for script in scripts for _ in script.turns]
    for _ in range(passes):
        place = iter(taken)
        for script in scripts:
            session = decode(script.opening)
            for event, seed in script.turns:
                began = time.perf_counter_ns()
                session = decode(encode(advance(library, session, event, NOW, Ids(seed)).session))
                next(place).append(time.perf_counter_ns() - began)
    usual = [statistics.median(each) / 1e3 for each in taken]
    percentiles = statistics.quantiles(usual, n=100, method="inclusive")
    return [
        Result("engine.turn_us.p50", percentiles[49], "µs"),
        Result("engine.turn_us.p99", percentiles[98], "µs"),
        Result("engine.turn_us.max", max(usual), "µs"),
    ]


def sizes(scripts: Sequence[Script]) -> list[Result]:
    """Bytes of a session's JSON when a person takes over, and how much talk that is."""
    ends = [len(script.closing) for script in scripts]
    return [
        Result("engine.merchants", len(scripts), "merchants"),
        Result("engine.turns_per_merchant", statistics.mean(len(script.turns) for script in scripts), "turns"),
        Result("session.bytes", statistics.mean(ends), "bytes"),
        Result("session.bytes.max", max(ends), "bytes"),
    ]


def growth(loaded: Loaded, late: int, repetitions: int) -> list[Result]:
    """Whether turns become slower as a session goes on: the same five turns from turn 5 and from turn `late`.

    `late` must be a multiple of five, so that the same question waits at both. Processor time, taking turns.
    """
    library = _library(loaded, flows.ENDLESS_YAML)
    session = _fresh(flows.ENDLESS)
    at: dict[int, Session] = {}
    for number, text in enumerate(islice(("/start", *(each for _ in range(late) for each in _ROUND)), late), 1):
        session = _after(library, session, [Message(f"k{number}", text)])
        at[number] = session
    following = [Message(f"n{number}", _ROUND[(_EARLY - 1 + number) % len(_ROUND)]) for number in range(len(_ROUND))]
    taken: dict[int, list[int]] = {_EARLY: [], late: []}
    for _ in range(repetitions):
        for number, times in taken.items():
            began = time.process_time_ns()
            _after(library, at[number], following)
            times.append(time.process_time_ns() - began)
    early, grown = (statistics.median(times) for times in taken.values())
    return [
        Result("engine.turns_per_s.at_turn_5", len(following) * 1e9 / early, "turns/s"),
        Result(f"engine.turns_per_s.at_turn_{late}", len(following) * 1e9 / grown, "turns/s"),
        Result("engine.growth_percent", 100 * (grown / early - 1), "%", "< 10"),
    ]


class _SixQuestions:
    """The engine as a peer of its peers."""

    def __init__(self, loaded: Loaded) -> None:
        """Hold each of the peers' scripts once; raises RuntimeError if the answers are not the expected ones."""
        self._library = _library(loaded, flows.six_questions())
        self._opening = encode(_fresh(flows.SIX_QUESTIONS))
        talks = [("/start", *script.replies) for script in SCRIPTS]
        self._scripts = [[Message(f"k{number}", text) for number, text in enumerate(talk)] for talk in talks]
        for script, messages in zip(SCRIPTS, self._scripts, strict=True):
            before = _after(self._library, decode(self._opening), messages[:-1])
            answers = {**before.stack[0].slots, "reproducible": script.answers["reproducible"]}
            ended = _after(self._library, before, messages[-1:])
            if answers != script.answers or ended.status != "ended":
                raise RuntimeError(f"the engine understood {answers} and not {script.answers}")

    def walk(self, times: int) -> int:
        """Have that many conversations; the answers they took. As with the peers, entering is timed but no turn."""
        taken = 0
        for messages in islice(cycle(self._scripts), times):
            _after(self._library, decode(self._opening), messages)
            taken += len(messages) - 1
        return taken


def _library(loaded: Loaded, text: str) -> Library:
    """The shipped flows and catalogs, and the flows of a YAML text."""
    return Library([*(source.flow for source in loaded.sources), *flows.flows(text)], loaded.catalogs)


def _fresh(flow: str) -> Session:
    return start(id="sessionabc", flow=flow, user=User("u1", "Zoë"), channel=CONSOLE, locale="en", now=NOW)


def _after(library: Library, session: Session, events: Sequence[Event]) -> Session:
    """The session after some turns, through JSON in each."""
    for event in events:
        session = decode(encode(advance(library, session, event, NOW, Ids(event.key)).session))
    return session


def _median(samples: Sequence[Sample]) -> float:
    return statistics.median(each.wall for each in samples)


def _ratio(samples: dict[str, list[Sample]], one: str, other: str) -> float:
    """How many times as fast: the median of what each round says, in processor time."""
    pairs = zip(samples[one], samples[other], strict=True)
    return statistics.median(mine.cpu / theirs.cpu for mine, theirs in pairs)
