"""How well the guard tells secrets from what looks like them, measured on a labelled corpus in seven languages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
import yaml

from bot.guard.detectors import look
from bot.guard.redact import FINDING_KINDS, redact
from bot.guard.spans import TEST_CARD, Span
from tests.guard.samples import Case, case

_CORPUS: Final[dict[str, dict[str, list[str]]]] = yaml.safe_load(
    Path(__file__).with_name("corpus.yaml").read_text("utf-8")
)
LANGUAGES: Final = ("en", "es", "it", "nl", "de", "fr", "pt")
SECRETS: Final = [case(source) for language in LANGUAGES for source in _CORPUS["secrets"][language]]
LOOK_ALIKES: Final = [case(source) for language in LANGUAGES for source in _CORPUS["look_alikes"][language]]
ENOUGH: Final = 0.97


def _found(text: str) -> set[Span]:
    return {Span(finding.start, finding.end, finding.kind) for finding in redact(text).findings}


def _misses(cases: list[Case]) -> tuple[int, int, int, list[str]]:
    """How many secrets were found exactly, missed, and found where there is none; and what went wrong, in words."""
    hits = missed = wrong = 0
    words = []
    for text, expected in cases:
        found = _found(text)
        hits += len(found & set(expected))
        missed += len(set(expected) - found)
        wrong += len(found - set(expected))
        words += [f"missed {span.kind} {text[span.start : span.end]!r} in {text!r}" for span in set(expected) - found]
        words += [f"took {text[span.start : span.end]!r} for {span.kind} in {text!r}" for span in found - set(expected)]
    return hits, missed, wrong, words


def test_corpus_is_large_enough() -> None:
    """The figures mean something: enough texts with and without secrets, every language and every kind."""
    assert len(SECRETS) >= 70
    assert len(LOOK_ALIKES) >= 80
    assert not any(expected for _, expected in LOOK_ALIKES)
    assert {span.kind for _, expected in SECRETS for span in expected} == set(FINDING_KINDS)


def test_precision_and_recall() -> None:
    """Of all secrets at least 97 % are found, and of all findings at least 97 % are secrets, to the character."""
    hits, missed, wrong, words = _misses(SECRETS + LOOK_ALIKES)
    print(*words, sep="\n")  # noqa: T201 - pytest shows it when the measure is not met
    recall, precision = hits / (hits + missed), hits / (hits + wrong)
    assert recall >= ENOUGH
    assert precision >= ENOUGH


def _cut(text: str) -> str:
    """What is left of a text once nothing can be taken out of it without the detectors seeing nothing any more."""
    size = len(text) // 2
    while size:
        start = 0
        while start < len(text):
            shorter = text[:start] + text[start + size :]
            if look(shorter):
                text = shorter
            else:
                start += size
        size //= 2
    return text


def test_the_looks_that_spare_detectors_spare_them_no_secret() -> None:
    """However little is written around it, and of it: the guard shows the detectors all that they see a secret in."""
    shortest = {_cut(text) for text, _ in SECRETS if look(text)}
    assert min(map(len, shortest)) == len("pw:ab12")
    assert [text for text in shortest if not redact(text).findings] == []


@pytest.mark.parametrize("example", SECRETS, ids=lambda example: example.text[:40])
def test_no_secret_is_left(example: Case) -> None:
    """Whatever is found of a secret, none of its value is in the text that is stored; test cards stay readable."""
    cleaned = redact(example.text).text
    for span in example.expected:
        assert (example.text[span.start : span.end] in cleaned) == (span.kind == TEST_CARD)
