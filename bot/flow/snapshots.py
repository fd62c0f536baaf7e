"""Flows as bytes: what a store keeps of a version that sessions still run on, when its file is gone.

A snapshot is the flow as its author could have written it, as JSON: every text and expression in its source form, what
is left at its default left out. The same flow always makes the same bytes.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from pydantic_core import ValidationError

from bot.flow.locations import locate
from bot.flow.model import Flow
from bot.flow.understanding import understood, written

FORMAT: Final = 1
"""Of the snapshots that this version writes; an older one would be brought up to date here."""


class SnapshotError(ValueError):
    """Bytes that are no snapshot, or one that a later version of the product wrote; the message says which."""


class _Snapshot(msgspec.Struct, frozen=True):
    format: int
    flow: dict[str, Any]


def snapshot(flow: Flow) -> bytes:
    """The flow on its own, to be kept; `revive` gives back one with the same structure and texts."""
    return msgspec.json.encode(_Snapshot(FORMAT, written(flow)))


def revive(data: bytes) -> Flow:
    """The flow of a snapshot; raises SnapshotError."""
    try:
        found = msgspec.json.decode(data, type=_Snapshot)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SnapshotError(f"this is no snapshot of a flow: {error}") from error
    if found.format != FORMAT:
        raise SnapshotError(f"the snapshot has format {found.format}; this version of Triage reads format {FORMAT}")
    try:
        return understood(Flow, found.flow)
    except ValidationError as error:
        raise SnapshotError(_refused(error, found.flow)) from error


def _refused(error: ValidationError, flow: dict[str, Any]) -> str:
    """What of a snapshot is not the language of this version: the first of it, and how much more there is."""
    first, *more = error.errors(include_url=False, include_input=False, include_context=False)
    path = ".".join(map(str, locate(Flow, first["loc"], flow).path)) or "flow"
    reason = "this key is not known" if first["type"] == "extra_forbidden" else first["msg"]
    others = f" (and {len(more)} more)" if more else ""
    return (
        f"the snapshot of flow {flow.get('flow')!r} cannot be used by this version of Triage: {path}: {reason}{others}"
    )
