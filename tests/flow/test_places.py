"""Places: finding where a value or key was written."""

from __future__ import annotations

import pytest

from bot.flow.places import Listed, Mapped, aliased, find, start

TREE = Mapped(0, {"a": 0, "b": 10}, {"a": 3, "b": Listed(20, [21, Mapped(30, {"c": 30}, {"c": 33})])})


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), 0, 0),
        (("a",), 3, 0),
        (("b",), 20, 10),
        (("b", 0), 21, 21),
        (("b", 1, "c"), 33, 30),
        (("b", 1, "zz"), 30, 30),
        (("b", 7, "c"), 20, 20),
        (("b", -1), 20, 20),
        (("zz",), 0, 0),
        (("a", "deeper", 4), 3, 3),
        ((5,), 0, 0),
        (("b", "c"), 20, 20),
    ],
)
def test_a_path_leads_to_the_value_its_key_or_the_nearest_ancestor(
    path: tuple[str | int, ...], value: int, key: int
) -> None:
    """Whatever a later check asks for, it gets a place."""
    assert find(TREE, path, key=False) == value
    assert find(TREE, path, key=True) == key


def test_an_alias_starts_where_it_stands() -> None:
    """Its parts are where they were written."""
    tree = Mapped(0, {"x": 0}, {"x": aliased(50, TREE)})
    assert find(tree, ("x",), key=False) == 50
    assert find(tree, ("x", "b", 1, "c"), key=True) == 30
    assert start(aliased(60, Listed(20, []))) == 60
    assert start(aliased(70, 3)) == 70
