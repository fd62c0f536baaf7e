"""What happened in a conversation, in words: with the questions' own words and the answers' labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import RELAYED
from bot.desk.work import read
from bot.engine import tokens
from bot.flow.linked import short_name
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flow.library import Library
    from bot.flow.program import Program

SHORT: Final = 60
"""Code points of a text that are shown."""


_TIMERS: Final[Mapping[str, str]] = {
    "expiry": "closes the conversation",
    "album": "ends the waiting for more of an album",
}
"""Others are those of questions."""
_DESK_TIMERS: Final[Mapping[str, str]] = {
    "hold": "sends an answer of staff, unless that is taken back",
    "removal": "asks once more whether the temporary account is deleted",
    "grant": "ends the approval of live access",
    "drop": "ends a one-time form",
    "clock": "looks at the clocks of the case",
    "banner": "brings up to date what the merchant sees of the case",
    "snooze": "brings back the case that was put off",
    "waiting": "reminds the merchant that an answer is awaited",
    "close": "closes the solved case",
}


def event_in_words(event: Mapping[str, Any], library: Library) -> str:
    """What the merchant, a timer or somebody else did."""
    match event["type"]:
        case "message":
            files = ", ".join(each["name"] for each in event.get("files", ()))
            text = event.get("text", "")
            words = [f'wrote "{short(text)}"'] if text else []
            words += [f"sent {files}"] if files else []
            return " and ".join(words) or f"sent a message without text ({event.get('kind', 'text')})"
        case "tap":
            return f"pressed {_button(event['token'], library)}"
        case "submit":
            return f"sent the form ({', '.join(event.get('values', ()))})"
        case "returned":
            return "a person gave the conversation back"
        case "due":
            return f"the timer came due that {timer_in_words(event['timer'])}" + (", late" if event.get("late") else "")
        case "performed":
            return f"the action {event['action']} reported" + (f": {event['error']}" if event.get("error") else "")
    return _beside_the_flow(event)


def _beside_the_flow(event: Mapping[str, Any]) -> str:
    match event["type"]:
        case "command":
            return f"{event['person'].get('name') or event['person']['id']} gave the command {event['name']}"
        case "written":
            return f"{event['person'].get('name') or event['person']['id']} wrote at the case's place"
        case "reacted":
            whose = "somebody of the team" if event.get("person") else "the merchant"
            return f"{whose} {'took back' if event.get('taken') else 'reacted with'} {event['emoji']}"
        case "dropped":
            return f"a one-time form was {event['state']}"
        case "joined":
            return f"the case {event['case']} was said to be about the same as {event['into']}"
        case "forgetting":
            return "the merchant wants everything of theirs removed"
        case "delivered":
            whose = "a message of the merchant" if event["ref"].startswith(RELAYED) else "an answer of staff"
            return f"{whose} is {event['state']}"
    return str(event["type"])


def timer_in_words(name: str) -> str:
    """What a timer does."""
    if (found := read(name)) is not None:
        return _DESK_TIMERS.get(found[0], found[0])
    return _TIMERS.get(name.rpartition(".")[2], "reminds of the question")


def question(library: Library, flow: str, step: str) -> str:
    """A question by its id and the beginning of its words."""
    program = _program(library, flow)
    asked = program.steps.get(step) if program is not None else None
    text = getattr(asked, "prompt", None) or getattr(asked, "text", None) or getattr(asked, "title", None)
    if text is None:
        return f"{step}"
    words = plain(library.wording(text, "en").document)
    return f"{step} *{short(words.partition(chr(10))[0])}*"


def label(library: Library, flow: str, slot: str, value: Any) -> str:
    """An answer by its label, if it has one."""
    program = _program(library, flow)
    labels = program.labels.get(slot, {}) if program is not None else {}
    values = value if isinstance(value, list) else [value]
    return ", ".join(_labelled(library, labels, each) for each in values)


def short(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"


def _labelled(library: Library, labels: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, str) and value in labels:
        return library.plain(labels[value], "en")
    if isinstance(value, dict):
        files = [each["name"] for each in value.get("files", ())]
        return short(", ".join([*files, *(str(value[key]) for key in ("text", "typed") if value.get(key))]))
    return short(str(value))


def _button(token: str, library: Library) -> str:
    parts = tokens.read(token)
    if parts is None:
        return "a button"
    for program in library.programs.values():
        for name, step in program.steps.items():
            if short_name(name) == parts.step:
                ids = [each.id for each in getattr(step, "choices", ())]
                found = [each for each in [*ids, "change", "keep", "done"] if short_name(each) == parts.choice]
                return f"{found[0] if found else 'a button'} at {name}"
    return "a button"


def _program(library: Library, flow: str) -> Program | None:
    return library.programs.get(flow)
