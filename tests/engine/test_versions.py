"""Versions: a session stays on its structure unless it can be moved without stranding anybody."""

from __future__ import annotations

from bot.chat.effects import Perform
from bot.chat.events import Performed
from bot.flow.library import Library
from tests.engine.talk import Talk, catalogs, flows, patterns

OLD = """
flow: test
version: 1
title: T
slots: {name: {type: text}, size: {type: choice}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: Name?}
  - {id: size, collect: size, prompt: Size?, choices: [{id: s, label: Small}, {id: l, label: Large}]}
  - {id: end, collect: end, prompt: "End, {{ slots.name }} {{ slots.size }}?"}
"""


def renew(talk: Talk, text: str, *, keep: bool = True) -> Talk:
    """Put another version in force; `keep` whether the store still has the old one."""
    talk.library = Library([*patterns(), *flows(text)], catalogs(), flows(OLD) if keep else [])
    return talk


def test_new_texts_apply_at_once() -> None:
    """Meaning 9: a changed wording is no new structure; the next message has it."""
    talk = renew(Talk(OLD).send("/start"), OLD.replace("Size?", "How large?"), keep=False)
    assert talk.send("Ana").said == "How large?"
    assert "version_adopted" not in talk.log


def test_a_session_moves_when_its_step_still_asks_the_same() -> None:
    """Meaning 9: a new structure takes a session over when the present step and slot exist in it."""
    new = OLD.replace("version: 1", "version: 2").replace("- {id: end,", "- {id: more, say: And more.}\n  - {id: end,")
    talk = renew(Talk(OLD).send("/start", "Ana"), new).send("small")
    assert "version_adopted" in talk.log
    assert talk.said == "And more.\n\nEnd, Ana s?"


def test_a_session_stays_when_its_step_is_gone() -> None:
    """Meaning 9: otherwise it finishes on the old structure, which is kept."""
    new = OLD.replace("version: 1", "version: 2").replace("id: size, collect", "id: extent, collect")
    talk = renew(Talk(OLD).send("/start", "Ana"), new).send("small")
    assert talk.said == "End, Ana s?"
    assert talk.session.stack[0].version == 1


def test_a_session_stays_when_its_choices_are_fewer() -> None:
    """Meaning 9: a question that lost a choice is not the same question."""
    new = OLD.replace("version: 1", "version: 2").replace(", {id: l, label: Large}", "")
    assert renew(Talk(OLD).send("/start", "Ana"), new).send("large").slots["size"] == "l"


def test_migrate_renames_drops_and_maps() -> None:
    """Meaning 9: an author's plan moves steps and slots, drops one, and translates choice ids."""
    new = """
flow: test
version: 2
title: T
slots: {person: {type: text}, extent: {type: choice}, finish: {type: text}}
steps:
  - {id: person, collect: person, prompt: Person?}
  - {id: extent, collect: extent, prompt: Extent?, choices: [{id: small, label: Small}, {id: large, label: Large}]}
  - {id: finish, collect: finish, prompt: "Finish, {{ slots.person }} {{ slots.extent }}?"}
migrate:
  - from: 1
    steps: {name: person, size: extent, end: finish}
    rename: {name: person, size: extent}
    map: {extent: {s: small, l: large}}
"""
    talk = renew(Talk(OLD).send("/start", "Ana", "large"), new, keep=False).send("/back")
    assert talk.session.stack[0].version == 2
    assert talk.send("/status").session.stack[0].slots["person"] == "Ana"
    talk = renew(Talk(OLD).send("/start", "Ana", "large"), new).send("/why")
    assert talk.said.endswith("Finish, Ana large?")


def test_a_structure_that_is_gone_wipes_nothing() -> None:
    """Meaning 9: if the store lost the old structure, the merchant is told, and what fits is not asked again."""
    new = OLD.replace("version: 1", "version: 2").replace("id: size, collect", "id: extent, collect")
    talk = renew(Talk(OLD).send("/start", "Ana"), new, keep=False).send("small")
    assert "questions have changed" in talk.said
    assert talk.slots == {"name": "Ana"}
    assert talk.at == "test.extent"
    assert "turn_failed" not in talk.log


