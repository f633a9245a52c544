"""What can hold and what cannot: the answers of `satisfy` are tried in `interpret`, and "never" against every point of a small grid."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel.check import Scope, check
from engine.feel.guards import All, Formula, guards
from engine.feel.interpret import interpret
from engine.feel.parse import parse
from engine.feel.satisfy import TooHard, satisfy
from engine.feel.tree import Tree
from engine.feel.types import BOOLEAN, Type, number, words

TYPES: dict[str, Type] = {
    "i": number(0, 6, integer=True),
    "j": number(0, 6, integer=True),
    "n": number(0, 6, integer=True, nullable=True),
    "x": number(-10, 10),
    "y": number(),
    "b": BOOLEAN,
    "c": BOOLEAN.with_null(),
    "w": words(("red", "green", "blue")),
    "v": words(("red", "green"), nullable=True),
    "s": words(("a", "b"), "set"),
    "t": Type("string"),
}
GRID: dict[str, list[Any]] = {
    "i": [float(k) for k in range(7)],
    "j": [float(k) for k in range(7)],
    "n": [None, *(float(k) for k in range(7))],
    "b": [True, False],
    "c": [True, False, None],
    "w": ["red", "green", "blue"],
    "v": [None, "red", "green"],
    "s": [(), ("a",), ("b",), ("a", "b")],
}


def tree_of(text: str) -> Tree:
    node, found = parse(text)
    assert node is not None, found
    tree, found = check(node, Scope(TYPES))
    assert tree is not None and not found, [item.message() for item in found]
    return tree


def shown(text: str) -> dict[str, Any] | None:
    return satisfy(guards(tree_of(text)))


NEVER = [
    "i > 6", "i < 0", "x > 3 and x < 3", "x >= 3 and x < 3", "i > 3 and i < 4", "x = 3 and x != 3", "i = 3 and i = 4",
    "b and not(b)", "c and not(c)", 'w = "red" and w = "blue"', 'w != "red" and w != "green" and w != "blue"',
    "n = null and n > 2", "not(is defined(n)) and n <= 2", "i < j and j < i", "x < y and y < x", "x <= y and y < x", "i < j and j < 1", "i > j and i < 1",
    "x in [1..3) and x in [3..4]", '"a" in s and not("a" in s)', "(i > 3 or i > 4) and i < 2", "i != 0 and i < 1", "x - y > 2 and x - y < 1",
    'v = "red" and v = null', 't = "k" and t = "l"', "if b then i > 6 else i < 0",
    "i in [0..1] and i != 0 and i != 1",
]  # fmt: skip
SOME = [
    "i > 5", "x > 3 and x < 3.5", "i < j and j < 2", "x < y and y < 1", "n = null", "n > 2", 'w != "red" and w != "green"',
    '"a" in s and not("b" in s)', 't != "k"', 't = "k"', "c = null", "not(c)", "i = j and j = 4", "i != j", "x > 3 and y <= x",
    "if b then i > 5 else i < 0", 'v = null or v = "red"', "x in (1..2)", "i in [2..2]", "x != 0 and x >= 0",
]  # fmt: skip


@pytest.mark.parametrize("text", NEVER)
def test_nothing_holds(text):
    assert shown(text) is None


@pytest.mark.parametrize("text", SOME)
def test_an_answer_holds(text):
    found = shown(text)
    assert found is not None
    assert interpret(tree_of(text), lambda name: found.get(name, GRID.get(name, [0.0])[0])) is True, found


ATOMS = st.sampled_from(
    [
        *(f"{name} {op} {k}" for name in ("i", "j", "n") for op in ("<", "<=", ">", ">=", "=", "!=") for k in (0, 2, 3, 6)),
        *(f"{a} {op} {b}" for a, b in (("i", "j"), ("n", "i"), ("j", "n")) for op in ("<", "<=", ">", ">=", "=", "!=")),
        "n = null", "is defined(n)", "b", "c", "c = null", "not(c)", 'w = "red"', 'w != "blue"', 'v = "red"', "v = null", 'v != "green"',
        '"a" in s', 'not("b" in s)', "i in [2..4)", "n in (1..5]", "not(n in [1..3])",
    ]
)  # fmt: skip
TEXTS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
        inner.map(lambda one: f"not({one})"),
        st.tuples(inner, inner, inner).map(lambda three: f"if {three[0]} then {three[1]} else {three[2]}"),
    ),
    max_leaves=6,
)


def exists(formula: list[Tree]) -> bool:
    from engine.feel.tree import refs

    names = sorted({name for tree in formula for name in refs(tree)})
    for values in product(*(GRID[name] for name in names)):
        point = dict(zip(names, values, strict=True))
        if all(interpret(tree, point.__getitem__) is True for tree in formula):
            return True
    return False


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(TEXTS)
def test_answers_and_nevers_are_right(text):
    tree = tree_of(text)
    formula: Formula = All((guards(tree),))
    try:
        found = satisfy(formula)
    except TooHard:
        return
    if found is None:
        assert not exists([tree])
    else:
        assert interpret(tree, lambda name: found.get(name, GRID[name][0])) is True, found
