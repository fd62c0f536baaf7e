"""Corrections as a state machine: whatever is taken back and changed, the conversation is what its answers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.chat.effects import Perform
from bot.chat.events import Message, Performed, Submit, Tap
from bot.chat.people import CONSOLE, SLACK
from bot.engine import tokens, undo
from bot.engine.questions import CHANGE
from tests.engine.talk import library
from tests.engine.wild import Wild, finder
from tests.searching import examples

if TYPE_CHECKING:
    from bot.engine.session import Session, Undo

FLOW = """
flow: test
version: 1
title: Everything that can be corrected
slots:
  kind: {type: choice, label: Kind}
  parts: {type: choices, label: Parts}
  day: {type: date, label: Day}
  note: {type: text, label: Note}
  size: {type: number, label: Size}
  mail: {type: email, label: Mail}
  first: {type: text}
  second: {type: text}
  looked: {type: text}
  fixed: {type: yes_no, label: Fixed}
  last: {type: text}
steps:
  - {id: hello, say: Hello.}
  - id: kind
    collect: kind
    prompt: Kind?
    choices: [{id: big, label: Big}, {id: small, label: Small, next: note}, {id: plain, label: Plain}]
  - {id: parts, collect: parts, prompt: Parts?, choices: [{id: a, label: Ay}, {id: b, label: Bee}], unsure: true}
  - {id: day, when: "slots.kind == 'big'", collect: day, prompt: Day?, optional: true}
  - {id: note, collect: note, prompt: Note?, unsure: true}
  - {id: terms, rule: terms, text: Terms., accept: Understood, decline: {label: Never, next: mark}, next: form}
  - {id: mark, set: {fixed: "no"}}
  - id: form
    form: details
    title: Details
    submit: Send
    fields: [{collect: size, prompt: Size?, optional: true}, {collect: mail, prompt: Mail?}]
  - {id: one, call: part, with: {given: "{{ slots.kind }}"}, into: {first: word}}
  - {id: two, call: part, with: {given: two}, into: {second: word, looked: found}}
  - {id: fixed, collect: fixed, prompt: Fixed?}
  - {id: last, collect: last, prompt: "Last, {{ slots.first }} {{ slots.second }} {{ slots.looked }}?"}
---
flow: part
version: 1
title: A part
slots: {given: {type: text}, word: {type: text, label: Word}, found: {type: text}, sure: {type: yes_no, label: Sure}}
steps:
  - {id: lead, say: "Now {{ slots.given }}."}
  - {id: word, collect: word, prompt: Word?}
  - {id: look, action: look_up, with: {word: "{{ slots.word }}"}, into: {found: found}}
  - {id: sure, collect: sure, prompt: Sure?}
