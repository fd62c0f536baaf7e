"""The aggregate: a conversation, who is in control of it, and `reduce`, the one function that changes it.

While the bot is in control an event goes to the engine. While a person is, and for whatever staff do, it goes to the
desk. Each change of control moves the epoch; whatever the bot had to say under an earlier one is not sent any more
(`bot.service.delivery`), so it never talks over a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from bot.chat import albums
from bot.chat.effects import Card, Effect, Forget, Notice, OpenCase, Overview, Relay, Say, Schedule, Unschedule
from bot.chat.events import (
    AnyEvent,
    Command,
    Delivered,
    Dropped,
    Due,
    Forgetting,
    Joined,
    Message,
    Reacted,
    Returned,
    Tap,
    Written,
)
from bot.chat.people import Channel, User
from bot.desk import banner, blocks, names, timing
from bot.desk import card as desk_card
from bot.desk import case as desk_case
from bot.desk.case import Case
from bot.desk.desk import act
from bot.desk.office import PLAIN
from bot.desk.work import Merchant, read
from bot.engine import beside, exposure, summary, timers
from bot.engine.ids import Ids
from bot.engine.limits import SEEN_KEYS
from bot.engine.session import Record, Session, start
from bot.engine.turn import advance, logged, safe
from bot.flow.expressions import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.desk.office import Office
    from bot.flow.library import Library

_STAFFS: Final = frozenset({Written, Command, Reacted, Delivered, Dropped, Joined})
"""Events that are for the desk, whoever is in control."""

_RECEIVED: Final = "event_received"
STARTED: Final = "conversation_started"
"""The kind of a conversation's first record, which holds all that `begin` was given."""


class Conversation(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A conversation as the store keeps it, in one JSON document. `case` is the last one, None before the first."""

    session: Session
    control: Literal["bot", "staff"] = "bot"
    epoch: int = 0
    case: Case | None = None
    gathered: tuple[albums.Part, ...] = ()
    """What came of albums, of which more may come; nothing has followed from it yet."""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What came of an event: the conversation after it, what goes out in this order, and what the log says."""

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    log: tuple[Record, ...] = ()


class Opening(msgspec.Struct, frozen=True, gc=False):
    """What a conversation begins with: the flow of its first event, the merchant, their channel and language."""

    flow: str
    user: User
    channel: Channel
    locale: str


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Conversation)


def encode(conversation: Conversation) -> bytes:
    """The conversation as its JSON document."""
    return _ENCODER.encode(conversation)


def decode(document: bytes | str) -> Conversation:
    """The conversation of a JSON document; raises msgspec.ValidationError."""
    return _DECODER.decode(document)


def begin(opening: Opening, now: datetime, ids: Ids) -> Outcome:
    """A conversation that waits for its first event."""
    session = start(
        id=ids.session(),
        flow=opening.flow,
        user=opening.user,
        channel=opening.channel,
        locale=opening.locale,
        now=now,
    )
    return Outcome(Conversation(session), log=(Record(STARTED, now, {"opening": opening, "ids": ids.seed}),))


def reduce(
    library: Library, conversation: Conversation, event: AnyEvent, now: datetime, ids: Ids, office: Office = PLAIN
) -> Outcome:
    """Apply one event; the same arguments give the same outcome. Never raises for anything a person can cause."""
    gathered = conversation.gathered
    if not gathered and not albums.is_part(event):  # nearly always
        return _applied(library, conversation, event, now, ids, office)
    if event.key in conversation.session.seen:
        return Outcome(conversation)
    part = _part(conversation, event)
    passed = type(event) is Due and event.timer == timers.album(conversation.session.id)
    if part is not None:
        ended = gathered if len(gathered) >= albums.MOST_GATHERED else ()
    else:
        ended = gathered if passed else albums.before(gathered, event)
    outcome = _whole(library, conversation, ended, now, ids, office) if ended else Outcome(conversation)
    if part is not None:
        last = _gather(library, outcome.conversation, part, now, ids)
    elif passed and ended:
        last = Outcome(outcome.conversation)
    else:
        last = _applied(library, outcome.conversation, event, now, ids, office)
    if not ended:
        return last
    # whatever comes of it: that is when the albums ended
    log = last.log or (_received(safe(event, conversation.session.id.encode()), now, ids),)
    return Outcome(last.conversation, (*outcome.effects, *last.effects), (log[0], *outcome.log, *log[1:]))


