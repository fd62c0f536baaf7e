"""Hooks: what flows ask the deployment to do, by name. An action is a message that no platform takes, but a function.

Each is run once, with the action's key for the system behind it to tell a repetition by, and reports back through
intake as `Performed`. One that a crash cut off may have had its effect: it is run again only if it says that twice is
as good as once; otherwise the flow is told that it failed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
import structlog

from bot.chat.effects import Perform
from bot.chat.events import Performed
from bot.service.outgoing import HOOKS
from bot.service.port import Whole
from bot.service.reporting import bring
from bot.store.faults import Point, reached

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.service.intake import Intake
    from bot.store.rows import Delivery

TIME_S: Final = 30.0
"""How long a hook may take unless it says otherwise."""

_LOG: Final = structlog.get_logger(__name__)
_DECODER: Final = msgspec.json.Decoder(Perform)


class HookError(Exception):
    """What a hook raises to say, in words that may be logged, why it has no values."""


class Hook(NamedTuple):
    """What is run for an action: `function` takes the action's key and its arguments, and returns values (JSON).

    `repeatable`: running it again with the same key does no harm. `time_s`: seconds after which it is given up.
    """

    function: Callable[[str, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
    repeatable: bool = False
    time_s: float = TIME_S


class Hooks(Whole):
    """The `Channel` that performs actions with the hooks of a registry; those limit themselves."""

    carrier = HOOKS

    def __init__(self, registry: Mapping[str, Hook], intake: Intake) -> None:
        """`registry` by the names that flows use."""
        self._registry = registry
        self._intake = intake

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """Perform the action and report."""
        action = _DECODER.decode(delivery.payload)
        values, error = await self._perform(action)
        reached(Point.PERFORMED)
        if error:
            _LOG.warning("hook_failed", hook=action.name, outbox=delivery.id, error=error)
        await self._report(delivery, action, values, error)
        return ()

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """After a crash: to be performed again, if that does no harm; else it failed, unless it has reported."""
        action = _DECODER.decode(delivery.payload)
        hook = self._registry.get(action.name)
        if hook is not None and hook.repeatable:
            return None
        await self._report(delivery, action, {}, "interrupted")
        return ()

    def repeats(self, delivery: Delivery) -> bool:  # noqa: ARG002  (as the port has it)
        """See `Channel.repeats`: never asked, since `find` always tells."""
        return False

    async def _perform(self, action: Perform) -> tuple[Any, str]:
        """The values of an action, or why it has none."""
        hook = self._registry.get(action.name)
        if hook is None:
            return {}, "no such hook"
        try:
            async with asyncio.timeout(hook.time_s) as time:
                values = msgspec.to_builtins(await hook.function(action.action, action.arguments), str_keys=True)
        except HookError as failure:
            return {}, str(failure) or HookError.__name__
        except Exception as failure:  # noqa: BLE001  (a hook's defect is an answer for the flow)
            # its name only: the text of an error may hold what the merchant wrote
            return {}, f"no answer within {hook.time_s:g} s" if time.expired() else type(failure).__name__
        if not isinstance(values, dict):
            return {}, "its values have no names"
        return values, ""

    async def _report(self, delivery: Delivery, action: Perform, values: dict[str, Any], error: str) -> None:
        """Bring the outcome back, however long it takes: the hook must not be run again for want of room."""
        await bring(self._intake, delivery.address, Performed(f"performed:{delivery.id}", action.action, values, error))
