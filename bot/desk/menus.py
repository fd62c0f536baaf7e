"""What the buttons under a card offer behind them: each a menu of commands that make sense as the case stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from bot.chat.effects import Button
from bot.desk.access import NEXT
from bot.desk.boxes import hours
from bot.desk.case import NO_CASE, Priority, Reason, Reproduction
from bot.desk.drops import OPEN
from bot.desk.work import token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timedelta

    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.flow.library import Library

_BOX: Final[Mapping[str, tuple[str, ...]]] = {
    "none": ("propose",),
    "proposed": ("propose",),
    "accepted": ("begin",),
    "running": ("pause", "end"),
    "paused": ("resume", "end"),
    "ended": ("propose",),
}
"""What can be done with a time-box, by its state."""
_ELSEWHERE: Final = NO_CASE | {"duplicate"}
"""Reasons that the menu of what is done seldom has."""
_RESULTS: Final = ("found", "not_found", "extended")


class Menus:
    """The menus of one case, in the language `locale` of the staff. A menu without a choice is None."""

    def __init__(self, library: Library, office: Office, case: Case, locale: str) -> None:
        """`office` has the macros, the queues and the usual lengths."""
        self._library = library
        self._office = office
        self._case = case
        self._locale = locale

    def word(self, name: str) -> str:
        """A wording of the desk."""
        return self._library.word(name, self._locale)

    def macros(self) -> Button | None:
        """Texts that are written already."""
        found = [Button(token("macro", name), each.title) for name, each in self._office.macros.items()]
        return self._menu("macro", "desk_macro", found)

    def access(self) -> Button | None:
        """The states of access that may follow; a specialist's decision about live access while one is due."""
        case, found = self._case, list[Button]()
        if case.access.state == "requested" and case.access.environment == "production":
            found += [Button(token(verb), self.word(f"desk_{verb}")) for verb in ("approve", "deny")]
        for state, before in NEXT.items():
            if case.access.state not in before:
                continue
            label = self.word(f"desk_is_{state}")
            if state == "requested":
                places = ("staging", "production")
                found += [Button(token("access", f"{state} {each}"), f"{label} · {each}") for each in places]
            else:
                found.append(Button(token("access", state), label))
        return self._menu("access", "desk_card_access", [*found, *self._drop()])

    def _drop(self) -> list[Button]:
        """The one-time form for an account: asking for it, opening it, taking it back."""
        case = self._case
        found = []
        if case.drop.state == "filled":
            found.append("open")
        elif self._office.drops and case.access.state == "requested":
            found.append("drop ask")
        if case.drop.state in OPEN:
            found.append("drop withdraw")
        return [Button(token(*each.split()), self.word(f"desk_{each.replace(' ', '_')}")) for each in found]

    def time_box(self) -> Button | None:
        """What can be done with the time-box now."""
        found: list[Button] = []
        for verb in _BOX[self._case.time_box.state]:
            label = self.word(f"desk_box_{verb}")
            if verb == "propose":
                found += self._lengths("timebox propose", label, self._office.time_boxes)
            elif verb == "end":
                labels = {each: f"{label} · {self.word(f'desk_box_{each}')}" for each in _RESULTS}
                found += [Button(token("timebox", f"end {each}"), shown) for each, shown in labels.items()]
            else:
                found.append(Button(token("timebox", verb), label))
        return self._menu("timebox", "desk_card_box", found)

    def transfer(self) -> Button | None:
        """The staff that the settings name, and the other queues."""
        others = {name: each.title or name for name, each in self._office.queues.items() if name != self._case.queue}
        present = self._case.assignee.id if self._case.assignee is not None else ""
        staff = {each.id: each.name for each in self._office.people.values() if each.id != present}
        found = [Button(token("assign", name), title) for name, title in (staff | others).items()]
        return self._menu("assign", "desk_assign", found)

    def solve(self) -> Button | None:
        """The reasons for which work on a case ends."""
        reasons = [
            Button(token("solve", each), self.word(f"desk_is_{each}"))
            for each in get_args(Reason)
            if each not in _ELSEWHERE
        ]
        return self._menu("solve", "desk_solve", reasons)

    def more(self, *, claimed: bool) -> Button | None:
        """What is done seldom; `claimed`: also what only whoever has the case may do."""
        case = self._case
        found = self._axis("priority", "desk_card_priority", get_args(Priority), case.priority)
        if claimed:
            findings = [each for each in get_args(Reproduction) if each != "unknown"]
            found += self._axis("reproduced", "desk_card_reproduction", findings, case.reproduction)
            if case.status == "on_hold":
                found.append(Button(token("reopen"), self.word("desk_reopen")))
            else:
                found.append(Button(token("hold"), self.word("desk_hold")))
            found += self._lengths("snooze", self.word("desk_snooze"), self._office.snooze)
        found.append(Button(token("merge"), self.word("desk_merge")))
        found += [Button(token("dismiss", each), self.word(f"desk_is_{each}")) for each in ("not_a_case", "spam")]
        found.append(Button(token("export"), self.word("desk_export")))
        return self._menu("", "desk_more", found)

    def _axis(self, verb: str, heading: str, values: Iterable[str], present: str) -> list[Button]:
        words = {each: self.word(f"desk_is_{each}") for each in values if each != present}
        return [Button(token(verb, each), f"{self.word(heading)}: {shown}") for each, shown in words.items()]

    def _lengths(self, command: str, label: str, lengths: Sequence[timedelta]) -> list[Button]:
        verb, _, rest = command.partition(" ")
        minutes = [(each, f"{round(each.total_seconds() / 60)}m") for each in lengths]
        return [Button(token(verb, f"{rest} {given}".strip()), f"{label} · {hours(each)}") for each, given in minutes]

    def _menu(self, verb: str, heading: str, choices: Sequence[Button]) -> Button | None:
        return Button(token(verb) if verb else "", self.word(heading), tuple(choices)) if choices else None
