"""Who may do what with a case: one table, whichever way they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from bot.desk.work import Denied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.people import Person
    from bot.desk.case import Case

Need = Literal["anyone", "holder", "assignee", "specialist", "lead"]

NEEDS: Final[Mapping[str, Need]] = {
    "claim": "anyone",
    "who": "anyone",
    "export": "anyone",
    "note": "anyone",
    "priority": "anyone",
    "backup": "anyone",
    "assign": "anyone",
    "close": "assignee",
    "reply": "assignee",
    "send": "assignee",
    "keep": "assignee",
    "retry": "assignee",
    "undo": "assignee",
    "bot": "assignee",
    "solve": "assignee",
    "reopen": "anyone",
    "hold": "assignee",
    "snooze": "assignee",
    "access": "assignee",
    "approve": "specialist",
    "deny": "specialist",
    "revoke": "specialist",
    "drop": "assignee",
    "open": "assignee",
    "override": "lead",
    "dismiss": "holder",
    "merge": "holder",
    "reproduced": "assignee",
    "macro": "assignee",
    "timebox": "assignee",
}
"""Every command and who may give it. `assignee` is whoever has the case, or a lead; `holder` if anybody has."""


def require(name: str, case: Case, person: Person) -> None:
    """Raise Denied if `person` may not give the command `name`."""
    match NEEDS[name]:
        case "holder" if case.assignee is None:
            pass
        case "assignee" | "holder":
            if case.assignee is None and "lead" not in person.roles:
                raise Denied("desk_claim_first")
            if case.assignee is not None and case.assignee.id != person.id and "lead" not in person.roles:
                raise Denied("desk_not_yours", name=case.assignee.name)
        case "specialist":
            if "specialist" not in person.roles:
                raise Denied("desk_specialist_only")
        case "lead":
            if "lead" not in person.roles:
                raise Denied("desk_lead_only")
        case "anyone":
            pass