def test_every_frame_is_settled() -> None:
    """Meaning 9: a called flow is moved by itself, with its caller in place."""
    calls = """
flow: test
version: 1
title: T
slots: {x: {type: text}}
steps:
  - {id: call, call: sub, into: {x: y}}
  - {id: end, say: "Got {{ slots.x }}."}
---
flow: sub
version: 1
title: S
slots: {y: {type: text}}
steps: [{id: y, collect: y, prompt: Y?}]
"""
    talk = Talk(calls).send("/start")
    changed = calls.replace("prompt: Y?}]", "prompt: Y?}, {id: thanks, say: Thanks.}]")
    talk.library = Library([*patterns(), *flows(changed)], catalogs(), flows(calls))
    assert talk.send("abc").said == "Thanks.\n\nGot abc."


CALLS = """
flow: test
version: 1
title: T
slots: {first: {type: text}, x: {type: text}, z: {type: choice}}
steps:
  - {id: first, collect: first, prompt: First?}
  - {id: call, call: sub, into: {x: y}}
  - {id: z, collect: z, prompt: "Z {{ slots.x }}?", corrections: true, choices: [{id: ok, label: Ok}]}
---
flow: sub
version: 1
title: S
slots: {y: {type: text, label: Y}, more: {type: text}}
steps: [{id: y, collect: y, prompt: Y?}, {id: more, collect: more, prompt: More?}]
"""


def put_in_force(talk: Talk, text: str, kept: str = "") -> Talk:
    """Put flows in force, and perhaps keep the structures of others."""
    talk.library = Library([*patterns(), *flows(text)], catalogs(), flows(kept) if kept else [])
    return talk


def test_a_caller_that_begins_anew_takes_what_it_called_with_it() -> None:
    """A flow whose structure is gone starts from its first question; what it had called does not return into it."""
    changed = CALLS.replace("  - {id: call, call: sub", "  - {id: before, set: {x: none}}\n  - {id: called, call: sub")
    talk = put_in_force(Talk(CALLS).send("/start", "1", "y"), changed).send("more")
    assert "questions have changed" in talk.said
    assert talk.said.endswith("Y?")
    assert [frame.step for frame in talk.session.stack] == ["called", "y"]
    assert talk.send("y", "m").said == "Z y?"
    assert talk.send("/back").at == "sub.more"


def test_ways_back_end_where_a_flow_is_gone() -> None:
    """Going back into a flow whose structure nobody has any more is not possible, and no failure: it says so."""
    changed = CALLS.replace("id: more, collect: more", "id: another, collect: more")
    talk = put_in_force(Talk(CALLS).send("/start", "1", "y", "m"), changed).send("/back")
    assert "no earlier question" in talk.said
    assert talk.at == "test.z"
    assert "turn_failed" not in talk.log
    kept = put_in_force(Talk(CALLS).send("/start", "1", "y", "m"), changed, CALLS).send("/back")
    assert kept.at == "sub.more"


def test_what_was_asked_back_does_not_survive_a_migration() -> None:
    """Choices that were offered or ticked under their old ids are asked anew; the next number means the new list."""
    new = """
flow: test
version: 2
title: T
slots: {name: {type: text}, size: {type: choice}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: Name?}
  - {id: size, collect: size, prompt: Size?, choices: [{id: small, label: Small}, {id: large, label: Large}]}
  - {id: end, collect: end, prompt: "End {{ slots.size }}?"}
migrate: [{from: 1, map: {size: {s: small, l: large}}}]
"""
    talk = renew(Talk(OLD).send("/start", "Ana", "largge"), new).send("1")
    assert talk.slots["size"] == "small"


def test_a_step_that_asks_for_something_else_is_asked_afresh() -> None:
    """A plan that leads to a question of another kind, or to a step that does not ask, goes on from there."""
    for step, said in (("end", "End"), ("say", "Only told."), ("rule", "A rule.")):
        new = f"""
flow: test
version: 2
title: T
slots: {{name: {{type: text}}, end: {{type: text}}}}
steps:
  - {{id: name, collect: name, prompt: Name?}}
  - {{id: say, say: Only told.}}
  - {{id: rule, rule: r, text: A rule., accept: Understood}}
  - {{id: end, collect: end, prompt: End?}}
migrate: [{{from: 1, steps: {{size: {step}}}, drop: [size]}}]
"""
        for keep in (True, False):
            talk = renew(Talk(OLD).send("/start", "Ana"), new, keep=keep).send("small")
            assert said in talk.said
            assert "turn_failed" not in talk.log


