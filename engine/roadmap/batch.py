"""Turn many organisations into each one's next hire and its price: the smallest budget at which the recommended team has more people or another role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.decide import Decisions, decide
from engine.executors.base import mask
from engine.feel.arrays import Column, Num, null_of, take
from engine.model.plan import Plan
from engine.roadmap.team import active_roles
from engine.whatif.result import Outcome, outcomes

AT_ONCE = 512  # organisations
SIZES = np.unique(np.concatenate([np.linspace(1.0, 2.0, 41)[1:], np.geomspace(2.0, 8.0, 25)]))  # of today's budget
PARTS = 16


def next_hires(plan: Plan, columns: Mapping[str, Column], size: int) -> list[tuple[Outcome, float | None, float | None, Outcome | None]]:
    """For each organisation: its team today, its stated budget, the smallest budget up to eight times that at which the team gains people or a role, and the
    team then. No budget stated, or nothing to gain: None. Budgets are whole units of money; all organisations are sectioned together."""
    name = plan.settings.budget
    used = {id_: columns[id_] for id_ in plan.inputs if id_ in columns}
    found: list[tuple[Outcome, float | None, float | None, Outcome | None]] = []
    for start in range(0, size, AT_ONCE):
        part = {id_: take(column, slice(start, min(start + AT_ONCE, size))) for id_, column in used.items()}
        found += _some(plan, part, min(AT_ONCE, size - start), name)
    return found


def _some(plan: Plan, columns: Mapping[str, Column], n: int, name: str | None) -> list[tuple[Outcome, float | None, float | None, Outcome | None]]:
    today = decide(plan, columns, n)
    teams = outcomes(today)
    own = columns.get(name or "")
    if name is None or not isinstance(own, Num):
        return [(team, None, None, None) for team in teams]
    null = null_of(own)
    stated = mask(True if null is None else ~null, n)
    budget = np.where(stated, np.broadcast_to(own.values, (n,)), 0.0)
    rows = np.flatnonzero(stated & (today.winner >= 0) & (budget > 0))
    have = _have(today)[:, rows]

    def gains(at: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Whether the organisations at some positions among `rows` have more with some budgets."""
        with_it = {id_: take(column, rows[at]) for id_, column in columns.items()}
        then = decide(plan, {**with_it, name: Num(values)}, len(values))
        new = _have(then)
        return np.asarray((then.winner >= 0) & ((new[0] > have[0, at] + 1e-9) | (new[1:] > have[1:, at]).any(axis=0)))

    low, high, open_ = _bracket(gains, budget[rows])
    while open_.any():
        at = np.flatnonzero(open_)
        cuts = np.ceil(low[at] + (high[at] - low[at])[:, None].T * (np.arange(1, PARTS) / PARTS)[:, None]).T
        won = gains(np.repeat(at, PARTS - 1), cuts.ravel()).reshape(cuts.shape)
        first = np.where(won.any(axis=1), won.argmax(axis=1), PARTS - 1)
        every = np.concatenate([low[at][:, None], cuts, high[at][:, None]], axis=1)
        low[at], high[at] = every[np.arange(len(at)), first], every[np.arange(len(at)), first + 1]
        open_[at] = high[at] - low[at] > 1.0
    then = decide(plan, {**{id_: take(column, rows) for id_, column in columns.items()}, name: Num(np.where(np.isfinite(high), high, budget[rows]))}, len(rows))
    after = outcomes(then) if len(rows) else []
    place = {int(row): i for i, row in enumerate(rows)}
    found = []
    for i, team in enumerate(teams):
        j = place.get(i)
        price = None if j is None or not np.isfinite(high[j]) else float(high[j])
        found.append((team, float(budget[i]) if stated[i] else None, price, after[j] if j is not None and price is not None else None))
    return found


def _have(decisions: Decisions) -> np.ndarray:
    """(1 + R, N) people of the recommended team, and its active roles that a post covers."""
    people = np.where(decisions.winner >= 0, decisions.at_winner("staffing.people"), 0.0)
    return np.concatenate([people[None, :], active_roles(decisions).astype(np.float64)])


def _bracket(gains: Any, budget: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Neighbouring looks between which each team first gains; `high` is infinite where it does not."""
    n = len(budget)
    at = np.repeat(np.arange(n), len(SIZES))
    values = np.ceil(budget[:, None] * SIZES)
    won = gains(at, values.ravel()).reshape(n, len(SIZES)) if n else np.zeros((0, len(SIZES)), dtype=bool)
    first = won.argmax(axis=1)
    every = np.concatenate([np.floor(budget)[:, None], values], axis=1)
    low = every[np.arange(n), first]
    high = np.where(won.any(axis=1), every[np.arange(n), first + 1], np.inf)
    return low, high, np.isfinite(high) & (high - low > 1.0)