def _part(conversation: Conversation, event: AnyEvent) -> albums.Part | None:
    """A part of an album as it can be kept; None for anything else, and for what has a secret, which cannot wait."""
    if not albums.is_part(event):
        return None
    part = safe(event, conversation.session.id.encode())
    return part if isinstance(part, (Message, Written)) and not part.removed else None


def _gather(library: Library, conversation: Conversation, part: albums.Part, now: datetime, ids: Ids) -> Outcome:
    """Keep a part of an album until the rest has come."""
    session = conversation.session
    shown: Any = part
    if isinstance(part, Message) and conversation.control == "bot":
        shown = logged(library, session, part)
    session = msgspec.structs.replace(session, seen=(*session.seen[1 - SEEN_KEYS :], part.key))
    after = msgspec.structs.replace(conversation, session=session, gathered=(*conversation.gathered, part))
    waiting = Schedule(timers.album(session.id), now + albums.GATHERED_AFTER)
    return Outcome(after, (waiting,), (_received(shown, now, ids),))


def _whole(
    library: Library,
    conversation: Conversation,
    ended: tuple[albums.Part, ...],
    now: datetime,
    ids: Ids,
    office: Office,
) -> Outcome:
    """What follows from the albums whose parts those are. Each part is in the log already."""
    rest = tuple(each for each in conversation.gathered if each not in ended)
    after = msgspec.structs.replace(conversation, gathered=rest)
    effects: tuple[Effect, ...] = () if rest else (Unschedule(timers.album(conversation.session.id)),)
    log: tuple[Record, ...] = ()
    for each in albums.whole(ended):
        outcome = _applied(library, after, each, now, ids, office)
        after, effects = outcome.conversation, (*effects, *outcome.effects)
        log = (*log, *(line for line in outcome.log if line.kind != _RECEIVED))
    return Outcome(after, effects, log)


def _received(event: Any, now: datetime, ids: Ids) -> Record:
    return Record(_RECEIVED, now, {"event": event, "ids": ids.seed})


def _applied(
    library: Library, conversation: Conversation, event: AnyEvent, now: datetime, ids: Ids, office: Office
) -> Outcome:
    """The outcome of an event that waits for nothing."""
    outcome = _reduced(library, conversation, event, now, ids, office)
    after, case = outcome.conversation, outcome.conversation.case
    if case is None or after is conversation or type(event) is Forgetting:
        return outcome
    case, effects = banner.follow(case, office, after.session.locale, now, asking=asking(after))
    if not effects:
        return outcome
    return Outcome(msgspec.structs.replace(after, case=case), (*outcome.effects, *effects), outcome.log)


def asking(conversation: Conversation) -> bool:
    """Whether the bot asks something, although there is a case that is not over."""
    return conversation.control == "bot" and conversation.session.status == "active"


def _reduced(
    library: Library, conversation: Conversation, event: AnyEvent, now: datetime, ids: Ids, office: Office
) -> Outcome:
    """The same without what the merchant sees of their case all along."""
    case = conversation.case
    if type(event) is Forgetting:
        return _forgetting(library, office, conversation, event, now, ids)
    if case is not None and not beside.meant(library, conversation.session, event):
        if type(event) in _STAFFS or conversation.control == "staff" or _of_desk(event, case):
            return _with_desk(library, office, conversation, case, event, now, ids)
        if _goes_on(case) and type(event) is Message and not event.text.startswith("/"):
            return _follow_up(library, office, conversation, case, event, now, ids)
    if isinstance(event, (Written, Command, Reacted, Delivered, Dropped, Joined, Forgetting)) or _taken_back(event):
        return Outcome(conversation)  # there is nothing here that it could be about
    session = conversation.session
    if case is not None and case.status != "closed" and not session.case:
        session = msgspec.structs.replace(session, case=case.id)  # begun anew, it calls for the same case
    turn = advance(library, session, event, now, ids)
    if turn.session is session:
        return Outcome(conversation)
    after = msgspec.structs.replace(conversation, session=turn.session)
    outcome = _cased(library, office, after, turn.effects, now)
    outcome = _named(library, office, outcome, event)
    return Outcome(outcome.conversation, outcome.effects, (*turn.log, *outcome.log))


