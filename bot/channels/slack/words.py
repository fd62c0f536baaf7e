"""Slack's way of writing what people typed, turned back into what they typed.

`&`, `<` and `>` are escaped; mentions and links stand in angle brackets
(https://docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import html
import re
from typing import Final

_MARKED: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def typed(text: str, bot: str = "") -> str:
    """What was typed; mentions of the user with the id `bot` are left out."""
    return html.unescape(_MARKED.sub(lambda found: _shown(found[1], found[2] or "", bot), text)).strip()


def mentions(text: str) -> set[str]:
    """The ids of the users whom a text mentions."""
    return {found[1][1:] for found in _MARKED.finditer(text) if found[1].startswith("@")}


def _shown(target: str, label: str, bot: str) -> str:
    mark, rest = target[:1], target[1:]
    if mark == "@":
        return "" if rest == bot else f"@{label or rest}"
    if mark == "#":
        return f"#{label or rest}"
    if mark == "!":
        return label or f"@{rest.partition('^')[0]}"
    return "".join(labelled(label, target.removeprefix("mailto:")))


def labelled(label: str, address: str) -> tuple[str, str, str]:
    """A link as it is shown: what stands before its address, the address as people write it, and what stands behind."""
    if not label or label.rstrip("/") in {address.rstrip("/"), address.partition("://")[2].rstrip("/")}:
        return "", label or address, ""
    return f"{label} (", address, ")"
