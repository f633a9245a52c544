"""Turn a plan and profiles into what they reach: rules that fired and did not, rows that matched, comparisons that decided either way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.authoring.coverage.obligations import Condition, Obligation, conditions, feasible, met, obligations
from engine.batch import decide_chunks
from engine.decide import Decisions, winner_column
from engine.executors.base import holds
from engine.feel.arrays import Column
from engine.feel.columns import Reader
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan

Row = tuple[str, int]  # decision, number of the row


@dataclass(slots=True)
class Coverage:
    """Counts over all profiles. `fired`, `silent`: how often each rule did and did not. `rows`: how often each row matched. `hits`: how often each
    obligation was met, (O,). `possible`: whether it can be at all, (O,). `first`: a profile that meets it, -1 for none, (O,)."""

    plan: Plan
    profiles: int
    conditions: list[Condition]
    obligations: list[Obligation]
    fired: dict[str, int] = field(default_factory=dict)
    silent: dict[str, int] = field(default_factory=dict)
    rows: dict[Row, int] = field(default_factory=dict)
    hits: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    first: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    possible: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @property
    def share(self) -> float:
        """Of the obligations that can be met, the share that is."""
        known = self.possible | (self.hits > 0)
        return float((self.hits > 0).sum() / known.sum()) if known.any() else 1.0

    def missing(self) -> list[int]:
        """Obligations that can be met and are not."""
        return [int(i) for i in np.flatnonzero((self.hits == 0) & self.possible)]


def measure(plan: Plan, columns: Mapping[str, Column], size: int) -> Coverage:
    """What the profiles reach. `columns`: stated inputs."""
    found = conditions(plan)
    wanted = obligations(found)
    result = Coverage(plan, size, found, wanted)
    names = [(decision.id, row.number) for decision in plan.decisions.values() if decision.table is not None for row in decision.table.rows]
    parts = decide_chunks(plan, columns, size, lambda start, decisions: _chunk(decisions, found, wanted, start)) if size else []
    count = np.sum([part["rules"] for part in parts], axis=0) if parts else np.zeros(len(plan.rules), dtype=np.int64)
    for id_, number in zip(plan.rules, count.tolist(), strict=True):
        result.fired[id_], result.silent[id_] = number, size - number
    matched = np.sum([part["rows"] for part in parts], axis=0) if parts else np.zeros(len(names), dtype=np.int64)
    result.rows = dict(zip(names, matched.tolist(), strict=True))
    result.hits = np.sum([part["hits"] for part in parts], axis=0) if parts else np.zeros(len(wanted), dtype=np.int64)
    firsts = np.array([part["first"] for part in parts]) if parts else np.full((1, len(wanted)), -1)
    result.first = np.where((firsts >= 0).any(axis=0), np.where(firsts >= 0, firsts, np.iinfo(np.int64).max).min(axis=0), -1)
    meaning = Meaning(plan)
    result.possible = np.array([hit > 0 or feasible(each, found[each.condition], meaning) for each, hit in zip(wanted, result.hits, strict=True)], dtype=bool)
    return result


def reached(decisions: Decisions, found: list[Condition], wanted: list[Obligation]) -> np.ndarray:
    """(O, N), which profiles meet which obligations."""
    plan, n = decisions.plan, decisions.size
    profile = decisions.staffing.reader
    known = dict(decisions.winner_columns)  # also remembers what is looked up
    winner = Reader(lambda name: winner_column(plan, decisions.staffing, decisions.ranked.order[0], known, name))
    result = np.zeros((len(wanted), n), dtype=bool)
    asked = {each.condition for each in wanted}
    place = {(each.condition, each.guard.key, each.holds): i for i, each in enumerate(wanted)}
    with np.errstate(all="ignore"):
        for i, condition in enumerate(found):
            if i not in asked:
                continue
            reader = profile if condition.stage == "profile" else winner if condition.stage == "winner" else decisions.staffing.reader_of(condition.team)
            for key, yes, no in met(condition, reader, n):
                for holding, where in ((True, yes), (False, no)):
                    if (i, key, holding) in place:
                        result[place[i, key, holding]] = where
    return result


def _chunk(decisions: Decisions, found: list[Condition], wanted: list[Obligation], start: int) -> dict[str, Any]:
    plan, n = decisions.plan, decisions.size
    hits = reached(decisions, found, wanted)
    rules = [decisions.notes.get(id_, decisions.activations.fired.get(id_, np.zeros(n, dtype=bool))) for id_ in plan.rules]
    with np.errstate(all="ignore"):
        rows = [
            int(holds(decisions.staffing.reader.read(row.when), n).sum())
            for decision in plan.decisions.values()
            if decision.table is not None
            for row in decision.table.rows
        ]
    return {
        "rules": np.array([int(fired.sum()) for fired in rules], dtype=np.int64),
        "rows": np.array(rows, dtype=np.int64),
        "hits": hits.sum(axis=1),
        "first": np.where(hits.any(axis=1), hits.argmax(axis=1) + start, -1),
    }
