"""What holds for every conversation, whatever a merchant does, on the shipped flows and on a harder one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.chat.effects import Ask, Say
from bot.chat.events import File, Message, Performed, Tap
from bot.chat.people import CONSOLE, SLACK
from bot.engine import limits, undo
from bot.engine.ids import Ids
from bot.engine.replay import replay
from bot.engine.session import Record, Session, decode, encode
from bot.engine.steps.action import FAILED
from bot.engine.turn import advance
from tests.engine.talk import Talk, library, shipped
from tests.searching import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flow.library import Library

HARD = """
flow: test
version: 1
title: Everything at once
slots:
  a: {type: choice, label: A, ask_again: true}
  b: {type: choices, label: B}
  c: {type: date, label: C}
  d: {type: files, also: text, label: D}
  e: {type: number, label: E}
  f: {type: yes_no, label: F}
  g: {type: text, label: G}
  h: {type: email, label: H}
  u: {type: url, label: U}
  v: {type: version, label: V}
  z: {type: choice}
steps:
  - id: a
    collect: a
    prompt: A?
    timeout: {after: 1h, then: nudge}
    choices: [{id: one, label: One}, {id: two, label: Two, next: sub}, {id: three, label: Thrée}]
  - {id: b, collect: b, prompt: B?, unsure: true,
      choices: [{id: x, label: Ex}, {id: y, label: Why}, {id: z, label: Zed}]}
  - {id: rule, rule: staging, text: "Only staging, {{ user.first_name }}.", accept: Understood,
      decline: {label: No way, next: c}}
  - id: form
    form: details
    title: Details
    submit: Send
    fields:
      - {collect: e, prompt: E?, optional: true}
      - {collect: h, prompt: H?}
      - {collect: v, prompt: V?, unsure: true}
  - {id: c, collect: c, prompt: C?, unsure: true, timeout: {after: 2h, then: sub}}
  - {id: sub, call: inner, with: {given: "{{ slots.a }}"}, into: {g: word}}
  - {id: look, action: look_up, with: {g: "{{ slots.g }}"}, into: {u: found}, on_error: d}
  - {id: d, collect: d, prompt: "D, {{ slots.u }}?", optional: true, when: "slots.f is none"}
  - {id: f, collect: f, prompt: F?, barrier: true}
  - id: check
    collect: z
    prompt: "{{ summary }} {{ rules }}"
    corrections: true
    choices:
      [{id: again, label: Again, next: a}, {id: done, label: Done, next: leave}, {id: call, label: Call, next: person}]
  - {id: leave, goto: inner, with: {given: end}}
  - {id: person, handoff: {queue: q, summary: [a, b]}}
---
flow: inner
version: 1
title: Inner
triggers: [{command: inner}, {words: "inner thing"}]
slots: {given: {type: text}, word: {type: text}}
steps:
  - {id: greet, say: "In {{ slots.given }}.", when: "slots.given != 'two'"}
  - {id: word, collect: word, prompt: Word?, interruptions: false, rejections: [{if: "value == 'bad'", say: Not that.}]}
