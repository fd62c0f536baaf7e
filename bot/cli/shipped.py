"""Where the flows and translations are that come with the product."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bot

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(bot.__file__).parent.parent
PATTERNS: Final = ROOT / "flows" / "patterns.yaml"


def flows() -> Path:
    """The folder of flows: TRIAGE_FLOWS in the environment, otherwise the shipped ones."""
    return Path(os.environ.get("TRIAGE_FLOWS") or ROOT / "flows")


def locales() -> Path:
    """The folder of translations: TRIAGE_LOCALES in the environment, otherwise the shipped ones."""
    return Path(os.environ.get("TRIAGE_LOCALES") or ROOT / "locales")


def locales_of(given: Sequence[Path]) -> Path | None:
    """The translations to check the flows `given` with. The shipped ones know nothing of flows from elsewhere."""
    ours = all(path.resolve().is_relative_to(ROOT / "flows") for path in given or [flows()])
    return locales() if ours or locales() != ROOT / "locales" else None


def sources(given: Sequence[Path]) -> list[Path]:
    """What to load for the flows `given`, none of which means the default.

    The shipped repair patterns come first, so that a deployment need only write the ones it changes.
    """
    paths = list(given) or [flows()]
    if any(PATTERNS.is_relative_to(path.resolve()) for path in paths):
        return paths
    return [PATTERNS, *paths]


def shown(file: str | Path) -> str:
    """A file as people and other tools name it: from the working directory, if it lies below it."""
    path, here = Path(file).absolute(), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else Path(file).as_posix()
