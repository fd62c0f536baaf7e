"""A step as it runs: what follows from its model and its place in the flow, found out once and not in every turn.

Most of what a turn asks of a step would need two or three attributes of the model.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from bot.flow.model import Collect, Else, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flow.expressions import Expression
    from bot.flow.menu import Menu
    from bot.flow.model import Step
    from bot.flow.slots import Slot
    from bot.flow.texts import Text


@cache
def short_name(name: str) -> str:
    """Six characters for a step or choice in a button's token, the same in every process and version."""
    return blake2b(name.encode(), digest_size=3).hexdigest()


class Linked:
    """One step of a program."""

    __slots__ = (
        "arms", "by_choosing", "collect", "corrects", "expects", "id", "kind", "labels", "leads", "menus", "model",
        "onward", "rejections", "rule", "sensitive", "short", "skip", "slot", "timeout", "when",
    )  # fmt: skip

    def __init__(
        self,
        model: Step,
        slot: Slot | None,
        labels: Mapping[str, Text],
        when: Expression | None,
        skip: str,
        following: str,
    ) -> None:
        """`slot` is what is asked for, `skip` where it goes on if `when` is false, `following` what stands below.

        `labels` are those of the slot's choices, by id, wherever it is asked for.
        """
        self.model: Any = model
        self.id = model.id
        self.short = short_name(model.id)
        self.kind = type(model)
        self.when = when
        self.skip = skip
        self.onward = following
        """Where it leads, unless one of the `arms` does: the conditions above the last one, with their targets."""
        self.arms: list[tuple[Expression, str]] = []
        if isinstance(model.next, str):
            self.onward = model.next
        for arm in model.next if isinstance(model.next, list) else ():
            if isinstance(arm, Else):
                self.onward = arm.else_
                break
            self.arms.append((arm.if_, arm.then))
        asked = model if isinstance(model, Collect) else None
        self.rule = model.rule if isinstance(model, Rule) else ""
        """The id of the rule that it shows."""
        self.collect = asked.collect if asked is not None else ""
        """The name of the slot that it asks for."""
        self.slot: Any = slot
        self.labels = labels
        self.expects = slot.type if slot is not None else "rule"
        """What the answer is: the slot's type, or that a rule is to be acknowledged."""
        self.leads: dict[str, str | None] = {each.id: each.next for each in asked.choices} if asked else {}
        """The ids of its choices, each with where it leads."""
        self.rejections = asked.rejections if asked is not None else ()
        self.timeout = asked.timeout.after if asked is not None and asked.timeout is not None else 0
        """Seconds; 0 for none."""
        self.sensitive = slot is not None and slot.sensitive
        self.by_choosing = bool(self.leads) or (slot is not None and slot.type == "yes_no")
        """Whether its answer is one of the options."""
        self.corrects = asked is not None and asked.corrections
        """Whether the answers so far are among its options."""
        self.menus: dict[tuple[str, int], Menu] = {}
        """By language and label limit: the menus that depend on no conversation."""
