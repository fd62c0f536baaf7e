"""The facts of a rule."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Translations, found, problems

RULE = "We use SFTP and SSH on port 22 in a test environment, at most 1,500 files."
FLOW = f"steps:\n  - {{id: a, rule: r, text: '{RULE}', accept: Fine, staff_label: Port 22}}\n"
GERMAN = "Wir nutzen SFTP und SSH auf Port 22 in einer Testumgebung, höchstens 1.500 Dateien."


def judged(translation: str, language: str = "de", staff_label: str = "Port 22") -> list[str]:
    """What is wrong with a translation of the rule."""
    entries: Translations = {
        ("f.title", "F"): "F",
        ("f.a.text", RULE): translation,
        ("f.a.accept", "Fine"): "Gut",
        ("f.a.staff_label", "Port 22"): staff_label,
    }
    assert {code for code, _ in found(FLOW, {language: entries})} <= {"rule-facts"}
    return [each.message for each in problems(FLOW, catalogs={language: entries})]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (GERMAN.replace("22", "21"), "numbers: 22 is missing; 21 is new"),
        (GERMAN.replace(" auf Port 22", ""), "numbers: 22 is missing"),
        (GERMAN.replace("SFTP", "FTP"), "protocols: SFTP is missing; FTP is new"),
        (GERMAN.replace("Testumgebung", "Live-Umgebung"), "environments: a test environment is missing; the live"),
        (GERMAN.replace("Testumgebung", "Umgebung"), "environments: a test environment is missing"),
    ],
)
def test_examples(broken: str, fault: str) -> None:
    """A port, a protocol or an environment that differs is found ("rule-facts"), and told with its language."""
    assert judged(GERMAN) == []
    (message,) = judged(broken)
    assert message.startswith(f"in `de` this rule does not name the same {fault}")


def test_what_staff_read_of_a_rule_counts_too() -> None:
    """The card of a case says what was agreed to."""
    assert judged(GERMAN, staff_label="Port 21") == [
        "in `de` this rule does not name the same numbers: 22 is missing; 21 is new"
    ]


def test_a_language_whose_words_are_not_known() -> None:
    """Its numbers and protocols are compared; how it calls environments nobody knows here."""
    assert judged("Vi bruger SFTP og SSH, port 22, i et miljø, højst 1 500 filer.".replace("1 500", "1500"), "da") == []
    assert len(judged("Vi bruger SSH, port 22, højst 1500 filer.", "da")) == 1


def test_only_rules_are_compared() -> None:
    """A question may give another example in another language."""
    text = "steps:\n  - {id: a, say: Call 112.}\n"
    assert found(text, {"de": {("f.title", "F"): "F", ("f.a.say", "Call 112."): "Rufen Sie 110 an."}}) == []
