"""The text of one file, and the problems found at its places. A place is an index into the text, in code points."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Final

from bot.flow.problems import Problem, Severity, excerpt

MAX_PROBLEMS: Final = 200
"""Problems of one file after which nobody reads on: it is not a flow file, or it was made to keep us busy."""


class TooMuch(Exception):  # noqa: N818 - it ends the reading of a file and is not an error of its own
    """A cap was passed and reported: nothing more is read from the file."""


class Source:
    """A file's text and what was found wrong in it so far."""

    def __init__(self, text: str, file: str) -> None:
        """`file` is the name that problems show."""
        self.text = text
        self.file = file
        self.problems: list[Problem] = []

    @cached_property
    def _starts(self) -> list[int]:
        # Lines as editors count them: libyaml also breaks them at U+0085, U+2028 and U+2029, so its own are not used.
        lines = self.text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
        return list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))

    def position(self, index: int) -> tuple[int, int]:
        """Line and column of a place, both 1-based."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """A line by its 1-based number, without its break; empty beyond the last."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")

    def start(self, number: int) -> int:
        """The index where a line starts, by its 1-based number."""
        return self._starts[number - 1]

    def problem(self, code: str, index: int, message: str, hint: str = "", severity: Severity = "error") -> Problem:
        """A problem at a place, with its line."""
        line, column = self.position(index)
        return Problem(code, severity, message, self.file, line, column, excerpt(self.line(line), column), hint)

    def report(self, code: str, index: int, message: str, hint: str = "") -> None:
        """Keep an error at a place; raises TooMuch when there are too many."""
        if len(self.problems) == MAX_PROBLEMS:
            message = f"this file has more than {MAX_PROBLEMS} problems"
            self.problems.append(self.problem("too-many-problems", index, message))
            raise TooMuch
        self.problems.append(self.problem(code, index, message, hint))
