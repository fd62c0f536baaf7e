"""`triage paths`: how many questions lie before a person on every path of a flow, and what a change makes of that."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import typer

from bot.cli import flows as known
from bot.cli import streams
from bot.flow.paths import Arrival, Counts, Paths, TooManyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.flow.library import Library
    from bot.flow.paths import Asked
    from bot.flow.program import Program

STATES: Final = 200_000
"""States of a flow that are looked at."""

WALKED: Final = 20_000
"""Paths that are gone through one by one; of more, these are the first."""

_NAMED: Final = 4
"""Answers of a question that a listed path names."""


class Walked(NamedTuple):
    """What is told of one version of a flow: the questions by arrival, and its paths one by one, if not too many."""

    program: Program
    counts: Mapping[Arrival, Counts]
    paths: tuple[tuple[Arrival, tuple[Asked, ...]], ...]

    @property
    def until_a_person(self) -> Counts | None:
        """The questions of all paths that lead to a person."""
        found: Counter[int] = Counter()
        for arrival, counts in self.counts.items():
            if arrival.kind == "handoff":
                found.update(counts.by_questions)
        return Counts(found) if found else None


def run(flow: str, against: Path | None, flows: Path | None, *, every: bool) -> None:
    """Print the numbers; raises typer.Exit(1) if flows cannot be read or walked, and typer.BadParameter."""
    streams.prepare()
    now = _walked(known.proved(flows), flow)
    with streams.until_closed():
        typer.echo(f"{now.program.id}, version {now.program.version}\n")
        typer.echo("\n".join(_table(now)))
        if against is not None:
            before = _walked(known.proved(against), flow)
            typer.echo(f"\nCompared with {against}, version {before.program.version}:\n")
            typer.echo("\n".join(_changes(before, now)))
        elif every:
            for number, (arrival, asked) in enumerate(now.paths, 1):
                typer.echo("\n".join(["", f"{number}. ({len(asked)})", *_listed(arrival, asked)]))
        else:
            for which, choose in (("shortest", min), ("longest", max)):
                typer.echo("\n".join(_example(now, which, choose)), nl=False)


def _walked(library: Library, flow: str) -> Walked:
    """Walk through a flow. Where that takes too long its paths are counted without being walked."""
    program = known.named(library, flow)
    paths = Paths(program, library.programs)
    walked = tuple(islice(paths.walk(), WALKED))
    if len(walked) < WALKED:
        return Walked(program, counted(walked), walked)
    try:
        return Walked(program, paths.counts(STATES), walked)
    except TooManyError:
        typer.echo(f"{program.id} has too many paths to be walked: more than {STATES:,} situations.", err=True)
        raise typer.Exit(1) from None


def counted(paths: Iterable[tuple[Arrival, tuple[Asked, ...]]]) -> dict[Arrival, Counts]:
    """The questions of paths that were walked, by arrival."""
    found: dict[Arrival, Counter[int]] = {}
    for arrival, asked in paths:
        found.setdefault(arrival, Counter())[len(asked)] += 1
    return {arrival: Counts(questions) for arrival, questions in found.items()}


def _table(walked: Walked) -> Iterator[str]:
    """A row for each arrival, people first, and a line about people."""
    rows = sorted(walked.counts.items(), key=lambda each: (each[0].kind != "handoff", -each[1].paths))
    width = max([*(len(str(arrival)) for arrival, _ in rows), 20])
    yield f"{'Where paths arrive':{width}}  {'paths':>9}  questions and rules: least  median  most"
    for arrival, counts in rows:
        numbers = f"{counts.paths:>9,}  {counts.least:>26}  {counts.median:>6}  {counts.most:>4}"
        yield f"{arrival!s:{width}}  {numbers}"
    person = walked.until_a_person
    yield ""
    if person is None:
        yield "No path leads to a person."
    else:
        yield f"Until a person: {person.least} at least, {person.median} in the middle, {person.most} at most."
    if len(walked.paths) == WALKED:
        yield f"Only the first {WALKED:,} paths were gone through one by one."


def _example(walked: Walked, which: str, choose: Callable[..., tuple[Arrival, tuple[Asked, ...]]]) -> Iterator[str]:
    """The shortest or longest path to a person, question by question."""
    paths = [path for path in walked.paths if path[0].kind == "handoff"]
    if paths:
        arrival, asked = choose(paths, key=lambda path: len(path[1]))
        said = f"The {which} of these" if len(walked.paths) == WALKED else f"A {which} path to a person"
        yield from ["", f"{said} ({len(asked)}):", *_listed(arrival, asked), ""]


def _listed(arrival: Arrival, asked: tuple[Asked, ...]) -> Iterator[str]:
    for step, answers in asked:
        more = len(answers) - _NAMED
        yield f"  {step}: {', '.join(answers[:_NAMED])}{f' and {more} more' if more > 0 else ''}"
    yield f"  → {arrival}"


def _changes(before: Walked, now: Walked) -> Iterator[str]:
    """What is different, a line for each; one line if nothing is."""
    lines = [*_numbers(before, now)]
    for what, of in (("Arrivals", _arrivals), ("Questions and rules", _steps)):
        old, new = of(before), of(now)
        lines += [f"{what} that are new: {', '.join(sorted(new - old))}"] if new - old else []
        lines += [f"{what} that are gone: {', '.join(sorted(old - new))}"] if old - new else []
    orders = [{tuple(step for step, _ in path) for _, path in walked.paths} for walked in (before, now)]
    if orders[0] != orders[1]:
        lines.append(
            f"Ways through the questions: {len(orders[0])} before, {len(orders[1])} now; "
            f"{len(orders[1] - orders[0])} are new and {len(orders[0] - orders[1])} are gone"
        )
    yield from lines or ["Every path asks the same as before."]


def _arrivals(walked: Walked) -> set[str]:
    return {str(each) for each in walked.counts}


def _steps(walked: Walked) -> set[str]:
    return {step for _, path in walked.paths for step, _ in path}


def _numbers(before: Walked, now: Walked) -> Iterator[str]:
    old, new = before.until_a_person, now.until_a_person
    if old is None or new is None:
        if old is not new:
            yield "Paths lead to a person now." if old is None else "No path leads to a person any more."
        return
    for what, was, is_ in (
        ("least", old.least, new.least),
        ("median", old.median, new.median),
        ("most", old.most, new.most),
    ):
        if was != is_:
            yield f"Until a person, {what}: {was} before, {is_} now ({is_ - was:+})"
