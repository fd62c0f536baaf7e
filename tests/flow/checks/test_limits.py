"""What channels can show."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, Translations, found, problems

LONG = "I would like to know more about the way in which payments are settled "
"""Seventy characters: enough to be shortened with two words more."""


def choices(one: str, two: str, mark: str = "") -> str:
    """A question with two choices."""
    return f"""
        slots: {{x: {{type: choice}}}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {{id: one, label: "{one}"}}
              - {{id: two, label: "{two}"}}{mark}
        """


def form(title: str, mark: str = "") -> str:
    """A form with this heading."""
    fields = "fields: [{collect: x, prompt: Which?}]"
    return f"""
        slots: {{x: {{type: text}}}}
        steps:
          - id: a
            form: a
            title: "{title}"{mark}
            submit: Send
            {fields}
        """


def says(text: str, mark: str = "") -> str:
    """A flow of one text."""
    return f'steps:\n  - {{id: a, say: "{text}"}}{mark}\n'


EXAMPLES = [
    Example("label-too-long", choices("One", "x" * 65, " #!"), choices("One", "x" * 64)),
    Example("label-too-long", form("A heading of twenty-five.", " #!"), form("A heading of twenty-four")),
    Example("labels-alike", choices(LONG[:66] + "a", LONG[:66] + "b", " #!"), choices("Settled", "Not settled")),
    Example("text-too-long", says("word " * 620, " #!"), says("word " * 600)),
    Example(
        "command-too-long",
        f"triggers:\n  - command: {'c' * 33} #!\nsteps: [{{id: a, say: A}}]\n",
        f"triggers:\n  - command: {'c' * 32}\nsteps: [{{id: a, say: A}}]\n",
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nothing else is but that one of the two is shortened anyway."""
    assert example.expected
    assert set(example.expected) <= set(found(example.broken))
    assert {code for code, _ in found(example.broken)} <= {example.code, "label-too-long"}
    assert found(example.fixed) == []


def test_each_channel_has_its_own_limit() -> None:
    """Between 64 and 75 characters only Telegram shortens; beyond, both do, each as it does."""
    both = [each.message for each in problems(choices("One", LONG + "and paid"))]
    assert [message.split()[0] for message in both] == ["Slack", "Telegram"]
    (telegram,) = problems(choices("One", LONG))
    assert telegram.message.startswith("Telegram shortens this to 64 characters: `")


def test_labels_alike_on_one_channel_only() -> None:
    """What Slack still shows apart, Telegram does not."""
    codes = [(each.code, each.message.split()[0]) for each in problems(choices(LONG + "a", LONG + "b"))]
    assert codes == [("label-too-long", "Telegram"), ("labels-alike", "Telegram")]


def test_a_language_of_its_own() -> None:
    """A translation that is too long is told with its language, at the text in the flow."""
    long = "Ich möchte mehr darüber wissen, wie Zahlungen bei Ihnen abgerechnet werde"
    german: Translations = {
        ("f.title", "F"): "F",
        ("f.a.prompt", "Which?"): "Welche?",
        ("f.a.one.label", "One"): f"{long} 1",
        ("f.a.two.label", "Two"): f"{long} 2",
    }
    messages = [each.message for each in problems(choices("One", "Two"), catalogs={"de": german})]
    assert [message for message in messages if message.endswith("then looks the same")] == [
        "Telegram shortens this to 64 characters in `de`, and `one` then looks the same"
    ]


def test_emoji_count_twice_on_telegram() -> None:
    """It counts UTF-16 units, Slack code points."""
    text = "👍" * 2900
    assert [each.message.split()[0] for each in problems(says(text))] == ["Telegram"]


def test_a_short_text_may_be_long_in_another_language() -> None:
    """Up to four times as long as its source."""
    short = "word " * 160
    german: Translations = {("f.title", "F"): "F", ("f.a.say", short.strip()): "Wort " * 620}
    assert [each.code for each in problems(says(short), catalogs={"de": german})] == ["text-too-long"]
