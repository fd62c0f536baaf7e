"""What goes out: an effect says *what* is to happen, never how a channel does it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from bot.chat.events import File, Message, Quoted
from bot.text.nodes import Block, Document, Paragraph, Quote, Text
from bot.text.styles import document


class Button(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A choice one can press. `token` (ASCII, at most 64 bytes) comes back in a `Tap`.

    One with a `menu` offers these choices where a channel has menus. Anywhere else it is pressed itself or, where its
    token is "", left out.
    """

    token: str
    label: str
    menu: tuple[Button, ...] = ()


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
    """Words of one side for the other, under the name of whoever wrote them.

    `ref` names the copy by the message it is of, so that edits, deletes and reactions can follow it.
    """

    case: str
    document: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()
    by: str = ""
    ref: str = ""
    to: Literal["staff", "merchant"] = "staff"
    quoted: Quoted | None = None
    """The message that it replies to."""
    parts: tuple[str, ...] = ()
    """Files that are an album: the ids of the messages that they are of, where each has one of its own."""

    @property
    def names(self) -> tuple[str, ...]:
        """What its copies are called: its own name and, of several files or one of an album, those of each file."""
        if not self.parts:
            return (self.ref, *([self.ref] * len(self.files) if len(self.files) > 1 else ()))
        kind = self.ref.partition(":")[0]
        return (self.ref, *(f"{kind}:{each}" for each in self.parts))

    @property
    def origin(self) -> str:
        """The message of staff that it is a copy of, "" for what the merchant wrote."""
        kind, _, origin = self.ref.partition(":")
        return origin if f"{kind}:" in {REPLIED, ECHOED} else ""

    @property
    def words(self) -> Document:
        """What the other side reads; empty if there are only files."""
        return spoken(self.by, self.document) if self.document else ()

    @property
    def quoting(self) -> Document:
        """The same where a reply shows its message by a quotation."""
        return quoting(self.quoted, self.words)


def quoting(quoted: Quoted | None, words: Document) -> Document:
    """Words below what they reply to."""
    if quoted is None or not quoted.words or not words:
        return words
    return (Quote(((Text(quoted.words),),)), *words)


def spoken(by: str, document: Document) -> Document:
    """Words of a person as others read them: under their name, if there is one."""
    if not by:
        return document
    name = Text(f"{by}: ", bold=True)
    first = document[0] if document else None
    if isinstance(first, Paragraph):
        return (Paragraph((name, *first.children)), *document[1:])
    return (Paragraph((Text(f"{by}:", bold=True),)), *document)


EDITED: Final = "✎ "
"""What stands before the new words of an edited message, for whoever has its copy above."""


RELAYED: Final = "relay:"
REPLIED: Final = "reply:"
"""What the names of the copies of people's words begin with: of the merchant's, and of those of staff."""
ECHOED: Final = "echo:"
"""The same of what staff wrote at another place of theirs."""
ALTERED: Final = "edit:"
"""And what it is reported by that a copy of words of staff could not be changed."""
WAITING: Final = "hold:"
"""What the names of the texts begin with that say of a message of staff that it has not left."""
FAILED: Final = "failed:"
"""And of those that say that one has not arrived."""
DELETED: Final = "✗ "
"""What stands before words that their writer took back."""


def of_person(ref: str) -> bool:
    """Whether something of that name is a copy of what a person wrote."""
    return ref.startswith((RELAYED, REPLIED, ECHOED))


def passed_on(case: str, message: Message) -> Relay:
    """What the merchant wrote, for staff, without links; `bot.desk.names` says whose words they are."""
    styles = [each for each in message.styles if each.kind != "link"]
    return Relay(
        case,
        document(message.text, styles),
        message.files,
        ref=relayed(message.origin),
        quoted=message.quoted,
        parts=message.parts,
    )


def relayed(origin: str) -> str:
    """The name of the copies of the merchant's message with that id; "" if it has none."""
    return f"{RELAYED}{origin}" if origin else ""


def replied(origin: str) -> str:
    """The name of the copies of a message of staff."""
    return f"{REPLIED}{origin}"


def banner(case: str) -> str:
    """The name of the message that shows the merchant how their case stands."""
    return f"banner:{case}"


def echoed(origin: str) -> str:
    """The name of the copies of a message of staff at their other places."""
    return f"{ECHOED}{origin}"


def waiting(origin: str) -> str:
    """The name of the text that says that a message of staff waits; it is where that was written, and nowhere else."""
    return f"{WAITING}{origin}"


