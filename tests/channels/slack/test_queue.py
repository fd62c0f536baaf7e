"""The home tab of staff, in every language and with cases of every kind: a view that Slack takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from slack_sdk.models.views import View

from bot.channels.slack import buttons, queue
from bot.desk.office import Office, Terms
from bot.service.recall import Recall
from bot.service.step import Stepper
from bot.service.worklist import PAGE, Page, Query, query
from bot.store.rows import CaseRow, Listed, Place
from bot.text.locales import LANGUAGES
from tests.channels.slack.documents import NASTY
from tests.channels.slack.outgoing import loaded
from tests.channels.slack.test_rendering import SLACK

if TYPE_CHECKING:
    from bot.store.port import Store

pytestmark = pytest.mark.anyio

CASE = CaseRow("C-1", "open", "", "integrations", "high", "es", "none", "none", 1, 1, "Ana")


@pytest.mark.parametrize("locale", sorted(LANGUAGES))
async def test_every_language_fits(locale: str, store: Store) -> None:
    """Empty, and full of names that would be markup; what is looked at is what the selects show."""
    stepper = Stepper(loaded().library(), "shop", None, {}, lambda: 0, lambda: "")  # type: ignore[arg-type]
    queues = {f"q{at}": Terms(title) for at, title in enumerate(NASTY)} | {"q" * 64: Terms()}
    office = msgspec.structs.replace(Office(), locale=locale, queues=queues)
    stepper.grounds = stepper.grounds._replace(office=office)
    recall = Recall(store, stepper)
    rows = [Listed(CASE._replace(title=each, due=None), "slack:T:C:", 1) for each in NASTY][:PAGE]
    asked = Query("waiting", "q" * 64, "es")
    last = msgspec.structs.replace(asked, after=Place(3, 2**63 - 1, 2**43, "C-1"))
    for page in (Page([], None), Page(rows, last)):
        links = ["https://slack.example/", *[""] * len(rows)][: len(page.cases)]
        shown = queue.view(page, links, asked, recall)
        SLACK.view(shown)
        View(**shown).validate_json()
        for select in shown["blocks"][1]["elements"]:
            pressed = buttons.pressed({**select, "selected_option": select["initial_option"]})
            assert pressed is not None
            assert (pressed.verb, query(pressed.name)) == ("look", asked)
