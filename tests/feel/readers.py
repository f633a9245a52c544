"""The adapter between the language's cases and the engine: everything the tests of `feel` ask of it goes through these functions.

Values here are plain: None, bool, float, str, and lists of them. A subject is an expression, or with `unary=True` a table cell on the name `value`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Source
from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, from_values, to_values
from engine.feel.check import Scope, check, check_cell
from engine.feel.columns import Reader
from engine.feel.guards import Guard, atoms, guards, holds
from engine.feel.interpret import interpret
from engine.feel.nodes import Name
from engine.feel.parse import parse, parse_cell
from engine.feel.render import render, render_tests
from engine.feel.tree import Tree, subtrees
from engine.feel.types import BOOLEAN, STRING, Type, number, words

Types = Mapping[str, Type]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One diagnostic: its code, the text it underlines, its 1-based column, its message and hint in English."""

    code: str
    underlined: str
    column: int
    message: str
    hint: str | None


class NotAccepted(Exception):
    """The engine has something to say about a subject that a case expects to have a value."""


def parse_type(text: str) -> Type:
    """`number`, `number(0..10)`, `integer`, `boolean`, `string`, `string(a, b)`, `set(a, b)`, `ranking(a, b)`, `list(number?)`; a `?`: may be null."""
    text = text.strip()
    if text.endswith("?"):
        return parse_type(text[:-1]).with_null()
    plain = {"number": number(), "integer": number(integer=True), "boolean": BOOLEAN, "string": STRING}
    if text in plain:
        return plain[text]
    kind, _, inside = text.partition("(")
    inside = inside.removesuffix(")")
    if kind in ("number", "integer"):
        low, high = inside.split("..")
        return number(float(low), float(high), integer=kind == "integer")
    if kind == "list":
        return Type("list", item=parse_type(inside))
    if kind in ("string", "set", "ranking"):
        return words(tuple(word.strip() for word in inside.split(",")), kind)
    raise ValueError(text)


def run_interpret(subject: str, given: Row, types: Types, *, unary: bool = False) -> Any:
    tree = tree_of(subject, types, unary)
    row = {name: _into(value, types[name]) for name, value in given.items()}
    return _out(interpret(tree, row.__getitem__))


def run_columns(subject: str, rows: Sequence[Row], types: Types, *, unary: bool = False, remember: bool = False) -> list[Any]:
    """The subject over a batch, one answer a row. `remember`: as when every part of it is shared with other expressions."""
    tree = tree_of(subject, types, unary)
    shared = frozenset(part.key for part in subtrees(tree)) if remember else frozenset()
    reader = Reader(lambda name: _column([row[name] for row in rows], types[name]), shared)
    return [_out(value) for value in to_values(reader.read(tree), len(rows))]


def run_grid(subject: str, profiles: Sequence[Row], structures: Sequence[Row], types: Types) -> list[list[Any]]:
    """The subject for every structure and profile: names of profiles are columns (N,), names of structures columns (K, 1); the answer is (K, N)."""
    tree = tree_of(subject, types)

    def column_of(name: str) -> Column:
        if name in structures[0]:
            return _each_array(_column([row[name] for row in structures], types[name]), lambda array: np.reshape(array, (-1, 1)))
        return _column([row[name] for row in profiles], types[name])

    shape = (len(structures), len(profiles))
    flat = _each_array(Reader(column_of).read(tree), lambda array: np.broadcast_to(array, shape).ravel())
    values = [_out(value) for value in to_values(flat, shape[0] * shape[1])]
    return [values[k * shape[1] : (k + 1) * shape[1]] for k in range(shape[0])]


def run_guards(subject: str, given: Row, types: Types, *, unary: bool = False) -> bool | None:
    """A boolean subject through its guards: true, false, or neither."""
    tree = tree_of(subject, types, unary)
    row = {name: _into(value, types[name]) for name, value in given.items()}

    def is_so(guard: Guard) -> bool:
        return (interpret(guard.tree, row.__getitem__) is guard.wanted) is not guard.negated

    answers = {}
    for wanted in (True, False):
        formula = guards(tree, wanted)
        answers[wanted] = holds(formula, {guard.key: is_so(guard) for guard in atoms(formula)})
    assert not (answers[True] and answers[False]), "the guards say that it is true and that it is false"
    return True if answers[True] else False if answers[False] else None


def render_round_trip(subject: str, *, unary: bool = False) -> tuple[Any, str, Any]:
    """The tree of the subject, its rendered text, and the tree of that text (a finding where it is none)."""
    read: Any = parse_cell if unary else parse
    write: Any = render_tests if unary else render
    tree, found = read(subject)
    if tree is None:
        raise NotAccepted([_finding(item) for item in found])
    text = write(tree)
    again, found = read(text)
    return tree, text, again if again is not None else [_finding(item) for item in found]


def diagnose(subject: str, types: Types, *, unary: bool = False) -> list[Finding]:
    return [_finding(item) for item in _compile(subject, types, unary)[1]]


def may_be_null(subject: str, types: Types, *, unary: bool = False) -> bool:
    return tree_of(subject, types, unary).type.nullable


def kind_of(subject: str, types: Types, *, unary: bool = False) -> str:
    """The kind of the subject's result: number, boolean, string, list, set, ranking, null."""
    return tree_of(subject, types, unary).type.kind


def tree_of(subject: str, types: Types, unary: bool = False) -> Tree:
    tree, found = _compile(subject, types, unary)
    if tree is None or found:
        raise NotAccepted([_finding(item) for item in found])
    return tree


def _compile(subject: str, types: Types, unary: bool) -> tuple[Tree | None, list[Diagnostic]]:
    locate = Source("case", subject).span
    scope = Scope(types)
    if not unary:
        node, found = parse(subject, locate)
        return check(node, scope, locate) if node is not None else (None, found)
    tests, found = parse_cell(subject, locate)
    if tests is None:
        return None, found
    value, found = check(Name(("value",), (0, 0)), scope, locate)
    assert value is not None, found
    return check_cell(value, tests, scope, locate)


def _finding(item: Diagnostic) -> Finding:
    assert item.message("id") and item.render("id") and item.render("en") and item.to_json()
    assert item.span is not None, item
    return Finding(item.code, item.span.text, item.span.column, item.message(), item.hint.text() if item.hint else None)


def _column(values: Sequence[Any], type_: Type) -> Column:
    return from_values([_into(value, type_) for value in values], type_.kind, type_.values, type_.item)


def _each_array(column: Column, change: Callable[[Any], Any]) -> Column:
    """The column with a change made to each of its arrays."""

    def of(mask: Any) -> Any:
        return None if mask is None else change(np.asarray(mask))

    match column:
        case Num(values=values, null=null):
            return Num(of(values), of(null))
        case Bool():
            return Bool(of(column.true), of(column.false))
        case Str(codes=codes, words=declared):
            return Str(of(codes), declared)
        case Bits(bits=bits, words=declared, null=null):
            return Bits(of(bits), declared, of(null))
        case Items(items=items, count=count, null=null):
            return Items([_each_array(item, change) for item in items], of(count), of(null))


def _into(value: Any, type_: Type) -> Any:
    """A plain value as the engine holds it."""
    match value:
        case bool() | str() | None:
            return value
        case int() | float():
            return float(value)
        case list() if type_.kind == "set":
            assert type_.values is not None
            return tuple(word for word in type_.values if word in value)
        case list():
            inner = type_.item or Type("string", values=type_.values)
            return tuple(_into(item, inner) for item in value)
    raise TypeError(type(value).__name__)


def _out(value: Any) -> Any:
    return [_out(item) for item in value] if isinstance(value, tuple) else value
