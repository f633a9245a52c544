"""The prover's operator table means what the language means: each operator, with its arguments bound to values, gives the interpreter's value or allows it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.prove.encode import Reader
from engine.authoring.prove.operators import TABLE
from engine.authoring.prove.solver import choose, formula, opposite, real, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym, constant, same
from engine.authoring.prove.world import free
from engine.feel.interpret import interpret
from engine.feel.operators import OPERATORS
from engine.feel.tree import Op, subtrees
from tests.feel.readers import _into, parse_type, tree_of

SIZES, GOALS, PLACES = ("micro", "small", "large"), ("branding", "service", "community"), ("pr", "it", "hr")
DECLARED = {
    "a": "number?",
    "b": "number?",
    "c": "number",
    "n": "integer?",
    "p": "boolean?",
    "q": "boolean?",
    "r": "boolean",
    "t": "string?",
    "u": "string",
    "size": f"string({', '.join(SIZES)})?",
    "goals": f"ranking({', '.join(GOALS)})?",
    "old_goals": f"ranking({', '.join(GOALS)})",
    "places": f"set({', '.join(PLACES)})?",
    "old_places": f"set({', '.join(PLACES)})",
}
TYPES = {name: parse_type(text) for name, text in DECLARED.items()}

# Eighths, so that sums, differences and products are exact in both readers.
NUMBERS = st.one_of(st.integers(-64, 64).map(lambda k: k / 8), st.sampled_from([0.0, 1.0, -1.0, 0.5, -0.5, 2.0, 3.0, 100.0]))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": NUMBERS,
    "integer": st.integers(-3, 4).map(float),
    "boolean": st.booleans(),
    "string": st.sampled_from(["", "a", "A", "aB", "AB", "micro"]),
}


def _values(text: str) -> st.SearchStrategy[Any]:
    if text.endswith("?"):
        return st.one_of(st.none(), _values(text[:-1]))
    kind, _, inside = text.partition("(")
    if not inside:
        return VALUES[kind]
    words = inside.removesuffix(")").split(", ")
    return st.sampled_from(words) if kind == "string" else st.lists(st.sampled_from(words), unique=True)


ROWS = st.fixed_dictionaries({name: _values(text) for name, text in DECLARED.items()})

EXACT = [
    "a + b", "a - b * c", "a * b", "-a", "a / b", "(a + 1) / c", "c / 4", "a ** 2", "b ** 3", "c ** -1", "c ** 0",
    "a < b", "a <= c", "a > b", "a >= 0.5", "a = b", "a != c", "a = null", "p = q", "t = u", 't = "a"', "size = u", "goals = old_goals", "goals = null",
    "places = old_places", 'places = ["pr", "it"]', "[a, b] = [c, n]", "[a, b] = [a]",
    "a between b and c", "a in [b..c)", "a in (b..c]", "a in (b..c)", "a in (1, 2, > 3)", 'size in ("micro", "large")',
    "p and q", "p or q", "p and q and r", "p or q or r", "not(p)", "not(p and not(q))", "if p then a else b", "if a > b then c else null",
    "if p then goals else old_goals", "if p then [a, b] else [c]", "if p then places else old_places", "count(if p then [a, b] else [c])",
    "goals[1]", "goals[-1]", "goals[n]", "[a, b, c][n]", "[a, b][2]", "[a][0]", "(if r then goals else old_goals)[2]", "[c, a][c]",
    "count(goals)", "count(places)", "count([a, b])", "sum(a, b, c)", "sum([])", "min(a, b, c)", "max(a, b, c)", "min([c])", "max([])",
    "min(if r then [c, a] else [b])",
    '"service" in goals', "size in [u]", "list contains([a, null], b)", 'list contains(places, "pr")', "a in [b, c]",
    "index of([a, b, c], 1)", 'index of(goals, "service")', 'count(index of([t, u], "a"))', "index of([a, b, a], c)[1]",
    "sublist([a, b, c], 2)", "sublist([a, b, c], -2, 1)", "sublist(goals, 2)", "sublist(goals, 1, 2)", "sublist([a], 3)", "count(sublist(old_goals, 2, 1))",
    "floor(a)", "ceiling(a)", "floor(a / b)", "ceiling(c / 3)", "abs(a)", "abs(a - b)", "modulo(a, b)", "modulo(c, 3)", "round half up(a, 0)",
    "round half up(c, 1)",
    "round half up(a / 3, -1)", "string(size)", "string(p)", 'lower case("aB")', "upper case(size)", 'number("12.5")', 'size + "x" = "microx"',
    'contains(size, "i")',
    'starts with(size, "m")', "lower case(t)", 'upper case(u) = "AB"', "is defined(a)", "is defined(goals)",
    'rank weight(goals, "service")', 'rank weight(old_goals, "branding") + c',
    "if a != null and a > 0 then b / a else c", "if p then (if q then a else b) else c", 'count(goals) >= 2 and goals[1] = "service"',
    "max(0.5, floor(2 * (a * c - 1) + 0.25) / 2)", "min(1, max(0, (a + b - 1) / c))",
]  # fmt: skip
ABSTRACT = [
    "(a * a) ** 0.5", "abs(a) ** 0.3", "a ** b", "abs(c) ** -0.5", "c ** 9", "string(a)", "number(t)", 't + u', "contains(t, u)",
    "starts with(u, t)", "round half up(a, n)",
    "abs(a) ** 0.5 <= abs(b) ** 0.5", "contains(upper case(t), u)",
]  # fmt: skip


def bound(row: dict[str, Any], encoder: Encoder) -> tuple[dict[str, Sym], list[Any]]:
    """Free values for the names, and the formulas that make them those of a row."""
    values, facts = {}, []
    for name, type_ in TYPES.items():
        null = z3.Bool(f"{name} null") if type_.nullable else False
        values[name] = free(encoder, type_, name).nullable(null)
        facts.append(formula(same(values[name], constant(_into(row[name], type_), type_, encoder.texts))))
    return values, facts


def agrees(found: Sym, value: Any, tree: Any, encoder: Encoder) -> Any:
    """The formula that a value is the interpreter's; numbers within what rounding may do."""
    if isinstance(value, float) and not isinstance(value, bool):
        near = real(1e-9 * (1 + abs(value)))
        distance = found.term - real(value)
        return z3.And(formula(opposite(found.null)), distance <= near, -distance <= near)
    return formula(same(found, constant(value, tree.type, encoder.texts)))


