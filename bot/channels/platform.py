"""What the process that serves knows of a platform: enough to connect any of them, and nothing of any one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.routing import BaseRoute

    from bot.chat import people
    from bot.chat.effects import Effect
    from bot.flow.loader import Loaded
    from bot.service.desk import Desk
    from bot.service.intake import Intake
    from bot.service.leases import Lease
    from bot.service.port import Channel, Files
    from bot.service.recall import Recall


class Kind(NamedTuple):
    """A kind of channel, whether or not this deployment is connected to one: what is for it can wait for that.

    `carrier` and `parts` as in `Routes`.
    """

    ability: people.Channel
    carrier: str
    parts: Callable[[Effect], Sequence[Effect]]


class Host(Protocol):
    """The service as a platform sees it: where its events go, and leases for what one process alone may do."""

    intake: Intake

    def desk(self, channel: str) -> Desk:
        """Where what staff do on that channel is brought."""
        ...

    def lease(self, name: str) -> Lease:
        """A lease of that name, which is taken as soon as it can be and kept as long as the service runs."""
        ...

    async def admits(self, destination: str) -> bool:
        """Whether one more call to that address may be made now, which counts like a message. Raises Unavailable."""
        ...


class Platform(Protocol):
    """A platform that a deployment is connected to. The methods are called in the order in which they stand here."""

    name: str
    """What its addresses begin with."""

    def files(self) -> Files:
        """Where the bytes of the files are that people send there."""
        ...

    def channel(self, recall: Recall, files: Mapping[str, Files]) -> Channel:
        """What delivers to it; `files` are those of all platforms that are connected, by their names."""
        ...

    async def introduce(self, loaded: Loaded) -> None:
        """Find out who the bot is and tell what it can do, however long that takes.

        Raises an error that names the setting to be changed, if the platform does not know the bot. After any other one
        it is called again in a while, and so is `run`.
        """
        ...

    def routes(self, host: Host) -> Sequence[BaseRoute]:
        """What it is answered over HTTP from now on; nothing for one that is asked instead."""
        ...

    async def run(self, host: Host) -> None:
        """Bring its events in any other way than over HTTP, until cancelled; what is under way is finished then."""
        ...

    async def close(self) -> None:
        """Let go of its connections; nothing is sent any more."""
        ...
