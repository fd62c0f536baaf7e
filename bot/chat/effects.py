"""What goes out: an effect says *what* is to happen, never how a channel does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bot.chat.events import File
from bot.text.nodes import Block


class Button(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A choice one can press. `token` (ASCII, at most 64 bytes) comes back in a `Tap`."""

    token: str
    label: str


class Field(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One question of a form. `type` is a slot type; `choices` are (id, label).

    `former` is what was entered before, as a `Submit` brings it, with commas between the ids of several choices.
    """

    slot: str
    type: str
    document: tuple[Block, ...]
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    former: str = ""


class Form(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Questions shown at once, with the wording of the modal's title and button."""

    title: str
    submit: str
    fields: tuple[Field, ...]
    errors: dict[str, str] = msgspec.field(default_factory=dict)
    """By slot: why its value was not taken, when the form comes back."""


class Say(msgspec.Struct, frozen=True, gc=False, tag="say", omit_defaults=True):
    """A text for the merchant. Its buttons, if any, do something on the side; no answer is awaited."""

    document: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()


class Ask(msgspec.Struct, frozen=True, gc=False, tag="ask", omit_defaults=True):
    """A question. `ref` names it for a later `Edit`; `expects` is the slot type, or `rule`.

    `form` is set where the channel can show several questions at once.
    """

    ref: str
    document: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    expects: str = "text"
    form: Form | None = None


class Edit(msgspec.Struct, frozen=True, gc=False, tag="edit", omit_defaults=True):
    """The question `ref` was answered: in place of its buttons stands `document`, which says what was chosen.

    The question's own text stays as it is. `buttons` may change the answer.
    """

    ref: str
    document: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()


class OpenCase(msgspec.Struct, frozen=True, gc=False, tag="open_case", omit_defaults=True):
    """A person is called. The card is made from the session, in the language of whoever reads it."""

    case: str
    session: str
    queue: str
    priority: str
    slots: tuple[str, ...] = ()


class Relay(msgspec.Struct, frozen=True, gc=False, tag="relay", omit_defaults=True):
    """Words of the merchant for the person in control of the case."""

    case: str
    text: str = ""
    files: tuple[File, ...] = ()


class Schedule(msgspec.Struct, frozen=True, gc=False, tag="schedule", omit_defaults=True):
    """Send `Due(timer)` at `due` (UTC); replaces an earlier schedule of the same timer."""

    timer: str
    due: datetime


class Unschedule(msgspec.Struct, frozen=True, gc=False, tag="unschedule", omit_defaults=True):
    """Forget the timer."""

    timer: str


class Perform(msgspec.Struct, frozen=True, gc=False, tag="perform", omit_defaults=True):
    """Run a registered hook once per `action` key, and report with `Performed`."""

    action: str
    name: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)


Effect = Say | Ask | Edit | OpenCase | Relay | Schedule | Unschedule | Perform
