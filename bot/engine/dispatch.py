"""What an event is for: the waiting question, a command, an old button, a timer, another flow.

A message is read in this order: a global command; the waiting question's own matcher; other flows' triggers; and what
is then left was not recognised. (An event key that was seen before never gets here; a button has its token.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import Relay
from bot.chat.events import Due, Message, Performed, Submit, Tap
from bot.engine import answering, changes, limits, questions, replies, versions, waiting
from bot.engine.patterns import COMMANDS
from bot.engine.questions import CHANGE
from bot.engine.replies import Offer, Trouble
from bot.engine.restarting import begin, expiry
from bot.engine.run import LimitReached
from bot.engine.steps import action, form, rule
from bot.engine.tokens import read
from bot.flow.library import PATTERN
from bot.flow.menu import NO
from bot.flow.model import Action, Collect, Form, Rule
from bot.flow.program import short_name

if TYPE_CHECKING:
    from bot.chat.events import Event
    from bot.engine.replies import Reading
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.engine.tokens import Token

_LONGEST_COMMAND: Final = 40
"""Characters of a bare word or two that may be a command."""

_LONGEST_TRIGGER: Final = 80
"""Characters of a message that may be another flow's trigger."""

_BARE_WORDS: Final = 3
"""Words that commonly stand before a secret ("my password is") and are no answer by themselves."""

START: Final = "start"
"""The command that starts the conversation's own flow, whatever that is."""

ALWAYS: Final = frozenset({"pattern_human", "pattern_restart", "pattern_cancel", "pattern_language"})
"""Commands that work even after the session's last turn."""


def handle(run: Run, event: Event) -> None:
    """Apply an event to the run."""
    if isinstance(event, Due):
        _due(run, event)
        return
    if isinstance(event, Performed):
        _performed(run, event)
        return
    if not versions.adopt(run):
        run.pattern("changed_flow")
        return
    if not isinstance(event, Tap) and event.removed:
        run.pattern("secret", quiet=True, kinds=list(event.removed))
    if isinstance(event, Message):
        _message(run, event)
    elif run.session.turns > limits.TURNS_PER_SESSION:
        raise LimitReached("turns_per_session")
    elif isinstance(event, Tap):
        _tap(run, read(event.token))
    else:
        _submit(run, event)


def _message(run: Run, message: Message) -> None:
    session = run.session
    command, words = _command(run, message)
    if session.turns > limits.TURNS_PER_SESSION and command not in ALWAYS:
        raise LimitReached("turns_per_session")
    if command is not None:
        _call(run, command, words)
    elif _repairing(run):
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
    elif message.removed and not _words_left(message.text):
        waiting.again(run)
    else:
        _wake(run)
        _reply(run, message)


def _repairing(run: Run) -> bool:
    """Whether a repair pattern waits for its own answer; that works whatever has become of the conversation below."""
    stack = run.session.stack
    return bool(stack) and stack[-1].flow.startswith(PATTERN) and stack[-1].wait is not None


def _words_left(text: str) -> bool:
    """Whether a message says anything beside the labels of what was taken out of it."""
    outside = " ".join(part.partition("]")[2] if number else part for number, part in enumerate(text.split("[")))
    return len(outside.split()) > _BARE_WORDS


def _wake(run: Run) -> None:
    """A late reply resumes a session that had expired."""
    if run.session.status == "expired":
        run.session.status = "active"
        run.record("session_resumed")
        run.pattern("expired", quiet=True, phase="resumed")


def _command(run: Run, message: Message) -> tuple[str | None, str]:
    """The flow that a message calls as a command, and the words after it.

    The slash form always counts; a bare word only as the whole message, and only if no option of the question reads so.
    """
    text = message.text
    if text.startswith("/"):
        name, _, words = text[1:].partition(" ")
        name = name.partition("@")[0].lower()
        return run.session.flow if name == START else run.library.commands.get(name), words.strip()
    if message.files or len(text) > _LONGEST_COMMAND:
        return None, ""
    flow = run.library.triggered(text, run.locale)
    if flow is None or not flow.startswith(PATTERN):
        return None, ""
    if run.session.stack and run.frame.wait is not None and run.session.status == "active":
        step = run.step(run.frame)
        if isinstance(step, (Collect, Rule)):
            menu = questions.menu(run, run.frame, step)
            if menu.options and menu.matcher.exact(text):
                return None, ""
    return flow, ""


