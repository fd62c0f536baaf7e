"""A step as it runs: what follows from its model and its place in the flow, found out once and not in every turn.

A model is what a reader checks and a proof walks over; reading an attribute of it takes several times as long as
reading one here, and most of what a turn asks needs two or three of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.model import Collect, Else

if TYPE_CHECKING:
    from bot.flow.expressions import Expression
    from bot.flow.menu import Menu
    from bot.flow.model import StepBase
    from bot.flow.slots import Slot


class Linked:
    """One step of a program."""

    __slots__ = (
        "arms", "by_choosing", "corrects", "expects", "id", "kind", "leads", "menus", "onward", "sensitive", "skip",
        "slot", "step", "timeout", "when",
    )  # fmt: skip

    def __init__(self, step: StepBase, slot: Slot | None, when: Expression | None, skip: str, following: str) -> None:
        """`slot` is what is asked for, `skip` where it goes on if `when` is false, `following` what stands below."""
        self.step = step
        self.id = step.id
        self.kind = type(step)
        self.when = when
        self.skip = skip
        self.onward = following
        """Where it leads, unless one of the `arms` does: the conditions above the last one, with their targets."""
        self.arms: list[tuple[Expression, str]] = []
        if isinstance(step.next, str):
            self.onward = step.next
        for arm in step.next if isinstance(step.next, list) else ():
            if isinstance(arm, Else):
                self.onward = arm.else_
                break
            self.arms.append((arm.if_, arm.then))
        asked = step if isinstance(step, Collect) else None
        self.slot = asked.collect if asked is not None else ""
        """The name of the slot it asks for."""
        self.leads: dict[str, str | None] = {each.id: each.next for each in asked.choices} if asked else {}
        """The ids of its choices, each with where it leads."""
        self.expects = slot.type if slot is not None else "rule"
        """What the answer is: the slot's type, or that a rule is to be acknowledged."""
        self.timeout = asked.timeout.after if asked is not None and asked.timeout is not None else 0
        """Seconds; 0 for none."""
        self.sensitive = slot is not None and slot.sensitive
        self.by_choosing = bool(self.leads) or (slot is not None and slot.type == "yes_no")
        """Whether its answer is one of the options."""
        self.corrects = asked is not None and asked.corrections
        """Whether the answers so far are among its options."""
        self.menus: dict[tuple[str, int], Menu] = {}
        """By language and label limit: the menus that depend on no conversation."""
