"""What a condition can come to where only some of what it reads is known: walking through a flow without running it.

A slot is known (an id, none), or it has SOME answer of which nothing else is known, or ANY, which may also be none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes

from bot.flow.closures import function
from bot.flow.expressions import Slots
from bot.flow.menu import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flow.expressions import Expression

SOME: Final = "\0some"
ANY: Final = "\0any"
_OPEN: Final = frozenset({SOME, ANY})

Outcomes = frozenset[bool]
_BOTH: Final = frozenset({True, False})
_TRUE: Final = frozenset({True})
_FALSE: Final = frozenset({False})


def outcomes(condition: Expression | None, slots: Mapping[str, Any]) -> Outcomes:
    """What a condition can come to; no condition is true."""
    return _TRUE if condition is None else _of(condition.tree, slots)


def _of(node: nodes.Node, slots: Mapping[str, Any]) -> Outcomes:
    if isinstance(node, nodes.Not):
        return frozenset(not each for each in _of(node.node, slots))
    if isinstance(node, (nodes.And, nodes.Or)):
        return _joined(node, slots)
    read = _slots_read(node)
    if read is None:
        return _BOTH
    if not any(_is_open(slots.get(slot)) for slot in read):
        return _evaluated(node, slots)
    return _half_known(node, slots)


def _joined(node: nodes.And | nodes.Or, slots: Mapping[str, Any]) -> Outcomes:
    """`and` and `or`: one side that decides makes the other one irrelevant."""
    decides = isinstance(node, nodes.Or)
    left = _of(node.left, slots)
    if left == {decides}:
        return left
    right = _of(node.right, slots)
    if right == {decides}:
        return right
    return left | right


def _is_open(value: Any) -> bool:
    return isinstance(value, str) and value in _OPEN


def _slots_read(node: nodes.Node) -> set[str] | None:
    """The slots that `node` reads; None if it reads anything else."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, nodes.Getattr) and isinstance(each.node, nodes.Name) and each.node.name == "slots":
            found.add(each.attr)
        elif isinstance(each, nodes.Name):
            return None
        else:
            waiting += each.iter_child_nodes()
    return found


def _evaluated(node: nodes.Node, slots: Mapping[str, Any]) -> Outcomes:
    plain = function(node)
    if plain is None:
        return _BOTH
    try:
        return frozenset({bool(plain({"slots": Slots(slots)}))})
    except (TypeError, ValueError, LookupError):
        return _BOTH


def _half_known(node: nodes.Node, slots: Mapping[str, Any]) -> Outcomes:
    """What can be said although an answer is open: that it is one, and that it is not "I don't know"."""
    if isinstance(node, nodes.Test) and node.name == "none" and _value(node.node, slots) == SOME:
        return _FALSE
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in {"eq", "ne"}:
        sides = _value(node.expr, slots), _value(node.ops[0].expr, slots)
        if SOME in sides and (UNSURE in sides or None in sides):
            return _TRUE if node.ops[0].op == "ne" else _FALSE
    if isinstance(node, nodes.Getattr) and _value(node, slots) == SOME:
        return _TRUE
    return _BOTH


def told_apart(condition: Expression) -> dict[str, frozenset[Any] | None]:
    """By slot that a condition reads: the answers that it tells apart, None where it does more than compare."""
    found: dict[str, frozenset[Any] | None] = {}
    _tell_apart(condition.tree, found)
    return found


def _tell_apart(node: nodes.Node, found: dict[str, frozenset[Any] | None]) -> None:
    slot, values = _comparison(node)
    if slot:
        former = found.get(slot, frozenset())
        found[slot] = None if former is None else former | values
    elif isinstance(node, nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "slots":
            found[node.attr] = None
    else:
        for child in node.iter_child_nodes():
            _tell_apart(child, found)


def _comparison(node: nodes.Node) -> tuple[str, frozenset[Any]]:
    """The slot that `node` compares with constants, and these; no slot if it is no such comparison."""
    if isinstance(node, nodes.Test) and node.name == "none":
        return _slot(node.node), frozenset()
    if not isinstance(node, nodes.Compare) or len(node.ops) != 1:
        return "", frozenset()
    ours, op, other = node.expr, node.ops[0].op, node.ops[0].expr
    if op in {"eq", "ne"}:
        ours, other = (ours, other) if _slot(ours) else (other, ours)
        constants = [other]
    elif op in {"in", "notin"} and isinstance(other, nodes.List):
        constants = other.items
    else:
        return "", frozenset()
    values = [each.value for each in constants if isinstance(each, nodes.Const)]
    return (_slot(ours), frozenset(values)) if len(values) == len(constants) else ("", frozenset())


def _slot(node: nodes.Node) -> str:
    is_slot = isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "slots"
    return str(node.attr) if is_slot else ""  # type: ignore[attr-defined]  # a Getattr, as was just seen


def _value(node: nodes.Node, slots: Mapping[str, Any]) -> Any:
    """The constant or the slot's value that `node` is; ANY for anything else."""
    if isinstance(node, nodes.Const):
        return node.value
    slot = _slot(node)
    return slots.get(slot) if slot else ANY
