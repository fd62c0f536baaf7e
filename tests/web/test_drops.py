"""The pages of drops: what can be filled in, who sees it, and that it is nowhere afterwards."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest
import structlog
from cryptography.fernet import Fernet
from starlette.routing import Router

from bot.chat.events import Command
from bot.conversation import decode
from bot.service.drops import Drops
from bot.store.opening import open_store
from bot.web.drops import routes
from tests.databases import new_file
from tests.desk.talk import FLOW, KIM, NOOR
from tests.service.core import Core
from tests.service.world import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.chat.people import Person
    from bot.desk.case import Case

AT = "console:1:ana:"
BASE = "https://triage.example"
PASSWORD = "otter-lantern-gravel-noodle"
GIVEN = {"address": "https://staging.shop.example.com/admin", "user": "triage", "password": PASSWORD, "note": "Hello!"}


class Place:
    """A case whose merchant was given a form, and the pages of its service."""

    def __init__(self, core: Core, drops: Drops, clock: Clock) -> None:
        self.core = core
        self.drops = drops
        self.clock = clock
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(Router(routes(drops))), base_url=BASE)
        self._count = 0

    async def command(self, name: str, person: Person = NOOR, **arguments: str) -> None:
        """Somebody of the desk gives a command."""
        self._count += 1
        await self.core.send(AT, Command(f"c{self._count}", person, name, arguments))

    async def case(self) -> Case:
        """The case as it stands."""
        stored = await self.core.store.conversation(AT)
        assert stored is not None
        found = decode(stored.document).case
        assert found is not None
        return found

    async def form(self) -> str:
        """Where the merchant fills the form in."""
        case = await self.case()
        return f"/drop/{case.id}/{case.drop.id}"

    async def entrance(self, person: Person = NOOR) -> str:
        """Somebody's way to what was filled in."""
        return self.drops.entrance(AT, (await self.case()).drop.id, person.id).removeprefix(BASE)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """Noor has the case, and has asked for an account on staging."""
    store, clock = await open_store(new_file(tmp_path)), Clock()
    core = Core(store, FLOW, clock)
    office = msgspec.structs.replace(core.step.office, drops=BASE)
    core.step.grounds = core.step.grounds._replace(office=office)
    drops = Drops(store, core.intake, core.step, Fernet.generate_key().decode(), clock)
    async with core:
        await core.send(AT, "/start", "Ana")
        found = Place(core, drops, clock)
        await found.command("claim")
        await found.command("access", to="requested", environment="staging")
        await found.command("drop")
        yield found
        await found.http.aclose()
    await store.close()


async def test_filled_in_once_and_opened_once(place: Place, tmp_path: Path) -> None:
    """Looking burns nothing; of fifty who open one sees it; then it is in no row, no log and no byte of the file."""
    form = await place.form()
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            assert (await place.http.get(form)).status_code == 200
        assert "arrived" in (await place.http.post(form, data=GIVEN)).text
        assert (await place.http.post(form, data={**GIVEN, "user": "mallory"})).status_code == 410
        entrance = await place.entrance()
        for _ in range(3):
            assert PASSWORD not in (await place.http.get(entrance)).text
        answers = await asyncio.gather(*(place.http.post(entrance) for _ in range(50)))
    assert [PASSWORD in each.text for each in answers].count(True) == 1
    shown = next(each.text for each in answers if PASSWORD in each.text)
    assert all(each in shown for each in ("staging.shop.example.com", "triage", "Hello!"))
    assert (await place.case()).drop.state == "opened"
    await place.drops.sweep()
    assert await place.core.store.drops() == []
    assert PASSWORD.encode() not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert PASSWORD not in str(logs)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("address", "ftp://staging.example.com", "no FTP"),
        ("address", "ftps://staging.example.com", "no FTP"),
        ("address", "sftp://staging.example.com:2222", "port 22"),
        ("address", "https://ana:secret@staging.example.com", "out of the address"),
        ("address", "https://shop.example.com", "may be your live shop"),
        ("address", "http://192.168.1.7/admin", "from outside"),
        ("address", "<script>alert(1)</script>", "not read as an address"),
        ("address", "", "still needed"),
        ("user", "", "still needed"),
        ("user", "u" * 201, "too long"),
        ("password", "hunter2", "12 characters"),
        ("password", "Password1234", "could guess"),
        ("password", "staging-staging", "could guess"),
    ],
)
async def test_what_cannot_be_taken_is_said_beside_its_field(place: Place, field: str, value: str, words: str) -> None:
    """What else was filled in stays, but for the password; nothing is kept."""
    answer = await place.http.post(await place.form(), data={**GIVEN, field: value})
    assert answer.status_code == 422
    assert words in re.sub(r"\s+", " ", answer.text)
    assert PASSWORD not in answer.text
    assert "<script" not in answer.text
    assert ('value="triage"' in answer.text) == (field != "user")
    assert await place.core.store.drops() == []


