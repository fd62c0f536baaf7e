"""Payloads as Slack sends them, made by hand."""

from __future__ import annotations

from typing import Any

TEAM, CHANNEL, DIRECT, ANA, BOT = "T1", "C1", "D1", "U0ANA", "U0BOT"


def event(**fields: Any) -> dict[str, Any]:
    """An event that the app was told of."""
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev1",
        "authorizations": [{"user_id": BOT, "team_id": TEAM}],
        "event": fields,
    }


def message(text: str = "hello", channel: str = DIRECT, **fields: Any) -> dict[str, Any]:
    """A message of Ana's."""
    kind = "im" if channel.startswith("D") else "channel"
    said = {"type": "message", "channel": channel, "channel_type": kind, "user": ANA, "text": text, "ts": "10.1"}
    return event(**{**said, **fields})


def changed(
    now: dict[str, Any], before: dict[str, Any], channel: str = DIRECT, subtype: str = "message_changed"
) -> Any:
    """A change of a message."""
    kind = "im" if channel.startswith("D") else "channel"
    fields = (
        {"message": now, "previous_message": before} if subtype == "message_changed" else {"previous_message": before}
    )
    return event(type="message", subtype=subtype, channel=channel, channel_type=kind, ts="11.1", **fields)


def pressed(action_id: str, channel: str = DIRECT, *, thread: str = "", **action: Any) -> dict[str, Any]:
    """A press of a button below a message of ours."""
    container = {"type": "message", "channel_id": channel, "message_ts": "9.1"} | (
        {"thread_ts": thread} if thread else {}
    )
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": ANA, "team_id": TEAM, "username": "ana"},
        "trigger_id": "1.2.3",
        "container": container,
        "actions": [{"type": "button", "action_id": action_id, "action_ts": "12.1", **action}],
    }
