"""Buttons that go with a text: a terminal has none, so each gets a number to be named by."""

from __future__ import annotations

from bot.engine.tokens import read


class Buttons:
    """The tokens of buttons that were shown, by their numbers.

    A number belongs to a question: when that is asked again, its new button takes the number over. A conversation that
    is started over counts from 1 again.
    """

    def __init__(self) -> None:
        """No button was shown yet."""
        self._session = ""
        self._tokens: dict[str, str] = {}

    def number(self, token: str) -> int:
        """Keep the token; the number it has from now on, counted from 1."""
        session, step = "", token
        parts = read(token)
        if parts is not None:
            session, step = parts.session, f"{parts.step}.{parts.choice}"
        if session != self._session:
            self._session = session
            self._tokens.clear()
        self._tokens[step] = token
        return list(self._tokens).index(step) + 1

    def token(self, number: int) -> str | None:
        """The token with that number; None if no button has it."""
        tokens = list(self._tokens.values())
        return tokens[number - 1] if 0 < number <= len(tokens) else None