def ask(text: str, row: dict[str, Any]) -> tuple[Any, Any]:
    """Whether the encoding allows the interpreter's value, and whether it allows another."""
    tree = tree_of(text, TYPES)
    value = interpret(tree, {name: _into(row[name], TYPES[name]) for name in TYPES}.__getitem__)
    encoder = Encoder()
    values, facts = bound(row, encoder)
    found = Reader(encoder, values.__getitem__).read(tree)
    agreement = agrees(found, value, tree, encoder)
    answers = []
    for wanted in (agreement, z3.Not(agreement)):
        solver = z3.SimpleSolver()
        solver.set("timeout", 20_000)
        solver.add(*encoder.facts(whole=True), *facts, wanted)
        answers.append(solver.check())
    return answers[0], answers[1]


@pytest.mark.parametrize("text", EXACT)
@settings(max_examples=12)
@given(row=ROWS)
def test_an_exact_operator_gives_the_interpreters_value_and_no_other(text, row):
    assert ask(text, row) == (z3.sat, z3.unsat), row


@pytest.mark.parametrize("text", ABSTRACT)
@settings(max_examples=12)
@given(row=ROWS)
def test_an_abstract_operator_allows_the_interpreters_value(text, row):
    assert ask(text, row)[0] == z3.sat, row


def test_every_operator_of_the_language_has_a_row_and_an_expression_here():
    assert list(TABLE) == [row.name for row in OPERATORS]
    used = {part.name for text in (*EXACT, *ABSTRACT) for part in subtrees(tree_of(text, TYPES)) if isinstance(part, Op)}
    assert set(TABLE) - used == set()


def test_an_abstract_operator_is_named_among_the_abstractions():
    encoder = Encoder()
    values, _ = bound(dict.fromkeys(TYPES) | {"c": 1.0, "r": True, "u": "", "old_goals": [], "old_places": []}, encoder)
    for text in ABSTRACT:
        Reader(encoder, values.__getitem__).read(tree_of(text, TYPES))
    assert encoder.abstracted == {"concat", "contains", "number", "power", "round_half_up", "starts_with", "string", "upper_case"}


def test_whole_numbers_are_told_apart_from_the_numbers_between():
    """Without the facts about whole numbers an answer may be too wide, never too narrow."""
    encoder = Encoder()
    values, _ = bound(dict.fromkeys(TYPES) | {"c": 1.0, "r": True, "u": "", "old_goals": [], "old_places": []}, encoder)
    half = Reader(encoder, values.__getitem__).read(tree_of("n = 0.5", TYPES)).true
    answers = []
    for whole in (False, True):
        solver = z3.SimpleSolver()
        solver.add(*encoder.facts(whole), formula(half))
        answers.append(solver.check())
    assert answers == [z3.sat, z3.unsat]


def test_choosing_between_plain_truths_folds():
    p = z3.Bool("p")
    assert choose(p, True, False).eq(p)
    assert choose(p, False, True).eq(z3.Not(p))
    assert choose(True, real(1), real(2)).eq(real(1))
