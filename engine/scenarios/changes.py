"""Turn `field=value`, `field:=expression`, or an entry of a scenario file into a Change of one input, or into diagnostics that say why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.diagnostics import Diagnostic, Hint, Source, Span, did_you_mean, errors
from engine.feel.arrays import Column, null_of
from engine.feel.check import Locate, Scope
from engine.feel.columns import Reader
from engine.feel.tree import Tree, refs
from engine.feel.types import BOOLEAN
from engine.model.fields import parameter_type
from engine.model.plan import Input, Plan
from engine.profiles.assemble import absent
from engine.profiles.fields import from_cells, meaning
from engine.profiles.formulas import converted, typed

_FORMULA = re.compile(r"([^=]*?)\s*:=")
_WORDS = re.compile(r"[\w.+-]+(;[\w.+-]+)*")


@dataclass(frozen=True, slots=True)
class Change:
    """An input set otherwise for every profile. `text`: as written. `value`: of shape (1,), the same for all; or `tree`: FEEL over the inputs, stated or
    assumed, and the parameters."""

    item: Input
    text: str
    value: Column | None
    tree: Tree | None = None

    @property
    def names(self) -> frozenset[str]:
        """What the expression reads."""
        return frozenset() if self.tree is None else frozenset(refs(self.tree))


def read_changes(plan: Plan, texts: Sequence[str]) -> tuple[list[Change], list[Diagnostic]]:
    """The changes of several `--set`: `field=value` with the value as in a cell of the file, or `field:=expression`. None of them sees what another sets."""
    changes: dict[str, Change] = {}
    found: list[Diagnostic] = []
    for text in texts:
        change, wrong = _read(plan, text)
        found += wrong
        if change is not None and change.item.id in changes:
            found.append(Diagnostic("X140", {"name": change.item.id}, _spot(text)))
        elif change is not None:
            changes[change.item.id] = change
    return ([] if errors(found) else [*changes.values()]), found


def _spot(text: str) -> Span:
    return Source("--set", text).span(0, len(text))


def _read(plan: Plan, text: str) -> tuple[Change | None, list[Diagnostic]]:
    formula = _FORMULA.match(text)
    name, equals, value = (formula[1], ":=", text[formula.end() :]) if formula else text.partition("=")
    if not equals or not name.strip():
        return None, [Diagnostic("X207", {"text": text})]
    source = Source("--set", text)
    start = len(text) - len(value)
    item, found = settable(plan, name.strip(), source.span(0, len(name.rstrip())))
    if item is None:
        return None, found
    if formula:
        return formula_change(plan, item, value, lambda begin, end: source.span(start + begin, start + end))
    return plain_change(item, value, source.span(start, len(text)))


def settable(plan: Plan, name: str, span: Span) -> tuple[Input | None, list[Diagnostic]]:
    """The input of a name; the one that tells organisations apart is theirs."""
    if name not in plan.inputs:
        hint = did_you_mean(name, plan.inputs) or Hint("hint.known", {"names": ", ".join(plan.inputs)})
        return None, [Diagnostic("R401", {"name": name}, span, hint)]
    if name == plan.settings.id:
        return None, [Diagnostic("X141", {"name": name}, span)]
    return plan.inputs[name], []


def plain_change(item: Input, text: str, span: Span) -> tuple[Change | None, list[Diagnostic]]:
    """A value written as in a cell of the file; an empty one is not stated."""
    import pyarrow as pa

    field = from_cells(item, pa.chunked_array([[text]], pa.string()), item.id)
    column = field.column() if callable(field.column) else field.column
    wrong = [finding for item_ in field.wrongs for _, finding in item_.findings]
    if not wrong and item.required and null_of(column) is not None:
        wrong = [Diagnostic("P303", {"input": item.id})]
    if wrong:
        return None, [replace(finding, span=span) for finding in wrong]
    return Change(item, text, column), []


def formula_change(plan: Plan, item: Input, text: str, locate: Locate) -> tuple[Change | None, list[Diagnostic]]:
    """An expression over the inputs and parameters. What it gives for every profile alike is checked here, the rest row by row."""
    names = {**{id_: other.type for id_, other in plan.inputs.items()}, **{id_: parameter_type(other) for id_, other in plan.parameters.items()}}
    tree, found = typed(item, text, Scope(names | {f"assumed.{id_}": BOOLEAN for id_ in plan.inputs}), locate)
    if tree is None:
        return None, found
    span = locate(*tree.span)
    shown = " ".join(span.text.split())
    if not set(refs(tree)):
        return _constant(item, text, tree, span)
    if item.type.integer and not tree.type.integer:
        return None, [Diagnostic("X145", {"name": item.id, "text": shown}, span, Hint("hint.round", {"text": shown}))]
    return Change(item, text, None, tree), []


def _constant(item: Input, text: str, tree: Tree, span: Span) -> tuple[Change | None, list[Diagnostic]]:
    column, wrongs = (absent(item, 1), ()) if tree.type.kind == "null" else converted(item, Reader(_nothing).read(tree), 1, None)
    wrong = [replace(finding, span=span) for each in wrongs for _, finding in each.findings]
    if not wrong and item.required and null_of(column) is not None:
        wrong = [Diagnostic("P303", {"input": item.id}, span)]
    return (None, wrong) if wrong else (Change(item, text, column), [])


def _nothing(name: str) -> Column:
    raise KeyError(name)


def worded(plan: Plan, item: Input, text: str, locate: Locate) -> tuple[Change | None, list[Diagnostic]]:
    """A value of a scenario file: the input's own words as in a cell (`high`, `branding;service`, `yes`), or an expression. A bare word that names nothing
    was meant as one of its words."""
    if item.type.kind == "boolean" or item.type.values is not None:
        named = text in ("null", *plan.inputs, *plan.parameters) or text.startswith("assumed.")
        if not isinstance(meaning(item)(text), Diagnostic) or (_WORDS.fullmatch(text) and not named):
            return plain_change(item, text, locate(0, len(text)))
    return formula_change(plan, item, text, locate)
