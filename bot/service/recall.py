"""What a channel asks of the store: the words of a question, the card of a case, what is open with somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.chat.addresses import parse
from bot.chat.effects import Ask, Relay, Rewrite, Say, opened
from bot.conversation import asking, decode
from bot.desk import card
from bot.desk.drafts import Draft
from bot.desk.work import Merchant
from bot.engine import summary, tokens
from bot.engine.commands import START, forgetting
from bot.service import worklist
from bot.service.overview import Overviews
from bot.service.port import Refused
from bot.service.quoting import quoted
from bot.service.step import merchant
from bot.text.locales import SOURCE
from bot.text.nodes import Link, Paragraph, Text
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.chat.events import Quoted
    from bot.chat.people import Person
    from bot.conversation import Conversation
    from bot.desk.case import Case
    from bot.service.drops import Drops
    from bot.service.port import Landmarks, Vault
    from bot.service.step import Stepper
    from bot.service.worklist import Page, Query
    from bot.store.port import Store
    from bot.text.nodes import Document

MOST_OPEN: Final = 50
"""Conversations of a merchant that are looked through for open ones."""

_DECODER: Final = msgspec.json.Decoder(Ask)
_WRITTEN: Final = msgspec.json.Decoder(Relay | Rewrite)


class Open(NamedTuple):
    """A conversation that is not over: where it is, the title of its flow, and who has it."""

    address: str
    title: str
    case: str = ""
    """The reference of its case, once a person is called."""
    with_person: bool = False


class Recall:
    """Looks things up in `store`, with the flows that `stepper` runs on."""

    def __init__(self, store: Store, stepper: Stepper, drops: Drops | None = None) -> None:
        """`drops` are where there are one-time forms."""
        self._store = store
        self._stepper = stepper
        self._drops = drops
        self.overviews = Overviews(store, stepper)

    @property
    def vault(self) -> Vault:
        """Where a channel keeps what opens its accounts."""
        return self._store

    @property
    def landmarks(self) -> Landmarks:
        """Where a channel keeps where things are that are no conversation's."""
        return self._store

    async def ask(self, address: str, ref: str) -> Ask | None:
        """The question `ref` as it was put last; None if there is none. Raises Unavailable."""
        payload = await self._store.asked(address, ref)
        return None if payload is None else _DECODER.decode(payload)

    async def known(self, address: str) -> bool:
        """Whether there is a conversation at `address`. Raises Unavailable."""
        return await self._store.conversation(address) is not None

    async def waiting(self, address: str, token: str) -> Ask | None:
        """The question with that token, if it still waits for its answer. Raises Unavailable."""
        found, read = await self._conversation(address), tokens.read(token)
        if found is None or read is None or read.session != found.session.id:
            return None
        if all(each.wait is None or each.wait.asked != read.asked for each in found.session.stack):
            return None
        return await self.ask(address, tokens.reference(read.session, read.asked))

    async def refusal(self, address: str, token: str, user: str) -> str:
        """What to say of a button of that conversation that is not for `user` to press; "" if it is.

        Where several read a conversation, whoever presses it hears that alone. Raises Unavailable.
        """
        found, read = await self._conversation(address), tokens.read(token)
        if found is None or read is None or found.session.user.id == user or not forgetting(found.session, read):
            return ""
        return self._stepper.library.word("forget_not_yours", found.session.locale)

    async def copies(self, address: str, destination: str, ref: str) -> tuple[str, ...]:
        """The platform's ids of what was sent by that name to `destination`, in order. Raises Unavailable."""
        found = await self._store.copies(address, ref)
        return tuple(native for where, native in found if where == destination)

    async def pieces(self, address: str, destination: str, ref: str) -> dict[int, str]:
        """The messages at `destination` that the words of a person are by that name; by their place in the text.

        What has been written since in place of one that was gone counts. Raises Unavailable.
        """
        found: dict[int, str] = {}
        for native, payload in await self._store.texts(address, destination, ref):
            written = _WRITTEN.decode(payload)
            if isinstance(written, Rewrite):
                found[written.piece] = native
            elif written.document:
                found[len(found)] = native
        return found

    async def quoted(self, address: str, native: str, own: str = "") -> Quoted | None:
        """See `quoting.quoted`, of a message at the conversation's own place. Raises Unavailable.

        `own` is what the names of copies begin with of what people write there.
        """
        return await quoted(self._store, address, address, native, f"{own}{native}" if own else "")

    async def question(self, address: str, ref: str) -> Document:
        """Its text; empty if there is none. Raises Unavailable."""
        ask = await self.ask(address, ref)
        return () if ask is None else ask.document

    async def word(self, address: str, name: str) -> str:
        """A wording of the conversation itself, in the language of the one at `address`. Raises Unavailable."""
        found = await self._conversation(address)
        return self._stepper.library.word(name, found.session.locale if found else SOURCE)

    @property
    def commands(self) -> frozenset[str]:
        """The commands that people can give, without their slash."""
        return frozenset({START, *self._stepper.library.commands})

    def wording(self, name: str, locale: str) -> Document:
        """A wording of the conversation itself without places, in that language."""
        library = self._stepper.library
        return library.wording(library.named(name), locale).document

    async def merchant(self, address: str) -> str:
        """Whom the conversation at `address` is with, as `open_with` takes it; "" for nobody. Raises Unavailable."""
        found = await self._conversation(address)
        return merchant(parse(address).channel, found.session.user.id if found else "")

    async def open_with(self, merchant: str, locale: str) -> list[Open]:
        """The conversations with a merchant that are not over, the latest first. Raises Unavailable."""
        found: list[Open] = []
        for address, document in await self._store.held(merchant, MOST_OPEN):
            conversation = decode(document)
            with_person = conversation.session.status == "handed_off"
            if with_person or conversation.session.status == "active":
                title = self._title(conversation.session.flow, locale)
                case = conversation.case.id if with_person and conversation.case is not None else ""
                found.append(Open(address, title, case, with_person=with_person))
        return found

    def _title(self, flow: str, locale: str) -> str:
        library = self._stepper.library
        program = library.programs.get(flow)
        return library.plain(program.flow.title, locale) if program is not None else flow

    def person(self, account: str) -> str | None:
        """The id of whom the desk's settings list with that account, None for anybody else."""
        found = self._stepper.office.people.get(account)
        return None if found is None else found.id

    @property
    def queues(self) -> list[tuple[str, str]]:
        """The queues of the desk, each with its title."""
        return [(name, each.title or name) for name, each in self._stepper.office.queues.items()]

    def staff_word(self, name: str) -> str:
        """A wording of the desk, in the language of the staff."""
        return self._stepper.library.word(name, self._stepper.office.locale)

    async def cases(self, asked: Query, person: str) -> Page:
        """The cases that somebody with that id asked for. Raises Unavailable."""
        return await worklist.page(self._store, asked, person, self._stepper.now())

    async def thread(self, address: str, case: str, place: str) -> str:
        """The message that opened a case at the place of staff, "" if none did. Raises Unavailable."""
        copies = await self._store.copies(address, opened(case))
        return next((native for destination, native in copies if destination == place), "")

    async def case(self, address: str) -> Case | None:
        """The last case of the conversation at `address`; None if there is none. Raises Unavailable."""
        found = await self._conversation(address)
        return found.case if found else None

    async def state(self, address: str) -> str:
        """How its case stands, in a few lines in the language of the staff; "" if there is none. Raises Unavailable."""
        found = await self._conversation(address)
        if found is None or found.case is None:
            return ""
        shown = card.state(self._stepper.library, found.case, self._stepper.office.locale, asking=asking(found))
        return f"{found.case.id}\n{plain(shown)}"

    def accounts(self, person: str, channel: str) -> list[str]:
        """The users of a channel (`channel:account`) who are the person with that id."""
        known = [account for account, each in self._stepper.office.people.items() if each.id == person]
        prefix = f"{channel}:"
        return [each.removeprefix(prefix) for each in (known or [person]) if each.startswith(prefix)]

    def entrance(self, address: str, drop: str, person: str) -> Document:
        """The way of a person to what a drop holds, in words for them alone. Raises Refused without drops."""
        if self._drops is None:
            raise Refused("this process has no TRIAGE_DROP_KEY")
        url = self._drops.entrance(address, drop, person)
        words = self.wording("desk_drop_entrance", self._stepper.office.locale)
        return (*words, Paragraph((Link(url, (Text(self.staff_word("desk_open")),)),)))

    async def draft(self, address: str, person: Person) -> Draft | None:
        """What `person` may write to the merchant of the conversation's case. Raises Unavailable."""
        found = await self._conversation(address)
        if found is None or found.case is None:
            return None
        user, locale = found.session.user, found.session.locale
        whom = Merchant(user.first_name or user.id, locale)
        return Draft(self._stepper.library, self._stepper.office, found.case, whom, person)

    async def card(self, address: str) -> Say:
        """The card of the conversation's case as it stands, in the language of the staff. Raises Unavailable."""
        found = await self._conversation(address)
        if found is None:
            return Say(())
        library, office = self._stepper.library, self._stepper.office
        facts = summary.card(library, found.session, office.locale)
        if found.case is None:
            return Say(facts)
        state = card.state(library, found.case, office.locale, asking=asking(found))
        return Say((*facts, *state), card.buttons(library, office, found.case, office.locale))

    async def _conversation(self, address: str) -> Conversation | None:
        stored = await self._store.conversation(address)
        return None if stored is None else decode(stored.document)
