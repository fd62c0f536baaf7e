"""A log in words: what happened, a line for each record, with the questions' own words and the answers' labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.channels.console.rendering import visible
from bot.service.words import event_in_words, label, question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.engine.session import Record
    from bot.flow.library import Library

_PLAIN: Final[Mapping[str, str]] = {
    "session_cancelled": "the conversation was cancelled",
    "session_expired": "the conversation was closed, because nobody wrote for so long",
    "session_resumed": "the conversation was taken up again",
    "session_restarted": "the conversation began anew (it was session {before})",
    "session_started": "began {flow} in {locale} on {channel}, as session {session}",
    "command_given": "that is a command: {flow}",
    "digressed": "went into {flow} on the side",
    "pattern_entered": "the bot replied with pattern_{pattern}",
    "flow_called": "called {called}",
    "flow_left": "went on with {entered}",
    "flow_ended": "{flow} ended: {outcome}",
    "language_changed": "the language changed from {before} to {after}",
    "case_opened": "called a person: case {case}, queue {queue}, priority {priority}",
    "message_relayed": "passed on to the team (case {case})",
    "timer_fired": "did what the timer is for",
    "timer_ignored": "nothing was waiting for the timer any more",
    "answer_corrected": "the merchant changed the message that answered {step}",
    "form_refused": "the form was refused, because of {slots}",
    "secret_removed": "removed from it: {kinds}",
    "action_requested": "asked for the action {action}",
    "action_done": "the action {action} was done",
    "action_failed": "the action {action} failed",
    "action_ignored": "the action {key} reported, and nothing was waiting for it any more",
    "version_adopted": "went on with version {version} of {flow}",
    "version_lost": "the version of {flow} it was on is gone: sent back to the flow's beginning",
    "limit_reached": "a limit was reached: {reason}",
    "turn_failed": "the turn failed: {reason}",
    "control_passed": "control passed to: {control}",
    "control_returned": "the bot went on where a person left it",
    "event_ignored": "nothing came of it, because a person is in control",
    "command_done": "{person} did: {command}",
    "command_denied": "{person} did not: {command}, and was told: {reason}",
    "note_taken": "a note was taken",
    "reply_sent": "{person} answered the merchant",
    "reply_altered": "an answer of staff was changed or deleted",
    "reply_delivered": "an answer of staff is: {state}",
    "reply_sent_again": "an answer of staff was sent again",
    "message_delivered": "a message of the merchant is: {state}",
    "reaction_relayed": "a reaction of staff was passed on to the merchant",
    "reaction_told": "a reaction of the merchant was told to staff",
    "message_altered": "the merchant changed a message",
    "case_closed": "the case was closed",
    "time_box_changed": "the time-box is {state} ({by})",
    "case_joined": "the case {duplicate} was found to be about the same",
    "drop_asked": "{by} asked the merchant to fill in the one-time form {drop}",
    "drop_filled": "the one-time form {drop} was filled in",
    "drop_opened": "what was filled in on the form {drop} was shown to {by}",
    "drop_expired": "the time of the one-time form {drop} was over",
    "drop_withdrawn": "the one-time form {drop} was not needed any more",
    "time_box_accepted": "the merchant agreed to the time-box (wording {wording})",
    "time_box_declined": "the merchant did not agree to the time-box",
    "merchant_reminded": "the merchant was reminded that an answer is awaited",
    "clock_marked": "{percent} % of the time for {clock} were used up",
    "forgetting_asked": "the merchant wants everything of theirs removed",
    "case_rated": "the merchant rated the help: {rating}",
    "backup_confirmed": "a backup was confirmed by {by}",
    "access_approved": "live access was approved by {by} until {until}",
    "access_denied": "live access was denied by {by}",
    "access_revoked": "live access was taken back by {by}",
    "access_expired": "the time of live access was over",
    "removal_confirmed": "{by} says that the temporary account is deleted",
}


_HOW: Final[Mapping[str, str]] = {
    "id": "its id",
    "label": "its label",
    "other_label": "its label in another language",
    "synonym": "a synonym",
    "spacing": "a name, spaced otherwise",
    "number": "its number in the list",
    "beginning": "the beginning of a name",
    "likeness": "a name inside a sentence, or with a typo",
    "several": "several names at once",
    "date": "a date that can be read in two ways",
    "offer": "what the bot had asked back",
}
"""How a typed reply was understood: the matcher's rungs, and what goes beyond them."""


_KINDS: Final[Mapping[str, str]] = {
    "unrecognised": "not recognised",
    "invalid": "not valid",
    "empty": "nothing in it",
    "wrong_kind": "of a kind that is no answer",
}


def in_words(record: Record, library: Library) -> str:
    """What a record says."""
    data = record.data
    match record.kind:
        case "conversation_started":
            opening = data["opening"]
            said = f"began, with {opening['flow']} for {opening['user'].get('first_name') or opening['user']['id']}"
        case "event_received":
            said = event_in_words(data["event"], library)
        case "step_entered":
            said = f"asked {question(library, data['flow'], data['step'])}"
        case "step_undone":
            said = f"took back the answer to {question(library, data['flow'], data['step'])}"
        case "answer_accepted" | "answer_recalled" | "answer_doubted":
            said = _answered(record, library)
        case "answer_unmatched":
            why = _KINDS.get(data["kind"], data["kind"])
            why += f": {_reason(library, data['reason'])}" if data.get("reason") else ""
            said = f"no answer to {question(library, data['flow'], data['step'])} ({why}; {data['times']} so far)"
        case "rule_accepted" | "rule_declined":
            verb = "acknowledged" if record.kind == "rule_accepted" else "declined"
            how = f"; by {_HOW[data['how']]}" if data.get("how") in _HOW else ""
            said = f"{verb} the rule {data['rule']} (wording {data['wording']}, in {data['locale']}{how})"
        case kind if kind in _PLAIN:
            shown = {key: _joined(value) for key, value in data.items()}
            if kind == "command_denied":
                shown["reason"] = _reason(library, data["reason"])
            said = _PLAIN[kind].format_map(_Lenient(shown))
        case _:
            said = (
                f"{record.kind.replace('_', ' ')} {', '.join(f'{key} {value}' for key, value in data.items())}".strip()
            )
    return visible(said)


def _answered(record: Record, library: Library) -> str:
    """What a question was answered with, or which answers were asked back about, and how that was understood."""
    data = record.data
    asked, how = question(library, data["flow"], data["step"]), _HOW.get(data.get("how", ""), "")
    if record.kind == "answer_doubted":
        program = library.programs.get(data["flow"])
        slot = getattr(program.steps.get(data["step"]), "collect", "") if program is not None else ""
        return f"asked back at {asked}: {label(library, data['flow'], slot, data['options'])} ({how})"
    again = "" if record.kind == "answer_accepted" else ", as before"
    answer = label(library, data["flow"], data["slot"], data["value"])
    return f"answered {asked} with {answer}{again}" + (f" (by {how})" if how else "")


def _reason(library: Library, name: str) -> str:
    """A reason as it was told, if it is the name of a wording; otherwise its name in words."""
    try:
        return library.word(name, "en")
    except KeyError:
        return name.replace("_", " ")


def _joined(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


class _Lenient(dict[str, Any]):
    """Data of a record; what is not there is a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"