async def test_a_host_that_does_not_say_what_it_is(place: Place) -> None:
    """The merchant may say that nobody buys there."""
    given = {**GIVEN, "address": "shop-copy.example.com", "staging": "yes"}
    assert "arrived" in (await place.http.post(await place.form(), data=given)).text


async def test_only_whoever_has_the_case_opens_it_and_only_for_a_while(place: Place) -> None:
    """Not a colleague, not by a made-up or old address, not once the case has passed on, and not after it is over."""
    await place.http.post(await place.form(), data=GIVEN)
    old = await place.entrance()
    for way in (await place.entrance(KIM), "/open/made-up", f"{old[:-8]}AAAAAAA=", "/open/\u00e9"):
        assert (await place.http.post(way)).status_code == 410
    place.clock.move(11 * 60_000)
    assert (await place.http.post(old)).status_code == 410
    fresh = await place.entrance()
    await place.command("assign", to="another")
    assert (await place.http.post(fresh)).status_code == 410
    await place.command("claim", KIM)
    assert (await place.http.post(fresh)).status_code == 410
    place.clock.move(73 * 3_600_000)
    await place.drops.sweep()
    assert await place.core.store.drops() == []
    assert (await place.http.post(await place.entrance(KIM))).status_code == 410


async def test_a_form_of_the_past_and_what_is_none(place: Place) -> None:
    """Withdrawn, over, of another case, never there: the page says what to do, and takes nothing."""
    form = await place.form()
    assert (await place.http.get(form.replace("/T-", "/T-X"))).status_code == 410
    assert (await place.http.get(form[:-1])).status_code == 410
    assert (await place.http.post(form, content=b"x" * 20_000)).status_code == 413
    assert (await place.http.post(form, content=b"\xff\xfe=%00&a=b")).status_code == 422
    await place.command("drop", do="withdraw")
    answer = await place.http.post(form, data=GIVEN)
    assert answer.status_code == 410
    assert "ask for another one" in answer.text


async def test_nothing_of_a_page_comes_from_or_goes_elsewhere(place: Place) -> None:
    """No script, no frame, no cache, no referrer, and no page of another language than the merchant's."""
    answer = await place.http.get(await place.form())
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert '<html lang="en">' in answer.text


async def test_a_crash_between_keeping_and_telling(place: Place) -> None:
    """What the case has not heard of, filled in or opened, it hears by the next sweep, once."""
    case = await place.case()
    found = await place.drops.form(case.id, case.drop.id)
    assert found is not None
    await place.core.store.drop(found.drop, AT, "sealed", found.until)
    await place.drops.sweep()
    assert (await place.case()).drop.state == "filled"
    await place.core.store.take_drop(found.drop, NOOR.id)
    for _ in range(2):
        await place.drops.sweep()
    assert (await place.case()).drop.state == "opened"
    assert await place.core.store.drops() == []
