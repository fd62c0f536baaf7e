"""What channels shorten, by the path of a text."""

from __future__ import annotations

import pytest

from bot.flow.limits import limits_of
from bot.flow.model import Flow
from bot.flow.program import Program
from bot.flow.understanding import understood
from tests.flow.made import complete, shipped

BUTTON = {"slack": 75, "telegram": 64}


@pytest.mark.parametrize(
    ("context", "limits"),
    [
        ("f.step.choice.label", BUTTON),
        ("f.form.field.choice.label", BUTTON),
        ("f.rule.accept", BUTTON),
        ("f.rule.decline.label", BUTTON),
        ("f.form.title", {"slack": 24}),
        ("f.form.submit", {"slack": 24}),
        ("f.title", {}),
        ("f.slots.x.label", {}),
        ("f.texts.accept", {}),
        ("f.step.prompt", {}),
        ("f.step.choice.synonyms", {}),
        ("f.rule.staff_label", {}),
        ("f.triggers.1.words", {}),
    ],
)
def test_buttons_and_headings(context: str, limits: dict[str, int]) -> None:
    """Choices and acknowledgements are buttons, a form has a heading and a button of its own; nothing else has."""
    assert dict(limits_of(context)) == limits


def test_every_path_of_a_flow_can_be_asked_about() -> None:
    """Those of the flow with every key, and of the shipped ones."""
    texts = [text for each in (complete(), *shipped()) for text in Program(understood(Flow, each)).texts]
    assert {len(limits_of(text.context)) for text in texts} == {0, 1, 2}
