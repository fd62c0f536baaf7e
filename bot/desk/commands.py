"""What staff can do with a case, each one function, by the name that buttons, modals and typed commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from bot.chat.places import TYPED
from bot.desk import access, boxes, drops, endings, lanes, later
from bot.desk.case import Priority, Reproduction
from bot.desk.permissions import require
from bot.desk.work import Denied
from bot.text.styles import document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.chat.events import Command
    from bot.chat.people import Person
    from bot.desk.work import Work


def run(work: Work, command: Command) -> None:
    """Do what `command` asks for, or tell why not."""
    if command.cut:
        work.tell("cut_short")
    try:
        _allowed(work, command)(work, command)
    except Denied as denied:
        work.record("command_denied", command=command.name, person=command.person.id, reason=denied.wording)
        work.tell(denied.wording, **denied.values)
    else:
        work.record("command_done", command=command.name, person=command.person.id, arguments=command.arguments)


def _allowed(work: Work, command: Command) -> Callable[[Work, Command], None]:
    """What does it; raises Denied."""
    function = COMMANDS.get(command.name)
    if function is None:
        raise Denied("desk_unknown_command", name=command.name)
    require(command.name, work.case, command.person)
    if work.case.status == "closed" and command.name not in {"who", "note", "export"}:
        raise Denied("desk_closed")
    return function


def _claim(work: Work, command: Command) -> None:
    """Take the case; the first one has it."""
    case, person = work.case, command.person
    if case.assignee is not None:
        if case.assignee.id == person.id:
            raise Denied("desk_yours_already")
        raise _taken(work, case.assignee)
    case.assignee, case.claimed = person, work.now
    case.status = "open"
    work.control = "staff"
    work.tell("desk_claimed", name=person.name)
    work.say("desk_person_here", name=person.name)
    work.changed()


def _taken(work: Work, person: Person) -> Denied:
    """Somebody has the case already; since when is said by the clock of the desk."""
    since = work.case.claimed
    shown = f"{since.astimezone(work.pace.calendar.zone):%Y-%m-%d %H:%M %Z}" if since is not None else "–"
    return Denied("desk_taken", name=person.name, since=shown)


def _assign(work: Work, command: Command) -> None:
    """Hand the case to one of the staff, or to another queue; nobody has it then."""
    queue = command.arguments.get("to", "").strip()
    if not queue:
        raise Denied("desk_assign_to_whom")
    person = work.office.called(queue)
    if person is not None:
        _give(work, command, person)
        return
    work.case.queue = queue
    work.case.assignee = None
    work.case.status = "open" if work.case.status != "new" else "new"
    work.tell("desk_assigned", name=command.person.name, queue=queue)
    work.changed()


def _give(work: Work, command: Command, person: Person) -> None:
    """Somebody else has the case from now on; the merchant hears who, as with a claim."""
    case = work.case
    if case.assignee is not None and case.assignee.id == person.id:
        raise _taken(work, person)
    case.assignee, case.claimed = person, work.now
    case.status = "open"
    work.control = "staff"
    work.tell("desk_given", name=command.person.name, to=person.name)
    work.say("desk_person_here", name=person.name)
    work.changed()


def _who(work: Work, command: Command) -> None:  # noqa: ARG001  (as every command)
    """Say who has the case."""
    if work.case.assignee is None:
        work.tell("desk_nobody", work.button("claim", "desk_claim"))
    else:
        work.tell("desk_who", name=work.case.assignee.name)


def _export(work: Work, command: Command) -> None:  # noqa: ARG001  (as every command)
    """Show the case as text to copy into another system."""
    work.copied = True


def _note(work: Work, command: Command) -> None:
    """Take a note; it stays among staff."""
    text = command.arguments.get("text", "")
    if text:
        lanes.typed_note(work, command, text)
    work.record("note_taken", text=text)


def _reply(work: Work, command: Command) -> None:
    """Write to the merchant on purpose, at once."""
    text = command.arguments.get("text", "").strip()
    if not text:
        raise Denied("desk_nothing_to_send")
    if command.removed:
        raise Denied("desk_secret_not_sent")
    lanes.typed_reply(work, command, command.origin or TYPED + command.key, document(text))


def _undo(work: Work, command: Command) -> None:
    """Take a message back that has not left."""
    origin = _waiting(work, command)
    lanes.keep(work, origin)
    work.mark(origin, "undone")


def _to_bot(work: Work, command: Command) -> None:
    """Give the conversation back to the bot, at a question if one is named; what waits to leave does before."""
    lanes.release(work)
    work.control = "bot"
    work.back = command.arguments.get("at", "")
    work.case.status = "pending"
    work.tell("desk_bot_again", name=command.person.name)
    work.changed()


def _reopen(work: Work, command: Command) -> None:
    """Go on with a case that was solved or set aside."""
    if work.case.status not in {"solved", "on_hold", "pending"}:
        raise Denied("desk_open_already")
    work.case.status = "open"
    work.case.reason = ""
    work.forget("close")
    work.tell("desk_reopened_by", name=command.person.name)
    work.changed()


def _hold(work: Work, command: Command) -> None:
    """Set the case aside until something else is done: an issue elsewhere, whose address can be given."""
    reason = command.arguments.get("reason", "").strip()
    work.case.status, work.case.awaits = "on_hold", reason
    work.tell("desk_on_hold" if reason else "desk_on_hold_bare", name=command.person.name, reason=reason)
    work.changed()


def _priority(work: Work, command: Command) -> None:
    """Say how urgent it is."""
    wanted = command.arguments.get("to", "")
    for each in get_args(Priority):
        if each == wanted:
            work.case.priority = each
            work.tell("desk_priority", name=command.person.name, priority=each)
            work.changed()
            return
    raise Denied("desk_what_priority", known=", ".join(get_args(Priority)))


def _reproduced(work: Work, command: Command) -> None:
    """Say whether the problem could be reproduced, and where."""
    wanted = command.arguments.get("as", "")
    for each in get_args(Reproduction):
        if each == wanted:
            work.case.reproduction = each
            work.changed()
            return
    raise Denied("desk_what_reproduction", known=", ".join(get_args(Reproduction)))


def _macro(work: Work, command: Command) -> None:
    """Send a text that is written already, in the merchant's language; without a name, say which there are."""
    named = command.arguments.get("name", "").strip()
    macro = work.office.macros.get(named)
    if macro is None:
        known = ", ".join(f"{name} ({each.title})" for name, each in work.office.macros.items())
        raise Denied("desk_what_macro", known=known or "–")
    merchant, staff = work.merchant.name, command.person.name
    said = macro.render(work.merchant.locale, merchant=merchant, staff=staff, case=work.case.id)
    if said is None:
        raise Denied("desk_macro_not_theirs", language=work.merchant.locale)
    lanes.typed_reply(work, command, TYPED + command.key, said)  # these words stand nowhere yet


