"""A message as somebody sees it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.slack.blocks import elements, plain

if TYPE_CHECKING:
    from tests.platforms.slack.world import Conversation
    from tests.platforms.wire import Json


class Shown:
    """A live view of one message in a conversation, or of one that only one person sees."""

    def __init__(self, conversation: Conversation, raw: Json) -> None:
        self.conversation = conversation
        self.raw = raw
        self.id: str = raw["ts"]

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        ephemeral = any(each is self.raw for _, each in self.conversation.ephemeral)
        return self.id not in self.conversation.messages and not ephemeral

    @property
    def text(self) -> str:
        """What there is to read: its blocks if it has some, else its text."""
        return plain(self.raw["blocks"]) if self.raw.get("blocks") else str(self.raw["text"])

    @property
    def thread(self) -> str | None:
        """The thread it stands in."""
        found: str | None = self.raw.get("thread_ts")
        return found

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        found = (each for block in self.raw.get("blocks", []) for each in elements(block))
        return [each["text"]["text"] for each in found if each["type"] == "button"]

    def find(self, label: str) -> tuple[Json, Json]:
        """The block and the element that say `label`: a button by its text, a select by placeholder or option."""
        return find(self.raw.get("blocks", []), label)

    def __repr__(self) -> str:
        return f"<Shown {self.id} {self.text!r} {self.buttons}>"


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """The block and the element with those ids."""
    block = next(each for each in blocks if each["block_id"] == block_id)
    return block, next(each for each in elements(block) if each.get("action_id") == action_id)


def find(blocks: list[Json], label: str) -> tuple[Json, Json]:
    """The block and the element that say `label`. AssertionError naming what there is."""
    known: list[str] = []
    for block in blocks:
        for element in elements(block):
            names = [plain(element.get("text")), plain(element.get("placeholder")), element.get("action_id", "")]
            names += [each["text"]["text"] for each in element.get("options", [])]
            names += [each["text"]["text"] for group in element.get("option_groups", []) for each in group["options"]]
            if label in names and "action_id" in element:
                return block, element
            known += [name for name in names if name]
    raise AssertionError(f"nothing says {label!r}; there are {known}")
