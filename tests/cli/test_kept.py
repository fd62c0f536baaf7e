"""`triage chat --db`: conversations that outlive their terminal, killed or not, and several terminals at once."""

from __future__ import annotations

import io
import re
import resource
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
import time_machine

from bot.channels.console import guest
from bot.channels.console.guest import Guest, Merchant
from bot.channels.console.kept import KeptConversation
from bot.channels.console.loop import Console
from bot.channels.console.rendering import PlainScreen
from bot.chat.effects import Relay
from bot.chat.people import User
from bot.cli.operating import now
from bot.service.keeping import library_on
from bot.store.port import Unavailable
from bot.text.nodes import paragraph
from tests.cli.conftest import SHOP, execute, seed
from tests.programs import Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.channels.console.rendering import Shown
    from bot.flow.loader import Loaded
    from bot.store.port import Store
    from tests.cli.conftest import Run

REFERENCE = re.compile("T-[A-Z2-7]{6}")
WAITING = "This conversation was open in a terminal a moment ago. Waiting for that one to let go of it …"
RESUMED = "Welcome back. This is where we are:"
THROUGH = ("/start", "woo", "it fails", "yesterday", "skip", "1", "2", "done", "2", "1")


@pytest.fixture
def kept(database: str) -> tuple[str, ...]:
    """The options of a conversation with the sample flow in an empty database, of each kind in turn."""
    return ("chat", *SHOP, "--db", database)


def lines(*words: str) -> str:
    """Lines as a script has them."""
    return "".join(f"{each}\n" for each in words)


def test_a_kept_conversation_reads_as_one_in_memory(run: Run, kept: tuple[str, ...]) -> None:
    """Up to the card, word for word; only the case's reference is another one."""
    in_memory = run("chat", *SHOP, stdin=lines(*THROUGH))
    in_store = run(*kept, stdin=lines(*THROUGH))
    assert in_store[::2] == in_memory[::2] == (0, "")
    assert REFERENCE.sub("T-", in_store[1]) == REFERENCE.sub("T-", in_memory[1])


def test_it_goes_on_where_it_stopped(run: Run, kept: tuple[str, ...]) -> None:
    """The question that waits is shown again with its numbers, and the buttons beside answers keep theirs."""
    run(*kept, stdin=lines("/start", "woo"))
    _, out, _ = run(*kept, stdin=lines("/change 1", "magento"))
    assert out.startswith(f"{RESUMED}\n\nWhat goes wrong?")
    assert "You chose Magento 2" in out
    assert run(*kept, stdin=lines("it fails"))[1].startswith(f"{RESUMED}\n\nWhat goes wrong?")


def test_it_says_when_a_person_has_it_and_when_it_is_over(run: Run, kept: tuple[str, ...]) -> None:
    """Whoever comes back need not try out who listens."""
    run(*kept, stdin=lines("/start", "/human"))
    _, out, _ = run(*kept)
    assert "A person of the team has this conversation; what you write goes to them. The reference is T-" in out
    run(*kept, "--as", "bo", stdin=lines("/start", "/cancel", "yes"))
    assert "This conversation has ended." in run(*kept, "--as", "bo")[1]


def test_everybody_has_a_conversation_of_their_own(run: Run, kept: tuple[str, ...]) -> None:
    """A name is an id, however it is written; --as tells two people of one name apart."""
    run(*kept, "--name", "Ana", stdin=lines("/start", "woo"))
    assert run(*kept, "--name", " ANA ")[1].startswith(RESUMED)
    assert run(*kept, "--name", "Bo")[1] == ""
    assert run(*kept, "--name", "Ana", "--as", "ana of the shop")[1] == ""
    assert run(*kept, "--name", "Bo", "--as", "ana")[1].startswith(RESUMED)


def test_nobody_has_no_conversation(run: Run, kept: tuple[str, ...]) -> None:
    """An empty id would be everybody's."""
    code, _, errors = run(*kept, "--as", " ")
    assert code == 2
    assert "--as ana" in errors


def test_what_is_no_database_is_said(run: Run, tmp_path: object) -> None:
    """With what to write instead, and without a traceback."""
    code, out, errors = run("chat", *SHOP, "--db", "mysql://localhost/x")
    assert (code, out) == (1, "")
    assert "sqlite:///FILE" in errors
    assert run("chat", *SHOP, "--db", f"sqlite:///{tmp_path}/nowhere/x.db")[0] == 1


