"""The stand-ins held to the platforms' schemas: what they deliver and answer has the documented structure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.platforms.schemas import schema, specs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.platforms.wire import Exchange, Wire

NEEDS_SPECS = pytest.mark.skipif(
    specs() is None, reason="the published schemas and limits (../shared/specs) are not part of the repository"
)
"""For tests of rules that the stand-ins read from there."""
INTERACTIONS = {
    "block_actions": "BlockAction",
    "view_submission": "ViewSubmitAction",
    "view_closed": "ViewClosedAction",
    "shortcut": "GlobalShortcut",
    "message_action": "MessageShortcut",
}
RESULTS = {
    "getMe": "TelegramUser",
    "getFile": "TelegramFile",
    "getChat": "TelegramChatFullInfo",
    "createForumTopic": "TelegramForumTopic",
}
UNTYPED = ("app_id", "user_team", "source_team", "root", "parent_user_id")
"""Fields of Slack's events that @slack/types does not have."""
UNTYPED_FILES = (*UNTYPED, "bot_id")
"""The same, for files: those of apps have their bot's id."""
NESTED = ("message_changed", "message_deleted")
"""Events whose inner messages @slack/types takes for whole events, which they are not."""
SENDING = ("send", "edit", "forward")


class TelegramOracle:
    """The schemas of Bot API 10.3."""

    def __init__(self) -> None:
        self._updates = schema("telegram-10.3-Update.json")
        self._results = schema("telegram-10.3-Results.json")

    def faults(self, wire: Wire) -> list[str]:
        """What is wrong with the updates and results on a wire."""
        return [fault for each in wire for fault in self._of(each) if fault is not None]

    def _of(self, exchange: Exchange) -> Iterator[str | None]:
        if exchange.direction == "delivery":
            yield self._updates.fault("Update", exchange.arguments)
        elif isinstance(exchange.answer, dict) and exchange.answer.get("ok"):
            result, method = exchange.answer["result"], exchange.method
            if method == "getUpdates":
                for update in result:
                    yield self._updates.fault("Update", update)
            elif method in RESULTS:
                yield self._results.fault(RESULTS[method], result)
            elif method.startswith(SENDING) and isinstance(result, dict):
                yield self._results.fault("TelegramMessage", result)


class SlackOracle:
    """The schemas of @slack/types and @slack/bolt."""

    def __init__(self) -> None:
        self._events = schema("slack-types-3.2.0-AnySlackEvent.json")
        self._interactions = schema("slack-bolt-js-5.1.0-Interactions.json")

    def faults(self, wire: Wire) -> list[str]:
        """What is wrong with the deliveries on a wire."""
        found = (self._of(each.method, each.arguments) for each in wire if each.direction == "delivery")
        return [fault for fault in found if fault is not None]

    def _of(self, method: str, payload: dict[str, Any]) -> str | None:
        if "event" in payload:
            untyped = UNTYPED_FILES if payload["event"].get("subtype") == "file_share" else UNTYPED
            event = {name: value for name, value in payload["event"].items() if name not in untyped}
            outside = any("file_access" in each for each in event.get("files", []))
            return None if outside or event.get("subtype") in NESTED else self._events.fault(_event_name(event), event)
        if method in INTERACTIONS:
            return self._interactions.fault(INTERACTIONS[method], _without_styles(payload))
        return self._interactions.fault("SlashCommand", payload) if method.startswith("/") else None


def _without_styles(payload: dict[str, Any]) -> dict[str, Any]:
    """An interaction without the styles of pressed buttons, which Slack brings and @slack/bolt does not have."""
    actions = payload.get("actions")
    if actions is None:
        return payload
    plain = [{name: value for name, value in each.items() if name != "style"} for each in actions]
    return {**payload, "actions": plain}


def _event_name(event: dict[str, Any]) -> str:
    """How @slack/types calls the type of an event."""
    kind, subtype = event["type"], event.get("subtype", "")
    if kind != "message":
        return "".join(word.capitalize() for word in kind.split("_")) + "Event"
    if not subtype:
        return "GenericMessageEvent"
    return "".join(word.capitalize() for word in subtype.split("_")) + "MessageEvent".removeprefix(
        "Message" if subtype.startswith("message_") else ""
    )
