"""Albums between merchant and staff: gathered durably, in whatever order things come, and passed on as one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import albums
from bot.chat.albums import GATHERED_AFTER, MOST_GATHERED
from bot.chat.effects import Echo, Mark, Relay, Remove, Rewrite, Schedule, Unschedule
from bot.chat.events import Command, Delivered, Due, File, Message, Written
from bot.chat.people import TELEGRAM, Person, User
from bot.conversation import Opening, begin, decode, encode, reduce, replay
from bot.engine.ids import Ids
from bot.text.plain import plain
from tests.desk.serving import service
from tests.engine.talk import CALLING, START, library

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.chat.effects import Effect
    from bot.chat.events import AnyEvent
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

NOOR, KIM = Person("telegram:1:noor", "Noor"), Person("telegram:1:kim", "Kim")
OPENING = Opening("test", User("u1", "Ana"), TELEGRAM, "en")


class Talk:
    """A conversation with Noor, read again from its document after each event; timers fire when time passes."""

    def __init__(self) -> None:
        """Noor has claimed the case."""
        begun = begin(OPENING, START, Ids("begin"))
        self.conversation, self.log = begun.conversation, list(begun.log)
        self.library = library(CALLING)
        self.now: datetime = START
        self.timers: dict[str, datetime] = {}
        self.effects: list[Effect] = []
        self.count = 0
        for each in ("/start", "Ana", "yes"):
            self.send(Message(self.key(), each))
        self.send(Command(self.key(), NOOR, "claim"))
        self.effects.clear()

    def key(self) -> str:
        """A new one."""
        self.count += 1
        return f"k{self.count}"

    def send(self, event: AnyEvent) -> None:
        """Apply an event; what the process knew is forgotten, what the document says is not."""
        outcome = reduce(self.library, self.conversation, event, self.now, Ids(f"seed{self.key()}"))
        self.conversation = decode(encode(outcome.conversation))
        assert self.conversation == outcome.conversation
        self.log += outcome.log
        self.effects += outcome.effects
        for each in outcome.effects:
            if isinstance(each, Schedule):
                self.timers[each.timer] = each.due
            elif isinstance(each, Unschedule):
                self.timers.pop(each.timer, None)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + timedelta(seconds=seconds)
        while due := sorted((at, name) for name, at in self.timers.items() if at <= until):
            self.now, name = due[0]
            del self.timers[name]
            self.send(Due(self.key(), name))
        self.now = until

    def part(self, number: int, text: str = "", album: str = "a", key: str = "") -> Message:
        """One of an album of Ana's."""
        name = f"{number}.png"
        return Message(key or self.key(), text, (File(f"photo/{name}", name),), origin=f"{number}", album=album)

    def staff_part(self, number: int, text: str = "", album: str = "a", by: Person = NOOR) -> Written:
        """One of an album of staff."""
        name = f"{number}.png"
        return Written(self.key(), by, f"{number}", text, (File(f"photo/{name}", name),), album=album)

    def relays(self, to: str) -> list[Relay]:
        """What left for one side."""
        return [each for each in self.effects if isinstance(each, Relay) and each.to == to]


def names(relay: Relay) -> list[str]:
    """Of its files."""
    return [each.name for each in relay.files]


def test_an_album_of_the_merchant_is_one_message() -> None:
    """Nothing follows from its parts before all have come; then staff get it, and each part is found by its name."""
    talk = Talk()
    for number, text in ((11, "see"), (13, ""), (12, "")):
        talk.send(talk.part(number, text))
        talk.wait(0.5)
    assert talk.relays("staff") == []
    talk.wait(GATHERED_AFTER.total_seconds())
    (relay,) = talk.relays("staff")
    assert (plain(relay.document), names(relay)) == ("see", ["11.png", "12.png", "13.png"])
    assert relay.names == ("relay:11", "relay:11", "relay:12", "relay:13")
    assert talk.conversation.gathered == ()


def test_words_after_an_album_arrive_after_it() -> None:
    """At once: nobody waits for a timer then, and the timer is called off."""
    talk = Talk()
    talk.send(talk.part(1))
    talk.send(talk.part(2))
    talk.send(Message(talk.key(), "that is all", origin="3"))
    album, words = talk.relays("staff")
    assert (names(album), plain(words.document)) == (["1.png", "2.png"], "that is all")
    assert not any(each.endswith(".album") for each in talk.timers)


def test_one_with_a_secret_does_not_wait() -> None:
    """It is taken out of the chat at once, and nothing keeps what it said; the others are behind what came before."""
    talk = Talk()
    talk.send(talk.part(1))
    talk.send(talk.part(2, "password: Hunter2!x"))
    assert [each.origin for each in talk.effects if isinstance(each, Remove)] == ["2"]
    assert [names(each) for each in talk.relays("staff")] == [["1.png"], ["2.png"]]
    assert b"Hunter2" not in encode(talk.conversation)
    assert "Hunter2" not in repr(talk.log)


def test_an_album_without_end_ends() -> None:
    """So many are kept back and no more, whoever sends them."""
    talk = Talk()
    for number in range(MOST_GATHERED + 1):
        talk.send(talk.part(number, album="one"))
    assert sum(len(each.files) for each in talk.relays("staff")) == MOST_GATHERED
    assert len(talk.conversation.gathered) == 1


