"""The reference part of `docs/flows.md`, made from the model's docstrings and the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.flow import model
from bot.flow.schema import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

_ORDER: Final = (
    *("Flow", "Trigger", "Slot", "Say", "Collect", "Choice", "Rejection", "Timeout", "Form", "Question", "Rule"),
    *("Decline", "Set", "Call", "Goto", "Action", "Handoff", "Case", "End", "Branch", "Else", "Lint", "Migration"),
)
_TITLES: Final = {
    "Flow": "A flow",
    "Trigger": "A trigger",
    "Slot": "A slot",
    "Choice": "A choice",
    "Rejection": "A rejection",
    "Timeout": "A timeout",
    "Question": "A field of a form",
    "Decline": "The other button of a rule",
    "Case": "A case",
    "Branch": "An arm of `next`",
    "Else": "The last arm of `next`",
    "Lint": "`lint`",
    "Migration": "A migration",
}
_EVERY_STEP: Final = ("id", "when", "next", "lint")
"""Keys of every step, told once."""

_ID: Final = "^[a-z][a-z0-9_]*$"


def reference() -> str:
    """Every mapping of the language with its keys, as Markdown."""
    made = schema()
    definitions: dict[str, Any] = {**made["$defs"], "Flow": made}
    return "\n".join([_steps(definitions), *(_part(name, definitions[name]) for name in _ORDER)])


def missing() -> set[str]:
    """Definitions of the schema that the reference forgets."""
    return {*schema()["$defs"]} - {*_ORDER}


def _title(name: str) -> str:
    steps = {kind.__name__: key for key, kind in model.KINDS.items()}
    return f"Step: `{steps[name]}`" if name in steps else _TITLES[name]


def _anchor(name: str) -> str:
    kept = "".join(each for each in _title(name).lower() if each.isalnum() or each in " -_")
    return kept.replace(" ", "-")


def _steps(definitions: Mapping[str, Any]) -> str:
    say = definitions["Say"]
    return _table("### Every step", "What every step may have, beside its own keys.", say, only=_EVERY_STEP)


def _part(name: str, definition: Mapping[str, Any]) -> str:
    is_step = name in {kind.__name__ for kind in model.KINDS.values()}
    leave = _EVERY_STEP if is_step else ()
    return _table(f"### {_title(name)}", definition.get("description", ""), definition, leave=leave)


def _table(
    heading: str, words: str, definition: Mapping[str, Any], *, only: tuple[str, ...] = (), leave: tuple[str, ...] = ()
) -> str:
    rows = [
        _row(key, value, required=key in definition.get("required", ()))
        for key, value in definition["properties"].items()
        if key not in leave and (not only or key in only)
    ]
    words = " ".join(words.split())
    return "\n".join([heading, "", words, "", "| key | value | meaning |", "| --- | --- | --- |", *rows, ""])


def _row(key: str, value: Mapping[str, Any], *, required: bool) -> str:
    name = f"**`{key}`**" if required else f"`{key}`"
    return f"| {name} | {_shape(value)} | {value.get('description', '')} |"


def _shape(value: Mapping[str, Any]) -> str:
    """What may stand behind a key, in words."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{_title(name).removeprefix('Step: ')}](#{_anchor(name)})"
    if "enum" in value or "const" in value:
        return ", ".join(f"`{each}`" for each in value.get("enum", [value.get("const")]))
    if choices := value.get("anyOf") or value.get("oneOf"):
        shapes = dict.fromkeys(_shape(each) for each in choices if each.get("type") != "null")
        return "a step" if len(shapes) == len(model.KINDS) else " or ".join(shapes)
    return _typed(value)


def _typed(value: Mapping[str, Any]) -> str:
    match value.get("type"):
        case "array":
            return f"a list of: {_shape(value['items'])}"
        case "object":
            inside = next(iter(value.get("patternProperties", {}).values()), None) or value.get("additionalProperties")
            return f"by name: {_shape(inside)}" if isinstance(inside, dict) else "by name"
        case "boolean":
            return "`true` or `false`"
        case "integer" | "number":
            return "a number"
        case "string":
            pattern = value.get("pattern", "")
            return "an id" if pattern == _ID else "a duration" if pattern else "a text"
        case list() as several:
            return {"boolean": "a condition", "number": "a text"}.get(several[-1], "a value")
    return "a value"


START: Final = "<!-- reference -->\n"
END: Final = "<!-- end of reference -->\n"
