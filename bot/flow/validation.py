"""What a model refuses, as problems at the places of the file it came from.

Pydantic names a place by its `loc`, which holds more than the way through the data: the tag of a union's member, the
name of a validator. `bot.flow.locations` finds the way again by following the model's own annotations.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.flow.locations import Location, known_keys, locate
from bot.flow.problems import Problem, closest, quoted, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails, ValidationError

    from bot.flow.keys import Model
    from bot.flow.reader import Path, Tree

_WANTED: Final = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "`true` or `false`",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "dict": "a mapping (`key: value`)",
    "mapping": "a mapping (`key: value`)",
    "model": "a mapping (`key: value`)",
    "none": "left empty",
}
"""First word of pydantic's code for a wrong type (`int_parsing`, `dict_type`), in plain words."""

_WRONG_TYPE: Final = re.compile(rf"({'|'.join(_WANTED)})_(?:type|parsing|from_float|attributes_type|required|sub_type)")
_FOUND: Final = {
    bool: "`true` or `false`",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a mapping",
}
_TIGHT: Final = re.compile(r"-\S|[A-Za-z_]\w*:[^\s/]")
"""`-item` or `key:value`: a list or mapping that became a text because a space is missing."""

_ID: Final = r"^[a-z][a-z0-9_]*$"
_REASONS: Final = {
    "string_too_short": "{name} must have at least {min_length} characters",
    "string_too_long": "{name} must have at most {max_length} characters",
    "too_short": "{name} must hold at least {min_length}",
    "too_long": "{name} must hold at most {max_length}",
    "greater_than_equal": "{name} must be at least {ge}",
    "less_than_equal": "{name} must be at most {le}",
}
_MANY: Final = 30
"""Keys that a hint lists at most."""


class Refusal(NamedTuple):
    """One of pydantic's errors and where it is in the data."""

    error: ErrorDetails
    place: Location

    @property
    def wanted(self) -> str:
        """What should have been there instead, if the type is wrong."""
        found = _WRONG_TYPE.fullmatch(self.error["type"])
        return _WANTED[found[1]] if found else ""

    @property
    def meant(self) -> str | None:
        """The key that a misspelt one most likely stands for, if there is one and it is not there as well."""
        if self.error["type"] != "extra_forbidden":
            return None
        return closest(str(self.place.path[-1]), known_keys(self.place.model))

    @property
    def misspelt(self) -> tuple[str, str] | None:
        """The key of a union's member that cannot be told, and the name that it most likely stands for."""
        place, value = self.place, self.error["input"]
        if not place.tags or not isinstance(value, dict) or any(key in place.tags for key in value):
            return None
        for key in value:
            if (name := closest(str(key), place.tags)) is not None:
                return key, name
        return None


def problems_of(error: ValidationError, tree: Tree, model: type[Model]) -> list[Problem]:
    """Everything that is wrong with `tree.data` as that model, as a problem at its place.

    Codes: `unknown-key`, `missing-key`, `wrong-type`, `bad-value`; a PydanticCustomError whose type has a hyphen keeps
    its type as the code and its message, and a `hint` in its context becomes the hint.
    """
    return told(refusals(error, tree.data, model), tree)


def refusals(error: ValidationError, data: Any, model: type[Model], most: int | None = None) -> list[Refusal]:
    """What is wrong with `data` as that model, located; a key that was merely misspelt is not missing as well.

    There are as many as `most` at most, the first ones.
    """
    found = [
        Refusal(each, locate(model, each["loc"], data))
        for each in error.errors(include_url=False)[:most]
        if not _follows(each)
    ]
    meant = {(*each.place.path[:-1], name) for each in found if (name := each.meant) is not None}
    return [each for each in found if each.error["type"] != "missing" or each.place.path not in meant]


def told(refusals: Sequence[Refusal], tree: Tree) -> list[Problem]:
    """The problems that refusals are, each at its place of the file."""
    problems: list[Problem] = []
    for union, together in groupby(refusals, key=lambda each: each.place.union):
        group = list(together)
        if union is None:
            problems += [_problem(each, tree) for each in group]
        else:
            problems += _closest(union, group, tree)
    return problems


