"""JSON Schemas of the platforms, where their folder lies beside the checkout: structure, not lengths."""

from __future__ import annotations

import json
from functools import cached_property
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


class Schema:
    """The definitions of one schema file."""

    def __init__(self, name: str) -> None:
        """`name` is a file of `specs/json-schema`; without the folder nothing is ever wrong."""
        folder = specs()
        self._path = None if folder is None else folder / "json-schema" / name
        self._validators: dict[str, Draft7Validator] = {}

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole schema; without definitions where there is no file."""
        if self._path is None:
            return {"definitions": {}}
        document: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
        return document

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


def _telling(errors: list[ValidationError]) -> ValidationError:
    """The one nearest to the top; of what fits none of several, the one that is furthest down in what nearly fits."""
    error = min(errors, key=lambda each: len(each.instance_path))
    if isinstance(error.kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
        branches = [_telling(each) for each in error.kind.context if each]
        return max(branches, key=lambda each: len(each.instance_path), default=error)
    return error
