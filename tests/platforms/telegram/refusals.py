"""The Bot API's refusals, worded as the real server words them (tdlib/telegram-bot-api, Client.cpp)."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 — the Bot API refuses; nothing failed
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Violation(Refusal):
    """A call that the documentation does not allow, whatever the real server would make of it."""

    def __init__(self, fault: str) -> None:
        super().__init__(400, f"Bad Request: {fault}")
        self.fault = fault


def bad(reason: str, **parameters: Any) -> Refusal:
    """400, for what is wrong with the call."""
    return Refusal(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> Refusal:
    """403, for what the bot may not do."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """409, for two that want the same updates."""
    return Refusal(409, f"Conflict: {reason}")


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
WEBHOOK_SET = "terminated by setWebhook request"
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
