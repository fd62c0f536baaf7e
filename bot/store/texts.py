"""Text as every database keeps it."""

from __future__ import annotations

from hashlib import blake2b


def storable(text: str) -> str:
    """`text` with a mark in place of what cannot be kept: the character 0 and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def fingerprint(address: str, key: str) -> str:
    """What tells an event of a conversation without telling the conversation."""
    return blake2b(f"{address}\n{key}".encode("utf-8", "replace"), digest_size=16).hexdigest()
