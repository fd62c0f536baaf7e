"""Where staff are: at one place or several, each on a channel of its own; and at which of them something was written.

What a member of staff wrote is named by its *origin*. At one place that is the platform's id of the message. Where
there are several it stands behind the name of the channel, as in `slack/1700.5`: ids count within a place only.
"""

from __future__ import annotations

from typing import Final

import msgspec

TYPED: Final = "!"
"""What origins begin with of words that stand in no message of their own: they were given with a command."""
_BEHIND: Final = "/"


class Places(msgspec.Struct, frozen=True):
    """The addresses that cases go to, on different channels; none where nobody is to see them."""

    addresses: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether it counts at which of them something is: it does not where there is one."""
        return len(self.addresses) > 1

    def on(self, channel: str) -> str:
        """The place on that channel, "" for none."""
        return next((each for each in self.addresses if each.startswith(f"{channel}:")), "")

    def origin(self, channel: str, native: str) -> str:
        """What a message is called that staff wrote at their place on that channel."""
        return named(channel, native) if self.several else native

    def of(self, origin: str) -> str:
        """The place where that was written, "" for none.

        The first one where the origin does not tell: it is from a time when there was one.
        """
        if origin.startswith(TYPED):
            return ""
        return self.on(_parts(origin)[0]) or next(iter(self.addresses), "")

    def beside(self, place: str) -> tuple[str, tuple[str, ...]]:
        """The channel of one of them, and those of the rest; none of any where it does not count."""
        if not self.several or place not in self.addresses:
            return "", ()
        channels = {each: each.partition(":")[0] for each in self.addresses}
        return channels.pop(place), tuple(channels.values())

    def others(self, origin: str) -> tuple[str, ...]:
        """The places where that was not written, and which do not show it by themselves."""
        if not self.several:  # what was typed at the only one is its own answer
            return ()
        here = self.of(origin)
        return tuple(each for each in self.addresses if each != here)


NOWHERE: Final = Places()


def read(addresses: str) -> Places:
    """The places with these addresses, which white space divides."""
    return Places(tuple(addresses.split()))


def named(channel: str, native: str) -> str:
    """What something is called that is at the place on that channel, where there are others."""
    return f"{channel}{_BEHIND}{native}"


def native(origin: str) -> str:
    """The platform's id of a message of staff."""
    return _parts(origin)[1]


def side(origin: str) -> str:
    """The channel by which it was written, "" where its origin does not tell."""
    return _parts(origin)[0]


def _parts(origin: str) -> tuple[str, str]:
    channel, behind, found = origin.partition(_BEHIND)
    return (channel, found) if behind else ("", origin)
