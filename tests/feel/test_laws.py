"""What holds for every expression: the readers agree cell by cell, rendering is undone by parsing, `not` swaps, `<` is the complement of `>=`."""

from __future__ import annotations

import os
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tests.feel import expressions as ex
from tests.feel import readers
from tests.feel.test_cases import agrees, exact

EXAMPLES = int(os.environ.get("SUSUN_LAW_EXAMPLES", "150"))
law = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much])
DEPTH = int(os.environ.get("SUSUN_LAW_DEPTH", "3"))


def alone(subject: str, row: dict[str, Any]) -> Any:
    return readers.run_interpret(subject, row, ex.TYPES)


# -- the readers agree


@law
@given(ex.anything(DEPTH), ex.rows())
def test_columns_equal_interpret_cell_by_cell(subject: str, rows: list[dict[str, Any]]) -> None:
    together = readers.run_columns(subject, rows, ex.TYPES)
    for row, found in zip(rows, together, strict=True):
        assert exact(found) == exact(alone(subject, row)), (found, alone(subject, row))


@law
@given(ex.anything(DEPTH), ex.rows())
def test_a_row_does_not_depend_on_its_batch(subject: str, rows: list[dict[str, Any]]) -> None:
    together = readers.run_columns(subject, rows, ex.TYPES)
    assert [exact(value) for value in readers.run_columns(subject, rows[::-1], ex.TYPES)] == [exact(value) for value in together[::-1]]
    for row, found in zip(rows, together, strict=True):
        assert [exact(value) for value in readers.run_columns(subject, [row], ex.TYPES)] == [exact(found)]


@law
@given(ex.anything(DEPTH), ex.rows(most=3), st.integers(1, 3), st.randoms(use_true_random=False))
def test_structures_times_profiles_equal_interpret(subject: str, rows: list[dict[str, Any]], structures: int, random: Random) -> None:
    """Names of structures are columns, names of profiles rows, and the answer is a grid."""
    sides = [{name: random.choice(rows)[name] for name in ex.STRUCTURE} for _ in range(structures)]
    grid = readers.run_grid(subject, rows, sides, ex.TYPES)
    for side, answers in zip(sides, grid, strict=True):
        for row, found in zip(rows, answers, strict=True):
            assert exact(found) == exact(alone(subject, {**row, **side}))


@law
@given(ex.anything(DEPTH), ex.rows(most=3))
def test_remembering_shared_parts_changes_nothing(subject: str, rows: list[dict[str, Any]]) -> None:
    kept = readers.run_columns(subject, rows, ex.TYPES, remember=True)
    assert [exact(value) for value in kept] == [exact(value) for value in readers.run_columns(subject, rows, ex.TYPES)]


