"""People and the channels they write from, as the core knows them."""

from __future__ import annotations

import msgspec


class User(msgspec.Struct, frozen=True, omit_defaults=True):
    """The merchant of a conversation, as far as a channel knows them."""

    id: str
    first_name: str = ""


class Channel(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the core must know of the channel a conversation runs in.

    `forms`: several questions can be shown at once (a modal). `label_limit`: code points after which the channel
    shortens a button's label, 0 for never.
    """

    name: str
    forms: bool = False
    label_limit: int = 0


CONSOLE = Channel("console")
SLACK = Channel("slack", forms=True, label_limit=75)
TELEGRAM = Channel("telegram", label_limit=64)
