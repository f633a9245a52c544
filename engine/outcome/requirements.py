"""Turn ineligible structures into the sentence of the first requirement that is not met."""

from __future__ import annotations

import numpy as np

from engine.decide import Decisions, at_order
from engine.feel.arrays import Column
from engine.outcome import parts
from engine.outcome.fill import fill_rows
from engine.texts import say


def unmet(decisions: Decisions, order: np.ndarray, rows: np.ndarray, lang: str) -> list[str]:
    """For each (structure, row) pair why that structure is not eligible; empty where it is. `order`, `rows`: (M,) positions."""
    out = [""] * len(order)
    plan, judged = decisions.plan, decisions.judged
    money = parts.currencies(decisions)
    for k, structure in enumerate(plan.structures.values()):
        mine = np.flatnonzero((order == k) & ~judged.eligible[order, rows])
        left = mine
        for requirement, met in zip(structure.eligible, judged.met[k], strict=True):
            failing = left[~met[rows[left]]]
            if len(failing):
                at = rows[failing]
                texts = fill_rows(plan, requirement.otherwise, lang, lambda name, k=k: at_structure(decisions, k, name), at, [money[i] for i in at.tolist()])  # type: ignore[misc]
                for place, text in zip(failing.tolist(), texts, strict=True):
                    out[place] = text
            left = left[met[rows[left]]]
        for place in left.tolist():
            out[place] = say("reason.headcount", lang)
    return out


def at_structure(decisions: Decisions, k: int, name: str) -> Column:
    """A name for one structure: the row of a (K, N) column."""
    if name in decisions.plan.parameters:
        return parts.column_of(decisions, name)
    column = decisions.staffing.reader.column_of(name)
    return at_order(column, np.full(decisions.size, k), decisions.size) if name.startswith(("staffing.", "structure.")) else column
