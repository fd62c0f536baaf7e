"""How long the properties search: `fast` within the suite, `long` for `make properties`."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

# A slow moment of the machine is no failure. The suite tries the same examples each time: a chance find must not stop
# a change that has nothing to do with it. Finding is the part of the long search, which tries others each time.
settings.register_profile(
    "fast", deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", deadline=None, derandomize=False, max_examples=500)

_LOOKING_AROUND: Final = "_get_local_constants"
"""A function of the library's own: the constants of every module of ours that happens to be loaded by now."""


def load_profile(name: str) -> None:
    """Search like this from now on.

    The library tries what it finds in the modules that are loaded, too. For the same examples each time, whatever tests
    came before and however many are run, `fast` tries none of that.
    """
    settings.load_profile(name)
    if settings().derandomize:
        setattr(providers, _LOOKING_AROUND, Constants)


def examples(count: int) -> int:
    """How many a property tries that needs `count` where one without a number of its own tries 100."""
    return max(1, count * settings().max_examples // 100)
