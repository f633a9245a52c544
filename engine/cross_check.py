"""Turn a batch into the differences between the columnar decision and the slow, simple ones: cell by cell, floats bit for bit; no difference is the rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.decide import Decisions, decide
from engine.executors.base import Activations, Conflict, Executor, given
from engine.executors.durable import Durable
from engine.executors.interpret import Interpret, Profile, effects, stated_profiles
from engine.feel.arrays import Column, take, to_values
from engine.model.facts import STAFFING_FACTS
from engine.model.plan import Plan
from engine.scoring.scalar import judged
from engine.staffing.columnar import staff
from engine.staffing.result import Staffing

EXECUTORS: tuple[Executor, ...] = (Interpret(), Durable())
SCALAR = "interpret"  # the executor with which the scalar staffing and scoring are compared
LATE = ("staffing.coordination",)  # computed from other facts, so without meaning where those have none


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that two ways of deciding do not agree on. `row`: the profile's id. `by`: whose answer was expected."""

    row: str
    by: str
    what: str
    expected: Any
    got: Any


def cross_check(
    plan: Plan, columns: Mapping[str, Column], size: int, against: Sequence[str] = ("interpret", "durable"), rows: Sequence[int] | None = None
) -> list[Difference]:
    """Decide the batch columnar, and `rows` of it (all by default) the other ways, and compare. `columns`: stated inputs, null where not stated."""
    decided = decide(plan, columns, size, depth=len(plan.structures))
    at = np.arange(size) if rows is None else np.asarray(rows, dtype=np.int64)
    stated = {name: take(column, at) for name, column in given(plan, columns).items()}
    labels = _labels(plan, stated, at)
    found: list[Difference] = []
    for executor in EXECUTORS:
        if executor.name in against:
            other = executor.activate(plan, stated, len(at))
            cells = [*_activations(plan, decided.activations, other, at), *_conflicts(executor.name, decided.activations.conflicts, other.conflicts, at)]
            found += [Difference(labels[row], executor.name, what, expected, got) for row, what, expected, got in cells]
    if SCALAR in against:
        every = staff(plan, decided.activations, [*STAFFING_FACTS, *(f"staffing.coverage_of.{id_}" for id_ in plan.roles)])
        by_role, matrix = effects(plan), decided.judged.matrix
        for i, values in enumerate(stated_profiles(plan, stated, len(at))):
            expected = judged(plan, Profile(plan, values, i, by_role).derived())
            found += [Difference(labels[i], SCALAR, what, wanted, got) for what, wanted, got in _decision(decided, every, matrix, int(at[i]), expected)]
    return found


def _labels(plan: Plan, stated: Mapping[str, Column], at: np.ndarray) -> list[str]:
    ids = to_values(stated[plan.settings.id], len(at)) if plan.settings.id in stated else [None] * len(at)
    return [str(row + 1) if id_ is None else str(id_) for row, id_ in zip(at.tolist(), ids, strict=True)]


def same(a: Any, b: Any) -> bool:
    """Exactly the same value; -0.0 is 0.0, and nan is nan."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and (a == b or (a != a and b != b))


Cell = tuple[int, str, Any, Any]


def _activations(plan: Plan, columnar: Activations, other: Activations, at: np.ndarray) -> Iterator[Cell]:
    """Derived columns, fired rules and assumed inputs, in the plan's order; `at`: the rows of the batch that the other has."""
    undecided = {conflict.row for conflict in other.conflicts if conflict.diagnostic.code == "X103"}  # what lacks a number has no meaning further on
    pairs: list[tuple[str, list[Any], list[Any]]] = []
    for name in plan.order:
        if name.startswith("rule:"):
            pairs.append((name, other.fired[name[5:]].tolist(), columnar.fired[name[5:]][at].tolist()))
        else:
            cells = to_values(columnar.columns[name], columnar.size)
            pairs.append((name, to_values(other.columns[name], len(at)), [cells[row] for row in at]))
    pairs += [(f"assumed.{id_}", other.assumed[id_].tolist(), columnar.assumed[id_][at].tolist()) for id_ in plan.inputs]
    for what, expected, got in pairs:
        for row, (wanted, cell) in enumerate(zip(expected, got, strict=True)):
            if row not in undecided and not same(wanted, cell):
                yield row, what, wanted, cell


def _conflicts(by: str, columnar: Iterable[Conflict], other: Iterable[Conflict], at: np.ndarray) -> Iterator[Cell]:
    """The conflicts of each row, in order, up to the first for want of a number."""
    place = {int(row): i for i, row in enumerate(at)}
    expected = _by_row((conflict.row, conflict) for conflict in other)
    got = _by_row((place[conflict.row], conflict) for conflict in columnar if conflict.row in place)
    for row in sorted(expected.keys() | got.keys()):
        if expected.get(row, []) != got.get(row, []):
            yield row, "conflicts", expected.get(row, []), got.get(row, [])