def _retry(work: Work, command: Command) -> None:
    """Let words leave again that did not reach the merchant, or may not have: those named, or what failed last."""
    origin = command.arguments.get("id", "") or next(reversed(work.case.failed), "")
    if not origin:
        raise Denied("desk_none_failed")
    lanes.retry(work, origin)


def _send(work: Work, command: Command) -> None:
    lanes.send(work, _waiting(work, command))


def _keep(work: Work, command: Command) -> None:
    lanes.keep(work, _waiting(work, command))


def _waiting(work: Work, command: Command) -> str:
    """The message that is meant: the named one, or the last that waits; raises Denied if none does."""
    origin = command.arguments.get("id", "") or next(reversed(work.case.held), "")
    if not origin:
        raise Denied("desk_none_waiting")
    return origin


COMMANDS: Final[Mapping[str, Callable[[Work, Command], None]]] = {
    "claim": _claim,
    "assign": _assign,
    "who": _who,
    "export": _export,
    "note": _note,
    "reply": _reply,
    "send": _send,
    "keep": _keep,
    "retry": _retry,
    "undo": _undo,
    "bot": _to_bot,
    "solve": endings.solve,
    "close": endings.end,
    "override": endings.override,
    "dismiss": endings.dismiss,
    "merge": endings.merge,
    "reopen": _reopen,
    "hold": _hold,
    "priority": _priority,
    "reproduced": _reproduced,
    "macro": _macro,
    "snooze": later.snooze,
    "timebox": boxes.change,
    "access": access.change,
    "backup": access.backup,
    "approve": access.approve,
    "deny": access.deny,
    "revoke": access.revoke,
    "drop": drops.change,
    "open": drops.show,
}
"""By name; `bot.desk.permissions` says who may."""
