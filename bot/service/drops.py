"""Drops: what merchants fill in on one-time forms, kept sealed until whoever has the case opens it, once.

A form is good while its case says so, and what was filled in is shown only after it was taken out of the store: of all
who ask at once, one gets it. What the case is told follows, and is told again after a crash: `sweep` compares the two.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import structlog

from bot.chat.events import Dropped
from bot.conversation import decode
from bot.service.reporting import bring
from bot.service.seals import BrokenSeal, Seals
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.conversation import Conversation
    from bot.service.intake import Intake
    from bot.service.step import Stepper
    from bot.store.port import Store

SIGNED_IN_S: Final = 600
"""How long the way to what was filled in is good."""
SWEEP_EVERY_S: Final = 60.0
TELLING_S: Final = 2.0
"""How long whoever has opened something waits for the case to hear of it."""

_ACCOUNT: Final = "account"
_ENTRANCE: Final = "entrance"
"""What is sealed."""

_LOG: Final = structlog.get_logger(__name__)


class Account(msgspec.Struct, frozen=True):
    """What was filled in."""

    address: str
    user: str
    password: str
    note: str = ""


class Form(NamedTuple):
    """A form that can be filled in now, in the language `locale`; `live`: the access that it is for was approved."""

    at: str
    """The address of the conversation."""
    case: str
    drop: str
    locale: str
    live: bool
    until: int


class Entrance(msgspec.Struct, frozen=True, array_like=True):
    """The way of one person to what was filled in."""

    at: str
    drop: str
    person: str


class Drops:
    """The one-time forms of a service."""

    def __init__(self, store: Store, intake: Intake, stepper: Stepper, key: str, clock: Callable[[], int]) -> None:
        """`stepper` has the words of its pages, and says where they are; `key` as `Seals` takes it."""
        self._store = store
        self._intake = intake
        self._stepper = stepper
        self._seals = Seals(key)
        self._clock = clock
        self._closing = asyncio.Event()

    def word(self, name: str, locale: str = "") -> str:
        """A wording of the pages, in the language of staff if none is named."""
        return self._stepper.library.word(name, locale or self.locale)

    @property
    def locale(self) -> str:
        """The language of staff."""
        return self._stepper.office.locale

    # --- the merchant ---------------------------------------------------------------------------------------------

    async def form(self, case: str, drop: str) -> Form | None:
        """The form with that id of that case, while it can be filled in; looking changes nothing. Raises StoreError."""
        at = await self._store.case(case)
        found = await self._conversation(at) if at is not None else None
        if at is None or found is None or found.case is None or found.case.id != case:
            return None
        its = found.case.drop
        if its.id != drop or its.state != "asked" or its.until is None or its.until.timestamp() * 1000 <= self._clock():
            return None
        live = found.case.access.environment == "production"
        return Form(at, case, drop, found.session.locale, live, int(its.until.timestamp() * 1000))

    async def fill(self, form: Form, account: Account) -> None:
        """Keep what was filled in, and tell the case; what came first stays. Raises StoreError."""
        content = msgspec.json.encode(account).decode()
        sealed = self._seals.close(f"{_ACCOUNT}:{form.drop}", content, self._clock())
        await self._store.drop(form.drop, form.at, sealed, form.until)
        await self._tell_filled(form.at, form.drop)

    # --- staff ----------------------------------------------------------------------------------------------------

    def entrance(self, at: str, drop: str, person: str) -> str:
        """The way to what was filled in, for `person` alone, whoever may read the database."""
        content = msgspec.json.encode(Entrance(at, drop, person)).decode()
        return f"{self._stepper.office.drops}/open/{self._seals.close(_ENTRANCE, content, self._clock())}"

    async def entered(self, token: str) -> Entrance | None:
        """Whose way that is, while it is good and there is something to open. Raises StoreError."""
        try:
            content = self._seals.open(_ENTRANCE, token, self._clock(), SIGNED_IN_S)
        except BrokenSeal:
            return None
        way = msgspec.json.decode(content, type=Entrance)
        found = await self._conversation(way.at)
        case = found.case if found is not None else None
        if case is None or case.drop.id != way.drop or case.drop.state != "filled":
            return None
        return way if case.assignee is not None and case.assignee.id == way.person else None

    async def open(self, way: Entrance) -> Account | None:
        """What was filled in, for the first who asks; None for any other. Raises StoreError."""
        sealed = await self._store.take_drop(way.drop, way.person)
        if sealed is None:
            return None
        with contextlib.suppress(TimeoutError):  # it is shown whatever becomes of the word: `sweep` brings it again
            async with asyncio.timeout(TELLING_S):
                await self._tell_opened(way.at, way.drop, way.person)
        try:
            content = self._seals.open(f"{_ACCOUNT}:{way.drop}", sealed, self._clock())
        except BrokenSeal:
            _LOG.error("drop_not_opened", drop=way.drop[:4], do="set the TRIAGE_DROP_KEY it was filled in with")
            return None
        return msgspec.json.decode(content, type=Account)

    # --- what is over ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Sweep now and then, until `close`."""
        while not self._closing.is_set():
            with contextlib.suppress(StoreError):
                await self.sweep()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_EVERY_S):
                    await self._closing.wait()

    def close(self) -> None:
        """Sweep no more."""
        self._closing.set()

    async def sweep(self) -> None:
        """Tell cases what they have not heard, and wipe what no case asks for any more. Raises StoreError."""
        for each in await self._store.drops():
            found = await self._conversation(each.address)
            case = found.case if found is not None else None
            its = case.drop if case is not None and case.drop.id == each.id else None
            if each.person and its is not None and its.state == "filled":
                await self._tell_opened(each.address, each.id, each.person)
            elif its is not None and its.state == "asked" and each.until > self._clock():
                await self._tell_filled(each.address, each.id)
            elif each.person or its is None or its.state != "filled" or each.until <= self._clock():
                await self._store.wipe_drop(each.id)

    async def _conversation(self, at: str) -> Conversation | None:
        stored = await self._store.conversation(at)
        return decode(stored.document) if stored is not None else None

    async def _tell_filled(self, at: str, drop: str) -> None:
        await bring(self._intake, at, Dropped(f"drop:{drop}:filled", drop, "filled"))

    async def _tell_opened(self, at: str, drop: str, person: str) -> None:
        await bring(self._intake, at, Dropped(f"drop:{drop}:opened", drop, "opened", person))
