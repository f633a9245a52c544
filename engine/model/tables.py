"""Turn a table as written into a Table whose rows are typed conditions; find rows that overlap and profiles that no row matches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from engine.diagnostics import Diagnostic, did_you_mean
from engine.feel.check import Scope, check_cell
from engine.feel.interpret import interpret
from engine.feel.nodes import Test
from engine.feel.parse import parse_cell
from engine.feel.tree import Const, Op, Ref, Tree, subtrees
from engine.feel.types import BOOLEAN, Type, member, number
from engine.model.context import Context, joined
from engine.model.documents import RowDoc, TableDoc
from engine.model.entries import Entry
from engine.model.plan import Formula, Row, Table
from engine.source import Path_
from engine.texts import Word

MOST_POINTS = 50_000


def compile_table(context: Context, entry: Entry, path: Path_, table: TableDoc) -> tuple[Table, Type] | None:
    """The table and the type of its result, or None when a part of it is wrong."""
    scope = context.scope()
    inputs = [context.formula(entry, (*path, "inputs", i), text, None, scope) for i, text in enumerate(table.inputs)]
    rows = [_row(context, entry, (*path, "rules", i), i, row, inputs, scope) for i, row in enumerate(table.rules)]
    default = None
    if table.default is not None:
        default = context.formula(entry, (*path, "default"), table.default, None, context.scope(loose_text=True))
    good_rows = [row for row in rows if row is not None]
    if any(part is None for part in inputs) or len(good_rows) < len(rows) or (table.default is not None and default is None):
        return None
    outputs = [row.then for row in good_rows] + ([default] if default else [])
    type_ = _output_type(context, entry, path, table, outputs)
    if type_ is None:
        return None
    values = tuple(table.values) if table.values is not None else None
    built = Table(table.hit_policy, table.aggregate, tuple(f for f in inputs if f), values, tuple(good_rows), default)
    complete = _examine(context, entry, path, built)
    if default is None and not complete and table.hit_policy not in ("rule order", "output order", "collect"):
        type_ = type_.with_null()
    return built, type_


def _row(context: Context, entry: Entry, path: Path_, index: int, row: RowDoc, inputs: Sequence[Formula | None], scope: Scope) -> Row | None:
    if len(row.when) != len(inputs):
        context.found.append(Diagnostic("R207", {"got": len(row.when), "wanted": len(inputs)}, entry.span((*path, "when"))))
        return None
    cells: list[tuple[Test, ...]] = []
    trees: list[Tree] = []
    for i, (text, column) in enumerate(zip(row.when, inputs, strict=True)):
        at = (*path, "when", i)
        tests, found = parse_cell(text, lambda start, end, at=at: entry.within(at, start, end))  # type: ignore[misc]
        context.found += found
        if tests is None:
            continue
        cells.append(tests)
        if column is None:
            continue
        tree, found = check_cell(column.tree, tests, scope, lambda start, end, at=at: entry.within(at, start, end))  # type: ignore[misc]
        context.note(found)
        if tree is not None:
            trees.append(tree)
    then = context.formula(entry, (*path, "then"), row.then, None, context.scope(loose_text=True))
    if then is None or len(trees) < len(inputs):
        return None
    parts = [tree for tree in trees if not (isinstance(tree, Const) and tree.value is True)]
    when: Tree
    if not parts:
        when = Const(True, BOOLEAN, context.keys.const(True, BOOLEAN))
    elif len(parts) == 1:
        when = parts[0]
    else:
        nullable = any(tree.type.nullable for tree in parts)
        when = Op("and", tuple(parts), BOOLEAN.with_null(nullable), context.keys.op("and", tuple(parts), False))
    return Row(index + 1, tuple(cells), tuple(row.when), when, then, None, tuple(row.cites), entry.span(path))


def with_sentences(context: Context, entry: Entry, path: Path_, shape: TableDoc, table: Table) -> Table:
    """The table with what its rows say, once every name is known."""
    rows = [
        replace(row, because=context.template(entry, (*path, "rules", row.number - 1, "because"), doc.because, context.scope()) if doc.because else None)
        for row, doc in zip(table.rows, shape.rules, strict=True)
    ]
    return replace(table, rows=tuple(rows))


def _output_type(context: Context, entry: Entry, path: Path_, table: TableDoc, outputs: list[Formula]) -> Type | None:
    trees = [output.tree for output in outputs]
    type_ = joined(trees)
    if type_ is None:
        kinds = [tree.type.kind for tree in trees]
        odd = next(i for i, kind in enumerate(kinds) if kind != kinds[0])
        values = {"wanted": Word(kinds[0]), "got": Word(kinds[odd])}
        bare = isinstance(trees[odd], Const) and kinds[odd] == "string" and '"' not in outputs[odd].text
        hint = did_you_mean(outputs[odd].text, context.names) if bare else None
        context.found.append(Diagnostic("R409", values, outputs[odd].span, hint))
        return None
    if table.values is not None:
        for output in outputs:
            if isinstance(output.tree, Const) and isinstance(output.tree.value, str) and output.tree.value not in table.values:
                hint = did_you_mean(output.tree.value, table.values)
                context.found.append(Diagnostic("R512", {"value": output.tree.value}, output.span, hint))
        if type_.kind == "string":
            type_ = replace(type_, values=tuple(table.values))
    if table.hit_policy in ("priority", "output order") and table.values is None:
        context.found.append(Diagnostic("R513", {"policy": table.hit_policy}, entry.span((*path, "hit policy"))))
        return None
    if table.hit_policy in ("rule order", "output order") or (table.hit_policy == "collect" and table.aggregate in (None, "list")):
        return Type("list", item=type_, length=len(table.rules))
    if table.hit_policy == "collect":
        if table.aggregate == "count":
            return number(0, len(table.rules), integer=True)
        if type_.kind != "number":
            context.found.append(Diagnostic("R408", {"wanted": Word("number"), "text": outputs[0].text, "got": Word(type_.kind)}, outputs[0].span))
            return None
        if table.aggregate == "sum":
            return number(min(0.0, type_.low) * len(outputs), max(0.0, type_.high) * len(outputs), nullable=type_.nullable)
        return type_.with_null(type_.nullable or table.default is None)
    return type_


# -- overlaps and gaps, by trying one point in every region


def _examine(context: Context, entry: Entry, path: Path_, table: Table) -> bool:
    """Note overlapping rows of a unique table; answer whether every profile matches some row (False when that cannot be told)."""
    if any(isinstance(row.when, Const) and row.when.value is True for row in table.rows) and table.policy != "unique":
        return True
    points = _points(table)
    if points is None:
        return any(isinstance(row.when, Const) and row.when.value is True for row in table.rows)
    complete, overlaps = True, set()
    for point in points:
        hit = [row for row in table.rows if interpret(row.when, point.__getitem__) is True]
        complete = complete and bool(hit)
        if table.policy == "unique" and len(hit) > 1 and (hit[0].number, hit[1].number) not in overlaps:
            overlaps.add((hit[0].number, hit[1].number))
            profile = ", ".join(f"{name} = {_value(value)}" for name, value in sorted(point.items()))
            span = entry.span((*path, "rules", hit[1].number - 1, "when"))
            context.found.append(Diagnostic("R504", {"a": hit[0].number, "b": hit[1].number, "profile": profile}, span))
    return complete


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return "null" if value is None else str(value)


def _points(table: Table) -> Iterator[dict[str, Any]] | None:
    """A value for each name in each region that the cells divide it into; None when cells compare more than names with constants."""
    types: dict[str, Type] = {}
    breaks: dict[str, set[float]] = {}
    for row in table.rows:
        for tree in subtrees(row.when):
            if isinstance(tree, Ref):
                types[tree.name] = tree.type
            if isinstance(tree, Op) and tree.name not in ("and", "or", "not"):
                names = [arg for arg in tree.args if isinstance(arg, Ref) and not _fixed(arg.type)]
                fixed = [arg for arg in tree.args if isinstance(arg, Const) or (isinstance(arg, Ref) and _fixed(arg.type))]
                if len(names) + len(fixed) < len(tree.args) or len(names) > 1:
                    return None
                if names and names[0].type.kind == "number":
                    breaks.setdefault(names[0].name, set()).update(arg.type.low for arg in fixed if arg.type.kind == "number")
    choices = {name: _choices(type_, breaks.get(name, set())) for name, type_ in types.items()}
    if any(options is None for options in choices.values()) or math.prod(len(options or ()) for options in choices.values()) * len(table.rows) > MOST_POINTS:
        return None
    names_ = sorted(choices)
    return (dict(zip(names_, values, strict=True)) for values in product(*(choices[name] or () for name in names_)))


def _fixed(type_: Type) -> bool:
    return type_.kind == "number" and type_.low == type_.high and not type_.nullable


def _choices(type_: Type, breaks: set[float]) -> list[Any] | None:
    options: list[Any] = [None] if type_.nullable else []
    if type_.kind == "boolean":
        return [*options, True, False]
    if type_.kind == "string":
        return None if type_.values is None else [*options, *type_.values]
    if type_.kind == "number":
        return [*options, *_regions(sorted(b for b in breaks if type_.low <= b <= type_.high), type_)]
    if type_.kind in ("set", "ranking") and member(type_) is not None and len(type_.values or ()) <= 6:
        chosen = [tuple(w for i, w in enumerate(type_.values or ()) if bits >> i & 1) for bits in range(1 << len(type_.values or ()))]
        return [*options, *chosen]
    return None


def _regions(breaks: list[float], type_: Type) -> list[float]:
    """Each break, a point between neighbours, and one beyond either end."""
    low = type_.low if math.isfinite(type_.low) else (breaks[0] if breaks else 0.0) - 1e6
    high = type_.high if math.isfinite(type_.high) else (breaks[-1] if breaks else 0.0) + 1e6
    marks = sorted({low, *breaks, high})
    between: Callable[[float, float], float] = (lambda a, b: float(math.floor((a + b) / 2))) if type_.integer else (lambda a, b: (a + b) / 2)
    points = {*marks, *(between(a, b) for a, b in zip(marks, marks[1:], strict=False))}
    if type_.integer:
        points |= {mark + step for mark in breaks for step in (-1.0, 1.0)}
        points = {p for p in points if p == int(p)}
    return sorted(p for p in points if type_.low <= p <= type_.high and not (type_.nonzero and p == 0))