class Screen(PlainScreen):
    """One that fills the disk up as soon as it shows a question."""

    def show(self, message: Shown) -> None:
        """Show it."""
        super().show(message)
        if message.options:
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def test_a_disk_that_fills_up_holds_nobody_up(shop: Loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is said to be, and what is not; with room again it goes on; and one can always leave."""
    stream = io.StringIO()

    async def make(store: Store) -> Guest:
        merchant = Merchant(User("ana", "Ana"), "shop", "en")
        return Guest(store, await library_on(store, shop, now()), merchant, console, now, seed)

    kept = KeptConversation(f"sqlite:///{tmp_path}/triage.db", make, seed)
    console = Console(kept, Screen(stream))
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr(guest, "LAST_S", 0.1)
    try:
        with pytest.raises(Unavailable, match="the disk"), kept:  # noqa: PT012  (raised when it is left)
            console.take("/start")
            assert "What you wrote is kept." in stream.getvalue()
            with pytest.raises(Unavailable, match="the disk"):
                console.take("woo")
            resource.setrlimit(resource.RLIMIT_FSIZE, room)
            console.take("woo")
            assert "What goes wrong?" in stream.getvalue()
            console.take("/why")  # its question fills the disk again
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)


# --- processes --------------------------------------------------------------------------------------------------------


def say(process: Program, line: str, until: bytes) -> bytes:
    """Write a line to a terminal's pipe; what it shows until there is a line with these words."""
    process.stdin.write(f"{line}\n".encode())
    process.stdin.flush()
    shown = b""
    while until not in shown:
        read = process.stdout.readline()
        assert read, shown
        shown += read
    return shown


def end(process: Program) -> int:
    """Say nothing more to a process and wait for it; its exit code."""
    process.stdin.close()
    code = process.wait()
    process.close()
    return code


def test_a_killed_terminal_loses_nothing(run: Run, kept: tuple[str, ...]) -> None:
    """After SIGKILL the next one waits until the dead one's lease is over, and goes on."""
    first = Program(*kept)
    say(first, "/start", b"WooCommerce")
    say(first, "woo", b"What goes wrong?")
    first.send_signal(signal.SIGKILL)
    end(first)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=5)):  # when most of the lease has passed
        code, out, errors = run(*kept, stdin=lines("it fails"))
    assert (code, errors) == (0, "")
    # said to be where we are if it was known to be shown, else shown as what is new
    told = out.removeprefix(f"{WAITING}\n\n").removeprefix(f"{RESUMED}\n\n")
    assert told.startswith("What goes wrong?")
    assert "Since when?" in out


def test_two_terminals_of_one_person_take_turns(
    run: Run, kept: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is told that the first has the conversation; other people talk beside them."""
    first = Program(*kept)
    say(first, "/start", b"WooCommerce")
    assert "You chose WooCommerce" in run(*kept, "--as", "bo", stdin=lines("/start", "woo"))[1]
    assert Guest.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(Guest.__init__.__kwdefaults__, "lease_ms", 200)  # by which it knows how long to wait
    code, out, errors = run(*kept, stdin=lines("magento"))
    assert (code, out) == (1, f"{WAITING}\n\n")
    assert "Sam (sam) is in this conversation in another terminal." in errors
    say(first, "woo", b"What goes wrong?")
    assert end(first) == 0


def test_a_reply_that_was_shown_is_reported(say: Callable[..., str], database: str) -> None:
    """What staff wrote is shown in the merchant's terminal, and the conversation learns that it was, once."""
    say("/start", "/human")
    reply = msgspec.json.encode(
        Relay("T-1", (paragraph("Please try again."),), by="Eve", ref="reply:9", to="merchant")
    ).decode()
    columns = "conversation, carrier, destination, kind, payload, priority, ref, state, created"
    values = "id, 'console.ana', address, 'relay', :reply, 0, 'reply:9', 'queued', 0"
    execute(database, f"INSERT INTO outbox ({columns}) SELECT {values} FROM conversations", reply=reply)
    assert "Please try again." in say()
    say()
    (key,), *more = execute(database, "SELECT key FROM events WHERE key LIKE 'delivered:%'")
    (id_,) = execute(database, "SELECT id FROM outbox WHERE ref = 'reply:9' AND state = 'sent'")[0]
    assert (key, more) == (f"delivered:{id_}:sent", [])
