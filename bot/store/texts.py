"""Text as every database keeps it."""

from __future__ import annotations


def storable(text: str) -> str:
    """`text` with a mark in place of what cannot be kept: the character 0 and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
