"""The one module that knows the whole order: derive, activate, staff, judge, score, rank; and what that makes of a batch of profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.executors.base import Activations, Conflict, Executor, holds, mask
from engine.executors.columnar import Columnar
from engine.feel.arrays import Bool, Column, Num, mapped, null_of
from engine.feel.columns import Reader, constant_column
from engine.feel.select import select
from engine.feel.types import NUMBER
from engine.model.plan import Formula, Plan
from engine.scoring import ranking
from engine.scoring.chosen import Chosen
from engine.scoring.criteria import Judged, judge
from engine.scoring.methods import weighted_sum
from engine.scoring.ranking import INELIGIBLE, OVER_BUDGET, Ranked
from engine.staffing.columnar import staff
from engine.staffing.result import Staffing


@dataclass(frozen=True, slots=True)
class Decisions:
    """The answer for a batch: N profiles, K structures, C criteria, all in id order. A single decision is a batch of one.

    `scores`: (K, N), the weighted sum on fixed scales unless another `method` was chosen. `notes`: rule id -> mask (N,) of the notes that are said.
    `conflicts`: rows that could not be decided, with the reason.
    """

    plan: Plan
    size: int
    activations: Activations
    staffing: Staffing
    judged: Judged
    scores: np.ndarray
    ranked: Ranked
    notes: Mapping[str, np.ndarray]
    winner_columns: Mapping[str, Column]
    conflicts: tuple[Conflict, ...]
    method: Chosen | None = None

    @property
    def winner(self) -> np.ndarray:
        """(N,) position of the recommended structure; -1 where none is eligible."""
        return np.asarray(select(self.ranked.eligible > 0, self.ranked.order[0], -1))

    @property
    def contributions(self) -> np.ndarray:
        """(C, K, N): what each criterion adds to each score, or, by a method whose scores are no sums, what it does to it."""
        if self.method is not None:
            return self.method.parts(self.judged)
        return weighted_sum.contributions(self.judged.matrix, self.judged.weights)

    def at_winner(self, fact: str) -> np.ndarray:
        """(N,) a staffing fact of the recommended structure (of the first listed one where none is eligible)."""
        first = self.ranked.order[0]
        return np.asarray(picked(self.staffing.facts[fact].values, first, first * self.size + np.arange(self.size)))


def decide(
    plan: Plan,
    columns: Mapping[str, Column],
    size: int,
    executor: Executor | None = None,
    depth: int = 2,
    method: Chosen | None = None,
    facts: Iterable[str] = (),
) -> Decisions:
    """Decide a batch. `columns`: stated inputs, null where not stated. `depth`: how many places of the ranking are ordered. `method`: how structures are
    ranked, if not by the weighted sum on fixed scales. `facts`: of staffing, to be reckoned besides those that the model names."""
    activations = (executor or Columnar()).activate(plan, columns, size)
    staffing = staff(plan, activations, facts)
    judged = judge(staffing)
    scores, ranked = score(plan, staffing, judged, depth, method)
    with np.errstate(all="ignore"):
        winner = _winner_columns(plan, staffing, ranked, scores)
        notes = _notes(plan, staffing, activations, ranked.order[0], winner)
    conflicts = (*activations.conflicts, *staffing.conflicts, *judged.conflicts)
    return Decisions(plan, size, activations, staffing, judged, scores, ranked, notes, winner, conflicts, method)


def score(plan: Plan, staffing: Staffing, judged: Judged, depth: int, method: Chosen | None) -> tuple[np.ndarray, Ranked]:
    """The scores (K, N) by a method, and the ranking that follows."""
    if method is None:
        scores = better = weighted_sum.scores(judged.values, judged.weights, judged.eligible.shape)
    else:
        scores = method.scores(judged).scores
        better = scores if method.method.higher else -scores
    with np.errstate(all="ignore"):
        return scores, _rank(plan, staffing, judged, better, max(2, depth))


def number(staffing: Staffing, formula: Formula) -> Any:
    """The formula's number for each profile, or for all; 0 where it has none."""
    column = staffing.reader.read(formula.tree)
    if not isinstance(column, Num):
        return 0.0
    return column.values if column.null is None else select(column.null, 0.0, column.values)


