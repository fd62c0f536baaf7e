"""A conversation in which anything may happen: a flow with a bit of all, and what must hold after every event."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from bot.chat.effects import Ask, Edit, OpenCase, Perform, Relay, Say, Schedule, Unschedule
from bot.chat.events import Due, File, Message, Performed, Submit, Tap
from bot.chat.people import CONSOLE, SLACK, TELEGRAM, User
from bot.engine import limits, timers, tokens, undo
from bot.engine.ids import Ids
from bot.engine.session import Session, decode, encode, start
from bot.engine.turn import Turn, advance
from bot.flow.library import Library
from tests.engine.talk import START, catalogs, flows, patterns

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.chat.effects import Effect
    from bot.chat.events import Event
    from bot.chat.people import Channel
    from bot.engine.session import Frame, Record
    from bot.flow.program import Program

WILD = """
flow: test
version: 1
title: A bit of everything
expire_after: 3d
slots:
  a: {type: choice, label: A, ask_again: true}
  b: {type: choices, label: B}
  c: {type: date, label: C}
  d: {type: files, also: text, label: D}
  e: {type: number, label: E}
  f: {type: yes_no, label: F}
  g: {type: text, label: G}
  h: {type: email, label: H}
  s: {type: text, sensitive: true, label: S}
  u: {type: url, label: U}
  v: {type: version, label: V}
  w: {type: choices, label: W}
  m: {type: yes_no, ask_again: true}
  z: {type: choice}
steps:
  - id: a
    collect: a
    prompt: A?
    timeout: {after: 1h, then: nudge}
    rejections: [{if: "value == 'two' and slots.f == 'no'", say: Not two.}]
    choices:
      - {id: one, label: One}
      - {id: two, label: Two, next: sub}
      - {id: done, label: Thrée}
      - {id: "no", label: Nothing}
  - id: b
    collect: b
    prompt: B?
    choices: [{id: x, label: Ex}, {id: y, label: Why}, {id: keep, label: Zed}]
    unsure: true
  - id: rule
    rule: staging
    text: "Only staging, {{ user.first_name }}."
    accept: Understood
    decline: {label: No way, next: c}
  - id: form
    form: details
    title: Details
    submit: Send
    fields:
      - {collect: e, prompt: E?, optional: true}
      - {collect: h, prompt: H?}
      - {collect: w, prompt: W?, choices: [{id: x, label: Ex}, {id: y, label: Why}]}
      - {collect: s, prompt: S?, optional: true}
      - {collect: v, prompt: V?, unsure: true}
  - id: c
    collect: c
    prompt: C?
    unsure: true
    max_attempts: 2
    on_max_attempts: note
    timeout: {after: 2h, then: sub}
    next: sub
  - {id: note, set: {g: noted, f: null}}
  - {id: sub, call: inner, with: {given: "{{ slots.a }}"}, into: {g: word}}
  - {id: look, action: look_up, with: {g: "{{ slots.g }}", hour: "{{ now.hour }}"}, into: {u: found}, on_error: d}
  - id: twice
    call: inner
    with: {given: "{{ slots.c.typed if slots.c and slots.c != 'unsure' else 'c' }}"}
    into: {g: word}
  - {id: d, collect: d, prompt: "D?", optional: true, when: "slots.f is none"}
  - {id: more, collect: m, prompt: More?, next: [{if: "slots.m == 'yes'", then: b2}, {else: f}]}
  - {id: b2, set: {b: null}, next: b}
  - {id: f, collect: f, prompt: F?, barrier: true, when: "slots.a != 'no'"}
  - id: check
    collect: z
    prompt: "{{ summary }} {{ rules }}"
    corrections: true
    choices:
      - {id: again, label: Again, next: a}
      - {id: done, label: Done, next: leave}
      - {id: call, label: Call, next: person}
  - {id: leave, goto: inner, with: {given: end}}
  - {id: person, handoff: {queue: q, summary: [a, b]}}
---
flow: inner
version: 1
title: Inner
triggers: [{command: inner}, {words: "inner thing"}]
slots: {given: {type: text}, word: {type: text, label: Word}, found: {type: text}, sure: {type: yes_no}}
steps:
  - {id: greet, say: "In {{ slots.given }}.", when: "slots.given != 'two'"}
  - id: word
    collect: word
    prompt: Word?
    interruptions: false
    timeout: {after: 90m, then: nudge}
    rejections: [{if: "value == 'bad'", say: Not that.}]
  - {id: look, action: check_word, with: {word: "{{ slots.word }}"}, into: {found: found}}
  - {id: a, collect: sure, prompt: "Sure, {{ slots.word }}?", timeout: {after: 2h, then: end}}
  - {id: end, end: over}
