"""Turn ineligible structures into the sentence of the first requirement that is not met."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.decide import Decisions, at_order
from engine.feel.arrays import Column
from engine.outcome import parts
from engine.outcome.fill import fill_rows
from engine.texts import say


def unmet(decisions: Decisions, order: np.ndarray, rows: np.ndarray, lang: str) -> Any:
    """For each (structure, row) pair why that structure is not eligible; empty where it is. `order`, `rows`: (M,) positions. A pyarrow array."""
    import pyarrow as pa

    plan, judged = decisions.plan, decisions.judged
    money = parts.currencies(decisions)
    said = [pa.array(["", say("reason.headcount", lang)], pa.string())]
    index = np.where(judged.eligible[order, rows], 0, 1)
    for k, structure in enumerate(plan.structures.values()):
        left = np.flatnonzero((order == k) & (index == 1))
        for requirement, met in zip(structure.eligible, judged.met[k], strict=True):
            failing = left[~met[rows[left]]]
            if len(failing):
                index[failing] = sum(map(len, said)) + np.arange(len(failing))
                said.append(fill_rows(plan, requirement.otherwise, lang, lambda name, k=k: at_structure(decisions, k, name), rows[failing], money))  # type: ignore[misc]
            left = left[met[rows[left]]]
    return pa.concat_arrays(said).take(pa.array(index))


def at_structure(decisions: Decisions, k: int, name: str) -> Column:
    """A name for one structure: the row of a (K, N) column."""
    if name in decisions.plan.parameters:
        return parts.column_of(decisions, name)
    column = decisions.staffing.reader.column_of(name)
    return at_order(column, np.full(decisions.size, k), decisions.size) if name.startswith(("staffing.", "structure.")) else column
