"""The suite tries the same examples each time, whatever else runs."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def tried() -> list[int]:
    """The examples of a property."""
    found: list[int] = []

    @settings(max_examples=200, derandomize=True)
    @given(st.integers())
    def each(number: int) -> None:
        found.append(number)

    each()
    return found


def test_modules_that_were_loaded_change_no_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module full of numbers, which another test may have needed, is nothing that a property tries."""
    before = tried()
    path = tmp_path / "numbers_of_ours.py"
    path.write_text(f"NUMBERS = {list(range(900_001, 901_000))}\n")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, module)
    assert tried() == before
