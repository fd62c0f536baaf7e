"""What playing conversation scripts has in common on every platform: which are played, and turn by turn how."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.chat.effects import Forget, Overview
from bot.cli import shipped
from bot.desk.work import worded
from bot.flow.loader import load
from bot.scripts.model import read_script
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.chat.effects import Effect
    from bot.flow.loader import Loaded
    from bot.scripts.merchant import Merchant
    from bot.scripts.model import Case, Turn

SCRIPTS = Path(__file__).parents[1] / "flows"
WANTED = "SCRIPTS"
"""Names of scripts, `*` for all (`make scripts`), that are played whole and in both modes; otherwise, one
conversation in each mode."""


def unreferenced(text: str) -> str:
    """A text without the references of cases, which the service draws otherwise than the pure engine."""
    return re.sub(r"\bT-[A-Z2-7]{6}\b", "T-", text)


def is_banner(text: str) -> bool:
    """Whether this is what the service, and not the engine, says of a case that nobody has yet."""
    return unreferenced(text).strip() in _banners()


@cache
def _banners() -> frozenset[str]:
    library = loaded().library()
    found = (worded(library, "desk_banner_new", each, "T-AAAAAA", {}) for each in library.languages)
    return frozenset(unreferenced(plain(each)) for each in found)


@cache
def loaded() -> Loaded:
    """The shipped flows, and the one beside the scripts, which does all that goes wrong."""
    return load([*shipped.sources([]), SCRIPTS / "gallery.yaml"], shipped.locales())


def chosen(playable: Callable[[Case], bool], modes: tuple[str, str]) -> list[tuple[str, Case]]:
    """What is played of what can be: the mode and the case."""
    if wanted := os.environ.get(WANTED):
        names = sorted(path.name for path in SCRIPTS.glob(f"{wanted}.flowtest.yaml"))
        return [(mode, each) for name in names for each in _cases(name) if playable(each) for mode in modes]
    return [
        (mode, next(filter(playable, _cases(f"language_{locale}.flowtest.yaml"))))
        for mode, locale in zip(modes, ("de", "pt"), strict=True)
    ]


def _cases(name: str) -> tuple[Case, ...]:
    sheet, _ = read_script((SCRIPTS / name).read_bytes(), name)
    assert sheet is not None
    return tuple(sheet.script.cases)


class Playing(ABC):
    """A person who does on a platform what a script says, and looks for what the pure engine gives for it."""

    def __init__(self, engine: Merchant, case: Case) -> None:
        """`engine` plays `case`, too."""
        self._engine = engine
        self._case = case
        self.overviews = 0
        """How many were asked for."""
        self.beside = False
        """Whether the service says what the engine has no words for: what is kept, or that it was removed."""

    @abstractmethod
    async def _do(self, turn: Turn) -> None:
        """Do it on the platform."""

    @abstractmethod
    async def _see(self, effect: Effect) -> None:
        """Wait for what the effect shows, and compare."""

    async def play(self) -> None:
        """Play every turn; AssertionError where the person sees something else than the engine says."""
        for turn in self._case.turns:
            for step in self._steps(turn):
                effects = self._engine.do(step).effects
                await self._do(step)
                self.overviews += sum(isinstance(each, Overview) for each in effects)
                self.beside |= any(isinstance(each, (Overview, Forget)) for each in effects)
                for effect in effects:
                    await self._see(effect)

    def _steps(self, turn: Turn) -> Iterator[Turn]:
        """One thing after another; a long wait up to each timer, so that none comes late."""
        if turn.wait is not None:
            left = turn.wait
            while left:
                due = self._engine.until_next_timer()
                step = left if due is None else min(left, due)
                left -= step
                yield msgspec.structs.replace(turn, wait=step)
        elif turn.tap is not None:
            for each in turn.tap:
                yield msgspec.structs.replace(turn, tap=(each,))
        elif turn.user is not None and len(turn.user) > 1:
            for each in turn.user:
                yield msgspec.structs.replace(turn, user=(each,))
        else:
            yield turn
