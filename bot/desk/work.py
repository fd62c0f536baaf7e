"""A desk's turn while it is made: the case that changes, and what goes out and into the log because of it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.chat.effects import Button, Card, Mark, Notice, Rewrite, Say, Schedule, Unschedule
from bot.chat.people import User
from bot.desk.case import copy
from bot.flow.expressions import Scope
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Literal

    from bot.chat.effects import Effect
    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.desk.targets import Pace
    from bot.flow.library import Library
    from bot.text.nodes import Document

MARK: Final = "desk"
"""What the tokens of the desk's buttons and the names of its timers begin with."""


class Denied(Exception):  # noqa: N818  (an answer to whoever asks, not a defect)
    """It is not done; `wording` names the text that says why, `values` fill its places."""

    def __init__(self, wording: str, **values: str) -> None:
        """Remember them."""
        super().__init__(wording)
        self.wording = wording
        self.values = values


class Merchant(msgspec.Struct, frozen=True, gc=False):
    """Whom the case is about."""

    name: str
    locale: str
    user: User = User("")
    channel: str = ""
    """The name of the channel they write by."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line for the log."""

    kind: str
    data: dict[str, Any]


class Work:
    """The turn. `control` is who has the conversation after it, `back` the question the bot goes on with.

    `copied`: the card is wanted as text to copy, which takes what the flow knows.
    """

    def __init__(
        self,
        library: Library,
        office: Office,
        case: Case,
        merchant: Merchant,
        now: datetime,
        new_drop: Callable[[], str],
    ) -> None:
        """`office` says who works at the desk, what is promised and in which language; `new_drop` as in `act`."""
        self.library = library
        self.office = office
        self.locale = office.locale
        self.case = copy(case)
        self.merchant = merchant
        self.now = now
        self.new_drop = new_drop
        self.effects: list[Effect] = []
        self.log: list[Line] = []
        self.control: Literal["", "staff", "bot"] = ""
        self.back: str | None = None
        self.ended = False
        self.copied = False

    def record(self, kind: str, **data: Any) -> None:
        """Write a line into the log."""
        self.log.append(Line(kind, {"case": self.case.id, **data}))

    def changed(self) -> None:
        """The card shows something that is no longer so."""
        if not any(type(each) is Card for each in self.effects):
            self.effects.append(Card(self.case.id))

    @property
    def pace(self) -> Pace:
        """By what the case is measured now."""
        return self.office.pace(self.case.queue, self.case.priority)

    # --- words ----------------------------------------------------------------------------------------------------

    def tell(self, wording: str, *buttons: Button, ref: str = "", **values: str) -> None:
        """A text for the staff of the case."""
        self.effects.append(Notice(self.case.id, self.text(wording, self.locale, values), buttons, ref))

    def retell(self, ref: str, wording: str = "", *buttons: Button, **values: str) -> None:
        """What an earlier text for staff says now; without a wording it goes away."""
        document = self.text(wording, self.locale, values) if wording else ()
        self.effects.append(Rewrite(ref, document, buttons, self.case.id))

    def say(self, wording: str, *buttons: Button, **values: str) -> Document:
        """A text for the merchant, in their language; what it says."""
        document = self.text(wording, self.merchant.locale, values)
        self.effects.append(Say(document, buttons))
        return document

    def text(self, wording: str, locale: str, values: dict[str, str]) -> Document:
        """A wording of the desk with its places filled."""
        return worded(self.library, wording, locale, self.case.id, values)

    def button(self, verb: str, wording: str, argument: str = "", *, merchant: bool = False) -> Button:
        """A button for staff, or for the merchant."""
        label = self.library.word(wording, self.merchant.locale if merchant else self.locale)
        return Button(token(verb, argument), label)

    # --- marks and times ------------------------------------------------------------------------------------------

    def mark(
        self,
        origin: str,
        state: Literal["note", "queued", "sent", "refused", "uncertain", "undone"],
        *,
        waited: bool = False,
        again: bool = False,
    ) -> None:
        """Show on a message of staff what became of it; `waited`: as queued until now, `again`: as not arrived."""
        self.effects.append(Mark(self.case.id, origin, state, waited, again))

    def wake_at(self, due: datetime, name: str, argument: str = "") -> None:
        """Have the timer come due then; it replaces an earlier one of the same name and argument."""
        self.effects.append(Schedule(token(name, argument), due))

    def forget(self, name: str, argument: str = "") -> None:
        """Forget a timer."""
        self.effects.append(Unschedule(token(name, argument)))


def worded(library: Library, wording: str, locale: str, case: str, values: dict[str, str]) -> Document:
    """A wording of the desk with its places filled."""
    found = library.wording(library.named(wording), locale)
    return found.render(Scope({"case": {"id": case}, "pattern": values}))


def token(verb: str, argument: str = "") -> str:
    """The token of a button of the desk, or the name of one of its timers."""
    return ":".join(filter(None, (MARK, verb, argument)))


def read(token: str) -> tuple[str, str] | None:
    """The verb and the argument of a token; None for one that is not the desk's."""
    mark, _, rest = token.partition(":")
    verb, _, argument = rest.partition(":")
    return (verb, argument) if mark == MARK and verb else None


def fingerprint(document: Sequence[Any]) -> str:
    """Sixteen hexadecimal digits that tell a wording as it was shown."""
    return blake2b(plain(tuple(document)).encode(), digest_size=8).hexdigest()
