"""What an expression reads and compares, and what is known to be true where it reads it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ANSWER: Final = frozenset({"none", "defined"})
"""Tests that ask whether there is an answer."""

_COMPARING: Final = frozenset({"eq", "ne", "in", "notin"})
"""Operators by which a slot is compared with constants."""


class Fact(NamedTuple):
    """A condition that holds. `slots` are those it reads.

    `answered` is the slot that it shows to have an answer; `among` are the answers that it leaves possible, if it says.
    """

    condition: str
    slots: frozenset[str]
    answered: str = ""
    among: frozenset[Any] = frozenset()

    def follows(self, facts: Facts) -> bool:
        """Whether this holds because one of `facts` does: `x in ['a', 'b']` where `x == 'a'`."""
        return self in facts or any(
            each.among and each.answered == self.answered and each.among <= self.among for each in facts
        )


Facts = frozenset[Fact]


class Read(NamedTuple):
    """A name that is read: `slots.platform` is ("slots", "platform"), a root by itself has no name.

    `facts` hold where it is read; `copes` says that the place expects a slot without an answer.
    """

    root: str
    name: str
    facts: Facts = frozenset()
    copes: bool = False


class Comparison(NamedTuple):
    """A slot compared with constants: whether it is one of them (or, unless `whole`, contains one), or is not."""

    slot: str
    values: tuple[Any, ...]
    equal: bool
    whole: bool


def named(node: nodes.Node | None) -> tuple[str, str] | None:
    """The root and name that `node` is, however it is spelled: `slots.x` or `slots['x']`."""
    if isinstance(node, nodes.Name):
        return node.name, ""
    if isinstance(node, (nodes.Getattr, nodes.Getitem)) and isinstance(node.node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            return node.node.name, node.attr
        if isinstance(node.arg, nodes.Const):
            return node.node.name, str(node.arg.value)
    return None


def slot_of(node: nodes.Node | None) -> str:
    """The slot that `node` is; empty for anything else."""
    found = named(node)
    return found[1] if found is not None and found[0] == "slots" else ""


def reads(node: nodes.Node, facts: Facts = frozenset(), *, copes: bool = False) -> list[Read]:
    """Everything that `node` reads where `facts` hold; what it evaluates only under a condition knows of it.

    `copes` says that nothing but the truth of its value is asked for.
    """
    found: list[Read] = []
    _add_reads(node, facts, copes, found)
    return found


def _add_reads(node: nodes.Node, facts: Facts, copes: bool, found: list[Read]) -> None:  # noqa: FBT001
    """Add them to `found`: generators in each other would take twice as long."""
    if isinstance(node, nodes.Const):
        return
    name = named(node)
    if name is not None:
        found.append(Read(*name, facts, copes))
    elif isinstance(node, (nodes.And, nodes.Or)):
        _add_reads(node.left, facts, True, found)  # noqa: FBT003
        _add_reads(node.right, facts | holding(node.left, truth=isinstance(node, nodes.And)), copes, found)
    elif isinstance(node, nodes.CondExpr):
        _add_reads(node.test, facts, True, found)  # noqa: FBT003
        _add_reads(node.expr1, facts | holding(node.test, truth=True), False, found)  # noqa: FBT003
        if node.expr2 is not None:
            _add_reads(node.expr2, facts | holding(node.test, truth=False), False, found)  # noqa: FBT003
    else:
        ready = _expects_none(node)
        for child in _below(node):
            _add_reads(child.expr if isinstance(child, nodes.Operand) else child, facts, ready, found)


@lru_cache(maxsize=1024)  # the walk over a flow comes to a step several times, and asks for both
def holding(node: nodes.Node, *, truth: bool) -> Facts:
    """What is known when `node` has turned out true or false."""
    if isinstance(node, nodes.Not):
        return holding(node.node, truth=not truth)
    if isinstance(node, nodes.And if truth else nodes.Or):
        return holding(node.left, truth=truth) | holding(node.right, truth=truth)
    written, slots = _condition(node)
    return frozenset({Fact(f"{truth} {written}", slots, *_answered(node, truth=truth))})


@lru_cache(maxsize=1024)  # it is asked for twice: of what is true and of what is false
def _condition(node: nodes.Node) -> tuple[str, frozenset[str]]:
    """What a condition is known by, and the slots that it reads."""
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and isinstance(node.expr, nodes.Getattr):
        # most conditions are such; writing all that Jinja2 keeps of them would take several times as long
        name, operand = named(node.expr), node.ops[0]
        other = operand.expr.items if isinstance(operand.expr, nodes.List) else [operand.expr]
        if name is not None and all(isinstance(each, nodes.Const) for each in other):
            written = f"{name} {operand.op} {type(operand.expr).__name__} {_constants(*other)}"
            return written, frozenset([name[1]] if name[0] == "slots" else [])
    return repr(node), frozenset(_slots(node))


def _slots(node: nodes.Node) -> set[str]:
    """The slots that `node` reads."""
    found = named(node)
    if found is not None:
        return {found[1]} if found[0] == "slots" else set()
    return set().union(*map(_slots, _below(node)))


def _answered(node: nodes.Node, *, truth: bool) -> tuple[str, frozenset[Any]]:
    """The slot that has an answer, now that `node` is true or false, and what it may be if that is known."""
    if isinstance(node, nodes.Test) and node.name == "none" and not truth:
        return slot_of(node.node), frozenset()
    if isinstance(node, nodes.Compare) and len(node.ops) == 1:
        found = _compared(node.expr, node.ops[0].op, node.ops[0].expr)
        if found is None or (found.equal == truth) != (None not in found.values):
            return "", frozenset()
        return found.slot, frozenset(found.values) if found.whole and found.equal == truth else frozenset()
    return slot_of(node) if truth else "", frozenset()


def _expects_none(node: nodes.Node) -> bool:
    """Whether the operands of `node` may be without an answer: it asks for just that, or only whether they are true."""
    if isinstance(node, nodes.Not):
        return True
    if isinstance(node, (nodes.Test, nodes.Filter)):
        return node.name in _NO_ANSWER or node.name == "default"
    return isinstance(node, nodes.Compare) and None in _constants(node.expr, *(each.expr for each in node.ops))


@lru_cache(maxsize=1024)  # two proofs ask, and flows and languages repeat expressions
def comparisons(node: nodes.Node) -> tuple[Comparison, ...]:
    """Every comparison of a slot with constants for equality or membership."""
    return tuple(_comparisons(node))


def _comparisons(node: nodes.Node) -> Iterator[Comparison]:
    for each in _all(node):
        if isinstance(each, nodes.Compare):
            sides = [each.expr, *(operand.expr for operand in each.ops)]
            pairs = [(sides[number], operand.op, operand.expr) for number, operand in enumerate(each.ops)]
        elif isinstance(each, nodes.Test) and each.args:
            pairs = [(each.node, each.name, each.args[0])]
        else:
            continue
        yield from (found for pair in pairs if (found := _compared(*pair)) is not None)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    """A node and everything below it, in order; Jinja's own walk takes three times as long."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += _below(each)[::-1]


