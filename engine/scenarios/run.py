"""Turn profiles and scenarios into the scenarios' answers beside the unchanged ones: a set of columns each, or in the long format rows of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.batch import Answer, Progress, decide_chunks, evaluate
from engine.decide import Decisions
from engine.executors.base import Executor
from engine.model.plan import Plan
from engine.profiles.table import Profiles, Reject
from engine.scenarios.apply import changed
from engine.scenarios.read import BASE, Scenario
from engine.scenarios.totals import Answers, Totals
from engine.scoring.chosen import Chosen, choose
from engine.scoring.robustness.samples import Sampling

COLUMNS = {  # of a scenario, after its id and `_`, and what they are in its answer
    "status": "status", "recommended": "recommended", "score": "score", "people": "people", "fte": "fte", "cost_month": "cost_month",
    "currency": "currency", "affordable": "affordable", "problem": "reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """`answer`: with the scenarios' columns or rows. `rejects`: by scenario, of the rows that only it cannot decide."""

    answer: Answer
    answers: Answers
    rejects: Mapping[str, tuple[Reject, ...]]

    def totals(self, group_by: str | None = None) -> Any:
        """See `Totals.table`."""
        found = Totals(group_by)
        found.add(self.answers)
        return found.table()


def compare(
    plan: Plan,
    profiles: Profiles,
    answer: Answer,
    scenarios: Sequence[Scenario],
    executor: Executor | None = None,
    top: int = 3,
    form: str = "wide",
    lang: str = "en",
    group_by: str | None = None,
    progress: Progress | None = None,
    method: Chosen | None = None,
    sampling: Sampling | None = None,
    workers: int | None = None,
) -> Compared:
    """Decide the profiles of `answer` again under each scenario. A row that a scenario cannot decide says why in `<id>_problem`; all others stand."""
    bare = replace(profiles, kept={})
    table, narrow = answer.table, {}
    rejects: dict[str, tuple[Reject, ...]] = {}
    parts = [_named(table, BASE)] if form == "long" else []
    known = {reject.row for reject in answer.rejects}
    for item in scenarios:
        after = changed(item.plan, bare, item.changes)
        by = None if method is None else choose(method.text, item.plan)  # its thresholds may be parameters
        found = evaluate(item.plan, after, executor, 2, "narrow", lang, progress, method=by, workers=workers)
        narrow[item.id] = found.table
        rejects[item.id] = tuple(reject for reject in found.rejects if reject.row not in known)
        if form == "long":
            whole = evaluate(item.plan, replace(after, kept=profiles.kept), executor, top, form, lang, progress, method=by, sampling=sampling, workers=workers)
            parts.append(_named(whole.table, item.id))
        else:
            table = _beside(table, found.table, item.id)
    base = evaluate(plan, bare, executor, 2, "narrow", lang, progress, method=method, workers=workers).table if form == "long" else answer.table
    groups = None if group_by is None else answer.table.column(group_by)
    if form == "long":
        import pyarrow as pa

        table = pa.concat_tables(parts)
    return Compared(replace(answer, table=table), Answers(base, narrow, groups), rejects)


def _beside(table: Any, narrow: Any, id_: str) -> Any:
    """The table with a scenario's columns at its end; a kept column of the same name gives way."""
    for suffix, name in COLUMNS.items():
        title = f"{id_}_{suffix}"
        if title in table.column_names:
            table = _renamed(table, title)
        table = table.append_column(title, narrow.column(name))
    return table


def _named(table: Any, id_: str) -> Any:
    """The rows of a scenario, with its id in front."""
    import pyarrow as pa

    if "scenario" in table.column_names:
        table = _renamed(table, "scenario")
    return table.add_column(0, "scenario", pa.array([id_] * table.num_rows, pa.string()))


def _renamed(table: Any, name: str) -> Any:
    return table.rename_columns([f"{other}_in" if other == name else other for other in table.column_names])


def recommended(
    plan: Plan,
    profiles: Profiles,
    executor: Executor | None = None,
    progress: Progress | None = None,
    method: Chosen | None = None,
    workers: int | None = None,
) -> np.ndarray:
    """(read,) position of the recommended structure of every row of the input; -1 where none is eligible, -2 where it is rejected."""

    def use(start: int, decisions: Decisions) -> np.ndarray:
        winner = decisions.winner.copy()
        winner[[conflict.row for conflict in decisions.conflicts]] = -2
        return winner

    found = np.full(profiles.read, -2, dtype=np.int64)
    if profiles.size:
        found[profiles.rows] = np.concatenate(decide_chunks(plan, profiles.columns, profiles.size, use, executor, 2, workers, progress, method))
    return found


def moved(
    before: np.ndarray,
    plan: Plan,
    profiles: Profiles,
    answer: Answer,
    executor: Executor | None = None,
    method: Chosen | None = None,
    workers: int | None = None,
) -> tuple[int, int]:
    """How many recommendations differ from those before, and among how many rows that are answered both times. `answer`: of the profiles as they are now."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "status" in answer.table.column_names:
        winner = pc.index_in(answer.table.column("recommended"), pa.array([*plan.structures])).fill_null(-1).to_numpy()
        now = np.where(pc.equal(answer.table.column("status"), "rejected").to_numpy(), -2, winner)
    else:
        now = recommended(plan, profiles, executor, method=method, workers=workers)
    both = (before > -2) & (now > -2)
    return int((both & (now != before)).sum()), int(both.sum())
