"""A modal or home tab as somebody sees and fills it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.platforms.slack.blocks import elements, plain
from tests.platforms.slack.interactions import SELECTED, chosen
from tests.platforms.slack.shown import find

if TYPE_CHECKING:
    from tests.platforms.slack.views import Views
    from tests.platforms.wire import Json


class Modal:
    """A live view of one view."""

    def __init__(self, views: Views, raw: Json) -> None:
        self.raw = raw
        self._views = views

    @property
    def title(self) -> str:
        """Its title."""
        return plain(self.raw["title"])

    @property
    def text(self) -> str:
        """What there is to read."""
        return plain(self.raw["blocks"])

    @property
    def labels(self) -> list[str]:
        """What its input blocks ask for."""
        return [plain(block["label"]) for block in self.raw["blocks"] if block["type"] == "input"]

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        found = (each for block in self.raw["blocks"] for each in elements(block))
        return [each["text"]["text"] for each in found if each["type"] == "button"]

    @property
    def errors(self) -> dict[str, str]:
        """The errors that show, by the label of their input block."""
        shown = self._views.errors.get(self.raw["id"], {})
        names = {block["block_id"]: plain(block.get("label")) for block in self.raw["blocks"]}
        return {names.get(block, block): text for block, text in shown.items()}

    def find(self, label: str) -> tuple[Json, Json]:
        """The block and the element that say `label`."""
        return find(self.raw["blocks"], label)

    def filled(self, values: dict[str, Any]) -> Json:
        """The view with its state once `values` are filled in, by label. AssertionError for what Slack would not send.

        Inputs that are not named keep what they have: what was filled in before, or their initial value.
        """
        unknown = values.keys() - set(self.labels)
        assert not unknown, f"no input {sorted(unknown)}; there are {self.labels}"
        state = {}
        for block in self.raw["blocks"]:
            if block["type"] == "input":
                label, element = plain(block["label"]), block["element"]
                held = chosen(element, values[label]) if label in values else self._held(block, element)
                assert block.get("optional") or any(held.values()), f"{label!r} must be filled in"
                state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
        self.raw["state"] = {"values": state}
        return copy.deepcopy(self.raw)

    def _held(self, block: Json, element: Json) -> Json:
        before = self.raw["state"]["values"].get(block["block_id"], {}).get(element["action_id"])
        if before is not None:
            return {name: value for name, value in before.items() if name != "type"}
        initial = {
            name.removeprefix("initial_"): value for name, value in element.items() if name.startswith("initial_")
        }
        names = {
            "option": "selected_option",
            "options": "selected_options",
            "date": "selected_date",
            "time": "selected_time",
        }
        found = {names.get(name, name): value for name, value in initial.items()}
        return found or _empty(element)


def _empty(element: Json) -> Json:
    kind = element["type"]
    field = SELECTED.get(kind, "value")
    return {field: [] if field == "selected_options" else None}
