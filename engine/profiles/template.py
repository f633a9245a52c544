"""Turn a model's inputs into a CSV to fill in, with one filled example, and into a table that says what each field means."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from engine.feel.numbers import number_text
from engine.feel.tree import Const
from engine.feel.types import Type
from engine.model.plan import Input, Plan, Text
from engine.texts import say

UNBOUNDED = 1e15  # numbers without a stated range lie within plus or minus this
_PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")


def template(inputs: Mapping[str, Input]) -> str:
    """CSV text: a header with every input, in the model's order, and a row of the inputs' examples."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(inputs)
    writer.writerow([example(item) for item in inputs.values()])
    return out.getvalue()


def example(item: Input) -> str:
    """What the example row holds: the declared example, else a value that a required input needs, else nothing."""
    if item.example is not None:
        return {"true": "yes", "false": "no"}.get(item.example.lower(), item.example) if item.type.kind == "boolean" else item.example
    if not item.required:
        return ""
    match item.type:
        case Type(kind="number", low=low, high=high, integer=integer):
            middle = 1.0 if low < 1 < high else low + 1 if low + 1 < high else (low + high) / 2
            return str(int(middle)) if integer or middle == int(middle) else str(middle)
        case Type(kind="boolean"):
            return "no"
        case Type(values=values) if values:
            return values[0]
    return f"{item.id}-1"


def describe(plan: Plan, lang: str = "en", width: int = 100) -> str:
    """A table of the fields for the terminal: meaning, unit, what may stand there, what is taken when the cell is empty."""
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text as Cell

    grid = Grid(box=None, pad_edge=False, show_edge=False)
    for key in ("field", "label", "unit", "allowed", "default"):
        grid.add_column(say(f"describe.{key}", lang), overflow="fold", no_wrap=key == "field")
    for item in plan.inputs.values():
        cells = (item.id, _in(item.label, lang), item.unit or "", allowed(item, plan.settings.id, lang), when_empty(item, plan, lang))
        grid.add_row(*(Cell(cell) for cell in cells))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def allowed(item: Input, id: str, lang: str) -> str:
    """What may stand in the field's cells."""
    words = ", ".join(item.type.values or ())
    match item.type.kind:
        case "number":
            kind = say("describe.integer" if item.type.integer else "describe.number", lang)
            low = f"{'>' if item.low_open else '>='} {number_text(item.type.low)}" if item.type.low > -UNBOUNDED else ""
            high = f"{'<' if item.high_open else '<='} {number_text(item.type.high)}" if item.type.high < UNBOUNDED else ""
            return ", ".join(part for part in (kind, low, high) if part)
        case "boolean":
            return say("describe.boolean", lang)
        case "set" | "ranking" as kind:
            return say(f"describe.{kind}", lang, words=words)
    return words or say("describe.unique" if item.id == id else "describe.text", lang)


def when_empty(item: Input, plan: Plan, lang: str) -> str:
    """What is taken when the cell is empty: the value itself, else the sentence that says so, else the formula."""
    if item.required:
        return say("describe.required", lang)
    if item.default is None:
        return say("describe.unknown", lang)
    tree = item.default.tree
    if isinstance(tree, Const) and isinstance(tree.value, (str, float)) and not isinstance(tree.value, bool):
        return tree.value if isinstance(tree.value, str) else number_text(tree.value)
    if item.because is None:
        return " ".join(item.default.text.split())
    return _PLACEHOLDER.sub(lambda match: _value(match.group(1), plan), " ".join(_in(item.because.texts, lang).split()))


def _value(name: str, plan: Plan) -> str:
    return number_text(plan.parameters[name].value) if name in plan.parameters else name


def _in(text: Text, lang: str) -> str:
    return text.get(lang) or text.get("en", "")