def _below(node: nodes.Node) -> list[nodes.Node]:
    """The children of a node."""
    found: list[nodes.Node] = []
    for name in node.fields:
        value = getattr(node, name)
        if isinstance(value, nodes.Node):
            found.append(value)
        elif isinstance(value, list):
            found += [each for each in value if isinstance(each, nodes.Node)]
    return found


def _compared(left: nodes.Node, operator: str, right: nodes.Node) -> Comparison | None:
    if operator not in _COMPARING:
        return None
    equal, slot = operator in {"eq", "in"}, slot_of(left)
    if operator in {"in", "notin"}:
        if slot and isinstance(right, (nodes.List, nodes.Tuple)):
            return Comparison(slot, _constants(*right.items), equal, whole=True)
        slot = slot_of(right)
        return Comparison(slot, _constants(left), equal, whole=False) if slot else None
    slot, other = (slot, right) if slot else (slot_of(right), left)
    return Comparison(slot, (other.value,), equal, whole=True) if slot and isinstance(other, nodes.Const) else None


def _constants(*found: nodes.Node) -> tuple[Any, ...]:
    return tuple(each.value for each in found if isinstance(each, nodes.Const))


def printed(node: nodes.Node) -> Iterator[str]:
    """The slots whose values may be part of the value of `node`, not only decide about it."""
    slot = slot_of(node)
    if slot:
        yield slot
    elif isinstance(node, nodes.CondExpr):
        yield from printed(node.expr1)
        if node.expr2 is not None:
            yield from printed(node.expr2)
    elif not isinstance(node, (nodes.Compare, nodes.Test, nodes.Not)):
        for child in node.iter_child_nodes():
            yield from printed(child)
