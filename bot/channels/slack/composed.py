"""What people compose in Slack's editor: the `rich_text` block of their message, as a text and its styles.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. Mentions become what their names are in text: nobody
is mentioned by what is made of it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from bot.channels.slack.words import labelled, typed
from bot.text.styles import Kind, Writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.text.styles import Style

    Element = Mapping[str, Any]

_STYLES: Final[tuple[Kind, ...]] = ("bold", "italic", "strike", "code")
_NAMED: Final[Mapping[str, tuple[str, str]]] = {
    "user": ("@", "user_id"),
    "usergroup": ("@", "usergroup_id"),
    "team": ("@", "team_id"),
    "broadcast": ("@", "range"),
    "channel": ("#", "channel_id"),
    "color": ("", "value"),
}
"""What stands for somebody or something: its sign, and where its name is."""


def composed(message: Element, bot: str = "") -> tuple[str, tuple[Style, ...]]:
    """The words of a message and how they are written; mentions of the user with the id `bot` are left out.

    Messages of apps, whose blocks are others, have their words in `text` alone.
    """
    blocks: Sequence[Element] = message.get("blocks") or ()
    if len(blocks) != 1 or blocks[0].get("type") != "rich_text":
        return typed(str(message.get("text") or ""), bot), ()
    writing = Writing()
    before = ""
    for each in blocks[0]["elements"]:
        writing.newline()
        _block(writing, each, bot, before)
        before = each.get("type") or ""
    return writing.ended()


def _block(writing: Writing, element: Element, bot: str, before: str) -> None:
    kind = element.get("type")
    write = partial(_inlines, writing, element.get("elements") or (), bot)
    if kind == "rich_text_list":
        _list(writing, element, bot, within=bool(element.get("indent")) and before == kind)
    elif kind == "rich_text_preformatted":
        writing.block("pre", write)
    elif kind == "rich_text_quote":
        writing.block("quote", write)
    else:
        write()


def _list(writing: Writing, element: Element, bot: str, *, within: bool) -> None:
    """The items of a list; those of a list `within` the item before belong to that one."""
    number = int(element.get("offset") or 0)
    indent = "  " * int(element.get("indent") or 0)
    for position, item in enumerate(element.get("elements") or ()):
        if position:
            writing.newline()
        number += 1
        marker = f"{number}. " if element.get("style") == "ordered" else "- "

        def write(item: Element = item, marker: str = f"{indent if within else ''}{marker}") -> None:
            writing.add(marker)
            _inlines(writing, item.get("elements") or (), bot)

        if within:
            writing.more(write)
        else:
            writing.block("item", write)


def _inlines(writing: Writing, elements: Sequence[Element], bot: str) -> None:
    for each in elements:
        style = each.get("style") or {}
        kinds = tuple(kind for kind in _STYLES if style.get(kind))
        kind = str(each.get("type"))
        if kind == "link":
            _link(writing, each, kinds)
        elif kind in _NAMED:
            sign, name = _NAMED[kind]
            if kind != "user" or each.get(name) != bot:
                writing.add(f"{sign}{each.get(name) or '…'}", *kinds)
        elif kind == "emoji":
            writing.add(_emoji(each), *kinds)
        else:
            writing.add(str(each.get("text") or each.get("fallback") or ""), *kinds)


def _link(writing: Writing, element: Element, kinds: tuple[Kind, ...]) -> None:
    """A link whose words are not its address has both: nobody reads where it leads in its words."""
    url = str(element.get("url") or "").removeprefix("mailto:")
    before, address, after = labelled(str(element.get("text") or ""), url)
    writing.add(before, *kinds)
    writing.add(address, "link", *kinds)
    writing.add(after)


def _emoji(element: Element) -> str:
    """The characters of an emoji; the name of one that only the workspace has."""
    codes = str(element.get("unicode") or "")
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-") if code) or f":{element.get('name') or ''}:"
    except (ValueError, OverflowError):
        return f":{element.get('name') or ''}:"