@law
@given(ex.boolean(DEPTH), ex.rows(most=3))
def test_guards_equal_interpret(subject: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert readers.run_guards(subject, row, ex.TYPES) is alone(subject, row)


@law
@given(ex.cell(2), ex.WILD | st.none(), ex.rows(most=3))
def test_cells_agree_and_render(cell: str, value: float | None, rows: list[dict[str, Any]]) -> None:
    types = {**ex.TYPES, "value": readers.parse_type("number?")}
    rows = [{**row, "value": value} for row in rows]
    together = readers.run_columns(cell, rows, types, unary=True)
    for row, found in zip(rows, together, strict=True):
        one = readers.run_interpret(cell, row, types, unary=True)
        assert found is one
        assert readers.run_guards(cell, row, types, unary=True) is one
    tree, text, again = readers.render_round_trip(cell, unary=True)
    assert again == tree, text


# -- rendering


@law
@given(ex.anything(DEPTH))
@example("-(2)")
@example("-(-2)")
@example("(-2) ** 2")
@example("-(2 ** 2)")
@example("2 ** (3 ** 2)")
@example("2 - (3 - 4)")
@example("(if true then 1 else 2) + 3")
@example("(if true then [1] else [2])[1]")
@example("(1 < 2) = true")
@example("(1 in [1..2]) = true")
@example("true and (true and false)")
@example("(true or false) or true")
@example("1 in ((1), 2)")
@example("1 in (((1 + 2) * 3))")
@example('"\\u0000\\u001f\\u2028\\"\\\\"')
@example("`if` + `a.b` + `a b`.`c d`")
@example("not(not(true))")
@example("(-1)[1]")
@example("[[1][1]][1]")
def test_what_is_rendered_is_read_as_the_same_tree(subject: str) -> None:
    tree, text, again = readers.render_round_trip(subject)
    assert again == tree, text


@law
@given(ex.anything(DEPTH), ex.rows(most=2))
def test_what_is_rendered_means_the_same(subject: str, rows: list[dict[str, Any]]) -> None:
    _, text, _ = readers.render_round_trip(subject)
    for row in rows:
        assert exact(alone(text, row)) == exact(alone(subject, row)), text


# -- logic


@law
@given(ex.boolean(2), ex.boolean(2), ex.rows(most=2))
def test_not_swaps_true_and_false_and_leaves_null(e: str, f: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        one = alone(e, row)
        assert alone(f"not({e})", row) is (None if one is None else not one)
        assert alone(f"not(not({e}))", row) is one
        assert alone(f"not({e} and {f})", row) is alone(f"not({e}) or not({f})", row)
        assert alone(f"not({e} or {f})", row) is alone(f"not({e}) and not({f})", row)
    for swapped, plain in zip(readers.run_columns(f"not({e})", rows, ex.TYPES), readers.run_columns(e, rows, ex.TYPES), strict=True):
        assert swapped is (None if plain is None else not plain)


@law
@given(ex.boolean(2), ex.boolean(2), ex.rows(most=2))
def test_and_and_or_commute_and_absorb(e: str, f: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert alone(f"{e} and {f}", row) is alone(f"{f} and {e}", row)
        assert alone(f"{e} or {f}", row) is alone(f"{f} or {e}", row)
        assert alone(f"{e} and true", row) is alone(e, row) is alone(f"{e} or false", row)
        assert alone(f"{e} and false", row) is False and alone(f"{e} or true", row) is True


# -- order


@law
@given(ex.number(2), ex.number(2), ex.rows())
def test_less_is_the_complement_of_at_least(x: str, y: str, rows: list[dict[str, Any]]) -> None:
    read = {op: readers.run_columns(f"{x} {op} {y}", rows, ex.TYPES) for op in ("<", "<=", ">", ">=", "=", "!=")}
    mirrored = readers.run_columns(f"{y} > {x}", rows, ex.TYPES)
    defined = readers.run_columns(f"is defined({x}) and is defined({y})", rows, ex.TYPES)
    for i, both in enumerate(defined):
        found = {op: answers[i] for op, answers in read.items()}
        assert found["="] is not found["!="]
        assert mirrored[i] is found["<"]
        if both:
            assert found["<"] is not found[">="] and found[">"] is not found["<="]
            assert [found["<"], found["="], found[">"]].count(True) == 1
        else:
            assert found["<"] is found["<="] is found[">"] is found[">="] is None


@law
@given(ex.WILD, ex.WILD)
def test_a_constant_compares_like_a_name_that_holds_it(x: float, y: float) -> None:
    types = {"x": readers.parse_type("number"), "y": readers.parse_type("number")}
    row = {"x": x, "y": y}
    literal = repr(y) if y >= 0 else f"({y!r})"
    for op in ("<", "<=", ">", ">=", "=", "!="):
        wanted = readers.run_interpret(f"x {op} y", row, types)
        for text in (f"x {op} {literal}", f"x {op} y"):
            assert readers.run_columns(text, [row, row], types) == [wanted, wanted], text
            assert readers.run_interpret(text, row, types) is wanted, text


@law
@given(st.integers(10**11, 10**12 - 2), st.sampled_from("0123467899"), st.integers(-30, 10), st.booleans())
def test_the_twelfth_digit_counts_and_the_thirteenth_only_rounds(mantissa: int, digit: str, exponent: int, negative: bool) -> None:
    """Decimal digits are the reference: m.d is m when d < 5 and more than m when d > 5."""
    types = {"x": readers.parse_type("number"), "c": readers.parse_type("number")}
    sign = "-" if negative else ""
    row = {"x": float(f"{sign}{mantissa}{digit}e{exponent - 1}"), "c": float(f"{sign}{mantissa}e{exponent}")}
    same = digit < "5"
    wanted = {"=": same, "!=": not same, ">": not same and not negative, "<": not same and negative}
    wanted |= {"<=": not wanted[">"], ">=": not wanted["<"]}
    constant = f"({row['c']!r})"
    for op, answer in wanted.items():
        for text in (f"x {op} c", f"x {op} {constant}"):
            assert readers.run_interpret(text, row, types) is answer, text
            assert readers.run_columns(text, [row, row], types) == [answer, answer], text


# -- rounding, with decimals as the reference

DECIMALS = st.builds(lambda n, scale: Decimal(n).scaleb(-scale), st.integers(-(10**9), 10**9), st.integers(0, 6))


@law
@given(DECIMALS, st.integers(-3, 6))
@example(Decimal("1.005"), 2)
@example(Decimal("-0.5"), 0)
@example(Decimal("0.285"), 2)
@example(Decimal("1.115"), 2)
def test_rounding_is_decimal_rounding(x: Decimal, scale: int) -> None:
    types = {"x": readers.parse_type("number"), "n": readers.parse_type("integer")}
    row = {"x": float(x), "n": scale}
    wanted = {
        "floor(x)": x.to_integral_value(ROUND_FLOOR),
        "ceiling(x)": x.to_integral_value(ROUND_CEILING),
        f"round half up(x, {scale})": x.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP),
        "round half up(x, n)": x.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP),
    }
    for text, answer in wanted.items():
        found = readers.run_interpret(text, row, types)
        assert agrees(found, float(answer)), (text, found, answer)
        assert [exact(value) for value in readers.run_columns(text, [row, row], types)] == [exact(found)] * 2, text


@law
@given(DECIMALS, DECIMALS)
def test_modulo_is_decimal_modulo(a: Decimal, b: Decimal) -> None:
    assume(b != 0 and abs(a / b) < 10**9)
    types = {"a": readers.parse_type("number"), "b": readers.parse_type("number")}
    row = {"a": float(a), "b": float(b)}
    wanted = a - b * (a / b).to_integral_value(ROUND_FLOOR)
    found = readers.run_interpret("modulo(a, b)", row, types)
    assert abs(found - float(wanted)) <= 1e-12 * max(abs(row["a"]), abs(row["b"])), (found, wanted)  # the rounding error of float64 subtraction
    assert [exact(value) for value in readers.run_columns("modulo(a, b)", [row, row], types)] == [exact(found)] * 2


@pytest.mark.parametrize("text", ["modulo(a, b)", "floor(a / b)", "a / b", "a ** b", "round half up(a, b)", "sum(a, b)", "a - b * floor(a / b)"])
def test_a_null_in_the_batch_changes_no_other_row(text: str) -> None:
    """A batch may hold a zero divisor, an overflow or a missing value beside numbers of more than 12 digits."""
    types = {"a": readers.parse_type("number?"), "b": readers.parse_type("number?")}
    rows = [{"a": a, "b": b} for a in (1038412756022.0, 5.0, 1e308, -8.0, None) for b in (1.0, 3.0, 0.0, 1e308, 0.5, -1.0, None)]
    for row, found in zip(rows, readers.run_columns(text, rows, types), strict=True):
        assert exact(found) == exact(readers.run_interpret(text, row, types)), row


@law
@given(st.integers(1, 10**6), st.sampled_from([0.0, 1e-16, -1e-16, 3e-16, 1e-13, -1e-13, 4e-13, -4e-13]), st.booleans())
def test_dust_around_a_whole_number_changes_neither_floor_nor_ceiling(whole: int, dust: float, negative: bool) -> None:
    types = {"x": readers.parse_type("number")}
    wanted = -whole if negative else whole
    row = {"x": wanted * (1 + dust)}
    for text in ("floor(x)", "ceiling(x)", "round half up(x, 0)"):
        assert readers.run_interpret(text, row, types) == wanted
        assert readers.run_columns(text, [row, row], types) == [wanted, wanted]


@law
@given(ex.WILD)
def test_a_number_survives_its_text(x: float) -> None:
    types = {"x": readers.parse_type("number")}
    assert readers.run_interpret("number(string(x)) = x", {"x": x}, types) is True
    assert "e" not in readers.run_interpret("string(x)", {"x": x}, types)


# -- types


@law
@given(st.one_of(ex.number(DEPTH, tame=True), ex.boolean(DEPTH, tame=True), ex.numbers(2, tame=True), ex.text(2)), ex.rows(ex.TAME, most=4))
def test_what_cannot_be_null_never_is(subject: str, rows: list[dict[str, Any]]) -> None:
    if not readers.may_be_null(subject, ex.TYPES):
        for row in rows:
            assert alone(subject, row) is not None


# -- any text whatever

WORDS = "true false null and or not if then else between in x xs goals floor( not( min(".split()  # noqa: SIM905
TOKENS = [*WORDS, *"()[],.+-*/=<>`;!é😀\n", *("..", "**", "!=", "<=", ">=", "1", "0.5", "1e400", '"a"', '"\\q', "`x`")]
SOUP = st.lists(st.sampled_from(TOKENS), max_size=15)


@law
@given(st.one_of(st.text(max_size=40), SOUP.map(" ".join), SOUP.map("".join)))
@example("(" * 3900)
@example("[" * 3900)
@example("-" * 3900 + "1")
@example("not(" * 950)
@example("if " * 1300)
@example("1" + "+1" * 1999)
@example("true" + " and true" * 400)
@example("x" + "[1]" * 1300)
@example("x" + ".x" * 1900)
@example("1 in " * 700 + "1")
@example("1 in (" * 600 + "1")
@example('"' + "\\" * 3999)
@example("1" * 4000)
@example("0." + "0" * 3000 + "1")
@example("\x00")
@example("\ud800")
@example('"\ud800"')
def test_any_text_is_an_expression_or_a_finding_inside_it(text: str) -> None:
    declared = {"x": "number?", "xs": "list(number)", "goals": "ranking(a, b)", "value": "number"}
    types = {name: readers.parse_type(type_) for name, type_ in declared.items()}
    for unary in (False, True):
        for finding in readers.diagnose(text, types, unary=unary):
            assert finding.code[:2] in ("R3", "R4")
            assert finding.underlined in text
        if not readers.diagnose(text, types, unary=unary):
            readers.tree_of(text, types, unary)


@pytest.mark.parametrize("depth", [55, 61, 200, 1000])
def test_every_reader_survives_what_the_checker_lets_through(depth: int) -> None:
    """No RecursionError, however deep: what is too deep is a finding."""
    for text in ("(" * depth + "1" + ")" * depth, "1" + " + 1" * depth, "1" + " - (1" * depth + ")" * depth, "not(" * depth + "true" + ")" * depth):
        if readers.diagnose(text, {}):
            continue
        assert readers.run_interpret(text, {}, {}) is not None
        assert readers.run_columns(text, [{}], {}) != [None]
        tree, _, again = readers.render_round_trip(text)
        assert again == tree