---
flow: endless
version: 1
title: Endless
triggers: [{command: endless}]
slots: {x: {type: text, ask_again: true}}
steps: [{id: again, collect: x, prompt: Again?}, {id: deeper, call: endless}]
"""

RENEWED = (
    WILD.replace("version: 1", "version: 2")
    .replace("  - id: twice\n", "  - {id: fresh, say: Fresh.}\n  - id: twice\n")
    .replace("id: check\n    collect: z", "id: checked\n    collect: z")
)
MIGRATED = (
    RENEWED.replace("version: 2", "version: 3")
    .replace("id: done, label: Thrée", "id: three, label: Thrée")
    .replace(
        "\nsteps:\n  - id: a\n",
        "\nmigrate: [{from: 1, steps: {b: c, form: more}, map: {a: {done: three}}, drop: [v]}]\nsteps:\n  - id: a\n",
        1,
    )
)

WORDS = [
    "1", "2", "3", "4", "yes", "no", "ok", "one", "two", "twoo", "ex", "zed", "done", "keep", "skip", "understood",
    "hello", "42", "2.1.0", "12345678", "a@example.com", "yesterday", "2025-12-24", "03/04/2025", "unsure", "bad",
    "again", "call", "q", "https://shop.example", "opensesame", "word",
]  # fmt: skip
COMMANDS = [
    "/back", "/cancel", "/restart", "/human", "/language", "/language es", "/why", "/help", "/status", "/summary",
    "/start", "/inner", "/endless", "inner thing", "back", "i dont know", "ex, zed", "ex, done", "why, i dont know",
    "password: Hunter2!x",
    "/", "//", "/unknown thing", "my password is Hunter2!x and the shop is down",
]  # fmt: skip
FILES = st.lists(
    st.builds(File, st.just("f"), st.sampled_from(["a.png", "b\u202e\x00.txt", ""]), st.integers(0, 9)), max_size=3
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["files", "typed", "date", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
VALUES = st.dictionaries(
    st.sampled_from(["e", "h", "w", "s", "v", "nonsense"]),
    st.sampled_from(["", "5", "a@example.com", "x", "2.1.0", "unsure", "skip", "password: Hunter2!x"])
    | st.lists(st.sampled_from(["x", "y", "zed"]), max_size=3)
    | st.text(max_size=5),
    max_size=6,
)
GOOD = st.just({"e": "5", "h": "a@example.com", "w": ["x"], "s": "opensesame", "v": "2.1.0"})
RESULTS = st.dictionaries(st.sampled_from(["found", "error", "x"]), JSON, max_size=2)

moves = st.one_of(
    st.tuples(st.just("button"), st.integers(0, 3)),
    st.tuples(st.just("button"), st.integers(0, 40)),
    st.tuples(st.just("say"), st.sampled_from(WORDS)),
    st.tuples(st.just("say"), st.sampled_from(COMMANDS)),
    st.tuples(st.just("say"), st.text(max_size=20)),
    st.tuples(st.just("old"), st.integers(0, 300)),
    st.tuples(
        st.just("token"), st.text(max_size=30) | st.tuples(st.integers(0, 300), st.integers(0, 3), st.text(max_size=6))
    ),
    st.tuples(st.just("submit"), VALUES | GOOD),
    st.tuples(st.just("old form"), st.tuples(st.integers(0, 300), VALUES | GOOD)),
    st.tuples(
        st.just("send"), st.builds(Message, st.just(""), st.sampled_from(["", "caption", "/back"]), FILES.map(tuple))
    ),
    st.tuples(st.just("send"), st.builds(Message, st.just(""), kind=st.sampled_from(["sticker", "voice", "other"]))),
    st.tuples(st.just("wait"), st.sampled_from([60, 3700, 9000, 90000, 300000])),
    st.tuples(st.just("due"), st.integers(0, 300) | st.text(max_size=8)),
    st.tuples(st.just("report"), RESULTS | st.just({"found": "x"})),
    st.tuples(st.just("failure"), st.integers(0, 9)),
    st.tuples(st.just("stray report"), st.tuples(st.integers(0, 9), RESULTS)),
    st.tuples(st.just("renew"), st.integers(0, 5)),
)
"""What may happen next: a kind and its details."""


@cache
def libraries() -> tuple[Library, ...]:
    """The flows in force, then what a deployment may make of them, with and without the older structures at hand."""
    old, new, moved = flows(WILD), flows(RENEWED), flows(MIGRATED)
    common = [*patterns()]
    return (
        Library([*common, *old], catalogs()),
        Library([*common, *new], catalogs(), old),
        Library([*common, *new], catalogs()),
        Library([*common, *moved], catalogs(), [*old, *new]),
        Library([*common, *moved], catalogs()),
        Library([*common, *old], catalogs(), [*new, *moved]),
    )


class Wild:
    """One conversation that is checked after every event. Sessions are handed on as they are, not through JSON."""

    def __init__(self, channel: Channel = CONSOLE, flow: str = "test", where: Library | None = None) -> None:
        """Nothing has happened yet."""
        self.library = where or libraries()[0]
        self.now: datetime = START
        self.first = start(id="sessionabc", flow=flow, user=User("u1", "Ana"), channel=channel, locale="en", now=START)
        self.session: Session = self.first
        self.turn = Turn(self.session)
        self.count = 0
        self.history: list[tuple[Session, bytes]] = [(self.session, encode(self.session))]
        self.timers: dict[str, datetime] = {}
        self.tokens: list[str] = []
        self.forms: list[str] = []
        self.actions: list[str] = []
        self.past_timers: list[str] = []
        self.refs: set[str] = set()
        self.log: list[Record] = []
        self.may_fail = False
        """Whether what a hook reported may make an expression fail."""

    # --- what may happen ------------------------------------------------------------------------------------------

    def step(self, kind: str, what: Any) -> None:
        """Have one thing happen, if it can."""
        getattr(self, f"_{kind.replace(' ', '_')}")(what)

    def _button(self, what: int) -> None:
        if found := self.buttons:
            self.send(Tap("", found[what % len(found)]))

    def _say(self, what: str) -> None:
        self.send(Message("", what))

    def _old(self, what: int) -> None:
        if self.tokens:
            self.send(Tap("", self.tokens[what % len(self.tokens)]))

    def _token(self, what: str | tuple[int, int, str]) -> None:
        self.send(Tap("", what if isinstance(what, str) else self._broken(*what)))

    def _submit(self, what: dict[str, Any]) -> None:
        if self.forms:
            self.send(Submit("", self.forms[-1], what))

    def _old_form(self, what: tuple[int, dict[str, Any]]) -> None:
        if self.tokens:
            self.send(Submit("", self.tokens[what[0] % len(self.tokens)], what[1]))

    def _send(self, what: Message) -> None:
        self.send(what)

    def _wait(self, what: float) -> None:
        self.wait(what)

    def _due(self, what: int | str) -> None:
        known = self.past_timers
        timer = known[what % len(known)] if isinstance(what, int) and known else str(what)
        self.timers.pop(timer, None)
        self.send(Due("", timer))

    def _report(self, what: dict[str, Any]) -> None:
        if self.actions:
            self.may_fail |= what != {"found": "x"}
            self.send(Performed("", self.actions[-1], what))

    def _failure(self, what: int) -> None:
        if self.actions:
            self.send(Performed("", self.actions[what % len(self.actions)], error="broken"))

    def _stray_report(self, what: tuple[int, dict[str, Any]]) -> None:
        self.may_fail = True
        known = [*self.actions, "nothing"]
        self.send(Performed("", known[what[0] % len(known)], what[1]))

    def _renew(self, what: int) -> None:
        self.library = libraries()[what]

    def _broken(self, number: int, part: int, text: str) -> str:
        parts = (self.tokens[number % len(self.tokens)] if self.tokens else "a.1.b.c").split(".")
        return ".".join([*parts[:part], text, *parts[part + 1 :]])

    @property
    def buttons(self) -> list[str]:
        """The tokens of the last turn."""
        return [button.token for each in self.turn.effects if isinstance(each, (Say, Ask)) for button in each.buttons]

    def wait(self, seconds: float) -> None:
        """Let time pass; timers that come due fire in their order."""
        until = self.now + timedelta(seconds=seconds)
        while due := sorted((at, timer) for timer, at in self.timers.items() if at <= until):
            self.now, timer = due[0]
            del self.timers[timer]
            self.send(Due("", timer))
        self.now = until

    def send(self, event: Event) -> Turn:
        """Send an event under a key of its own, and check everything."""
        self.count += 1
        event = msgspec.structs.replace(event, key=f"k{self.count}")
        before, document = self.session, encode(self.session)
        event_document = msgspec.json.encode(event)
        turn = advance(self.library, before, event, self.now, Ids(f"seed{self.count}"))
        assert encode(before) == document, "the session that came in was changed"
        assert msgspec.json.encode(event) == event_document, "the event was changed"
        again = advance(self.library, decode(document), event, self.now, Ids(f"seed{self.count}"))
        assert encode(again.session) == encode(turn.session), "the same arguments gave another session"
        assert (again.effects, again.log) == (turn.effects, turn.log), "the same arguments gave other effects"
        self.turn, self.session = turn, turn.session
        self.history.append((turn.session, encode(turn.session)))
        self.log += [msgspec.convert(msgspec.to_builtins(record), type(record)) for record in turn.log]
        self._effects(before, event)
        self._session()
        return turn

    # --- what must hold -------------------------------------------------------------------------------------------

    def _effects(self, before: Session, event: Event) -> None:
        effects, session = self.turn.effects, self.session
        texts = [each for each in effects if isinstance(each, (Say, Ask))]
        assert isinstance(event, (Due, Performed)) or texts, ("no answer", event)
        for effect in effects:
            self._effect(effect)
        failures = [record for record in self.turn.log if record.kind == "turn_failed"]
        assert self.may_fail or not failures, failures
        if session.status == "active" and texts and not failures and not working(self.library, session):
            assert isinstance(texts[-1], Ask), "texts come before the question"
            wait = waiting(session).wait
            assert wait is not None
            assert texts[-1].ref == tokens.reference(session.id, wait.asked)
        opened = any(isinstance(each, OpenCase) for each in effects)
        if opened:
            assert session.status == "handed_off"
        for effect in effects:
            if isinstance(effect, Relay):
                assert session.status == "handed_off"
                assert before.status == "handed_off" or (opened and effect.files and not effect.document), (
                    "before a person looks after the case, only the files of its answers are passed on"
                )

    def _effect(self, effect: Effect) -> None:
        if isinstance(effect, Schedule):
            assert effect.due > self.now
            self.timers[effect.timer] = effect.due
            self.past_timers.append(effect.timer)
        elif isinstance(effect, Unschedule):
            self.timers.pop(effect.timer, None)
        elif isinstance(effect, Edit):
            assert effect.ref in self.refs, "an edit of what was never shown"
        elif isinstance(effect, Perform):
            self.actions.append(effect.action)
        if isinstance(effect, Ask):
            self.refs.add(effect.ref)
            if effect.form is not None:
                self.forms.append(effect.buttons[0].token)
        if isinstance(effect, (Ask, Say, Edit)):
            found = [button.token for button in effect.buttons]
            assert len(set(found)) == len(found), "two buttons with one token"
            assert all(token.isascii() and len(token) <= tokens.MAX_BYTES for token in found)
            self.tokens += found

    def _session(self) -> None:
        session = self.session
        assert encode(decode(encode(session))) == encode(session)
        ordinary = [frame for frame in session.stack if not frame.flow.startswith("pattern_")]
        assert ordinary == session.stack[: len(ordinary)], "repair patterns are on top"
        assert len(ordinary) <= limits.FRAMES
        numbers = [frame.wait.asked for frame in session.stack if frame.wait is not None]
        assert len(set(numbers)) == len(numbers), "two questions with one number"
        if session.status == "active":
            assert session.stack, "somebody is asked"
            assert session.stack[-1].wait is not None, "somebody is asked"
        self._timers()
        undo.past(session, finder(self.library), lambda *_: False)
        assert len([*undo.entries(session)]) <= limits.UNDO_ENTRIES
        assert set(session.recall) <= set(session.former), "what is given again is remembered"

    def _timers(self) -> None:
        """No timer is left for what no longer waits, and none is missing."""
        session = self.session
        wanted = {timers.expiry(session.id)} if session.status == "active" else set()
        if session.timer:
            wanted.add(session.timer)
            assert session.timer in {
                tokens.reference(session.id, frame.wait.asked) for frame in session.stack if frame.wait is not None
            }
        assert set(self.timers) == wanted

    def finish(self) -> None:
        """At the end: no session of the past was changed by what came after it."""
        for session, document in self.history:
            assert encode(session) == document


def waiting(session: Session) -> Frame:
    """The frame that waits on top."""
    return session.stack[-1]


def working(library: Library, session: Session) -> bool:
    """Whether a hook is awaited, so that no question is put."""
    frame = waiting(session)
    program = library.pinned(frame.flow, frame.hash)
    return program is not None and type(program.steps[frame.step]).__name__ == "Action"


def finder(library: Library) -> Callable[[Frame], Program]:
    """What a frame runs on; raises LookupError."""

    def program(frame: Frame) -> Program:
        found = library.pinned(frame.flow, frame.hash)
        if found is None:
            raise LookupError(frame.flow)
        return found

    return program


CHANNELS = (CONSOLE, SLACK, TELEGRAM)
