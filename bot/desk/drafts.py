"""A reply before it is sent: whether somebody may send one now, and what a macro says to the merchant and to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import spoken
from bot.desk.permissions import require
from bot.desk.work import Denied, worded

if TYPE_CHECKING:
    from bot.chat.people import Person
    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.desk.work import Merchant
    from bot.flow.library import Library
    from bot.text.nodes import Document


class Draft:
    """What may be written to the merchant of `case` by `person`, as the case stands."""

    def __init__(self, library: Library, office: Office, case: Case, merchant: Merchant, person: Person) -> None:
        """`person` as their channel introduces them; the office knows who they are."""
        self._library = library
        self._office = office
        self._case = case
        self._merchant = merchant
        self._person = office.known(person)

    @property
    def macros(self) -> list[tuple[str, str]]:
        """The name and the title of each macro."""
        return [(name, each.title) for name, each in self._office.macros.items()]

    @property
    def refusal(self) -> Document:
        """Why they cannot write to the merchant now; empty if they can."""
        if self._case.status == "closed":
            return worded(self._library, "desk_closed", self._office.locale, self._case.id, {})
        try:
            require("reply", self._case, self._person)
        except Denied as denied:
            return worded(self._library, denied.wording, self._office.locale, self._case.id, denied.values)
        return ()

    def preview(self, name: str) -> list[tuple[str, Document]]:
        """What a macro says, with the language: as it leaves for the merchant, and if staff read another, in theirs.

        Empty if there is no such macro, or none in a language that serves the merchant.
        """
        theirs, ours = self._merchant.locale, self._office.locale
        first = self._said(name, theirs)
        if not first:
            return []
        second = self._said(name, ours)
        leaving = spoken(self._person.name or "–", first)
        return [(theirs, leaving), *([(ours, second)] if second and second != first else [])]

    def _said(self, name: str, locale: str) -> Document:
        macro = self._office.macros.get(name)
        if macro is None:
            return ()
        merchant, staff = self._merchant.name, self._person.name
        return macro.render(locale, merchant=merchant, staff=staff, case=self._case.id) or ()
