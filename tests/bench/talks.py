"""Conversations of the merchants: held once, reply by reply, and kept as lists of events that can be walked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import Ask
from bot.chat.events import File, Message, Tap
from bot.chat.people import User
from bot.engine.ids import Ids
from bot.engine.questions import CHANGE, DONE, KEEP
from bot.engine.session import decode, encode, start
from bot.engine.turn import advance
from bot.flow.linked import short_name
from bot.flow.menu import ACCEPT, DECLINE, SKIP, UNSURE, split_words
from bot.flow.model import Rule
from tests.bench.merchants import FILE, NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.effects import Button
    from bot.chat.events import Event
    from bot.engine.session import Frame
    from bot.flow.library import Library
    from tests.bench.merchants import Merchant

_FLOW: Final = "help_us_help_you"
_MOST_TURNS: Final = 60
_NUMBERS: Final = ("{}", "{}.", "#{}")
_CHANGE: Final = f"{CHANGE}."


@dataclass(frozen=True)
class Script:
    """A whole conversation: the session before and after it (JSON), and each event with the seed of its ids."""

    merchant: Merchant
    opening: bytes
    turns: tuple[tuple[Event, str], ...]
    closing: bytes


def walk(library: Library, scripts: Sequence[Script]) -> int:
    """Walk every conversation from its beginning to the person; the number of turns.

    The session is written to JSON and read back in every turn. Raises RuntimeError if one ends anywhere else.
    """
    turns = 0
    for script in scripts:
        session = decode(script.opening)
        for event, seed in script.turns:
            session = decode(encode(advance(library, session, event, NOW, Ids(seed)).session))
        if session.status != "handed_off":
            raise RuntimeError(f"merchant {script.merchant.number} ended as {session.status}")
        turns += len(script.turns)
    return turns


def hold(library: Library, merchant: Merchant) -> Script:
    """Let a merchant talk to the bot until a person takes over; raises RuntimeError if that does not happen."""
    talk = _Talk(library, merchant)
    opening = encode(talk.session)
    talk.send("/start")
    while talk.session.status == "active" and len(talk.turns) < _MOST_TURNS:
        talk.reply()
    if talk.session.status != "handed_off":
        frame = talk.session.stack[-1] if talk.session.stack else None
        raise RuntimeError(f"{merchant} is {talk.session.status} at {frame}")
    return Script(merchant, opening, tuple(talk.turns), encode(talk.session))


class _Talk:
    """A merchant at the bot's door, with what they still have in mind."""

    def __init__(self, library: Library, merchant: Merchant) -> None:
        self.turns: list[tuple[Event, str]] = []
        self.session = start(
            id=f"merchant{merchant.number:02}",
            flow=_FLOW,
            user=User(f"u{merchant.number}", "" if merchant.number % 6 == 0 else "Zoë"),
            channel=merchant.channel,
            locale=merchant.locale,
            now=NOW,
        )
        self._library = library
        self._merchant = merchant
        self._answers = dict(merchant.answers)
        self._asides = dict(merchant.asides)
        self._corrections = dict(merchant.corrections)
        self._buttons: tuple[Button, ...] = ()
        self._chosen = 0

    def send(self, text: str = "", files: tuple[File, ...] = ()) -> None:
        """Write a message."""
        self._turn(Message(self._key(), text, files))

    def reply(self) -> None:
        """Answer what the bot asked last, or do something else first."""
        frame = self.session.stack[-1]
        step: Any = self._library.programs[frame.flow].steps[frame.step]
        wait = frame.wait
        if wait is not None and (wait.offered or wait.dates):
            self._press(self._buttons[0])
        elif aside := self._asides.pop(step.id, None):
            self.send(aside)
        elif isinstance(step, Rule):
            declines = self._merchant.declines and step.decline is not None
            self._choose(frame, step, DECLINE if declines else ACCEPT)
        elif step.corrections and self._corrections:
            corrected, answer = self._corrections.popitem()
            self._answers[corrected] = answer
            self._choose(frame, step, _CHANGE + corrected)
        else:
            self._answer(frame, step)

    def _answer(self, frame: Frame, step: Any) -> None:
        answer = self._answers[step.collect]
        if self._button(KEEP) and step.id not in self._merchant.corrections:
            self._choose(frame, step, KEEP)
        elif answer == FILE and frame.wait is not None:
            if frame.wait.files:
                self._choose(frame, step, DONE)
            else:
                self.send(files=(File("f1", "captura de pantalla.png", 183_204, "image/png"),))
        elif self._button(answer):
            self._choose(frame, step, answer)
        else:
            self.send(answer)

    def _choose(self, frame: Frame, step: Any, option: str) -> None:
        """Name an option in one of the merchant's manners; press its button where words were not understood."""
        button = self._button(option)
        if button is None:
            raise RuntimeError(f"merchant {self._merchant.number} is not offered {option} at {step.id}")
        manner = self._merchant.manners[self._chosen % len(self._merchant.manners)]
        self._chosen += 1
        if manner == "button" or option.startswith(_CHANGE) or (frame.wait is not None and frame.wait.attempts):
            self._press(button)
        elif manner == "number":
            self.send(_NUMBERS[self._chosen % len(_NUMBERS)].format(self._buttons.index(button) + 1))
        else:
            synonyms = self._synonyms(step, option) if manner == "synonym" else []
            self.send(synonyms[self._chosen % len(synonyms)] if synonyms else button.label)

    def _synonyms(self, step: Any, option: str) -> list[str]:
        """Other names of an option in the merchant's language."""
        choice = next((each for each in getattr(step, "choices", ()) if each.id == option), None)
        text = choice.synonyms if choice is not None else None
        if choice is None and option in {ACCEPT, DONE, KEEP, SKIP, UNSURE}:
            text = self._library.named(f"{option}_synonyms")
        return split_words(self._library.plain(text, self.session.locale)) if text is not None else []

    def _button(self, option: str) -> Button | None:
        mark = "." + short_name(option)
        return next((button for button in self._buttons if button.token.endswith(mark)), None)

    def _press(self, button: Button) -> None:
        self._turn(Tap(self._key(), button.token))

    def _key(self) -> str:
        return f"{self._merchant.number}/{len(self.turns)}"

    def _turn(self, event: Event) -> None:
        seed = event.key
        turn = advance(self._library, self.session, event, NOW, Ids(seed))
        self.turns.append((event, seed))
        self.session = decode(encode(turn.session))
        for effect in turn.effects:
            if isinstance(effect, Ask):
                self._buttons = effect.buttons
