"""The lanes between staff and merchant: what staff write is a note or leaves after a hold; what became of it is shown.

The assignee's plain words go to the merchant, a little later, so that they can still be taken back; anyone else's are a
note. What may not be meant for the merchant waits until its writer says so. A note has no copy for the merchant. Where
staff are at several places, each shows what is written at the others, and what becomes of it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import DELETED, Echo, Relay, Rewrite, echoed, failed, passed_on, relayed, replied, spoken, waiting
from bot.chat.events import Piece
from bot.chat.places import TYPED, native, side
from bot.desk import names, typed
from bot.desk.case import REMEMBERED, RETRIED, Held
from bot.desk.work import Denied
from bot.guard import servers
from bot.text.nodes import paragraph
from bot.text.styles import Style, document

if TYPE_CHECKING:
    from bot.chat.effects import Button
    from bot.chat.events import Command, Delivered, Message, Written
    from bot.desk.work import Work
    from bot.text.nodes import Document

_NOTES: Final = ("//", "note:")
_HOLD: Final = "hold"


def written(work: Work, event: Written) -> None:
    """Something was written at the case's place."""
    if event.cut:
        work.tell("cut_short")
    if event.edited or event.deleted:
        _altered(work, event)
        return
    case, origin = work.case, event.origin
    if not (event.text.strip() or event.files):
        if event.kind != "text":
            kind = work.library.word(f"desk_kind_{event.kind}", work.locale)
            _echo(work, event, (paragraph(kind),))
            work.mark(origin, "note")
            if case.status != "closed":
                work.tell("desk_not_passed", kind=kind)
        return
    _echo(work, event, document(event.text, event.styles))
    assigned = case.assignee is not None and case.assignee.id == event.person.id
    if not assigned or case.status == "closed":
        _note(work, origin)
        if case.assignee is None and case.status != "closed":
            work.tell("desk_noted_unclaimed", work.button("claim", "desk_claim"))
        return
    doubt = _doubt(event)
    case.held[origin] = Held(
        event.person, document(event.text, event.styles), event.files, bool(doubt), event.quoted, event.parts
    )
    work.mark(origin, "queued")
    if doubt:
        work.tell(doubt, *_decisions(work, origin), ref=waiting(origin))
    else:
        work.wake_at(work.now + work.office.undo, _HOLD, origin)
        seconds = str(int(work.office.undo.total_seconds()))
        work.tell("desk_leaving", work.button("undo", "desk_undo", origin), ref=waiting(origin), seconds=seconds)


def _doubt(event: Written) -> str:
    """The question whether this is meant for the merchant; "" if there is no doubt."""
    if event.removed:
        return "desk_held_secret"
    if event.aside or event.text.lstrip().lower().startswith(_NOTES):
        return "desk_held_aside"
    return ""


def _decisions(work: Work, origin: str) -> tuple[Button, Button]:
    """What can become of a message that may not be meant for the merchant."""
    return work.button("send", "desk_send", origin), work.button("keep", "desk_keep", origin)


def _echo(work: Work, event: Written, words: Document) -> None:
    """Show what was written at the other places of staff; files say nothing of who sent them."""
    shown = words or (paragraph(", ".join(each.name for each in event.files) or "…"),)
    by = event.person.name or "–"
    work.effects.append(Echo(work.case.id, event.origin, shown, event.files, by, event.quoted, event.parts))


def _note(work: Work, origin: str, *, waited: bool = False) -> None:
    work.mark(origin, "note", waited=waited)
    work.record("note_taken", origin=origin)


def typed_note(work: Work, command: Command, text: str) -> None:
    """Take a note that was given with a command."""
    origin = command.origin or TYPED + command.key
    work.effects.append(Echo(work.case.id, origin, document(text), by=command.person.name or "–"))
    work.mark(origin, "note")


def typed_reply(work: Work, command: Command, origin: str, words: Document) -> None:
    """Let words leave that were given with a command; `origin` is what they are called."""
    work.effects.append(Echo(work.case.id, origin, words, by=command.person.name or "–"))
    work.mark(origin, "queued")
    leave(work, origin, Held(command.person, words))