Said = tuple[Any, ...]


def _by_row(conflicts: Iterable[tuple[int, Conflict]]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    for row, conflict in conflicts:
        known = found.setdefault(row, [])
        if not known or known[-1][0] != "X103":
            known.append(_said(conflict))
    return found


def _said(conflict: Conflict) -> Said:
    """What a conflict says, apart from what it calls the profile."""
    diagnostic = conflict.diagnostic
    return diagnostic.code, str(diagnostic.span), tuple(sorted((key, value) for key, value in diagnostic.values.items() if key != "profile"))


# -- staffing, scores, ranking


def _decision(decided: Decisions, every: Staffing, matrix: np.ndarray, row: int, expected: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What differs between a row of the batch and the whole decision of its profile."""
    derived = any(found.code == "X103" for found in expected["conflicts"]["derived"])
    if derived or any(conflict.row == row and conflict.diagnostic.code == "X103" for conflict in decided.activations.conflicts):
        return
    got = _at(decided, every, matrix, row)
    staffed = {found.values["what"] for found in expected["conflicts"]["staffed"]}
    unstaffed = {conflict.diagnostic.values["what"] for conflict in every.conflicts if conflict.row == row}
    if staffed - set(LATE) != unstaffed - set(LATE):
        yield "staffing conflicts", sorted(staffed), sorted(unstaffed)
    if staffed or unstaffed:
        return
    said = {(found.code, found.values.get("what")) for found in expected["conflicts"]["judged"]}
    unjudged = {(c.diagnostic.code, c.diagnostic.values.get("what")) for c in decided.judged.conflicts if c.row == row}
    if any(code == "X103" for code, _ in said | unjudged):  # without a number the rest has no meaning
        said, unjudged, got = {each for each in said if each[0] == "X103"}, {each for each in unjudged if each[0] == "X103"}, {}
    if said != unjudged:
        yield "judging conflicts", sorted(said, key=str), sorted(unjudged, key=str)
    for part, cells in got.items():
        yield from _cells(part, expected[part], cells)


def _cells(what: str, expected: Any, got: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, Mapping):
        if expected.keys() - {"place"} != got.keys():
            yield what, sorted(expected), sorted(got)
        for key in expected:
            if key in got:
                yield from _cells(f"{what}.{key.removeprefix('staffing.')}", expected[key], got[key])
    elif isinstance(expected, list):
        if len(expected) != len(got) or not all(map(same, expected, got)):
            yield what, expected, got
    elif not same(expected, got):
        yield what, expected, got


def _at(decided: Decisions, every: Staffing, matrix: np.ndarray, row: int) -> dict[str, Any]:
    """A row of the batch in the shape of the reference."""
    plan, ranked, judged_ = decided.plan, decided.ranked, decided.judged
    ids = list(plan.structures)
    margin = float(ranked.margin[row])

    def cell(array: Any) -> Any:
        return np.broadcast_to(array, (decided.size,))[row].item()

    def posts(k: int) -> dict[str, dict[str, float]]:
        found = every.posts[k]
        kinds = ("load", "people", "capacity", "wage", "fee")
        return {seat.post.id: {kind: float(cell(getattr(found, kind)[i])) for kind in kinds} for i, seat in enumerate(every.layouts[k].seats)}

    return {
        "staffing": {id_: {name: float(fact.values[k, row]) for name, fact in every.facts.items()} for k, id_ in enumerate(ids)},
        "posts": {id_: posts(k) for k, id_ in enumerate(ids)},
        "weights": {id_: float(judged_.weights[c, row]) for c, id_ in enumerate(plan.criteria)},
        "matrix": {id_: {structure: float(matrix[c, k, row]) for k, structure in enumerate(ids)} for c, id_ in enumerate(plan.criteria)},
        "met": {id_: [bool(mask[row]) for mask in judged_.met[k]] for k, id_ in enumerate(ids)},
        "eligible": {id_: bool(judged_.eligible[k, row]) for k, id_ in enumerate(ids)},
        "scores": {id_: float(decided.scores[k, row]) for k, id_ in enumerate(ids)},
        "tiers": {id_: int(ranked.tier[k, row]) for k, id_ in enumerate(ids)},
        "order": [ids[k] for k in ranked.order[:, row].tolist()],
        "margin": None if np.isnan(margin) else margin,
        "tie": bool(ranked.tie[row]),
        "ranking": {name.removeprefix("ranking."): _one(decided.winner_columns[name], row) for name in _RANKING},
        "notes": {id_: bool(mask[row]) for id_, mask in decided.notes.items()},
    }


_RANKING = ("ranking.score", "ranking.margin", "ranking.affordable", "ranking.budget_gap", "ranking.eligible", "ranking.tie")


def _one(column: Column, row: int) -> Any:
    return to_values(take(column, np.array([row])), 1)[0]