"""

WORDS = [
    "1", "2", "3", "4", "yes", "no", "ok", "one", "two", "ex", "zed", "done", "skip", "understood", "hello",
    "42", "2.1.0", "12345678", "a@example.com", "yesterday", "2025-12-24", "03/04/2025", "iDEAL", "woo",
    "magento2", "live", "staging", "bad", "again", "call",
]  # fmt: skip
COMMANDS = [
    "/back", "/cancel", "/restart", "/human", "/language", "/language es", "/why", "/help", "/status", "/summary",
    "/start",
    "/rules", "/inner", "inner thing", "back", "i dont know", "ex, zed", "password: Hunter2!x",
]  # fmt: skip

move = st.one_of(
    st.tuples(st.just("button"), st.integers(0, 40)),
    st.tuples(st.just("button"), st.integers(0, 3)),
    st.tuples(st.just("say"), st.sampled_from(WORDS)),
    st.tuples(st.just("say"), st.sampled_from(COMMANDS)),
    st.tuples(st.just("say"), st.text(max_size=30)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("file"), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.sampled_from([60, 3700, 90000, 700000])),
    st.tuples(st.just("performed"), st.booleans()),
    st.tuples(st.just("sticker"), st.just(0)),
)
answer = st.one_of(st.tuples(st.just("button"), st.integers(0, 3)), st.tuples(st.just("say"), st.sampled_from(WORDS)))
"""What is an answer more often than not."""
PLACES: dict[str, Callable[[], Library]] = {"test": lambda: library(HARD), "help_us_help_you": shipped}


class Wanderer(Talk):
    """A merchant without manners. Every event is checked as it is sent."""

    def __init__(self, flow: str, forms: bool) -> None:
        super().__init__(PLACES[flow](), flow, channel=SLACK if forms else CONSOLE)
        self.first = decode(encode(self.session))
        self.records: list[Record] = []
        self.old: list[str] = []
        self.pending = ""

    def step(self, kind: str, what: Any) -> None:
        """Do one thing."""
        number = len(self.turns)
        if kind == "button":
            tokens = [button.token for button in self.buttons]
            self.checked(Tap(f"e{number}", tokens[what % len(tokens)])) if tokens else self.checked(
                Message(f"e{number}", "1")
            )
        elif kind == "old" and self.old:
            self.checked(Tap(f"e{number}", self.old[what % len(self.old)]))
        elif kind == "file":
            self.checked(Message(f"e{number}", "", (File("1", "a.png"),) * (what + 1)))
        elif kind == "sticker":
            self.checked(Message(f"e{number}", kind="sticker"))
        elif kind == "wait":
            self.wait(seconds=what)
        elif kind == "performed" and self.pending:
            self.send(Performed(f"e{number}", self.pending, {"found": "x"}, "broken" if what else ""))
        elif kind == "say":
            self.checked(Message(f"e{number}", what))

    def checked(self, event: Message | Tap) -> None:
        """Send something a user did: there must be an answer."""
        self.send(event)
        assert any(isinstance(effect, (Say, Ask)) for effect in self.effects), (event, self.log)

    def send(self, *events: Any) -> Talk:
        """Send, and check what must hold after every event."""
        for event in events:
            buttons = [button.token for button in self.buttons]
            super().send(event)
            same = Message(f"k{self.sent}", event) if isinstance(event, str) else event
            again = advance(self.library, self.session, same, self.now, Ids("again"))
            assert (again.effects, encode(again.session)) == ((), encode(self.session)), same
            self.old += buttons
            self.records += [msgspec.convert(msgspec.to_builtins(record), Record) for record in self.turn.log]
            self.pending = next((e.action for e in self.effects if type(e).__name__ == "Perform"), self.pending)  # type: ignore[union-attr]
            assert "turn_failed" not in self.log, self.turn.log
            assert "limit_reached" not in self.log, self.turn.log
            assert len(self.session.stack) <= limits.FRAMES
            assert len([*undo.entries(self.session)]) <= limits.UNDO_ENTRIES
        return self


@settings(max_examples=examples(250), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PLACES)), st.booleans(), st.lists(move, max_size=40))
def test_every_conversation_is_answered_and_can_be_replayed(
    flow: str, forms: bool, moves: list[tuple[str, Any]]
) -> None:
    """Every input is answered, and once: the same event again does nothing. No turn fails, no limit is passed.

    Sessions survive JSON between any two turns, and the log replays to them.
    """
    talk = Wanderer(flow, forms)
    for kind, what in moves:
        talk.step(kind, what)
    assert encode(replay(talk.library, talk.first, talk.records)) == encode(talk.session)


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(PLACES)), st.booleans(), st.lists(move, min_size=1, max_size=25), answer)
@example(
    flow="test",
    forms=False,
    moves=[("button", 0), ("button", 1), ("button", 0), ("say", "/inner"), ("wait", 60)],
    last=("button", 0),
)
def test_back_after_an_answer_restores_the_session(
    flow: str, forms: bool, moves: list[tuple[str, Any]], last: tuple[str, Any]
) -> None:
    """Going back after an answer gives the stack, the slots and the acknowledgements from before it."""
    talk = Wanderer(flow, forms)
    for kind, what in moves:
        talk.step(kind, what)
    before, turns = talk.session, len(talk.turns)
    talk.step(*last)
    if len(talk.turns) != turns + 1:
        return
    answers = [r.data["step"] for r in talk.turn.log if r.kind in {"answer_accepted", "rule_accepted", "rule_declined"}]
    takes_back = any(record.kind in {"step_undone", "timer_fired", "answer_recalled"} for record in talk.turn.log)
    in_pattern = bool(before.stack) and before.stack[-1].flow.startswith("pattern_")
    if answers and before.stack and answers[0] != before.stack[-1].step:
        return  # a question below another flow's was answered by its button, and that flow was left for it
    if not answers or takes_back or in_pattern or talk.session.status != "active" or talk.session.id != before.id:
        return
    talk.send("/back")
    if "step_undone" in talk.log:
        assert shape(talk.session) == shape(before)


def shape(session: Session) -> Any:
    """A session without what going back is not about: counters, texts to offer again, the state of the reply.

    Nor about a hook that failed: it is told once, and tried again when the conversation comes there again.
    """
    frames = [(frame.flow, frame.hash, frame.step, frame.slots, frame.into, frame.aside) for frame in session.stack]
    done = {key: result for key, result in session.done.items() if FAILED not in result}
    return frames, session.rules, [entry.asked for entry in undo.entries(session)], done


@settings(max_examples=examples(60))
@given(st.text(), st.integers(0, 13))
def test_any_text_is_data(text: str, depth: int) -> None:
    """Any text at any question is answered; what is stored is plain data that was never evaluated."""
    talk = Wanderer("help_us_help_you", forms=False)
    replies = [
        "/start",
        "woo",
        "it fails",
        "6.12.0",
        "12345678",
        "live",
        "no",
        "all",
        "yes",
        "yesterday",
        "no",
        "no",
        "order 1",
    ]
    for reply in replies[:depth]:
        talk.checked(Message(f"r{len(talk.turns)}", reply))
    talk.checked(Message("any", text))


def test_hostile_texts_are_stored_literally() -> None:
    """Templates, YAML, Markdown and mentions that a user types come back as the characters they are."""
    for text in [
        "{{ 7 * 7 }}",
        "{% raw %}",
        "!!python/object:os.system",
        "**bold** [x](https://x.example)",
        "<!channel> <@U1>",
        "&a *a",
    ]:
        talk = Talk(shipped(), "help_us_help_you").send("/start", "woo", text)
        assert talk.slots["problem"] == text
        assert text in talk.send("/summary").said


def test_a_megabyte_is_answered_and_not_kept() -> None:
    """A huge paste gets a clear answer and leaves the session small."""
    talk = Talk(shipped(), "help_us_help_you").send("/start", "woo", "x" * 1_000_000)
    assert "fewer words" in talk.said
    assert len(encode(talk.session)) < 2_000


def test_what_cannot_be_shown_is_cleaned() -> None:
    """Lone surrogates, control characters and direction overrides do not reach the session."""
    talk = Talk(shipped(), "help_us_help_you").send("/start", "woo", "a\ud800b\x00c\u202ed\x1b[31m")
    stored = str(talk.slots["problem"])
    assert "\u202e" not in stored
    assert "\x00" not in stored
    assert "\x1b" not in stored
    encode(talk.session).decode()