"""

REPLIES: dict[str, list[str]] = {
    "kind": ["big", "small", "plain"],
    "parts": ["ay, bee", "unsure"],
    "day": ["2025-12-24", "skip"],
    "note": ["some words", "unsure", "other words"],
    "terms": ["understood", "never"],
    "form.size": ["5", "skip"],
    "form.mail": ["a@example.com", "b@example.com"],
    "word": ["alpha", "beta"],
    "sure": ["yes", "no"],
    "fixed": ["yes", "no"],
}
"""What answers each question, by its step."""

FORMS: list[dict[str, Any]] = [{"size": "5", "mail": "a@example.com"}, {"size": "", "mail": "b@example.com"}]


def shape(session: Session) -> Any:
    """A session without its counters and without what is only offered again."""
    frames = [(frame.flow, frame.hash, frame.step, frame.slots, frame.into, frame.aside) for frame in session.stack]
    accepted = {name: each.accepted for name, each in session.rules.items()}
    return session.status, session.locale, frames, accepted, set(session.done)


class Corrections(RuleBasedStateMachine):
    """A merchant who answers, goes back and changes answers; hooks report at once."""

    @initialize(forms=st.booleans())
    def begin(self, forms: bool) -> None:
        """Start the conversation."""
        self.wild = Wild(SLACK if forms else CONSOLE, where=library(FLOW))
        self.given: dict[int, Any] = {}
        self.wild.send(Message("", "/start"))

    def send(self, event: Message | Tap | Submit) -> None:
        """Send something; a hook that is asked for reports at once."""
        self.wild.send(event)
        for effect in self.wild.turn.effects:
            if isinstance(effect, Perform):
                self.wild.send(Performed("", effect.action, {"found": f"found {effect.arguments['word']}"}))

    @property
    def at(self) -> str:
        """The step that waits."""
        return self.wild.session.stack[-1].step

    def past(self) -> list[undo.Past]:
        """What was really answered, oldest first."""
        found = undo.past(self.wild.session, finder(self.wild.library), lambda *_: False)
        return [each for each in found if each.entry.is_answer][::-1]

    def reply(self, number: int) -> None:
        """Answer what is asked."""
        wait = self.wild.session.stack[-1].wait
        assert wait is not None
        if self.at == "form":
            self.give(wait.asked, FORMS[number % len(FORMS)])
        else:
            known = REPLIES[self.at]
            self.give(wait.asked, known[number % len(known)])

    def give(self, asked: int, reply: Any) -> None:
        """Answer the question that waits, which has the number `asked`, and remember how."""
        self.given[asked] = reply
        if isinstance(reply, str):
            self.send(Message("", reply))
        else:
            token = tokens.make(tokens.reference(self.wild.session.id, asked), "form", "details")
            self.send(Submit("", token, reply))

    @precondition(lambda self: self.at != "last")
    @rule(number=st.integers(0, 5))
    def answer(self, number: int) -> None:
        """An answer is taken: the question is one of the past then, with those that are given again after it."""
        before, recall = len(self.past()), len(self.wild.session.recall)
        self.reply(number)
        assert before < len(self.past()) <= before + 1 + recall

    @precondition(lambda self: self.at != "last" and not self.wild.session.recall)
    @rule(number=st.integers(0, 5))
    def answer_and_go_back(self, number: int) -> None:
        """Going back gives the conversation that was there before the answer."""
        before = shape(self.wild.session)
        self.reply(number)
        self.send(Message("", "/back"))
        after = shape(self.wild.session)
        assert after[:4] == before[:4]

    @precondition(lambda self: self.past())
    @rule()
    def go_back(self) -> None:
        """Going back asks the last answered question again."""
        last = self.past()[-1].entry
        self.send(Message("", "/back"))
        wait = self.wild.session.stack[-1].wait
        assert wait is not None
        assert (self.at, wait.asked) == (last.step, last.asked)

    @precondition(lambda self: self.past())
    @rule(number=st.integers(0, 20))
    def change_to_the_same(self, number: int) -> None:
        """An answer that is changed to itself changes nothing."""
        found = self.past()
        entry = found[number % len(found)].entry
        before, answers = shape(self.wild.session), [(each.entry.asked, each.answer) for each in found]
        self.press_change(entry)
        self.give(entry.asked, self.given[entry.asked])
        assert shape(self.wild.session) == before
        after = [(each.entry.asked, each.answer) for each in self.past()]
        assert [asked for asked, _ in after] == [asked for asked, _ in answers]
        assert [answer for _, answer in after if not is_time(answer)] == [a for _, a in answers if not is_time(a)]

    @precondition(lambda self: self.past())
    @rule(number=st.integers(0, 20), other=st.integers(0, 5))
    def change(self, number: int, other: int) -> None:
        """A changed answer leaves those before it alone."""
        found = self.past()
        place = number % len(found)
        earlier = [(each.entry.asked, each.answer) for each in found[:place]]
        self.press_change(found[place].entry)
        assert [(each.entry.asked, each.answer) for each in self.past()] == earlier
        self.reply(other)
        assert [(each.entry.asked, each.answer) for each in self.past()][:place] == earlier

    def press_change(self, entry: Undo) -> None:
        """Press the button that stands under the answered question."""
        self.send(Tap("", tokens.make(tokens.reference(self.wild.session.id, entry.asked), entry.step, CHANGE)))
        wait = self.wild.session.stack[-1].wait
        assert wait is not None
        assert (self.at, wait.asked) == (entry.step, entry.asked)

    @rule(command=st.sampled_from(["/why", "/help", "/status", "/summary", "/language de", "/language en"]))
    def ask_on_the_side(self, command: str) -> None:
        """A command on the side changes no answer."""
        before = shape(self.wild.session)
        self.send(Message("", command))
        assert shape(self.wild.session)[2:] == before[2:]

    @invariant()
    def the_summary_tells_the_answers(self) -> None:
        """What the questions of the past were answered with is what the slots hold."""
        frame = self.wild.session.stack[0]
        for each in self.past():
            step = each.step
            if each.frame.flow == "test" and step.collect:
                assert frame.slots.get(step.collect) == each.answer


def is_time(answer: Any) -> bool:
    """Whether an answer is an acknowledgement, which holds its time."""
    return isinstance(answer, dict) and "wording" in answer


Corrections.TestCase.settings = settings(
    max_examples=examples(60), stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
)
TestCorrections = Corrections.TestCase
TestCorrections.__doc__ = (
    "After every way through answers, steps back and changes the conversation is what its answers say."
)