def _call(run: Run, flow: str, words: str) -> None:
    session = run.session
    run.record("command_given", flow=flow)
    if flow in COMMANDS:
        _wake_for_command(run)
        COMMANDS[flow](run, words)
    elif flow == session.flow:
        if session.status == "idle":
            begin(run)
            run.proceed()
        elif session.status in {"cancelled", "expired"}:
            run.pattern("resume")
        else:
            COMMANDS["pattern_restart"](run, words)
    elif _interruptible(run, flow):
        _digress(run, flow)
    else:
        waiting.again(run, run.word("finish_first"))


def _wake_for_command(run: Run) -> None:
    if run.session.status == "expired":
        run.session.status = "active"
        run.record("session_resumed")


def _interruptible(run: Run, flow: str) -> bool:
    if not run.session.stack:
        return True
    allowed = getattr(run.step(run.frame), "interruptions", True) if run.frame.step else True
    return allowed if isinstance(allowed, bool) else flow in allowed


def _digress(run: Run, flow: str) -> None:
    """Run another flow above the question, and come back to it."""
    run.record("digressed", flow=flow)
    waiting.leave_patterns(run)
    run.push(flow, {}).aside = True
    run.proceed()


def _reply(run: Run, message: Message) -> None:
    """A message for the question that waits."""
    frame = run.frame
    step = run.step(frame)
    if isinstance(step, Form):
        form.one_by_one(run, frame, step)
    elif isinstance(step, Action):
        run.say(run.word("working"))
    elif isinstance(step, Rule):
        rule.reply(run, frame, step, message)
    else:
        reading = replies.read(run, frame, step, message)
        if isinstance(reading, (Offer, Trouble)) and _interrupts(run, message):
            return
        _follow(run, frame, step, reading)


def _interrupts(run: Run, message: Message) -> bool:
    """Whether an unrecognised message is the trigger of another flow, which then ran."""
    flow = run.library.triggered(message.text, run.locale) if len(message.text) <= _LONGEST_TRIGGER else None
    if flow is None or flow == run.session.flow or not _interruptible(run, flow):
        return False
    _digress(run, flow)
    return True


def _follow(run: Run, frame: Frame, step: Collect, reading: Reading) -> None:
    if isinstance(reading, replies.Chosen) and reading.id.startswith(CHANGE + "."):
        _change(run, reading.id.partition(".")[2])
    else:
        answering.follow(run, frame, step, reading)


def _change(run: Run, step: str) -> None:
    """An answer was picked for correction."""
    for each in changes.past(run):
        if each.entry.step == step:
            changes.change(run, each.entry.asked, short_name(step), "")
            return
    waiting.again(run)


def _relay(run: Run, message: Message) -> None:
    """A person is in control: what the merchant writes is theirs."""
    run.effects.append(Relay(run.session.case, message.text, message.files))
    run.record("message_relayed", case=run.session.case)
    run.pattern("with_person", relayed=True)


def _tap(run: Run, token: Token | None) -> None:
    session = run.session
    if _repairing(run) and token is not None and token.session == session.id:
        _press(run, token)
    elif session.status == "handed_off":
        run.pattern("with_person", relayed=False)
    elif token is None or token.session != session.id or session.status in {"idle", "ended"}:
        run.pattern("stale", reason="other_conversation")
    elif session.status == "cancelled":
        run.pattern("resume")
    else:
        _wake(run)
        _press(run, token)


