"""The files that the merchant sends. Each is kept with the conversation at once, whatever question waits.

An album comes as messages one by one. The first is an answer like any other message; those that follow belong to it.
Where the question wants files, it is put again after no more of them came for a while, by a timer: a message is as
durable as any other before the next one comes, and what was gathered so far outlives the process.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.chat.effects import Relay, Schedule
from bot.chat.events import File
from bot.engine import limits, questions, timers
from bot.engine.run import LimitReached
from bot.flow.model import Form

if TYPE_CHECKING:
    from bot.chat.events import Message
    from bot.engine.replies import More
    from bot.engine.run import Run
    from bot.engine.session import Frame

GATHERED_AFTER: Final = timedelta(seconds=1)
"""After the last of an album; platforms bring them within a fraction of that."""


def keep(run: Run, message: Message) -> bool:
    """Keep the files of a message, unless a person gets them anyway; whether it follows others of an album."""
    session = run.session
    follows = bool(message.album) and message.album == session.album
    session.album = message.album or session.album
    if session.status != "handed_off":
        if len(session.files) + len(message.files) > limits.FILES_PER_SESSION:
            raise LimitReached("files_per_session")
        # the words of the first are read as an answer
        words = {"text": message.text} if follows and message.text and not gathering(run, message) else {}
        kept = ({"id": each.id, "name": each.name, "size": each.size, **words} for each in message.files)
        session.files = (*session.files, *kept)
    return follows


def beside(run: Run, frame: Frame, message: Message) -> bool:
    """Whether files came that the question which waits there does not ask for, and no person gets them anyway."""
    step = run.step(frame)
    if not message.files or run.session.status == "handed_off" or step.kind is Form:
        return False
    return step.expects != "files"


def gathering(run: Run, message: Message) -> bool:
    """Whether the question on top is being answered by the album that the message is of."""
    stack = run.session.stack
    return bool(stack) and stack[-1].wait is not None and bool(message.album) and stack[-1].wait.album == message.album


def gather(run: Run, frame: Frame, sent: More, album: str) -> None:
    """Part of an album came for the question; more may follow."""
    wait = questions.wait(run, frame)
    wait.files, wait.typed, wait.album = tuple(sent.files), sent.typed, album
    run.answered = True
    run.effects.append(Schedule(timers.album(run.session.id), run.now + GATHERED_AFTER))


def gathered(run: Run) -> None:
    """Nothing more of an album came: say what is there, and put the question again."""
    frame = run.session.stack[-1] if run.session.stack else None
    if frame is not None and frame.wait is not None and frame.wait.album:
        questions.put(run, frame, run.step(frame), run.word("files_so_far", count=len(frame.wait.files)))


def pass_on(run: Run) -> None:
    """Give a person the files that none has been given yet."""
    session = run.session
    left = session.files[session.passed_on :]
    if left:
        files = tuple(File(each["id"], each["name"], each["size"]) for each in left)
        run.effects.append(Relay(session.case, (), files))
        session.passed_on = len(session.files)
