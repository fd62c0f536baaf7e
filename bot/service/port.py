"""What a channel brings to the service, and the words in which it reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.chat.events import File
    from bot.store.rows import Delivery


class Refused(Exception):  # noqa: N818  (an answer of the platform, not a defect)
    """The platform will not take this message, now or later; the argument is its reason, without any content."""


class Later(Exception):  # noqa: N818
    """Not now. `after`: milliseconds the platform asks to wait, 0 for its own pace; `bucket`: what else it holds up."""

    def __init__(self, reason: str, after: int = 0, bucket: str = "") -> None:
        """Remember them."""
        super().__init__(reason)
        self.after = after
        self.bucket = bucket


SHUT: Final = "the place takes no messages"
"""How the reason of a message begins that waits for somebody to open a place of staff again."""
_SHUT_MS: Final = 60_000


class Shut(Later):
    """A place of staff takes nothing until somebody sees to it, such as an archived channel: it is tried meanwhile."""

    def __init__(self, reason: str) -> None:
        """`reason` in the platform's words."""
        super().__init__(f"{SHUT}: {reason}", _SHUT_MS)


class Replaced(Exception):  # noqa: N818
    """What the message is to be written to is another now; `natives` are the platform's ids of all that is there."""

    def __init__(self, natives: tuple[str, ...]) -> None:
        """Remember them."""
        super().__init__(*natives)
        self.natives = natives


class Done(Exception):  # noqa: N818
    """It is done, and with it the message itself is gone: there is nothing to write down what became of it."""


class Lost(Exception):  # noqa: N818
    """The message may have been taken or not: the connection broke before the platform's answer."""


class Rate(NamedTuple):
    """A bucket that a message takes a token from: it holds `burst` and gains `per_second`.

    `shared`: every message of the carrier takes one. While it is empty, nobody need look at what waits. `files`: an
    album takes one for each of its files.
    """

    bucket: str
    burst: float
    per_second: float
    shared: bool = False
    files: bool = False


class Channel(Protocol):
    """One way to reach people. `carrier` names it in the outbox."""

    carrier: str

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """The effect as ones that each take a single call to the platform, in order."""
        ...

    def rates(self, destination: Address) -> Sequence[Rate]:
        """What limits how fast messages go there."""
        ...

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """Send, and return the platform's ids of what was sent. Raises Refused, Later, Replaced and Lost.

        Of an album there is one for each file, in their order.

        After Replaced nothing was sent: it is called again when it is written down what `delivery.target` is now, and
        when the rates allow one more call.
        """
        ...

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """After Lost or a crash: the ids, if it was sent after all; None if not. Raises Lost if nobody can tell."""
        ...

    def repeats(self, delivery: Delivery) -> bool:
        """Whether to send again what nobody can tell about: where twice is harmless and never is not."""
        ...


class Whole(Channel):
    """A channel that takes any effect as one call, as fast as they come, and once more where a process died over it."""

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `Channel.parts`."""
        return (effect,)

    def rates(self, destination: Address) -> Sequence[Rate]:  # noqa: ARG002  (as the port has it)
        """See `Channel.rates`."""
        return ()

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:  # noqa: ARG002  (as the port has it)
        """See `Channel.find`: to be done again."""
        return None

    def repeats(self, delivery: Delivery) -> bool:  # noqa: ARG002  (as the port has it)
        """See `Channel.repeats`."""
        return True


class Files(Protocol):
    """Where the bytes of the files are that people sent by one channel."""

    async def fetch(self, address: str, file: File) -> bytes:
        """The bytes of a file that was sent in the conversation at `address`. Raises Refused and Later."""
        ...


class Vault(Protocol):
    """Where a channel keeps what opens its accounts, sealed: a part of the store. All raise Unavailable."""

    async def install(self, account: str, sealed: str, now: int) -> None:
        """See `Store.install`."""
        ...

    async def installed(self, account: str) -> str | None:
        """See `Store.installed`."""
        ...

    async def uninstall(self, account: str, until: int) -> None:
        """See `Store.uninstall`."""
        ...


class Landmarks(Protocol):
    """Where things are on a platform that are no conversation's: a part of the store. All raise Unavailable."""

    async def landmark(self, name: str) -> str | None:
        """See `Store.landmark`."""
        ...

    async def set_landmark(self, name: str, place: str) -> None:
        """See `Store.set_landmark`."""
        ...

    async def claim_landmark(self, name: str, place: str) -> str:
        """See `Store.claim_landmark`."""
        ...