def _press(run: Run, token: Token) -> None:
    frame = run.frame
    wait, step = frame.wait, run.step(frame)
    if wait is not None and token.asked == wait.asked and token.step == short_name(step.id):
        if isinstance(step, (Collect, Rule)) and token.choice != short_name(CHANGE):
            _choose(run, frame, step, token)
        else:
            waiting.again(run)
        return
    waiting.leave_patterns(run)
    if run.session.status != "active":
        _tap(run, token)
        return
    frame = run.frame
    past = changes.find(run, token.asked, token.step)
    step = run.step(frame)
    if (
        past is None
        and frame.wait is not None
        and token.step == short_name(step.id)
        and isinstance(step, (Collect, Rule))
    ):
        _choose(run, frame, step, token)  # an earlier putting of the question that waits now
        return
    past = past or changes.find(run, None, token.step)  # answered again since, without being put
    if past is None:
        run.pattern("stale", reason="too_old")
        return
    if token.choice == short_name(CHANGE):
        changes.change(run, past.entry.asked, token.step, "")
        return
    collect = past.step.collect if isinstance(past.step, Collect) else ""
    answer = questions.shown(run, past.frame, collect, past.answer) if collect else ""
    run.pattern("change", asked=past.entry.asked, step=token.step, choice=token.choice, answer=answer)


def _choose(run: Run, frame: Frame, step: Collect | Rule, token: Token) -> None:
    menu = questions.menu(run, frame, step)
    option = menu.by_mark.get(token.choice)
    others = [*(frame.wait.dates if frame.wait else ()), NO]
    chosen = option.id if option else next((each for each in others if short_name(each) == token.choice), None)
    if chosen is None:
        waiting.again(run)
    elif isinstance(step, Rule):
        rule.choose(run, frame, step, chosen)
    elif frame.wait is not None and chosen in frame.wait.dates:
        value = {"typed": frame.wait.typed, "date": chosen}
        slot = run.program(frame).slots[step.collect]
        answering.follow(run, frame, step, replies.checked(run, step, slot, value))
    elif option is None:
        answering.follow(run, frame, step, replies.Chosen(chosen))
    else:
        slot = run.program(frame).slots[step.collect]
        _follow(run, frame, step, replies.choose(frame, slot, menu, chosen))


def _submit(run: Run, event: Submit) -> None:
    token = read(event.token)
    frame = run.session.stack[-1] if run.session.stack else None
    step = run.step(frame) if frame is not None and frame.step else None
    if (
        frame is not None
        and frame.wait is not None
        and token is not None
        and isinstance(step, Form)
        and token.session == run.session.id
        and token.asked == frame.wait.asked
    ):
        form.submit(run, frame, step, event)
    else:
        _tap(run, token)


def _due(run: Run, event: Due) -> None:
    """A timer fired: it counts only if what it was set for still waits."""
    session = run.session
    if session.status != "active" or not session.stack or event.timer not in {session.timer, expiry(session.id)}:
        run.record("timer_ignored", timer=event.timer)
        return
    if not versions.adopt(run):
        run.pattern("changed_flow")
        return
    run.record("timer_fired", timer=event.timer)
    if event.timer == expiry(session.id):
        waiting.leave_patterns(run)
        run.pattern("expired", quiet=True, phase="closing")
        session.status = "expired"
        run.record("session_expired")
        return
    session.timer = ""
    frame = next(each for each in reversed(session.stack) if each.wait is not None)
    step = run.step(frame)
    if isinstance(step, Action) and frame.wait is not None:
        _result(run, frame.wait.typed, {action.FAILED: "timeout"})
    elif isinstance(step, Collect) and step.timeout is not None and frame.wait is not None:
        if step.timeout.then != "nudge":
            waiting.leave_patterns(run)
            run.move(frame, step.timeout.then)
            run.proceed()
        elif not frame.wait.nudged:
            frame.wait.nudged = True
            run.pattern("nudge")


def _performed(run: Run, event: Performed) -> None:
    """A hook reported: its result counts once."""
    session = run.session
    if event.action in session.done:
        run.record("action_ignored", key=event.action)
        return
    result: dict[str, Any] = {action.FAILED: event.error} if event.error else event.values
    if session.status == "active" and session.stack and versions.adopt(run):
        _result(run, event.action, result)
    else:
        session.done[event.action] = result


def _result(run: Run, key: str, result: dict[str, Any]) -> None:
    """Store a result, and go on if the flow waits for it; a failed hook may be tried again on another way."""
    session = run.session
    if action.FAILED not in result:
        session.done[key] = result
    frame = session.stack[-1] if session.stack else None
    if frame is None or frame.wait is None or frame.wait.typed != key:
        return
    step = run.step(frame)
    if isinstance(step, Action):
        action.resume(run, frame, step, result)
        run.proceed()
