"""Blocks and views that the app sends: checked, and given the ids that it left out."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from tests.platforms.schemas import schema
from tests.platforms.slack.limits import Limits
from tests.platforms.slack.refusals import Refusal, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.platforms.slack.ids import Ids
    from tests.platforms.wire import Json

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW = 250_000
INTERACTIVE = ("elements", "accessory", "element")


class Blocks:
    """What Slack does with blocks before it shows them."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._limits = Limits()
        self._blocks = schema("slack-types-3.2.0-Blocks.json")
        self._views = schema("slack-types-3.2.0-AnyView.json")

    def message(self, given: Any) -> list[Json]:
        """The blocks of a message."""
        blocks = _parsed(given, "invalid_blocks_format")
        if not isinstance(blocks, list):
            raise Violation("invalid_blocks_format", ["blocks is no list"])
        if len(blocks) > MAX_MESSAGE_BLOCKS:
            raise Violation("msg_blocks_too_many", [f"{len(blocks)} blocks, above {MAX_MESSAGE_BLOCKS}"])
        faults = [fault for each in blocks if (fault := self._block(each)) is not None]
        if not faults:
            faults = list(self._limits.faults(blocks))
        if faults:
            raise Violation("invalid_blocks", faults)
        return self._named(blocks)

    def view(self, given: Any) -> Json:
        """A modal or a home tab."""
        view = _parsed(given, "invalid_arguments")
        if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
            raise Violation("invalid_arguments", ["view is neither modal nor home"])
        if len(json.dumps(view, ensure_ascii=False).encode()) > MAX_VIEW:
            raise Refusal("view_too_large")
        faults = [fault for each in view.get("blocks", []) if (fault := self._block(each)) is not None]
        if not faults and (fault := self._views.fault(_view_name(view), view)) is not None:
            faults.append(fault)
        inputs = any(each.get("type") == "input" for each in view.get("blocks", []))
        if view["type"] == "modal" and inputs and not view.get("submit"):
            faults.append("a modal with an input block needs submit")
        faults = faults or list(self._limits.faults(view))
        if faults:
            raise Violation("invalid_arguments", faults)
        return {**view, "blocks": self._named(view["blocks"])}

    def _block(self, block: Any) -> str | None:
        """Against the definition of its own type, which names the fault better than all types together."""
        kind = block.get("type") if isinstance(block, dict) else None
        if not isinstance(kind, str):
            return "a block without a type"
        name = "".join(word.capitalize() for word in kind.split("_")) + "Block"
        if self._blocks.document["definitions"] and name not in self._blocks.document["definitions"]:
            return f"there is no block {kind}"
        return self._blocks.fault(name, block)

    def _named(self, blocks: list[Json]) -> list[Json]:
        named = copy.deepcopy(blocks)
        for block in named:
            block.setdefault("block_id", self._ids.new("b"))
            for element in elements(block):
                if element.get("type") not in {"plain_text", "mrkdwn", "image"} and block["type"] != "rich_text":
                    element.setdefault("action_id", self._ids.new("a"))
        return named


def elements(block: Json) -> Iterator[Json]:
    """The elements of a block, wherever it keeps them."""
    for name in INTERACTIVE:
        value = block.get(name)
        yield from value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def plain(value: Any) -> str:
    """What somebody reads in blocks, or in a part of one."""
    if isinstance(value, list):
        return "\n".join(text for each in value if (text := plain(each)))
    if not isinstance(value, dict):
        return ""
    kind = value.get("type")
    if kind in {"plain_text", "mrkdwn", "text", "markdown"}:
        return str(value["text"])
    if kind in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}:
        return "".join(plain(each) for each in value["elements"])
    if kind in _INLINE:
        return _INLINE[kind].format(**{"text": value.get("url", ""), **value})
    if kind in {"actions", "divider", "input", "context_actions"}:
        return ""
    return plain([value[name] for name in ("text", "title", "fields", "elements") if name in value])


_INLINE = {
    "link": "{text}",
    "emoji": ":{name}:",
    "user": "<@{user_id}>",
    "channel": "<#{channel_id}>",
    "broadcast": "<!{range}>",
    "date": "{fallback}",
}


def _parsed(given: Any, error: str) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise Violation(error, ["that is no JSON"]) from None


def _view_name(view: Json) -> str:
    return "ModalView" if view["type"] == "modal" else "HomeView"
