"""Block Kit's limits, as data: one walk over blocks or a view, with the names of `slack-block-kit-limits`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.schemas import published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.platforms.wire import Json

FILE = "slack-block-kit-limits.spec-1.4.0.json"
NAMES = {
    "modal": "view",
    "home": "view",
    "plain_text": "text",
    "mrkdwn": "text",
    "datepicker": "date_picker",
    "timepicker": "time_picker",
    "email_text_input": "email_input",
    "url_text_input": "url_input",
}
"""What the limits call a `type`; every other type is called what it is, selects aside."""
UNTYPED = {"confirm": "confirmation", "options": "option", "option_groups": "option_group"}
"""What the limits call an object without a type, by the field that holds it."""
EVERYWHERE = ("action_id", "block_id")


class Limits:
    """The limits of the data file; none where it does not lie beside the checkout."""

    def faults(self, value: Any) -> Iterator[str]:
        """What is too long, too many or there twice in blocks, or in a view."""
        yield from self._walk(value, "", "")
        yield from twice(value if isinstance(value, list) else value.get("blocks", []))

    def _walk(self, value: Any, holder: str, place: str) -> Iterator[str]:
        if isinstance(value, list):
            for index, each in enumerate(value):
                yield from self._walk(each, holder, f"{place}[{index}]")
        elif isinstance(value, dict):
            for kind in _kinds(value, holder):
                yield from self._of(kind, value, place)
            for name, each in value.items():
                yield from self._walk(each, name, f"{place}.{name}")

    def _of(self, kind: str, value: Json, place: str) -> Iterator[str]:
        if kind == "text":
            yield from self._check("text", value.get("text", ""), place)
        for name, each in value.items():
            yield from self._check(f"{kind}.{name}", each, f"{place}.{name}")
            if name in EVERYWHERE:
                yield from self._check(name, each, f"{place}.{name}")
        for index, each in enumerate(value.get("fields", []) if kind == "section" else []):
            if len(each.get("text", "")) > published(FILE).get("section.fields.item_max_length", 2000):
                yield f"{place}.fields[{index}] is longer than section.fields.item_max_length"

    def _check(self, name: str, value: Any, place: str) -> Iterator[str]:
        measured = value.get("text") if isinstance(value, dict) else value
        if isinstance(measured, str):
            yield from self._compare(f"{name}.max_length", f"{name}.min_length", len(measured), place)
        elif isinstance(measured, list):
            yield from self._compare(f"{name}.max_items", f"{name}.min_items", len(measured), place)
        elif isinstance(measured, int) and not isinstance(measured, bool):
            yield from self._compare(f"{name}.max", f"{name}.min", measured, place)

    def _compare(self, most: str, least: str, size: int, place: str) -> Iterator[str]:
        if size > published(FILE).get(most, size):
            yield f"{place.lstrip('.')} is {size}, above {most} {published(FILE)[most]}"
        if size < published(FILE).get(least, size):
            yield f"{place.lstrip('.')} is {size}, below {least} {published(FILE)[least]}"


def twice(blocks: list[Json]) -> Iterator[str]:
    """Blocks of one message or view with the same id, elements of one block with the same action."""
    seen: set[str] = set()
    for block in blocks:
        number = block.get("block_id")
        if number in seen:
            yield f"block_id {number} is there twice"
        seen |= {number} if number else set()
        actions = [each["action_id"] for each in block.get("elements", []) if "action_id" in each]
        if len(set(actions)) < len(actions):
            yield f"an action_id is there twice in the block {number or block['type']}"


def _kinds(value: Json, holder: str) -> tuple[str, ...]:
    kind = value.get("type")
    if not isinstance(kind, str):
        return (UNTYPED[holder],) if holder in UNTYPED else ()
    if kind.endswith("_select"):
        return ("select", "multi_select") if kind.startswith("multi_") else ("select",)
    if kind == "image" and holder in {"elements", "accessory"}:
        return ("image_element",)
    return (NAMES.get(kind, kind),)
