"""People and the channels they write from, as the core knows them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class User(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The merchant of a conversation, as far as a channel knows them."""

    id: str
    first_name: str = ""


class Person(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A member of staff: `id` is `channel:account:user` of where they wrote, or the one `desk.yaml` gives them.

    `roles` are what they may do beyond what everyone at the desk may, at the time of what they did.
    """

    id: str
    name: str = ""
    roles: tuple[str, ...] = ()


class Channel(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the core must know of the channel a conversation runs in.

    `forms`: several questions can be shown at once (a modal). `label_limit`: code points after which the channel
    shortens a button's label, 0 for never. `removes`: the bot can take away what the merchant wrote.
    """

    name: str
    forms: bool = False
    label_limit: int = 0
    removes: bool = False


class Limits(msgspec.Struct, frozen=True, gc=False):
    """What a channel takes at once; 0 for no limit. Not part of a session, because channels change their limits.

    `text`: a message, in UTF-16 code units if `utf16`, else in code points. `title`: code points of the heading and of
    the send button of a form. `command`: characters of a command's name.
    """

    text: int = 0
    utf16: bool = False
    title: int = 0
    command: int = 0


CONSOLE = Channel("console")
SLACK = Channel("slack", forms=True, label_limit=75)
TELEGRAM = Channel("telegram", label_limit=64, removes=True)

LIMITS: Final[Mapping[str, Limits]] = MappingProxyType(
    {
        CONSOLE.name: Limits(),
        SLACK.name: Limits(text=3000, title=24),  # a section's text; a modal's title and submit button
        TELEGRAM.name: Limits(text=4096, utf16=True, command=32),
    }
)
"""By name of the channel: the platforms' documented limits. A button's data never reaches one: tokens are short."""
