"""The merchant of a script: sends what a turn says on a channel of its own, and keeps all that comes back.

The clock stands still but for `wait`, ids are drawn from a fixed seed, and between every two events the session exists
as a JSON document alone, so a script plays the same everywhere and persistence is played along.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.chat.effects import Ask, Edit, Say, Schedule, Unschedule
from bot.chat.events import Due, File, Message, Submit, Tap
from bot.chat.people import CONSOLE, SLACK, TELEGRAM, User
from bot.engine import tokens
from bot.engine.ids import Ids
from bot.engine.questions import CHANGE
from bot.engine.session import decode, encode, start
from bot.engine.turn import Turn, advance
from bot.flow.linked import short_name
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.chat.effects import Button, Effect
    from bot.chat.events import Event
    from bot.chat.people import Channel
    from bot.engine.session import Record, Session
    from bot.flow.library import Library
    from bot.scripts import model

CHANNELS: Final[Mapping[str, Channel]] = {each.name: each for each in (SLACK, TELEGRAM, CONSOLE)}


class Impossible(Exception):  # noqa: N818  (a finding about the script, not a defect of ours)
    """The merchant cannot do what the turn says; the argument is a sentence for its author."""


class Heard(NamedTuple):
    """What came of one turn of a script, all its events together; `session` is how it stands after them."""

    session: Session
    effects: tuple[Effect, ...]
    log: tuple[Record, ...]

    @property
    def texts(self) -> list[str]:
        """What the bot said and asked, message by message, as plain text."""
        return [plain(each.document) for each in self.effects if isinstance(each, (Say, Ask))]

    @property
    def buttons(self) -> list[str]:
        """The labels that are offered below these messages."""
        return [button.label for each in self.effects if isinstance(each, (Say, Ask)) for button in each.buttons]


class Merchant:
    """One conversation of a case on one channel."""

    def __init__(self, library: Library, case: model.Case, channel: str) -> None:
        """Nothing has been said yet."""
        self._library = library
        self._now = case.clock
        self._document = encode(
            start(
                id="script",
                flow=case.flow,
                user=User("merchant", case.name),
                channel=CHANNELS[channel],
                locale=case.locale,
                now=case.clock,
            )
        )
        self._timers: dict[str, datetime] = {}
        self._shown: list[Sequence[Button]] = []
        """The buttons of every message so far, oldest first."""
        self._question: Ask | None = None
        self._last: Event | None = None
        self._events = 0

    @property
    def session(self) -> Session:
        """The conversation as it stands."""
        return decode(self._document)

    def do(self, turn: model.Turn) -> Heard:
        """Do what a turn says; raises Impossible."""
        turns: list[Turn] = []
        match turn.action:
            case "tap":
                turns += [self._send(Tap(self._key(), self._button(wanted).token)) for wanted in turn.tap or ()]
            case "kind" if turn.kind is not None:
                turns.append(self._send(Message(self._key(), kind=turn.kind)))
            case "wait":
                turns += self._wait(timedelta(seconds=turn.wait or 0))
            case "duplicate":
                turns.append(self._again())
            case "submit":
                turns.append(self._send(Submit(self._key(), self._form(), turn.submit or {})))
            case _:
                files = tuple(File(f"file-{name}", name) for name in (*(turn.file or ()), *(turn.files or ())))
                turns += [self._send(Message(self._key(), text, files)) for text in turn.user or ("",)]
        effects = tuple(effect for each in turns for effect in each.effects)
        return Heard(self.session, effects, tuple(record for each in turns for record in each.log))

    def until_next_timer(self) -> int | None:
        """Seconds until the next timer comes due; None if none is set."""
        if not self._timers:
            return None
        return max(1, -int((self._now - min(self._timers.values())).total_seconds() // 1))

    def name_of(self, token: str) -> str:
        """What a turn's `tap` calls the button with this token; raises Impossible."""
        for button in self._question.buttons if self._question is not None else ():
            if button.token == token:
                return button.label
        parts = tokens.read(token)
        if parts is not None and any(button.token == token for shown in self._shown for button in shown):
            steps = (step for program in self._library.programs.values() for step in program.steps.values())
            for step in steps:
                for choice in (CHANGE, *(each.id for each in getattr(step, "choices", ()))):
                    if (short_name(step.id), short_name(choice)) == (parts.step, parts.choice):
                        return f"{CHANGE}.{step.id}" if choice == CHANGE else f"{step.id}.{choice}"
        raise Impossible("no such button was shown")

    def _key(self) -> str:
        self._events += 1
        return f"event-{self._events}"

    def _send(self, event: Event) -> Turn:
        before = self._document
        turn = advance(self._library, self.session, event, self._now, Ids(event.key))
        self._document = encode(turn.session)
        if encode(self.session) != self._document:
            raise Impossible("the session is not the same after it was written and read again")
        if event is self._last and (turn.effects or turn.log or self._document != before):
            raise Impossible("the event came twice under one key, and something came of it")
        self._last = event
        for effect in turn.effects:
            self._notice(effect)
        return turn

    def _notice(self, effect: Effect) -> None:
        if isinstance(effect, Schedule):
            self._timers[effect.timer] = effect.due
        elif isinstance(effect, Unschedule):
            self._timers.pop(effect.timer, None)
        elif isinstance(effect, (Say, Ask, Edit)):
            self._shown.append(effect.buttons)
        if isinstance(effect, Ask):
            self._question = effect

    def _again(self) -> Turn:
        if self._last is None:
            raise Impossible("there is no event yet that could come twice")
        return self._send(self._last)

    def _wait(self, time: timedelta) -> Iterable[Turn]:
        until = self._now + time
        while due := sorted((at, timer) for timer, at in self._timers.items() if at <= until):
            self._now, timer = due[0]
            del self._timers[timer]
            yield self._send(Due(self._key(), timer))
        self._now = until

    def _form(self) -> str:
        if self._question is None or self._question.form is None or not self._question.buttons:
            raise Impossible("no form is shown: the last question is asked in words")
        return self._question.buttons[0].token

    def _button(self, wanted: str) -> Button:
        """The button of the last question that has this label or choice id, or an earlier one.

        An earlier one is called by its step: `platform.other`, or `change.platform` for what changes that answer.
        """
        current = self._question.buttons if self._question is not None else ()
        for button in current:
            if wanted == button.label:
                return button
        for button in current:
            token = tokens.read(button.token)
            if token is not None and token.choice == short_name(wanted):
                return button
        step, _, choice = wanted.rpartition(".")
        if step == "change":
            step, choice = choice, step
        for buttons in reversed(self._shown if step else ()):
            for button in buttons:
                token = tokens.read(button.token)
                if token is not None and (token.step, token.choice) == (short_name(step), short_name(choice)):
                    return button
        labels = ", ".join(repr(button.label) for button in current)
        raise Impossible(f"there is no button {wanted!r}; " + (f"there are {labels}" if labels else "there are none"))