def test_words_for_a_person_are_passed_on_whatever_the_flows_are() -> None:
    """While a person is in control a lost structure stops no message, and says nothing about questions."""
    new = OLD.replace("version: 1", "version: 2").replace("id: size, collect", "id: extent, collect")
    talk = renew(Talk(OLD).send("/start", "Ana", "/human"), new, keep=False).send("are you there?")
    assert type(talk.effects[0]).__name__ == "Relay"
    assert "questions have changed" not in talk.said


def test_a_timer_or_a_report_meets_a_new_structure() -> None:
    """What fires or reports when the old structure is gone leads to the first open question, not into a failure."""
    old = """
flow: test
version: 1
title: T
slots: {a: {type: text}, r: {type: text}, b: {type: text}}
steps:
  - {id: hello, say: Hello.}
  - {id: a, collect: a, prompt: A?, timeout: {after: 1h, then: nudge}}
  - {id: look, action: look_up, into: {r: r}}
  - {id: b, collect: b, prompt: B?}
"""
    new = old.replace("id: look,", "id: looked,").replace("id: a,", "id: first,")
    talk = put_in_force(Talk(old).send("/start"), new).wait(minutes=61)
    assert "questions have changed" in talk.said
    assert talk.said.endswith("A?")
    talk = Talk(old).send("/start", "a")
    (perform,) = [each for each in talk.effects if isinstance(each, Perform)]
    put_in_force(talk, new).send(Performed("p", perform.action, {"r": "R"}))
    assert "questions have changed" in talk.said
    (again,) = [each for each in talk.effects if isinstance(each, Perform)]
    assert talk.send("hello?").said.startswith("One moment")
    assert talk.send(Performed("p2", again.action, {"r": "R"})).said == "B?"


def test_a_closed_conversation_is_closed_whatever_its_flow_is() -> None:
    """The end of patience comes also when the structure is gone; what is new is asked when the merchant is back."""
    new = OLD.replace("version: 1", "version: 2").replace("id: size, collect", "id: extent, collect")
    talk = renew(Talk(OLD).send("/start", "Ana"), new, keep=False).wait(days=8)
    assert talk.session.status == "expired"
    assert "questions have changed" in talk.send("small").said


def test_a_plan_that_does_not_reach_leaves_the_session_where_it_is() -> None:
    """Meaning 9: a plan whose target is no step of the new structure moves nobody."""
    new = (
        OLD.replace("version: 1", "version: 2").replace("id: size,", "id: extent,")
        + "migrate: [{from: 1, steps: {size: gone}}]\n"
    )
    talk = renew(Talk(OLD).send("/start", "Ana"), new).send("small")
    assert talk.session.stack[0].version == 1
    assert talk.said == "End, Ana s?"


def test_an_answer_without_a_slot_in_the_new_structure_keeps_the_old_one() -> None:
    """Meaning 9: without a plan no answer is dropped: the session stays where its answers have a place."""
    new = (
        OLD.replace("version: 1", "version: 2")
        .replace("name: {type: text}, ", "")
        .replace("collect: name", "collect: end")
    )
    talk = renew(Talk(OLD).send("/start", "Ana"), new.replace("{{ slots.name }} ", "")).send("small")
    assert talk.session.stack[0].version == 1


def test_a_timer_meets_a_question_that_is_another_one_now() -> None:
    """A timer whose question a plan has made another one puts that question."""
    old = OLD.replace("prompt: Size?", "prompt: Size?, timeout: {after: 1h, then: nudge}")
    new = """
flow: test
version: 2
title: T
slots: {name: {type: text}, end: {type: text}}
steps: [{id: name, collect: name, prompt: Name?}, {id: end, collect: end, prompt: End?}]
migrate: [{from: 1, steps: {size: end}, drop: [size]}]
"""
    talk = put_in_force(Talk(old).send("/start", "Ana"), new, old).wait(hours=1)
    assert talk.said == "End?"
    assert set(talk.timers) == {"sessionabc.expiry"}


def test_a_flow_that_nobody_has_any_more_is_a_failure_that_is_told() -> None:
    """Neither in force nor kept: the merchant reads that something went wrong, and nothing of the session is lost."""
    talk = Talk(OLD).send("/start", "Ana")
    document = talk.session.stack[0].slots
    put_in_force(talk, "{flow: other, version: 1, title: O, steps: [{id: a, say: A.}]}").send("small")
    assert "Something went wrong" in talk.said
    assert talk.slots == document
