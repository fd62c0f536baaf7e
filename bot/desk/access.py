"""Access to the merchant's shop: asked for, approved where it is live, used, and gone again before a case closes.

Rules of the seed: work on staging; live access only when a specialist, and not whoever asks, has approved it, and after
a backup; the temporary account is deleted afterwards, and reminders go on until the merchant says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.desk import boxes
from bot.desk.boxes import hours
from bot.desk.case import Access, Agreed, Approval
from bot.desk.work import Denied, fingerprint
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.chat.events import Command
    from bot.desk.work import Work

NEXT: Final = {
    "requested": ("none", "removed_confirmed", "expired"),
    "provided": ("requested",),
    "in_use": ("provided",),
    "removal_requested": ("requested", "provided", "in_use", "expired", "removal_requested"),
    "removed_confirmed": ("removal_requested",),
}
"""The states that each may follow."""


def change(work: Work, command: Command) -> None:
    """`to`: the state; for `requested` also `environment`. Raises Denied for what may not be."""
    wanted = command.arguments.get("to", "")
    present = work.case.access
    if wanted not in NEXT:
        raise Denied("desk_what_access", known=", ".join(NEXT))
    if present.state not in NEXT[wanted]:
        raise Denied("desk_access_not_now", state=present.state)
    match wanted:
        case "requested":
            _request(work, command)
        case "provided":
            require_approval(work)
            _set(work, state="provided")
            work.tell("desk_access_provided", name=command.person.name)
        case "in_use":
            require_approval(work)
            boxes.needed(work)
            _set(work, state="in_use")
            work.tell("desk_access_in_use", name=command.person.name)
        case "removal_requested":
            ask_removal(work)
        case "removed_confirmed":
            _confirm(work, command.person.id)


def _request(work: Work, command: Command) -> None:
    environment = command.arguments.get("environment", "staging")
    if environment == "staging":
        work.case.access = Access("requested", "staging", command.person.id)
        work.say("desk_access_staging")
        work.tell("desk_access_asked", name=command.person.name)
    elif environment == "production":
        work.case.access = Access("requested", "production", command.person.id)
        work.say("desk_ask_backup", work.button("backup", "desk_backup_done", merchant=True))
        buttons = work.button("approve", "desk_approve"), work.button("deny", "desk_deny")
        work.tell("desk_approval_wanted", *buttons, name=command.person.name)
    else:
        raise Denied("desk_what_environment")
    work.changed()


def backup(work: Work, command: Command) -> None:
    """Someone at the desk has it from the merchant that there is a backup."""
    confirm_backup(work, command.person.id)


def confirm_backup(work: Work, by: str) -> None:
    """There is a backup of the live shop; `by` is `merchant` or a person's id."""
    if work.case.access.state != "requested" or work.case.access.environment != "production":
        raise Denied("desk_no_live_access_asked")
    _set(work, backup_by=by)
    work.record("backup_confirmed", by=by)
    work.tell("desk_backup_confirmed")


def approve(work: Work, command: Command) -> None:
    """A specialist allows live access; never the one who asked, never without a backup."""
    present = work.case.access
    if present.state != "requested" or present.environment != "production":
        raise Denied("desk_no_live_access_asked")
    if present.requested_by == command.person.id:
        raise Denied("desk_two_persons")
    if not present.backup_by:
        raise Denied("desk_backup_first")
    until = work.now + work.office.approval
    said = work.say("desk_access_production")
    agreed = Agreed(work.now, work.merchant.locale, fingerprint(said), plain(said))
    _set(work, approval=Approval(command.person.id, work.now, until), liability=agreed)
    work.wake_at(until, "grant")
    work.record("access_approved", by=command.person.id, until=until, wording=agreed.wording)
    work.tell("desk_approved", name=command.person.name, hours=hours(work.office.approval))


def deny(work: Work, command: Command) -> None:
    """A specialist does not allow it."""
    present = work.case.access
    if present.state != "requested" or present.environment != "production":
        raise Denied("desk_no_live_access_asked")
    work.case.access = Access()
    work.record("access_denied", by=command.person.id)
    work.tell("desk_access_denied", name=command.person.name, reason=command.arguments.get("reason", "") or "–")
    work.changed()


def revoke(work: Work, command: Command) -> None:
    """A specialist takes an approval back; what was given is to be removed."""
    if work.case.access.approval is None:
        raise Denied("desk_no_live_access_asked")
    _set(work, approval=None)
    work.record("access_revoked", by=command.person.id)
    if work.case.access.state in {"provided", "in_use"}:
        ask_removal(work)
    else:
        _set(work, state="expired")
    work.tell("desk_revoked", name=command.person.name)


def grant_passed(work: Work) -> None:
    """The time of an approval is over."""
    present = work.case.access
    if present.environment != "production" or present.approval is None or work.now < present.approval.until:
        return
    work.record("access_expired")
    if present.state in {"provided", "in_use"}:
        ask_removal(work)
    elif present.state == "requested":
        _set(work, state="expired")
    work.tell("desk_grant_over")


def ask_removal(work: Work) -> None:
    """Ask the merchant to delete the temporary account, and again until they say that it is gone."""
    present = work.case.access
    _set(work, state="removal_requested", reminders=present.reminders + 1)
    work.say("desk_remove_account", work.button("removed", "desk_removed", merchant=True))
    again = work.office.removal.following(work.pace.calendar, work.now, present.reminders)
    if again is not None:
        work.wake_at(again, "removal")


def remind(work: Work) -> None:
    """The account may still be there."""
    if work.case.access.state == "removal_requested":
        ask_removal(work)


def confirm_removed(work: Work) -> None:
    """The merchant says that the account is deleted."""
    if work.case.access.state == "removal_requested":
        _confirm(work, "merchant")
        work.say("desk_thanks_removed")


def _confirm(work: Work, by: str) -> None:
    _set(work, state="removed_confirmed")
    work.forget("removal")
    work.record("removal_confirmed", by=by)
    work.tell("desk_account_gone")


def require_approval(work: Work) -> None:
    """Raise Denied if the access is to a live environment and no approval holds."""
    present = work.case.access
    if present.environment == "production" and (present.approval is None or present.approval.until <= work.now):
        raise Denied("desk_approval_first")


def _set(work: Work, **fields: object) -> None:
    work.case.access = msgspec.structs.replace(work.case.access, **fields)
    work.changed()
