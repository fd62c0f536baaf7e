"""Where the flows and translations are that come with the product."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bot
from bot.flow.loader import Layers

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(bot.__file__).parent.parent
LOCALES: Final = ROOT / "locales"
MANIFEST: Final = ROOT / "manifest.yaml"
PATTERNS: Final = ROOT / "flows" / "patterns.yaml"


def flows() -> Path:
    """The folder of flows: TRIAGE_FLOWS in the environment, otherwise the shipped ones."""
    return Path(os.environ.get("TRIAGE_FLOWS") or ROOT / "flows")


def translations(given: Sequence[Path], locales: Path | None) -> Layers | None:
    """The catalogs for the flows `given`: those that `locales` or TRIAGE_LOCALES names, above the shipped ones.

    Several folders are written with the system's separator of paths between them. The shipped catalogs know nothing of
    flows from elsewhere: below the catalogs of such flows they only translate the shipped patterns, and without any
    catalogs for them there are none.
    """
    named = str(locales) if locales is not None else os.environ.get("TRIAGE_LOCALES", "")
    own = tuple(Path(folder) for folder in named.split(os.pathsep) if folder)
    if all(path.resolve().is_relative_to(ROOT / "flows") for path in given or [flows()]):
        return Layers((LOCALES, *(folder for folder in own if folder.resolve() != LOCALES)))
    return Layers(own, LOCALES) if own else None


def locales(given: Sequence[Path] = (), named: Path | None = None) -> Layers:
    """The catalogs to talk with: as `translations` says, and otherwise those of the shipped patterns alone."""
    return translations(given, named) or Layers((LOCALES,))


def sources(given: Sequence[Path]) -> list[Path]:
    """What to load for the flows `given`, none of which means the default.

    The shipped repair patterns come first, so that a deployment need only write the ones it changes.
    """
    paths = list(given) or [flows()]
    return [*beneath(paths), *paths]


def beneath(given: Sequence[Path]) -> list[Path]:
    """What lies beneath the flows `given`: the shipped repair patterns, unless they are among them."""
    return [] if any(PATTERNS.is_relative_to(path.resolve()) for path in given) else [PATTERNS]


def shown(file: str | Path) -> str:
    """A file as people and other tools name it: from the working directory, if it lies below it."""
    path, here = Path(file).absolute(), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else Path(file).as_posix()
