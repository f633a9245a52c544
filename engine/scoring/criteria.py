"""Turn staffing facts into the criteria matrix on fixed 0-1 scales, the weights per profile, and which structures are eligible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnostics import Diagnostic, Span
from engine.executors.base import Conflict, holds, label
from engine.feel.arrays import Num
from engine.feel.select import select
from engine.model.plan import Criterion, Formula
from engine.staffing.result import Staffing


@dataclass(frozen=True, slots=True)
class Judged:
    """`values`: per criterion an array that broadcasts to (K, N), in 0..1, higher is better; criteria and structures in id order.
    `weights`: (C, N), each profile's add up to 1. `eligible`: (K, N). `met`: per structure, a tuple of masks (N,), one per requirement.
    `within`: (K, N), not more heads than allowed, or None without a limit."""

    values: tuple[np.ndarray, ...]
    weights: np.ndarray
    eligible: np.ndarray
    met: tuple[tuple[np.ndarray, ...], ...]
    within: np.ndarray | None
    conflicts: tuple[Conflict, ...]

    @property
    def matrix(self) -> np.ndarray:
        """(C, K, N): the criteria matrix in full."""
        return np.stack([np.broadcast_to(values, self.eligible.shape) for values in self.values])


def judge(staffing: Staffing) -> Judged:
    """Judge every structure for every profile by every criterion."""
    with np.errstate(all="ignore"):
        return _judge(staffing)


def _judge(staffing: Staffing) -> Judged:
    plan = staffing.plan
    n = staffing.activations.size
    k = len(plan.structures)
    conflicts: list[Conflict] = []

    def conflict(rows: np.ndarray, code: str, span: Span | None, **said: str) -> None:
        for row in np.flatnonzero(rows).tolist():
            conflicts.append(Conflict(row, Diagnostic(code, {"profile": label(plan, staffing.activations.columns, row), **said}, span)))

    def values(formula: Formula, what: str, shape: tuple[int, ...]) -> np.ndarray:
        column = staffing.reader.read(formula.tree)
        assert isinstance(column, Num)
        if column.null is not None and np.any(column.null):
            missing = np.broadcast_to(column.null, shape).reshape(-1, n).any(axis=0)
            conflict(np.asarray(missing), "X103", formula.span, what=what)
        return np.asarray(column.values, dtype=np.float64)

    criteria = list(plan.criteria.values())
    matrix = []
    weights = np.empty((len(criteria), n))
    for i, criterion in enumerate(criteria):
        matrix.append(scaled(values(criterion.value, criterion.id, (k, n)), criterion))
        weights[i] = values(criterion.weight, f"{criterion.id}.weight", (n,))
    total = np.zeros(n)
    for i in range(len(criteria)):
        total = total + weights[i]
    wrong = (weights < 0).any(axis=0) | ~(total > 0)
    if wrong.any():
        conflict(np.asarray(wrong), "X104", criteria[0].weight.span if criteria else None)
        total = select(total > 0, total, 1.0)
    weights = weights / total

    eligible = np.ones((k, n), dtype=bool)
    met: list[tuple[np.ndarray, ...]] = []
    for row, structure in enumerate(plan.structures.values()):
        found = []
        own = staffing.reader_of(row)
        for requirement in structure.eligible:
            found.append(holds(own.read(requirement.needs.tree), n))
            eligible[row] &= found[-1]
        met.append(tuple(found))
    within = None
    if plan.settings.max_headcount is not None:
        limit = staffing.reader.read(plan.settings.max_headcount.tree)
        assert isinstance(limit, Num)
        over = np.asarray(staffing.facts["staffing.heads"].values > limit.values)
        if limit.null is not None:
            over = over & ~limit.null
        within = ~over
        eligible &= within
    return Judged(tuple(matrix), weights, eligible, tuple(met), within, tuple(conflicts))


def scaled(values: np.ndarray, criterion: Criterion) -> np.ndarray:
    """Values placed on the criterion's fixed scale: 0 at its worst, 1 at its best, clamped."""
    if criterion.worst != 0 or criterion.best != 1:
        values = (values - criterion.worst) / (criterion.best - criterion.worst)
    elif criterion.value.tree.type.low >= 0 and criterion.value.tree.type.high <= 1:
        return values  # proved to be on the scale
    return np.asarray(np.minimum(np.maximum(values, 0.0), 1.0))