def failed(origin: str) -> str:
    """The name of the text that says that a message of staff has not arrived."""
    return f"{FAILED}{origin}"


def opened(case: str) -> str:
    """The name of the messages that open a case at the staff's place."""
    return f"case:{case}"


class Notice(msgspec.Struct, frozen=True, gc=False, tag="notice", omit_defaults=True):
    """A text of the bot's own for the staff of a case; `ref` names it for a later `Rewrite`."""

    case: str
    document: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    ref: str = ""


class Echo(msgspec.Struct, frozen=True, gc=False, tag="echo", omit_defaults=True):
    """What somebody of the staff wrote at one place of theirs, for the other ones: there is nowhere else it could go.

    It leaves as a `Relay` to staff, under the name of `echoed(origin)`. At one place alone there is none.
    """

    case: str
    origin: str
    document: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()
    by: str = ""
    quoted: Quoted | None = None
    parts: tuple[str, ...] = ()


class Rewrite(msgspec.Struct, frozen=True, gc=False, tag="rewrite", omit_defaults=True):
    """The message `ref` reads like this now; without a document it is taken away.

    It is at the staff's place of `case`, or, if that is "", at the merchant's. Where words of a person are several
    messages, it is about the one at `piece`; those behind the `last` one are taken away.
    """

    ref: str
    document: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    case: str = ""
    piece: int = 0
    last: bool = True
    quoted: Quoted | None = None
    """What the words reply to, as in `Relay`."""


class Card(msgspec.Struct, frozen=True, gc=False, tag="card", omit_defaults=True):
    """The case has changed: its card shows how it stands, when this is sent; at the merchant's, its banner does."""

    case: str
    to: Literal["staff", "merchant"] = "staff"
    first: bool = False
    """It opens the case at a place: what else is for that place comes below it."""


class Mark(msgspec.Struct, frozen=True, gc=False, tag="mark", omit_defaults=True):
    """What became of the message `origin` that a member of staff wrote: shown on it, where that can be.

    At the other places of staff it is shown on its copy there, which is called `ref`; `origin` is "" then.
    `to` the merchant: that the message which they wrote is with the staff.
    """

    case: str
    origin: str
    state: Literal["note", "queued", "sent", "refused", "uncertain", "undone"]
    waited: bool = False
    """That it was shown as queued before."""
    again: bool = False
    """That it was shown as refused or uncertain before."""
    to: Literal["staff", "merchant"] = "staff"
    ref: str = ""


class Remove(msgspec.Struct, frozen=True, gc=False, tag="remove", omit_defaults=True):
    """The message `origin` that the merchant wrote is taken away at their place, because there was a secret in it."""

    origin: str


class Entrust(msgspec.Struct, frozen=True, gc=False, tag="entrust", omit_defaults=True):
    """The way to what a drop holds, for `person` (an id) alone; it is made when this is sent, and kept nowhere.

    `at` is the channel by which they asked, where staff are on several.
    """

    case: str
    drop: str
    person: str
    at: str = ""


class React(msgspec.Struct, frozen=True, gc=False, tag="react", omit_defaults=True):
    """A reaction of staff to the message `origin` that the merchant wrote; without an emoji it is taken back.

    `former` is the one that is taken back then. `ref` is what its outcome is reported by.
    """

    case: str
    origin: str
    emoji: str = ""
    former: str = ""
    ref: str = ""


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


class Overview(msgspec.Struct, frozen=True, gc=False, tag="overview", omit_defaults=True):
    """Something the merchant asked to see of what is kept about them; it is made when it is sent.

    `cases`: theirs, and how to go on with each; `data`: what is kept, why and how long; `file`: all of it, to keep;
    `forgotten`: what is removed now, and what remains elsewhere.
    """

    of: Literal["cases", "data", "file", "forgotten"]


class Join(msgspec.Struct, frozen=True, gc=False, tag="join", omit_defaults=True):
    """`case` is a duplicate of `into`, says `by`: if that can be, both are told of it; "" asks what it can be."""

    case: str
    into: str
    by: str = ""


class Forget(msgspec.Struct, frozen=True, gc=False, tag="forget", omit_defaults=True):
    """Everything of the merchant is to be removed, wherever they talked by this channel.

    `sure`: all of their conversations know; what is still to be said there leaves before.
    """

    sure: bool = False


Effect = (
    Say
    | Ask
    | Edit
    | OpenCase
    | Relay
    | Notice
    | Echo
    | Rewrite
    | Card
    | Mark
    | Remove
    | React
    | Entrust
    | Schedule
    | Unschedule
    | Perform
    | Overview
    | Join
    | Forget
)
