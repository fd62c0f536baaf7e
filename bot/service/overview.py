"""What a merchant asked to see of what is kept about them, in their language, as it is when it is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.chat.addresses import parse, private
from bot.conversation import asking, decode
from bot.desk import banner
from bot.desk.work import worded
from bot.flow.expressions import Scope
from bot.service.registry import Registry
from bot.service.step import merchant
from bot.service.webhooks import WEBHOOK
from bot.store.erasing import Retention
from bot.store.rows import CASE_STATUSES, CaseFilter
from bot.text.nodes import Link, List, Text
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.chat.effects import Overview
    from bot.service.step import Stepper
    from bot.store.port import Store
    from bot.store.rows import Listed
    from bot.text.nodes import Document, Inline

    To = Callable[[str], Awaitable[str]]

MOST: Final = 15
"""Cases and conversations that are listed."""
LOOKED_THROUGH: Final = 200
LATELY: Final = timedelta(days=30)
"""For so long a case that was closed is listed."""
FILE: Final = "triage-my-data.txt"


class Overviews:
    """Makes them from `store`, with the flows that `stepper` runs on."""

    def __init__(self, store: Store, stepper: Stepper) -> None:
        """Look nothing up yet."""
        self._store = store
        self._stepper = stepper
        self._registry = Registry(store.url)

    async def document(self, address: str, overview: Overview, link: To) -> Document:
        """One for whoever talks at `address`; `link` tells where an address is to be read on, "" for nowhere.

        Raises StoreError.
        """
        stored = await self._store.conversation(address)
        if stored is None:
            return ()
        session = decode(stored.document).session
        words = _Words(self._stepper, session.locale)
        match overview.of:
            case "cases":
                return await self._cases(address, session.user.id, words, link)
            case "data":
                name = session.user.first_name or "–"
                return await self._data(address, words, name=name, id=session.user.id)
            case "forgotten":
                return await self._forgotten(address, words)
            case "file":
                return ()

    async def banner(self, address: str, case: str) -> Document:
        """How a case stands for whoever talks at `address`, in a few lines. Raises StoreError."""
        stored = await self._store.conversation(address)
        if stored is None:
            return ()
        conversation, office = decode(stored.document), self._stepper.office
        now = datetime.fromtimestamp(self._stepper.now() / 1000, UTC)
        found, locale = conversation.case, conversation.session.locale
        if found is None or found.id != case:  # another one has followed it
            return worded(self._stepper.library, "desk_banner_closed", locale, case, {})
        return banner.written(self._stepper.library, office, found, locale, now, asking=asking(conversation))

    async def file(self, address: str) -> bytes:
        """All that is kept about whoever talks at `address`, as text. Raises StoreError."""
        return (await self._registry.text(address, self._stepper.library)).encode()

    async def _cases(self, address: str, user: str, words: _Words, link: To) -> Document:
        """Theirs that are not over, and those that were closed lately: how each stands, and how to go on with it."""
        place = parse(address)
        wanted = CaseFilter(statuses=CASE_STATUSES, merchant=merchant(place.channel, user) or "-")
        since = self._stepper.now() - LATELY // timedelta(milliseconds=1)
        shown = [
            each
            for each in await self._store.cases(wanted, LOOKED_THROUGH)
            if (each.case.status != "closed" or each.updated >= since) and (private(place) or each.address == address)
        ]
        shown.sort(key=lambda each: -each.updated)
        items = [await _case(each, address, words, link) for each in shown[:MOST]]
        if not items:
            return words.text("cases_none")
        return (*words.text("cases_title"), List(tuple(items)))

    async def _data(self, address: str, words: _Words, **who: str) -> Document:
        kept, keep = await self._registry.kept(address), Retention(**self._stepper.office.retention)
        counts = {
            "conversations": str(len(kept.conversations)),
            "messages": str(kept.messages),
            "cases": ", ".join(kept.cases) or "–",
            "forms": str(kept.forms),
        }
        days = {f"days_{name}": words.days(value) for name, value in keep._asdict().items()}
        return words.text("data_kept", **who, **counts, **days)

    async def _forgotten(self, address: str, words: _Words) -> Document:
        kept = await self._registry.kept(address)
        own = sum(kept.elsewhere.get(each, 0) for each in kept.conversations)
        systems = sum(count for place, count in kept.elsewhere.items() if place.startswith(f"{WEBHOOK}:"))
        team = kept.messages - own - systems
        remains = [words.line("forgotten_here", count=str(own))]
        remains += [words.line("forgotten_team", count=str(team))] if team else []
        remains += [words.line("forgotten_cases", cases=", ".join(kept.cases))] if kept.cases else []
        remains += [words.line("forgotten_systems", count=str(systems))] if systems else []
        remains += [words.line("forgotten_backups"), words.line("forgotten_audit")]
        counts = {"conversations": str(len(kept.conversations)), "messages": str(kept.messages)}
        return (*words.text("forgotten", **counts), List(tuple(remains)), *words.text("forgotten_again"))


class _Words:
    """Wordings of the conversation itself, in one language."""

    def __init__(self, stepper: Stepper, locale: str) -> None:
        self._library = stepper.library
        self._locale = locale

    def text(self, name: str, /, **values: str) -> Document:
        """A wording with its places filled."""
        found = self._library.wording(self._library.named(name), self._locale)
        return found.render(Scope({"pattern": values}))

    def days(self, number: int) -> str:
        """A number of days."""
        return plain(self.text("one_day") if number == 1 else self.text("days", count=str(number)))

    def line(self, name: str, /, **values: str) -> tuple[Inline, ...]:
        """The same as an item of a list, without formatting."""
        return (Text(plain(self.text(name, **values))),)


async def _case(listed: Listed, here: str, words: _Words, link: To) -> tuple[Inline, ...]:
    """A case in the list: its reference, how it stands for its merchant, and how they go on with it."""
    case = listed.case
    (state,) = words.line(f"case_is_{case.status}")
    head = (Text(case.id, bold=True), Text(" · "), state, Text("\n"))
    if listed.address == here:
        return (*head, *words.line("case_over_here" if case.status == "closed" else "case_here"))
    there = Text(plain(words.text("case_there")))
    url = await link(listed.address)
    return (*head, Link(url, (there,)) if url else there)
