"""Passwords that nobody guesses."""

from __future__ import annotations

import pytest

from bot.guard.strength import is_strong


@pytest.mark.parametrize(
    "password",
    ["kC7#vQ2!mZ9@xW4$", "otter-lantern-gravel-noodle", "zwölf Boxkämpfer jagen Viktor quer", "kC7#vQ2!mZ9@xW4$" * 9],
)
def test_strong(password: str) -> None:
    """What a manager makes, several words, any script, any length."""
    assert is_strong(password, ["triage-support", "staging", "example", "com"])


@pytest.mark.parametrize(
    "password",
    ["", "short1!", "Password1234", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "triage-support-2026", "123456789012"],
)
def test_weak(password: str) -> None:
    """Short ones, common ones, rows of keys, and what stands beside."""
    assert not is_strong(password, ["triage-support", "staging", "example", "com"])
