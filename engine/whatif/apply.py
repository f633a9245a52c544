"""Turn an operator of the language and what its arguments may be into what it may give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.feel.arrays import Column
from engine.feel.columns import nothing
from engine.feel.operators import BY_NAME
from engine.feel.tree import Op
from engine.whatif import ranges
from engine.whatif.ranges import FARTHEST, Maybe, Range, Value, choose, exact, known, unknown

_NUMBERS: dict[str, Callable[..., Range]] = {
    "add": ranges.add, "sub": ranges.sub, "mul": ranges.mul, "div": ranges.div, "power": ranges.power, "negate": ranges.negate, "abs": ranges.absolute,
    "floor": ranges.floor, "ceiling": ranges.ceiling,
    "round_half_up": ranges.round_half_up,
}  # fmt: skip
_TRUTHS: dict[str, Callable[..., Maybe]] = {
    "less": ranges.less, "less_equal": ranges.less_equal, "greater": lambda a, b: ranges.less(b, a), "greater_equal": lambda a, b: ranges.less_equal(b, a),
    "between": ranges.between(True, True), "range_closed_open": ranges.between(True, False), "range_open_closed": ranges.between(False, True),
    "range_open": ranges.between(False, False), "equal": ranges.equal, "same_set": ranges.equal, "is_null": ranges.is_null,
    "is_defined": lambda a: ranges.negation(ranges.is_null(a)),
    "and": ranges.all_of, "or": ranges.any_of, "not": ranges.negation,
}  # fmt: skip
FOLDS: dict[str, Callable[[Range, Range], Range]] = {"min": ranges.least, "max": ranges.most, "sum": ranges.add}


def apply(op: Op, args: list[Value]) -> Value:
    """What an operator gives, given what its arguments may be; exact where they are known."""
    name = op.name
    if name in _NUMBERS and all(isinstance(arg, Range) for arg in args):
        return _NUMBERS[name](*args)
    if name in _TRUTHS and not (name in ("and", "or", "not") and any(not isinstance(arg, Maybe) for arg in args)):
        return _TRUTHS[name](*args)
    if name == "if":
        condition = args[0]
        assert isinstance(condition, Maybe)
        return choose(condition, args[1], args[2])
    row = BY_NAME[name]
    columns = [known(arg) for arg in args]
    if name == "item" and not getattr(columns[0], "items", True):
        return exact(nothing(op.type))
    found: Column = row.vector(*columns, safe=op.safe) if row.arithmetic else row.vector(*columns)
    unsure: Any = np.bool_(False)
    for arg in args:
        unsure = unsure | arg.open
    if name in ("rank_weight", "count"):
        return unknown(found, unsure, 0.0, 1.0 if name == "rank_weight" else op.args[0].type.length or FARTHEST, False)
    return unknown(found, unsure, -FARTHEST, FARTHEST, True)