def _forgetting(
    library: Library, office: Office, conversation: Conversation, event: Forgetting, now: datetime, ids: Ids
) -> Outcome:
    """The merchant wants to be forgotten: unless an account is in the way, all ends here, and then goes."""
    session = conversation.session
    if event.key in session.seen:
        return Outcome(conversation)
    if conversation.case is not None:
        outcome = _with_desk(library, office, conversation, conversation.case, event, now, ids)
    else:
        outcome = Outcome(conversation, log=(_received(event, now, ids),))
    effects, after = outcome.effects, outcome.conversation
    if event.left:
        if event.asked:
            words = library.wording(library.named("forget_account"), session.locale)
            effects = (Say(words.render(Scope({"pattern": {"case": event.left}}))), *effects)
        return Outcome(after, effects, outcome.log)
    ended = msgspec.structs.replace(after.session, status="ended", stack=[])
    if event.asked:
        effects = (*effects, Overview("forgotten"), Forget(sure=True))
    return Outcome(msgspec.structs.replace(after, session=ended), effects, outcome.log)


def _goes_on(case: Case) -> bool:
    """Whether words after the end of a case begin another one."""
    return case.status == "closed" and case.reason not in desk_case.NO_CASE


def _taken_back(event: AnyEvent) -> bool:
    """Whether it tells of words that are there no more."""
    return type(event) is Message and event.deleted


def _of_desk(event: AnyEvent, case: Case) -> bool:
    """Whether an event answers a button or a timer of the desk's, or takes words back that a person may have read."""
    if type(event) is Message:
        return _taken_back(event) and case.status != "closed"
    named = event.token if type(event) is Tap else event.timer if type(event) is Due else ""
    return read(named) is not None


def replay(library: Library, log: Iterable[Record], office: Office = PLAIN) -> Conversation:
    """The conversation that a whole log describes: the same one, byte for byte, unless it holds a masked answer.

    Raises LookupError for a log without a beginning and msgspec.ValidationError for one that is none.
    """
    return replay_through(lambda _: library, log, office)


def replay_through(
    library_at: Callable[[datetime], Library], log: Iterable[Record], office: Office = PLAIN
) -> Conversation:
    """The same, with the flows that were in force at each time; clocks follow the settings of `office` all along."""
    conversation: Conversation | None = None
    for record in log:
        if record.kind == STARTED:
            data = msgspec.to_builtins(record.data)
            opening = msgspec.convert(data["opening"], Opening)
            conversation = begin(opening, record.at, Ids(data["ids"])).conversation
        elif record.kind == _RECEIVED:
            if conversation is None:
                raise LookupError("the log has no beginning")
            event = msgspec.convert(msgspec.to_builtins(record.data["event"]), AnyEvent)
            library = library_at(record.at)
            ids = Ids(record.data["ids"])
            conversation = reduce(library, conversation, event, record.at, ids, office).conversation
    if conversation is None:
        raise LookupError("the log has no beginning")
    return conversation