def send(work: Work, origin: str) -> None:
    """Let a message that waits leave now; raises Denied if none does."""
    held = work.case.held.pop(origin, None)
    if held is None:
        raise Denied("desk_not_waiting")
    work.forget(_HOLD, origin)
    work.retell(waiting(origin))
    leave(work, origin, held)


def leave(work: Work, origin: str, held: Held) -> None:
    """Words go to the merchant; `origin` names the message that they stand in."""
    work.control = "staff"
    work.case.status = "pending"
    work.case.copies |= dict.fromkeys((*held.parts, origin), "queued")
    for old in list(work.case.copies)[:-REMEMBERED]:
        del work.case.copies[old]
    name, ref = held.by.name or "–", replied(origin)
    work.effects.append(Relay(work.case.id, held.document, held.files, name, ref, "merchant", held.quoted, held.parts))
    work.record("reply_sent", origin=origin, person=held.by.id)
    work.changed()


def keep(work: Work, origin: str) -> None:
    """Keep a message that waits as a note; raises Denied if none does."""
    if work.case.held.pop(origin, None) is None:
        raise Denied("desk_not_waiting")
    work.forget(_HOLD, origin)
    work.retell(waiting(origin))
    _note(work, origin, waited=True)


def hold_passed(work: Work, origin: str) -> None:
    """The time to take a message back is over; those that were written before it, at the same place, leave before it.

    Slack brings messages in any order, and timers that are late come due at the same time.
    """
    held = work.case.held
    if origin in held and not held[origin].asked:
        for each in sorted((each for each in held if side(each) == side(origin)), key=_place):
            if each == origin or (not held[each].asked and _place(each) < _place(origin)):
                send(work, each)


def release(work: Work) -> None:
    """Let all that waits for its hold alone leave now, in its order: it was written before what is done next."""
    for each in sorted((each for each, held in work.case.held.items() if not held.asked), key=_place):
        send(work, each)


def _place(origin: str) -> tuple[int, ...]:
    """When a message was written, by its id: Slack's are times, Telegram's are counted."""
    parts = native(origin).split(".")
    return tuple(map(int, parts)) if all(each.isdecimal() for each in parts) else ()


def _altered(work: Work, event: Written) -> None:
    """A message of staff was changed or deleted: what waits changes with it, what has left is changed as well."""
    event, case = _within(event), work.case
    # of an album, one is held for all
    origin = next((each for each, held in case.held.items() if event.origin in held.parts), event.origin)
    words = document(event.text, event.styles)
    now = () if event.deleted else spoken(event.person.name or "–", words)
    doubt = "" if event.deleted else _doubt(event)
    held = case.held.get(origin)
    if held is not None and event.deleted:
        keep(work, origin)
    elif held is not None:
        kept = held.document if event.origin != origin else ()  # another one of the album has words now
        case.held[origin] = msgspec.structs.replace(held, document=(*kept, *words), asked=held.asked or bool(doubt))
        if doubt and not held.asked:
            work.forget(_HOLD, origin)
            work.retell(waiting(origin), doubt, *_decisions(work, origin))
    elif origin in case.copies:
        pieces = case.failed.get(origin, ())
        if event.deleted and pieces:
            _give_up(work, origin)
        if doubt:
            work.tell("desk_edit_not_passed" if event.removed else "desk_edit_aside")
        elif pieces and not (event.deleted or any(each.more for each in pieces)):
            # there is nothing yet that could be changed
            files = tuple(file for each in pieces for file in each.files)
            parts = tuple(part for each in pieces for part in each.parts)
            case.failed = {**case.failed, origin: (Piece(now, files, pieces[0].quoted, parts=parts),)}
        else:
            work.effects.append(Rewrite(replied(origin), now, quoted=event.quoted))
            work.record("reply_altered", origin=origin, deleted=event.deleted)
    work.effects.append(Rewrite(echoed(origin), now, case=case.id, quoted=event.quoted))


