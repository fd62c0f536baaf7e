"""How long the properties search: `fast` within the suite, `long` for `make properties`."""

from __future__ import annotations

from hypothesis import settings

# A slow moment of the machine is no failure. The suite tries the same examples each time: a chance find must not stop
# a change that has nothing to do with it. Finding is the part of the long search, which tries others each time.
settings.register_profile("fast", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("long", deadline=None, derandomize=False, max_examples=500)


def examples(count: int) -> int:
    """How many a property tries that needs `count` where one without a number of its own tries 100."""
    return max(1, count * settings().max_examples // 100)