def _with_desk(
    library: Library, office: Office, conversation: Conversation, case: Case, event: AnyEvent, now: datetime, ids: Ids
) -> Outcome:
    """An event for the case, and what follows from it for the conversation."""
    session = conversation.session
    event = safe(event, session.id.encode())
    received = _received(event, now, ids)
    if event.key in session.seen:
        return Outcome(conversation)
    case = names.heard(case, session.user, event)
    merchant = Merchant(session.user.first_name or session.user.id, session.locale, session.user, session.channel.name)
    work = act(library, office, case, merchant, event, now, ids.drop)
    session = msgspec.structs.replace(session, seen=(*session.seen[1 - SEEN_KEYS :], event.key))
    if type(event) is Message:
        session = beside.dropped(session)
    effects = names.under(library, office, work.case, session.user, event, work.effects)
    log = [received, *(Record(line.kind, now, line.data) for line in work.log)]
    if type(event) is Message and event.removed:
        session = msgspec.structs.replace(session, exposed=exposure.kinds(session, event))
        effects += exposure.effects(session, event)
        log.append(Record("secret_removed", now, {"kinds": list(event.removed)}))
    if work.copied:
        facts = summary.card(library, session, office.locale)
        card = (*facts, *desk_card.state(library, work.case, office.locale, asking=asking(conversation)))
        effects.append(Notice(case.id, blocks.copies(card)))
    epoch, control = conversation.epoch, conversation.control
    if work.control and work.control != control:
        control, epoch = work.control, epoch + 1
        log.append(Record("control_passed", now, {"control": control, "person": _name(work.case)}))
    if work.ended:
        session = msgspec.structs.replace(session, status="ended")
    after = msgspec.structs.replace(conversation, session=session, control=control, epoch=epoch, case=work.case)
    if work.back is None:
        return Outcome(after, tuple(effects), tuple(log))
    turn = advance(library, session, Returned(f"{event.key}:returned", work.back), now, ids)
    log += turn.log[1:]  # the event is in the log already, as the command that it follows from
    outcome = _cased(library, office, msgspec.structs.replace(after, session=turn.session), turn.effects, now)
    return Outcome(outcome.conversation, (*effects, *outcome.effects), (*log, *outcome.log))


def _cased(
    library: Library, office: Office, conversation: Conversation, effects: tuple[Effect, ...], now: datetime
) -> Outcome:
    """Where the flow calls a person: there is a case then, or the one there is goes on."""
    call = next((each for each in effects if type(each) is OpenCase), None)
    if call is None:
        return Outcome(conversation, effects)
    case = conversation.case
    if case is not None and case.id == call.case and case.status != "closed":
        before, case = case, desk_case.copy(case)
        case.status = "open"
        told = library.wording(library.named("desk_called_again"), office.locale).document
        again: tuple[Effect, ...] = (Notice(case.id, told), Card(case.id))
        waking = timing.called_again(case, before, office, now)
        rest = tuple(each for each in effects if each is not call)
        return Outcome(msgspec.structs.replace(conversation, case=case), (*rest, *again, *waking))
    follows = case.id if case is not None else ""
    case = Case(call.case, call.queue, now, priority=desk_case.priority(call.priority), follows=follows)
    started = timing.begin(case, office, now)
    return Outcome(msgspec.structs.replace(conversation, case=case), (*effects, *started))


def _follow_up(
    library: Library, office: Office, conversation: Conversation, case: Case, event: Message, now: datetime, ids: Ids
) -> Outcome:
    """The merchant writes although their case is closed: another one goes on with it."""
    new = Case(ids.case(), case.queue, now, follows=case.id)
    session = msgspec.structs.replace(conversation.session, status="handed_off", case=new.id)
    opened = OpenCase(new.id, session.id, new.queue, new.priority)
    turn = advance(library, session, event, now, ids)
    after = msgspec.structs.replace(conversation, session=turn.session, case=new)
    outcome = Outcome(after, (opened, *turn.effects, *timing.begin(new, office, now)), turn.log)
    return _named(library, office, outcome, event)


def _named(library: Library, office: Office, outcome: Outcome, event: AnyEvent) -> Outcome:
    """What is passed on to staff, under the name of whoever wrote it."""
    conversation, user = outcome.conversation, outcome.conversation.session.user
    if conversation.case is None or not any(type(each) is Relay for each in outcome.effects):
        return outcome
    case = names.heard(conversation.case, user, event)
    effects = names.under(library, office, case, user, event, outcome.effects)
    return Outcome(msgspec.structs.replace(conversation, case=case), tuple(effects), outcome.log)


def _name(case: Case) -> str:
    return case.assignee.name if case.assignee is not None else ""