def _follows(error: ErrorDetails) -> bool:
    """Whether a list only counts as too short because its items were refused, each with an error of its own."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _closest(union: Path, group: Sequence[Refusal], tree: Tree) -> list[Problem]:
    """Each member of a union without tags refuses on its own; told is what the member says that understood most."""
    deepest = max(len(each.place.path) for each in group)
    group = [each for each in group if len(each.place.path) == deepest]
    if deepest == len(union) and all(each.wanted for each in group):
        wanted = " or ".join(dict.fromkeys(each.wanted for each in group))
        return [_wrong_type(group[0], tree, wanted)]
    return [_problem(each, tree) for each in group]


def _problem(refusal: Refusal, tree: Tree) -> Problem:
    error, place = refusal
    code, context = error["type"], error.get("ctx", {})
    hint = str(context.get("hint", ""))
    if code == "extra_forbidden":
        return _unknown_key(place, tree, error["input"])
    if code == "missing":
        owner, key = place.path[:-1], str(place.path[-1])
        return tree.problem("missing-key", owner, f"{quoted(key)} is missing: {place.owner} needs it", hint)
    if refusal.wanted:
        return _wrong_type(refusal, tree, refusal.wanted)
    if "-" in code:
        return _own(refusal, tree, hint)
    name, value = _name(place.path), error["input"]
    if code in {"literal_error", "enum"}:
        message = f"{quoted(value)} is not possible for {name}: use {context['expected']}"
        hint = suggest(str(value), re.findall(r"'([^']*)'", str(context["expected"])))
    elif code == "string_pattern_mismatch" and context["pattern"] == _ID:
        message = f"{quoted(value)} is no id: an id starts with a letter and has lower-case letters, digits and `_`"
        slug = slugged(value)
        hint = f"write {quoted(slug)}" if slug else ""
    elif code in _REASONS:
        message = _REASONS[code].format(name=name, **context)
    elif code in {"value_error", "assertion_error"}:
        message = error["msg"].partition(", ")[2]
    else:
        message = f"{name}: {error['msg'][0].lower()}{error['msg'][1:]}"
    return tree.problem("bad-value", place.path, message, hint, key=place.key)


def slugged(word: str) -> str:
    """The id that is most like a word; empty if none is."""
    slug = re.sub("[^a-z0-9]+", "_", word.lower()).strip("_")
    return slug if re.match(_ID, slug) else ""


def _own(refusal: Refusal, tree: Tree, hint: str) -> Problem:
    """An error of our own validators; where a union's member could not be told, the key meant to name it is sought."""
    error, place = refusal
    value = error["input"]
    if place.tags and not isinstance(value, dict):
        return _wrong_type(refusal, tree, _WANTED["mapping"])
    if place.tags and not hint:
        present = [key for key in value if key in place.tags]
        if len(present) > 1:
            hint = f"this one has {' and '.join(present)}"
        if (misspelt := refusal.misspelt) is not None:
            key, name = misspelt
            message = f"{quoted(key)} is not known here: {error['msg']}"
            return tree.problem(error["type"], (*place.path, key), message, f"did you mean {quoted(name)}?", key=True)
    return tree.problem(error["type"], place.path, error["msg"], hint, key=place.key)


def _unknown_key(place: Location, tree: Tree, value: Any) -> Problem:
    key = str(place.path[-1])
    known = known_keys(place.model)
    if key.startswith("-"):
        hint = "put a space after the dash"
    elif not (hint := suggest(key, known)) and len(known) <= _MANY:
        hint = f"it can have {', '.join(known)}"
        if value is None:  # of `{say: Well, thank you}`, YAML makes a key `thank you`
            hint = f"if it belongs to a text, put that in quotes, for in {{ }} a comma ends it; otherwise {hint}"
    return tree.problem("unknown-key", place.path, f"{quoted(key)} is no key of {place.owner}", hint, key=True)


def _wrong_type(refusal: Refusal, tree: Tree, wanted: str) -> Problem:
    value, place = refusal.error["input"], refusal.place
    name = _name(place.path)
    if value is None:
        message = f"{name} is empty; it must be {wanted}"
    elif isinstance(value, float) and wanted == _WANTED["int"]:
        message = f"{name} must be {wanted}, not a fraction"
    else:
        message = f"{name} must be {wanted}, not {_FOUND.get(type(value), 'this')}"
    return tree.problem("wrong-type", place.path, message, _mend(value, wanted), key=place.key)


def _mend(value: Any, wanted: str) -> str:
    if wanted == _WANTED["string"]:
        return "put it in quotes" if isinstance(value, (bool, int, float)) else ""
    if isinstance(value, str):
        if wanted in {_WANTED["int"], _WANTED["float"]}:
            return "write it without quotes" if re.fullmatch(r"[-+]?[0-9.]+", value) else ""
        if wanted in {_WANTED["list"], _WANTED["dict"]} and _TIGHT.match(value):
            return f"put a space after the {'dash' if value.startswith('-') else 'colon'}"
    return "start each item with `- `" if wanted == _WANTED["list"] and value is not None else ""


def _name(path: Path) -> str:
    """What a message calls a value: its key, or its number in the list that has one."""
    key = quoted(next((part for part in reversed(path) if isinstance(part, str)), "document"))
    return f"item {path[-1] + 1} of {key}" if path and isinstance(path[-1], int) else key