def test_an_album_of_staff_is_one_reply() -> None:
    """It waits, is marked, leaves and ends as one; the edit of any of its words finds it."""
    talk = Talk()
    for number, text in ((21, "look here"), (22, ""), (23, "")):
        talk.send(talk.staff_part(number, text))
    talk.wait(1)
    assert [(each.origin, each.state) for each in talk.effects if isinstance(each, Mark)] == [("21", "queued")]
    talk.send(Written(talk.key(), NOOR, "21", "look there", edited=True))
    talk.send(Written(talk.key(), NOOR, "23", "and there", edited=True))
    talk.wait(6)
    (relay,) = talk.relays("merchant")
    assert (plain(relay.document), names(relay)) == ("look there\n\nand there", ["21.png", "22.png", "23.png"])
    assert relay.names == ("reply:21", "reply:21", "reply:22", "reply:23")
    talk.effects.clear()
    talk.send(Written(talk.key(), NOOR, "22", "and here", edited=True))
    assert [each.ref for each in talk.effects if isinstance(each, Rewrite) and not each.case] == ["reply:22"]
    talk.send(Delivered("d1", "reply:21", "sent"))
    assert [(each.origin, each.state) for each in talk.effects if isinstance(each, Mark)] == [("21", "sent")]


def test_an_album_as_a_note_never_leaves() -> None:
    """Of whoever has not the case, and of whoever says so: it is shown to colleagues as one, and to nobody else."""
    talk = Talk()
    talk.send(talk.staff_part(31, "", "k", KIM))
    talk.send(talk.staff_part(32, "", "k", KIM))
    talk.send(talk.staff_part(33, "// for us", "n"))
    talk.send(talk.staff_part(34, "", "n"))
    talk.wait(60)
    echoes = [each for each in talk.effects if isinstance(each, Echo)]
    assert [([file.name for file in each.files], each.parts) for each in echoes] == [
        (["31.png", "32.png"], ("31", "32")),
        (["33.png", "34.png"], ("33", "34")),
    ]
    assert talk.relays("merchant") == []


@pytest.mark.anyio
async def test_an_album_outlives_the_process(
    slack: SlackStandIn, telegram: TelegramStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts are acknowledged, and the service ends before their time: it comes once, as one, from the next one."""
    monkeypatch.setattr(albums, "GATHERED_AFTER", timedelta(seconds=3))
    ana, noor = telegram.user("Ana"), slack.user("Noor")
    desk = slack.channel("desk", [noor], private=True)
    place = f"slack:{slack.home.id}:{desk.conversation.id}:"

    def arrived() -> list[list[str]]:
        shown = [each for each in desk.conversation.messages.values() if each.get("files")]
        return [[file["title"] for file in each["files"]] for each in shown]

    async with service(slack, telegram, tmp_path, place):
        await ana.start("")
        await ana.next_message()
        await ana.send("/human")
        await noor.next_message(channel=desk)
        for name in ("1.log", "2.log"):
            await ana.upload(name, name.encode(), album="a")
        await ana.until(lambda: not telegram.updates.waiting() or None, "both are acknowledged")
    assert arrived() == []
    async with service(slack, telegram, tmp_path, place):
        await noor.until(lambda: arrived() or None, "the album comes")
    assert arrived() == [["1.log", "2.log"]]


PAUSES = {"pause": 0.3, "wait": 2}
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["part", "reply", "note"]), st.sampled_from("ab")),
        st.sampled_from([("words", ""), ("again", ""), ("staff words", ""), ("pause", ""), ("wait", "")]),
    ),
    max_size=14,
)


@given(HAPPENINGS)
def test_whatever_comes_between(what: list[tuple[str, str]]) -> None:
    """No file is lost, doubled or overtaken by later words; no note leaves; the log alone makes the same document."""
    talk = Talk()
    given_out: dict[str, list[str]] = {"staff": [], "merchant": [], "nobody": []}
    last: AnyEvent | None = None
    for number, (kind, album) in enumerate(what, 100):
        if kind in PAUSES:
            talk.wait(PAUSES[kind])
            continue
        if kind != "again":
            last, to, name = _made(talk, kind, album, number)
            given_out[to].append(name)
        if last is not None:
            talk.send(last)
    talk.wait(60)
    for to in ("staff", "merchant"):
        arrived = [words for each in talk.relays(to) for words in [plain(each.document), *names(each)] if words]
        assert sorted(arrived) == sorted(given_out[to])
        for words in (each for each in given_out[to] if not each.endswith(".png")):
            assert set(arrived[: arrived.index(words)]) == set(given_out[to][: given_out[to].index(words)])
    assert encode(replay(talk.library, talk.log)) == encode(talk.conversation)


def _made(talk: Talk, kind: str, album: str, number: int) -> tuple[AnyEvent, str, str]:
    """What happens, whom it is for, and what they see of it."""
    match kind:
        case "part":
            return talk.part(number, album=album), "staff", f"{number}.png"
        case "reply":
            return talk.staff_part(number, album=album), "merchant", f"{number}.png"
        case "note":
            return talk.staff_part(number, album=f"note {album}", by=KIM), "nobody", f"{number}.png"
        case "words":
            return Message(talk.key(), f"w{number}", origin=f"{number}"), "staff", f"w{number}"
    return Written(talk.key(), NOOR, f"{number}", f"s{number}"), "merchant", f"s{number}"
