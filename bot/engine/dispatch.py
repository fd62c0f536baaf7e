"""What an event is for: the waiting question, a command, an old button, a timer, another flow.

A message is read in this order: a global command; the waiting question's own matcher; other flows' triggers; and what
is then left was not recognised. (An event key that was seen before never gets here; a button has its token.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import Say, passed_on
from bot.chat.events import Due, Message, Performed, Returned, Submit, Tap
from bot.engine import changes, commands, control, files, limits, pressing, replies, signals, versions, waiting
from bot.engine.replies import Offer, Trouble
from bot.engine.restarting import begin
from bot.engine.run import LimitReached
from bot.engine.steps import form, rule
from bot.engine.tokens import read
from bot.flow.model import Collect, Form, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.chat.events import Event
    from bot.engine.run import Run


def _ready(run: Run, removed: tuple[str, ...] = ()) -> bool:
    """Settle what must be before anything of the merchant's counts; false if they were told to wait for that."""
    if not versions.adopt(run) and run.session.status != "handed_off":
        run.pattern("changed_flow")
        return False
    if removed:
        run.pattern("secret", quiet=True, kinds=list(removed))
    return True


def _written(run: Run, message: Message) -> None:
    if not _ready(run, message.removed):
        return
    session = run.session
    if message.edited:
        _edited(run, message)
        return
    wait = session.stack[-1].wait if session.stack else None
    _message(run, message)
    if wait is not None and message.origin and any(each.kind == "answer_accepted" for each in run.log):
        changes.answered_by(session, message.origin, wait.asked)


def _edited(run: Run, message: Message) -> None:
    """A message reads otherwise now: where it is clear which answer it gave, that changes, else what waits is asked."""
    if run.session.status == "handed_off":
        _relay(run, message)
    elif run.session.status == "active" and not (message.removed or changes.correct(run, message)):
        waiting.again(run)


def _tapped(run: Run, tap: Tap) -> None:
    if _ready(run):
        if run.session.turns > limits.TURNS_PER_SESSION:
            _over(run)
        token = read(tap.token)
        if tap.author is not None and token is not None and commands.forgetting(run.session, token):
            commands.refuse(run)
        else:
            pressing.tap(run, token)


def _submitted(run: Run, submit: Submit) -> None:
    if _ready(run, submit.removed):
        if run.session.turns > limits.TURNS_PER_SESSION:
            _over(run)
        pressing.submit(run, submit)


def _over(run: Run) -> None:
    if control.over(run):
        raise LimitReached("turns_per_session")


def _message(run: Run, message: Message) -> None:
    session = run.session
    if message.files:
        files.keep(run, message)
    command, words = commands.command(run, message)
    if session.turns > limits.TURNS_PER_SESSION and command not in commands.ALWAYS:
        _over(run)
    if command is not None:
        commands.call(run, command, words, message.author)
    elif session.status == "active" and message.text[:1] == "/" and (meant := commands.misspelt(run, message.text)):
        waiting.again(run, run.word("did_you_mean", label=meant))
    elif session.status == "active" or control.beside(run):
        _reply(run, message)
    elif session.status == "handed_off":
        _relay(run, message)
    elif session.status == "ended":
        run.pattern("ended")
    elif session.status == "cancelled":
        run.pattern("resume")
    elif session.status == "idle":
        begin(run)
        run.proceed()
    else:
        control.wake(run)
        _reply(run, message)


def _reply(run: Run, message: Message) -> None:
    """A message for the question that waits."""
    frame = run.session.stack[-1]
    step = run.step(frame)
    if message.author is not None and commands.forgetting(run.session):
        _of_another(run, message)
    elif frame.wait is None or (message.removed and replies.only_secret(message.text)):
        waiting.again(run)
    elif not message.text and files.beside(run, frame, message):
        waiting.again(run, run.word("files_kept"))
    elif step.kind is Collect:
        reading = replies.read(run, frame, step, message)
        unread = type(reading) is Trouble
        if unread and run.session.status == "handed_off":
            run.leave_patterns()
            _relay(run, message)
        elif not ((unread or type(reading) is Offer) and commands.interrupts(run, message)):
            changes.follow(run, frame, step, reading)
    elif step.kind is Rule:
        rule.reply(run, frame, step, message)
    elif step.kind is Form:
        form.one_by_one(run, frame, step)
    else:
        waiting.again(run)


def _of_another(run: Run, message: Message) -> None:
    """The question is not for whoever wrote this; where somebody of the team is called, it is for them."""
    if run.session.status == "handed_off":
        run.leave_patterns()
        _relay(run, message)
    else:
        commands.refuse(run)


def _relay(run: Run, message: Message) -> None:
    """A person is in control: what the merchant writes is theirs. What cannot be passed on is said."""
    if not message.text and not message.files:
        run.pattern("empty" if message.kind == "text" else "wrong_kind", reason=message.kind)
        return
    _pass_on(run, message)
    run.pattern("with_person", relayed=True)


def _pass_on(run: Run, message: Message) -> None:
    run.effects.append(passed_on(run.session.case, message))
    if message.cut:
        run.effects.append(Say(run.word("cut_short")))
    run.record("message_relayed", {"case": run.session.case})


def _returned(run: Run, event: Returned) -> None:
    """The bot is in control again."""
    session = run.session
    if not versions.adopt(run) or session.status != "handed_off":
        return
    run.leave_patterns()
    session.status = "active"
    run.record("control_returned", {"at": event.at})
    past = changes.past(run, lambda _, step: step.kind is Collect and step.collect == event.at) if event.at else []
    if past:
        changes.change(run, past[-1].entry.asked, past[-1].step.short, "")
    else:
        run.proceed()


HANDLERS: Final[Mapping[type[Event], Callable[[Run, Any], None]]] = {
    Message: _written,
    Tap: _tapped,
    Submit: _submitted,
    Due: signals.due,
    Performed: signals.performed,
    Returned: _returned,
}
"""What applies an event to the run, by its type."""
