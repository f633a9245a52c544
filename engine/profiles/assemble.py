"""Turn an input's fields, for all rows, into Profiles: the rows in which everything stands, and why each other row was rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, take
from engine.model.plan import Input, Text
from engine.profiles.cells import flat
from engine.profiles.fields import Field
from engine.profiles.gather import gather
from engine.profiles.sheet import Sheet
from engine.profiles.table import Columns, Profiles


@dataclass(frozen=True, slots=True)
class Inputs:
    """The model's inputs, and which of them tells organisations apart, which names them, and which says the currency of their amounts."""

    all: Mapping[str, Input]
    id: str = "org_id"
    name: str | None = "name"
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Estimates:
    """Per input: the rows (of all) whose value is an estimate, and what was assumed."""

    masks: Mapping[str, np.ndarray] = field(default_factory=dict)
    reasons: Mapping[str, Text] = field(default_factory=dict)


NO_ESTIMATES = Estimates()


def assemble(
    sheet: Sheet,
    inputs: Inputs,
    fields: Mapping[str, Field],
    keep: Sequence[str] = (),
    estimates: Estimates = NO_ESTIMATES,
    others: Sequence[Field] = (),
) -> Profiles:
    """`fields`: the inputs that the source gives. `others`: columns that are no inputs, whose wrong cells reject their rows too."""
    size = sheet.size
    labels = {"id": _label(fields.get(inputs.id), size), "name": _label(fields.get(inputs.name or inputs.id), size)}
    bad = np.zeros(size, dtype=bool)
    bad[[item.row for item in sheet.broken]] = True
    again = _repeated(labels["id"], bad) if inputs.id in fields else {}
    bad[list(again)] = True
    for given in (*others, *fields.values()):
        for wrong in given.wrongs:
            bad[wrong.rows] = True
    for key, given in fields.items():
        if inputs.all[key].required and given.null is not None:
            bad |= given.null
    rows = np.flatnonzero(~bad)
    every = rows.size == size
    columns = {key: _kept(fields[key].column, rows, every) if key in fields else absent(item, rows.size) for key, item in inputs.all.items()}
    required = {key for key in fields if inputs.all[key].required}
    return Profiles(
        size=int(rows.size),
        columns=Columns(columns),
        rows=rows,
        read=size,
        rejects=() if every else gather(sheet, fields, others, required, inputs.id, labels["id"], again, np.flatnonzero(bad)),
        estimated={key: mask[rows] for key, mask in estimates.masks.items()},
        estimate_reasons=estimates.reasons,
        labels=labels,
        kept={column: flat(sheet.columns[column]) for column in keep},
    )


def _label(given: Field | None, size: int) -> Any:
    """A text for every row."""
    import pyarrow as pa

    if given is None:
        return pa.nulls(size, pa.string())
    return flat(given.text) if given.text is not None else pa.array(given.shown(np.arange(size)), pa.string())


def _kept(column: Column | Callable[[], Column], rows: np.ndarray, every: bool) -> Column | Callable[[], Column]:
    if every:
        return column
    return (lambda: take(column(), rows)) if callable(column) else take(column, rows)


def absent(item: Input, size: int) -> Column:
    """A column of nulls of the input's kind."""
    yes, none, zero = np.ones(size, dtype=bool), np.full(size, -1, dtype=np.int64), np.zeros(size, dtype=np.int64)
    words = item.type.values or ()
    match item.type.kind:
        case "boolean":
            return Bool(~yes, ~yes)
        case "string":
            return Str(none, words)
        case "set":
            return Bits(zero.astype(np.uint64), words, yes)
        case "ranking":
            return Items([Str(none, words) for _ in words], zero, yes)
    return Num(np.zeros(size), yes)


def _repeated(ids: Any, broken: np.ndarray) -> dict[int, int]:
    """Each row whose id stands in an earlier row, and the first such row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if broken.any():
        ids = pc.if_else(pa.array(broken), None, ids)
    encoded = pc.dictionary_encode(ids)
    distinct = len(encoded.dictionary)
    if distinct == len(ids) - ids.null_count:
        return {}
    codes = encoded.indices.fill_null(distinct).to_numpy()
    rows = np.arange(len(codes))
    first = np.zeros(distinct + 1, dtype=np.int64)
    first[codes[::-1]] = rows[::-1]
    again = np.flatnonzero((first[codes] != rows) & (codes < distinct))
    return dict(zip(again.tolist(), first[codes[again]].tolist(), strict=True))
