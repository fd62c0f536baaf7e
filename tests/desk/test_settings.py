"""What becomes of the desk's settings: an office."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.people import Person
from bot.desk.office import Escalation, Office, Webhook
from bot.desk.reading import read
from bot.desk.reminders import Ladder
from bot.desk.settings import DeskFile
from bot.desk.targets import Targets

GOOD = Path(__file__).parent / "golden" / "good.yaml"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def office() -> Office:
    """The office of the sample."""
    found = read(GOOD.read_bytes(), "desk.yaml", ("en", "es", "de"))
    assert found.problems == ()
    assert found.desk is not None
    return found.desk.build()


def test_settings_without_anything_are_the_office_without_any() -> None:
    """The file's defaults are those of the office."""
    assert DeskFile().build() == Office(
        people={}, calendars={}, queues={}, macros={}, webhooks={}, terms=Office().terms
    )


def test_one_person_on_two_platforms_is_one_person(office: Office) -> None:
    """Their id, name and roles are those of the settings, wherever they write from."""
    ana = Person("ana", "Ana", ("lead", "specialist"))
    assert office.known(Person("slack:T01:U01", "ana.m")) == office.known(Person("telegram:7012:99")) == ana
    assert office.known(Person("slack:T02:U01", "Ana")).roles == ()


def test_a_queue_is_as_all_are_where_it_says_nothing(office: Office) -> None:
    """Calendar, targets and escalation are inherited."""
    assert office.pace("integration", "urgent").targets == Targets(HOUR / 2)
    assert office.pace("integration", "low").targets == Targets(4 * HOUR, 8 * HOUR, 40 * HOUR)
    assert office.pace("integration", "low").name == office.pace("other", "low").name == "office"
    terms = office.of_queue("integration")
    assert (terms.title, terms.escalation) == ("Integration Team", (Escalation(90, "queue"),))


def test_a_queue_may_promise_nothing() -> None:
    """Terms of its own replace those above all queues, even by none."""
    text = b"targets: {normal: {first_response: 1h}}\nqueues: {a: {title: A, targets: {}, escalation: []}}\n"
    found = read(text, "desk.yaml").desk
    assert found is not None
    assert found.build().pace("a", "urgent").targets == Targets()
    assert found.build().of_queue("a").escalation == ()
    assert found.build().pace("b", "urgent").targets == Targets(HOUR)


@pytest.mark.parametrize(
    "url",
    ["http://crm.example/", "ftp://crm.example/", "https://", "https://u:p@crm.example/", "http://10.0.0.1/", "//x"],
)
def test_a_webhook_goes_by_tls_or_stays_on_this_machine(url: str) -> None:
    """Nothing of a case crosses a network in the clear, and no password stands in the settings."""
    found = read(f"webhooks: {{crm: {{url: '{url}'}}}}".encode(), "desk.yaml")
    assert [each.code for each in found.problems] == ["bad-webhook"]
    assert read(b"webhooks: {crm: {url: 'http://localhost:8080/'}}", "desk.yaml").problems == ()


def test_every_setting_arrives(office: Office) -> None:
    """Durations, ladders, macros and time-boxes."""
    assert (office.undo, office.snooze) == (timedelta(seconds=10), (2 * HOUR, DAY))
    assert (office.waiting, office.close_after) == (Ladder((2 * DAY, 4 * DAY)), 7 * DAY)
    assert office.removal == Ladder((DAY, 3 * DAY), forever=True)
    assert office.time_boxes == (8 * HOUR, 16 * HOUR)
    assert office.webhooks == {"crm": Webhook("https://crm.example/triage", ("case.opened", "case.solved"), names=True)}
    assert office.macros["logs"].title == "Ask for logs"
    assert office.calendar("office") is office.pace("integration", "low").calendar
