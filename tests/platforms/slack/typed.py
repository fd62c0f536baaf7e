"""What Slack makes of what somebody types: escaped text with marked-up links and mentions, and the rich text of it."""

from __future__ import annotations

import re

from tests.platforms.wire import Json

TOKENS = re.compile(r"<@(?P<user>[UW]\w+)>|<#(?P<channel>C\w+)>|(?P<link>https?://[^\s<>|]+[^\s<>|.,;:!?)])")
"""Mentions, which the app writes when somebody picks a name, and links, which Slack finds."""


def typed(text: str) -> tuple[str, list[Json]]:
    """The `text` of the message, and the elements of its rich text."""
    written, elements, end = "", list[Json](), 0
    for match in TOKENS.finditer(text):
        _add(elements, text[end : match.start()])
        written += escaped(text[end : match.start()])
        end = match.end()
        if match["link"]:
            written += f"<{escaped(match['link'])}>"
            elements.append({"type": "link", "url": match["link"]})
        else:
            written += match.group()
            kind = "user" if match["user"] else "channel"
            elements.append({"type": kind, f"{kind}_id": match[kind]})
    _add(elements, text[end:])
    return written + escaped(text[end:]), elements


def escaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _add(elements: list[Json], text: str) -> None:
    if text:
        elements.append({"type": "text", "text": text})
