"""The files that the merchant sends. Each is kept with the conversation at once, whatever question waits.

An album comes here as the one message that it was (`bot.chat.albums`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import Relay
from bot.chat.events import File
from bot.engine import limits
from bot.engine.run import LimitReached
from bot.flow.model import Form

if TYPE_CHECKING:
    from bot.chat.events import Message
    from bot.engine.run import Run
    from bot.engine.session import Frame


def keep(run: Run, message: Message) -> None:
    """Keep the files of a message, unless a person gets them anyway."""
    session = run.session
    if session.status == "handed_off":
        return
    if len(session.files) + len(message.files) > limits.FILES_PER_SESSION:
        raise LimitReached("files_per_session")
    kept = ({"id": each.id, "name": each.name, "size": each.size} for each in message.files)
    session.files = (*session.files, *kept)


def beside(run: Run, frame: Frame, message: Message) -> bool:
    """Whether files came that the question which waits there does not ask for, and no person gets them anyway."""
    step = run.step(frame)
    if not message.files or run.session.status == "handed_off" or step.kind is Form:
        return False
    return step.expects != "files"


def pass_on(run: Run) -> None:
    """Give a person the files that none has been given yet."""
    session = run.session
    left = session.files[session.passed_on :]
    if left:
        files = tuple(File(each["id"], each["name"], each["size"]) for each in left)
        run.effects.append(Relay(session.case, (), files))
        session.passed_on = len(session.files)
