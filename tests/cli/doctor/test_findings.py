"""Findings as they are printed."""

from __future__ import annotations

import pytest

from bot.cli.doctor.findings import Finding, odd, section, verdict, wrong

FINDINGS = [
    Finding("it is there"),
    odd("it is slow", "Make it faster."),
    wrong("it is old\nand torn", "Mend it.\nOr not."),
]


def test_every_failure_stands_above_its_fix() -> None:
    """A line for each, its further lines and its fix below it."""
    assert section("Rope", FINDINGS).splitlines() == [
        "Rope",
        "  ok     it is there",
        "  odd    it is slow",
        "         → Make it faster.",
        "  wrong  it is old",
        "         and torn",
        "         → Mend it.",
        "         → Or not.",
    ]


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (FINDINGS[:1], "Fit to go live."),
        (FINDINGS[:2], "Fit to go live; 1 to look at."),
        (FINDINGS, "Not fit to go live: 1 thing is wrong; 1 to look at."),
        (FINDINGS[2:] * 2, "Not fit to go live: 2 things are wrong."),
    ],
)
def test_the_verdict(findings: list[Finding], said: str) -> None:
    """Only what is wrong keeps it from going live."""
    assert verdict(findings) == said
