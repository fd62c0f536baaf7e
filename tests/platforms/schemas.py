"""What the platforms publish, where its folder lies beside the checkout; their JSON Schemas: structure, not lengths."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft7Validator, ValidationErrorKind

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT.parent / "shared" / "specs", ROOT.parents[1] / "shared" / "specs")
"""Beside the checkout, or beside the folder that holds several checkouts."""


def specs() -> Path | None:
    """The folder with the platforms' schemas and limits; None where the checkout has none beside it."""
    return next((folder for folder in FOLDERS if folder.is_dir()), None)


@cache
def published(name: str) -> dict[str, Any]:
    """A file of that folder, read once for all tests; empty without the folder."""
    folder = specs()
    found: dict[str, Any] = {} if folder is None else json.loads((folder / name).read_text("utf-8"))
    return found


class Schema:
    """The definitions of one schema file."""

    def __init__(self, name: str) -> None:
        """`name` is a file of `specs/json-schema`; without the folder nothing is ever wrong."""
        self.document = {"definitions": {}, **published(f"json-schema/{name}")}
        self._validators: dict[str, Draft7Validator] = {}

    def fault(self, definition: str, value: Any) -> str | None:
        """Where and how `value` is not a `definition` of this schema; None when it is, or there is no such schema."""
        if definition not in self.document["definitions"]:
            return None
        if definition not in self._validators:
            self._validators[definition] = Draft7Validator({**self.document, "$ref": f"#/definitions/{definition}"})
        validator = self._validators[definition]
        if validator.is_valid(value):
            return None
        error = _telling(list(validator.iter_errors(value)))
        place = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in error.instance_path)
        return f"{definition}{place}: {error.message[:300]}"


@cache
def schema(name: str) -> Schema:
    """The schema of that file, read and compiled once for all tests."""
    return Schema(name)


def _telling(errors: list[ValidationError]) -> ValidationError:
    """The one nearest to the top; of what fits none of several, the one that is furthest down in what nearly fits."""
    error = min(errors, key=lambda each: len(each.instance_path))
    if isinstance(error.kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
        branches = [_telling(each) for each in error.kind.context if each]
        return max(branches, key=lambda each: len(each.instance_path), default=error)
    return error