def _within(event: Written) -> Written:
    """The new words of a message that is a command are those behind its name; those of a note are for nobody else."""
    if not event.typed:
        return event
    name, arguments = typed.command(event.text)
    text = arguments.get("text", "") if name in {"note", "reply"} else event.text
    return msgspec.structs.replace(event, text=text, styles=(), aside=name != "reply")


def delivered(work: Work, event: Delivered) -> None:
    """A copy of a reply ended: its message shows how. Of several pieces the worst counts; those can leave again."""
    origin, case = event.ref.partition(":")[2], work.case
    former = case.copies.get(origin)
    if event.state == "waiting" or former is None:
        return
    if event.lacking is not None:
        lacking = msgspec.structs.replace(event.lacking, more=former == "sent")
        case.failed = dict([*case.failed.items(), (origin, (*case.failed.get(origin, ()), lacking))][-RETRIED:])
    if former in {"refused", "uncertain"} or former == event.state:
        return
    case.copies[origin] = event.state
    work.mark(origin, event.state)
    work.record("reply_delivered", origin=origin, state=event.state)
    if event.state != "sent":
        again = work.button("retry", "desk_retry", _short(origin))
        work.tell(f"desk_reply_{event.state}", again, ref=failed(origin), reason=event.reason)


def retry(work: Work, origin: str) -> None:
    """Let what did not arrive of a message leave again; raises Denied if all of it did."""
    case = work.case
    origin = next((each for each in case.failed if origin in {each, _short(each)}), "")
    if not origin:
        raise Denied("desk_not_waiting")
    lacking = case.failed[origin]
    _give_up(work, origin)
    work.control, case.status = "staff", "pending"
    case.copies[origin] = "queued"
    work.mark(origin, "queued", again=True)
    for each in lacking:
        ref = replied(origin)
        work.effects.append(Relay(case.id, each.document, each.files, "", ref, "merchant", each.quoted, each.parts))
    work.record("reply_sent_again", origin=origin)
    work.changed()


def _short(origin: str) -> str:
    """What a button names a message by: it has room for the ids of platforms, but not for the key of every command."""
    return blake2b(origin.encode(), digest_size=8).hexdigest() if origin.startswith(TYPED) else origin


def _give_up(work: Work, origin: str) -> None:
    """Nothing of a message is left to be sent again."""
    work.case.failed = {name: pieces for name, pieces in work.case.failed.items() if name != origin}
    work.retell(failed(origin))


def heard(work: Work, event: Message) -> None:
    """The merchant wrote: it goes to the staff's place."""
    case = work.case
    if event.deleted:
        _deleted(work, event)
        return
    if event.edited:
        work.record("message_altered", origin=event.origin)
    if event.text or event.files:
        work.effects.append(passed_on(case.id, event))
        if event.cut:
            work.say("cut_short")
    else:
        kind = f"desk_kind_{event.kind}"
        work.say("desk_not_passed_on", kind=work.library.word(kind, work.merchant.locale))
        work.tell("desk_merchant_sent", kind=work.library.word(kind, work.locale))
    work.record("message_relayed")
    if event.removed:
        work.say("desk_secret_written")
        work.changed()
    if not case.servers_told and servers.find(event.text):
        case.servers_told = True
        work.say("desk_only_sftp")
        work.tell("desk_other_access")
    if case.status in {"pending", "solved", "on_hold"}:
        if case.status == "solved":
            work.tell("desk_reopened")
            work.forget("close")
            case.reason = ""
        case.status = "open" if case.assignee is not None else "new"
        work.changed()


def _deleted(work: Work, event: Message) -> None:
    """The merchant took words back: staff see that, and what they may have acted on."""
    name = names.shown(work.library, work.office, work.case, work.merchant.user, event.author or work.merchant.user)
    if event.text:
        struck = [Style("strike", 0, len(event.text))]
        words = spoken(f"{DELETED}{name}", document(event.text, struck))
        work.effects.append(Rewrite(relayed(event.origin), words, case=work.case.id))
    else:
        work.tell("desk_merchant_deleted", name=name)
    work.record("message_altered", origin=event.origin, deleted=True)
