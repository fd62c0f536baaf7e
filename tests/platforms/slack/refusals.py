"""Slack's refusals: `ok: false` and a code (the codes of each method are listed in its documentation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class Refusal(Exception):  # noqa: N818 — Slack refuses; nothing failed
    """An answer with `ok: false`."""

    def __init__(self, error: str, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.fields = fields


class Violation(Refusal):
    """A call that the documentation does not allow; `faults` say where."""

    def __init__(self, error: str, faults: Sequence[str]) -> None:
        super().__init__(error, errors=list(faults), response_metadata={"messages": [f"[ERROR] {x}" for x in faults]})
        self.faults = tuple(faults)
