"""Turn inputs and parameters as written into their compiled form: types, bounds, defaults that obey them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.feel.nodes import Literal, Range
from engine.feel.parse import parse_cell
from engine.feel.tree import Op, subtrees
from engine.feel.types import BOOLEAN, Type, constant, number, words
from engine.model.context import Context, text_of
from engine.model.documents import InputDoc, ParameterDoc
from engine.model.entries import Entry
from engine.model.plan import Formula, Input, Parameter
from engine.texts import Word

WIDEST = 1e15  # numbers without a stated range lie within plus or minus this


def compile_input(context: Context, entry: Entry) -> Input:
    shape: InputDoc = entry.shape
    values = tuple(shape.values) if shape.values is not None else None
    low, high, low_open, high_open = _range(context, entry, shape)
    if shape.type in ("set", "ranking") and not values:
        context.found.append(Diagnostic("R202", {"key": "values"}, entry.id_span()))
        values = ("-",)
    if shape.type in ("number", "integer"):
        type_ = number(low, high, integer=shape.type == "integer")
        type_ = replace(type_, nonzero=(low == 0 and low_open) or (high == 0 and high_open))
    elif shape.type == "boolean":
        type_ = BOOLEAN
    else:
        type_ = words(values, shape.type) if values is not None else Type("string")
    for word in shape.value_aliases:
        if word not in (values or ()):
            context.found.append(Diagnostic("R405", {"word": word, "of": entry.id}, entry.span(("value_aliases",)), did_you_mean(word, values or ())))
    labels = MappingProxyType({word: text_of(label) for word, label in (shape.values or {}).items()})
    return Input(
        id=entry.id,
        type=type_.with_null(not shape.required and shape.default is None),
        label=text_of(shape.label),
        help=text_of(shape.help),
        unit=shape.unit,
        low_open=low_open,
        high_open=high_open,
        value_labels=labels,
        required=shape.required,
        material=shape.material,
        estimate=shape.estimate,
        example=None if shape.example is None else str(shape.example),
        cites=tuple(shape.cites),
        aliases=tuple(shape.aliases),
        value_aliases=MappingProxyType({word: tuple(names) for word, names in shape.value_aliases.items()}),
        sample=None if shape.sample is None else MappingProxyType(shape.sample),
        span=entry.id_span(),
    )


def _range(context: Context, entry: Entry, shape: InputDoc) -> tuple[float, float, bool, bool]:
    if shape.range is None:
        return -WIDEST, WIDEST, False, False
    tests, found = parse_cell(shape.range, lambda start, end: entry.within(("range",), start, end))
    context.found += found
    match tests:
        case (Range(low=Literal(value=float() as low), high=Literal(value=float() as high), low_closed=low_closed, high_closed=high_closed),) if low <= high:
            return low, high, not low_closed, not high_closed
        case None:
            return -WIDEST, WIDEST, False, False
    test = tests[0]
    value = getattr(test, "value", None)
    if len(tests) == 1 and isinstance(value, Literal) and isinstance(value.value, float):
        op = getattr(test, "op", "")
        if op in (">", ">="):
            return value.value, WIDEST, op == ">", False
        if op in ("<", "<="):
            return -WIDEST, value.value, False, op == "<"
    context.found.append(Diagnostic("R516", {"text": shape.range}, entry.span(("range",))))
    return -WIDEST, WIDEST, False, False


def compile_default(context: Context, entry: Entry, item: Input) -> Input:
    """The input with its default typed, and its own type after the default has been filled in."""
    shape: InputDoc = entry.shape
    if shape.default is None:
        return item
    scope = context.scope()
    kind = item.type.kind
    formula = context.formula(entry, ("default",), shape.default, kind if kind not in ("set", "ranking") else None, scope, nullable=True)
    if formula is None:
        return replace(item, type=item.type.with_null(True))
    found = formula.tree.type
    if kind == "number" and found.kind == "number" and not _inside(found, item):
        bounds = {"name": item.id, "low": _shown(item.type.low), "high": _shown(item.type.high)}
        context.found.append(Diagnostic("R517", bounds, formula.span, Hint("hint.clamp_default", bounds)))
    if kind in ("set", "ranking") and found.kind not in ("list", kind, "null"):
        context.found.append(Diagnostic("R408", {"wanted": Word(kind), "text": shape.default, "got": Word(found.kind)}, formula.span))
    _declared_words(context, formula, item)
    return replace(item, type=item.type.with_null(found.nullable), default=formula)


def _inside(type_: Type, item: Input) -> bool:
    low_ok = type_.low > item.type.low or (type_.low == item.type.low and (not item.low_open or type_.is_nonzero))
    return low_ok and (type_.high < item.type.high or (type_.high == item.type.high and not item.high_open))


def _shown(value: float) -> str:
    return f"{value:.12g}"


def _declared_words(context: Context, formula: Formula, item: Input) -> None:
    values = item.type.values
    if values is None:
        return
    for tree in subtrees(formula.tree):
        value = getattr(tree, "value", None)
        inside = not isinstance(tree, Op) and isinstance(value, str)
        if inside and value not in values and _is_result(formula, tree):
            hint = did_you_mean(str(value), values)
            context.found.append(Diagnostic("R405", {"word": value, "of": item.id}, formula.span, hint))


def _is_result(formula: Formula, tree: Any) -> bool:
    """Whether a constant can be the value of the whole, not only part of a comparison."""

    def results(node: Any) -> Iterator[Any]:
        if isinstance(node, Op) and node.name == "if":
            yield from results(node.args[1])
            yield from results(node.args[2])
        elif isinstance(node, Op) and node.name == "list":
            yield from node.args
        else:
            yield node

    return any(node is tree for node in results(formula.tree))


def compile_parameter(context: Context, entry: Entry, overrides: Mapping[str, float]) -> Parameter:
    shape: ParameterDoc = entry.shape
    value = float(overrides.get(entry.id, shape.value))
    bounds = (shape.range[0], shape.range[1]) if shape.range else None
    if bounds and not bounds[0] <= value <= bounds[1]:
        context.found.append(Diagnostic("R506", {"name": entry.id, "low": _shown(bounds[0]), "high": _shown(bounds[1])}, entry.span(("value",))))
    if not shape.source and not shape.estimate:
        context.found.append(Diagnostic("R507", {"name": entry.id}, entry.id_span(), Hint("hint.add_unit_source")))
    return Parameter(entry.id, value, shape.unit, shape.source, shape.estimate, bounds, text_of(shape.label), shape.date, entry.id_span())


def parameter_type(parameter: Parameter) -> Type:
    return constant(parameter.value)