def _rank(plan: Plan, staffing: Staffing, judged: Judged, scores: np.ndarray, depth: int) -> Ranked:
    settings = plan.settings
    n = staffing.activations.size
    budget, stated = np.zeros(n), np.zeros(n, dtype=bool)
    if settings.budget is not None:
        column = staffing.reader.column_of(settings.budget)
        assert isinstance(column, Num)
        null = null_of(column)
        stated = mask(True if null is None else ~null, n)
        if settings.budget in staffing.activations.assumed:
            stated = stated & ~staffing.activations.assumed[settings.budget]
        budget = np.broadcast_to(column.values, (n,))
    cash = np.broadcast_to(staffing.facts["staffing.cash_month"].values, scores.shape)
    slack, tolerance = number(staffing, settings.budget_slack), number(staffing, settings.tie_tolerance)
    return ranking.rank(scores, judged.eligible, cash, budget, stated, slack, tolerance, depth)


def _winner_columns(plan: Plan, staffing: Staffing, ranked: Ranked, scores: np.ndarray) -> dict[str, Column]:
    """`ranking.*` and, for the recommended structure, the names that notes use; each (N,)."""
    n = staffing.activations.size
    at = np.arange(n)
    first = ranked.order[0]
    tier = ranked.tier[first, at]
    stated = ranked.stated & (tier != INELIGIBLE)
    found: dict[str, Column] = {
        "ranking.score": Num(select(tier != INELIGIBLE, scores[first, at], 0.0)),
        "ranking.margin": Num(np.nan_to_num(ranked.margin), np.isnan(ranked.margin)),
        "ranking.affordable": Bool(stated & (tier != OVER_BUDGET), stated & (tier == OVER_BUDGET)),
        "ranking.eligible": Num(ranked.eligible.astype(np.float64)),
        "ranking.tie": Bool(ranked.tie),
    }
    gap = np.zeros(n)
    if plan.settings.budget is not None:
        budget = staffing.reader.column_of(plan.settings.budget)
        assert isinstance(budget, Num)
        cash = np.broadcast_to(staffing.facts["staffing.cash_month"].values, scores.shape)[first, at]
        gap = np.maximum(cash - budget.values, 0.0)
    found["ranking.budget_gap"] = Num(select(stated, gap, 0.0), ~stated)
    return found


def _notes(plan: Plan, staffing: Staffing, activations: Activations, first: np.ndarray, winner: dict[str, Column]) -> dict[str, np.ndarray]:
    n = activations.size
    notes = {id_: activations.fired[id_] for id_, rule in plan.rules.items() if rule.effect == "note" and rule.stage == "profile"}
    reader = Reader(lambda name: winner_column(plan, staffing, first, winner, name))
    for id_, rule in plan.rules.items():
        if rule.stage == "winner":
            notes[id_] = holds(reader.read(rule.when.tree), n)
    return notes


def winner_column(plan: Plan, staffing: Staffing, first: np.ndarray, winner: dict[str, Column], name: str) -> Column:
    """A name as the notes see it: `staffing.*` and `structure.*` of the recommended structure."""
    if name in winner:
        return winner[name]
    if name in plan.parameters:
        return constant_column(plan.parameters[name].value, NUMBER)
    column = staffing.reader.column_of(name)
    if name.startswith(("staffing.", "structure.")):
        column = at_order(column, first, staffing.activations.size)
        winner[name] = column
    return column


def at_order(column: Column, first: np.ndarray, n: int) -> Column:
    """A (K, N) or (K, 1) column at each profile's own structure."""
    index = first * n + np.arange(n)
    return mapped(column, lambda array: None if array is None else picked(array, first, index))


def picked(array: Any, first: np.ndarray, index: np.ndarray) -> Any:
    """An array that broadcasts to (K, N) at each profile's own structure; one without structures as it is. `index`: `first` in the flat array."""
    if np.ndim(array) < 2:
        return array
    found = np.asarray(array)
    if found.shape[1] == 1:
        return found[:, 0].take(first)
    return found.reshape(-1).take(index) if len(found) > 1 else found[0]
