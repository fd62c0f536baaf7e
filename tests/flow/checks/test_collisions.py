"""Names that people type."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, Translations, found, problems

CHOICE = """
    slots: {x: {type: choice}}
    steps:
      - id: a
        collect: x
        prompt: Which?
        choices:
          - {id: one, label: First, synonyms: [start, beginning]}
          - {id: two, CHOICE
    """


def choice(second: str) -> str:
    """A question with two choices."""
    return CHOICE.replace("CHOICE", second)


STOP = "flow: pattern_cancel\nversion: 1\ntitle: Stop\ntriggers: [{words: 'stop, quit'}]\nsteps: [{id: a, end: kept}]\n"


def stopping(choice_: str) -> str:
    """A question below a pattern that the words stop and quit call."""
    return (
        f"{STOP}---\nflow: f\nversion: 1\ntitle: F\nslots: {{x: {{type: choice}}}}\nsteps:\n  - id: a\n    collect: x\n"
        f"    prompt: Which?\n    choices:\n      - {choice_}\n"
    )


EXAMPLES = [
    Example("colliding-choices", choice("label: ' FIRST! '} #!"), choice("label: Second}")),
    Example("colliding-choices", choice("label: Second, synonyms: [Début, Stárt]} #!"), choice("label: Second}")),
    Example("colliding-choices", choice("label: One} #!"), choice("label: Second}")),
    Example(
        "colliding-choices",
        "steps:\n  - {id: a, rule: r, text: R, accept: Fine, decline: {label: Fine.}} #!\n",
        "steps:\n  - {id: a, rule: r, text: R, accept: Fine, decline: {label: Not fine.}}\n",
    ),
    Example(
        "shadows-command",
        stopping("{id: halt, label: Stop} #!"),
        stopping("{id: halt, label: Stop the payment}"),
    ),
    Example(
        "shadows-command",
        stopping("{id: quit, label: Leave} #!"),
        stopping("{id: leave, label: Leave}"),
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


def test_names_of_one_choice_may_repeat_each_other() -> None:
    """An id that is also the label and a synonym means one thing."""
    assert found(choice("label: Two, synonyms: [two, TWO, '  two ']}")) == []


def test_emoji_are_names_too() -> None:
    """A label without letters is compared as it stands."""
    both = choice("label: 👍}").replace("label: First", "label: 👍")
    assert [code for code, _ in found(both)] == ["colliding-choices"]
    assert found(both.replace("👍", "👎", 1)) == []


def spanish(**labels: str) -> dict[str, Translations]:
    """Translations of the question with two choices."""
    texts: Translations = {
        ("f.title", "F"): "F",
        ("f.a.prompt", "Which?"): "¿Cuál?",
        ("f.a.one.label", "First"): labels.get("first", "Primero"),
        ("f.a.one.synonyms", "start, beginning"): labels.get("start", "inicio, comienzo"),
        ("f.a.two.label", "Second"): labels.get("second", "Segundo"),
    }
    return {"es": texts}


def test_a_collision_of_one_language() -> None:
    """Two choices that only a translation makes alike are told with the language."""
    text = choice("label: Second}")
    assert found(text, spanish()) == []
    (problem,) = problems(text, catalogs=spanish(second="COMIENZO"))
    assert (problem.code, problem.line) == ("colliding-choices", 11)
    assert problem.message == "`COMIENZO` means both `one` and `two` in `es`"


def test_a_collision_of_all_languages_is_told_once() -> None:
    """What collides in the source need not be repeated for each translation."""
    text = choice("label: Second, synonyms: [start]}")
    translated = spanish()
    translated["es"] |= {("f.a.two.synonyms", "start"): "inicio"}
    assert [each.message for each in problems(text, catalogs=translated)] == ["`start` means both `one` and `two`"]


WORDS = """
    flow: pattern_words
    version: 1
    title: Words
    texts:
      "yes": "Yes"
      yes_synonyms: sure, ok
      "no": "No"
      no_synonyms: nope
      unsure: I don't know
      unsure_synonyms: no idea
      skip: Skip
      skip_synonyms: none
      accept_synonyms: agreed
    steps: [{id: a, end: done}]
    ---
    flow: f
    version: 1
    title: F
    slots: {x: {type: choice}, y: {type: yes_no}}
    steps:
      - id: a
        collect: x
        prompt: Which?
        choices: [{id: one, label: One}, {id: two, label: NAME}]
        unsure: true
        optional: true
      - {id: b, collect: y, prompt: Well?, unsure: true}
      - {id: c, rule: r, text: R, accept: Understood, decline: {label: DECLINE}}
    """


def worded(name: str = "Two", decline: str = "Never", **words: str) -> str:
    """A question and a rule with the options that the engine brings along."""
    text = WORDS.replace("NAME", name).replace("DECLINE", decline)
    for word, changed in words.items():
        text = text.replace(f"      {word}_synonyms: ", f"      {word}_synonyms: {changed}, ")
    return text


def test_the_options_of_the_engine_collide_too() -> None:
    """A label is neither "I don't know" nor "skip" nor the consent to a rule; the choice is to blame."""
    assert found(worded()) == []
    assert found(worded(name="I don't know")) == [("colliding-choices", 24)]
    assert found(worded(name="None")) == [("colliding-choices", 24)]
    assert found(worded(decline="Agreed")) == [("colliding-choices", 28)]


def test_the_wordings_collide_where_they_are_written() -> None:
    """Two of the engine's own options that are alike are told once, and not at every question."""
    assert found(worded(no="sure")) == [("colliding-choices", 8)]
    assert found(worded(skip="no idea")) == [("colliding-choices", 12)]


def test_a_command_may_be_named_by_its_own_pattern() -> None:
    """The question of a pattern may use the word that called it."""
    text = STOP.replace(
        "steps: [{id: a, end: kept}]",
        "slots: {x: {type: choice}}\nsteps: [{id: a, collect: x, prompt: Sure?, choices: [{id: b, label: Stop}]}]",
    )
    assert found(text) == []


def test_a_command_of_one_language() -> None:
    """The bare words of a language hide behind the labels of that language; English words count everywhere."""
    text = stopping("{id: halt, label: Wait}")
    words: Translations = {
        ("pattern_cancel.title", "Stop"): "Parar",
        ("pattern_cancel.triggers.1.words", "stop, quit"): "parar, salir",
        ("f.title", "F"): "F",
        ("f.a.prompt", "Which?"): "¿Cuál?",
    }
    label = ("f.a.halt.label", "Wait")
    assert found(text, {"es": words | {label: "Esperar"}}) == []
    (problem,) = problems(text, catalogs={"es": words | {label: "Salir"}})
    assert problem.message == "`Salir` is also a word that calls `pattern_cancel` in `es`; here it chooses this"
    assert [each.code for each in problems(text, catalogs={"es": words | {label: "Quit"}})] == ["shadows-command"]
