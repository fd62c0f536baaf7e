"""A log as a conversation script: what the merchant did, and what the bot says to it now."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import msgspec
import yaml

from bot.chat.events import AnyEvent, Command, Delivered, Due, Message, Performed, Returned, Submit, Tap, Written
from bot.conversation import STARTED, Opening
from bot.engine import tokens
from bot.engine.session import MASK
from bot.flow.understanding import understood
from bot.scripts.expectations import failures
from bot.scripts.merchant import Impossible, Merchant
from bot.scripts.model import Case, Turn, read_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.engine.session import Record
    from bot.flow.library import Library
    from bot.scripts.merchant import Heard

_WIDTH: Final = 4_096


class Unwritable(ValueError):  # noqa: N818  (a finding about the conversation)
    """The conversation cannot be a script; the argument says why."""


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Lists stand further in than their key."""
        super().increase_indent(flow=flow, indentless=False)


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def written(library: Library, log: Sequence[Record], title: str) -> tuple[str, list[str]]:
    """The script of one case, which passes on these flows, and notes for its author. Raises Unwritable.

    It ends where something came in that is not the merchant's doing: a person's, or an action's outcome.
    """
    opening = next((record for record in log if record.kind == STARTED), None)
    if opening is None:
        raise Unwritable("its log has no beginning")
    begun = msgspec.convert(msgspec.to_builtins(opening.data["opening"]), Opening)
    case: dict[str, Any] = {
        "case": title,
        "flow": begun.flow,
        "locale": begun.locale,
        "name": begun.user.first_name,
        "channels": begun.channel.name,
        "clock": opening.at.astimezone(UTC).isoformat(),
    }
    writer = _Writer(Merchant(library, understood(Case, {**case, "turns": [{"user": "x"}]}), begun.channel.name))
    for record in log:
        if record.kind == "event_received" and not writer.write(
            msgspec.convert(msgspec.to_builtins(record.data["event"]), AnyEvent)
        ):
            break
    if not writer.turns:
        raise Unwritable("the merchant did nothing in it that a script could do")
    document = {"cases": [{**case, "turns": writer.turns}]}
    text = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    _verify(library, text, begun.channel.name)
    return text, writer.notes


class _Writer:
    """Does again what the merchant did, and writes down what is heard."""

    def __init__(self, merchant: Merchant) -> None:
        self.turns: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self._merchant = merchant

    def write(self, event: AnyEvent) -> bool:
        """Write a turn; false where the script has to end."""
        if isinstance(event, (Command, Written, Delivered, Returned, Performed)):
            what = "an action reported" if isinstance(event, Performed) else "a person took over"
            self.notes.append(f"The script ends before {what}: a script has only what the merchant does.")
            return False
        action = self._action(event)
        if action is None:
            self.notes.append("A timer that is not set in the script was left out.")
            return True
        try:
            heard = self._merchant.do(understood(Turn, action))
        except Impossible as reason:
            self.notes.append(f"The script ends where these flows go another way: {reason}")
            return False
        self.turns.append({**action, **_expected(heard)})
        return True

    def _action(self, event: AnyEvent) -> dict[str, Any] | None:
        match event:
            case Message(kind=kind, text="", files=()) if kind != "text":
                return {"kind": kind}
            case Message(text=text, files=files):
                if text == MASK:
                    self.notes.append(f"A sensitive answer is masked: put a suitable one in place of {MASK}.")
                if event.removed:
                    self.notes.append(f"{', '.join(event.removed)} was removed here: put a made-up one in its place.")
                action: dict[str, Any] = {"user": text} if text or not files else {}
                return {**action, "files": [each.name for each in files]} if files else action
            case Tap(token=token):
                return {"tap": self._merchant.name_of(_here(token, self._merchant))}
            case Submit(values=values):
                return {"submit": values}
            case Due():
                seconds = self._merchant.until_next_timer()
                return None if seconds is None else {"wait": f"{seconds}s"}
        return None


def _here(token: str, merchant: Merchant) -> str:
    """The token as the script's session has it."""
    parts = tokens.read(token)
    return token if parts is None else f"{merchant.session.id}.{token.partition('.')[2]}"


def _expected(heard: Heard) -> dict[str, Any]:
    stack = heard.session.stack
    return {"bot": heard.texts, "at": f"{stack[-1].flow}.{stack[-1].step}" if stack else None}


def _verify(library: Library, text: str, channel: str) -> None:
    """Raise Unwritable unless the script, read again, passes."""
    sheet, problems = read_script(text.encode(), "the script")
    if sheet is None:
        raise Unwritable("; ".join(problem.message for problem in problems))
    case = sheet.script.cases[0]
    merchant = Merchant(library, case, channel)
    for number, turn in enumerate(case.turns, 1):
        for key, failure in failures(turn, merchant.do(turn)):
            raise Unwritable(f"turn {number} does not come out the same twice ({key}: {failure})")
