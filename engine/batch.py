"""Turn accepted profiles into one output table: chunks are decided on all processors, and every input row becomes one row, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from engine.decide import Decisions, decide
from engine.executors.base import Executor, given
from engine.feel.arrays import Column, take
from engine.model.plan import Plan
from engine.outcome import tables
from engine.parallel import in_order, keep_memory, processors
from engine.profiles.table import Profiles, Reject
from engine.scoring.chosen import Chosen
from engine.scoring.robustness.samples import Sampling

CHUNK = 32768
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """`table`: the output, a pyarrow table. `rejects`: the rows that could not be read or decided. `read` = decided + rejected rows, always.
    `statuses`: how many organisations have which status."""

    table: Any
    rejects: tuple[Reject, ...]
    read: int
    decided: int
    statuses: Counter[str] = field(default_factory=Counter)


def decide_chunks(
    plan: Plan,
    columns: Mapping[str, Column],
    size: int,
    use: Callable[[int, Decisions], Any],
    executor: Executor | None = None,
    depth: int = 2,
    workers: int | None = None,
    progress: Progress | None = None,
    method: Chosen | None = None,
) -> list[Any]:
    """`use(start, decisions)` for every chunk, results in order. Workers change nothing but the time. `progress(n)`: n more profiles are done."""
    used = given(plan, columns)
    hands = 1 if executor is not None else workers or processors()
    rounds = max(1, -(-size // (hands * CHUNK)))
    step = max(1, -(-size // (hands * rounds))) if size > CHUNK else CHUNK  # so that all are done at about the same time

    def work(start: int) -> Any:
        end = min(start + step, size)
        part = {name: take(column, slice(start, end)) for name, column in used.items()}
        return use(start, decide(plan, part, end - start, executor, depth, method))

    def done(start: int) -> None:
        if progress is not None:
            progress(min(step, size - start))

    keep_memory()
    return in_order(work, range(0, size, step), hands, done)


def evaluate(
    plan: Plan,
    profiles: Profiles,
    executor: Executor | None = None,
    top: int = 3,
    form: str = "wide",
    lang: str = "en",
    progress: Progress | None = None,
    with_hires: bool = False,
    method: Chosen | None = None,
    sampling: Sampling | None = None,
    workers: int | None = None,
) -> Answer:
    """Decide every accepted profile and lay the answers out as a table. `top`: how many structures are shown beside the recommended one.
    `sampling`: also how firmly each recommendation holds, by so many sampled weights."""
    import pyarrow as pa

    depth = len(plan.structures) if form == "long" else max(2, top)
    forms: dict[str, Callable[..., Any]] = {"long": partial(tables.long, sampling=sampling), "narrow": tables.narrow}
    lay_out = forms.get(form) or partial(tables.wide, with_hires=with_hires, sampling=sampling)

    def use(start: int, decisions: Decisions) -> tuple[Any, list[Reject], Counter[str]]:
        estimated = {name: mask[start : start + decisions.size] for name, mask in profiles.estimated.items()}
        table = lay_out(decisions, estimated, top, lang)
        rejects = [_reject(profiles, start, conflict.row, conflict.diagnostic, decisions) for conflict in decisions.conflicts]
        lost = [conflict.row for conflict in decisions.conflicts]
        counts = np.bincount(np.delete(tables.statuses(decisions, estimated), lost), minlength=len(tables.STATUSES)).tolist()
        return table, rejects, +Counter(dict(zip(tables.STATUSES, counts, strict=True)))

    found = decide_chunks(plan, profiles.columns, profiles.size, use, executor, depth, workers, progress, method) if profiles.size else []
    if not found:
        empty = decide(plan, {}, 1, depth=depth, method=method)
        found = [(lay_out(empty, {}, top, lang).slice(0, 0), [], Counter())]
    table = pa.concat_tables([part for part, _, _ in found])
    conflicts = tuple(reject for _, rejects, _ in found for reject in rejects)
    rejects = tuple(sorted((*profiles.rejects, *conflicts), key=lambda reject: reject.row))
    lost = {reject.row for reject in conflicts}
    if form == "long":
        per = len(plan.structures)
        keep = np.repeat(~np.isin(profiles.rows, list(lost)), per) if lost else None
        table = table.filter(pa.array(keep)) if keep is not None else table
        positions = np.repeat(profiles.rows[~np.isin(profiles.rows, list(lost))] if lost else profiles.rows, per)
    else:
        table, positions = _whole(table, profiles, rejects, lost, lang), np.arange(profiles.read)
    for name, values in profiles.kept.items():
        table = table.append_column(name if name not in table.column_names else f"{name}_in", values.take(pa.array(positions)))
    rejected = len({reject.row for reject in rejects})
    counts = sum((each for _, _, each in found), Counter({"rejected": rejected}))
    return Answer(table, rejects, profiles.read, profiles.read - rejected, counts)


def _reject(profiles: Profiles, start: int, row: int, diagnostic: Any, decisions: Decisions) -> Reject:
    position = int(profiles.rows[start + row])
    labels = profiles.labels.get("id")
    return Reject(position, None, labels[position].as_py() if labels is not None else None, None, None, diagnostic)


def _whole(table: Any, profiles: Profiles, rejects: tuple[Reject, ...], lost: set[int], lang: str) -> Any:
    """Every input row in its place: rejected ones with their id, name, status and reason only."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not rejects:
        return table
    where = np.full(profiles.read, -1, dtype=np.int64)
    where[profiles.rows] = np.arange(profiles.size)
    if lost:
        where[list(lost)] = -1
    missing = where < 0
    table = table.take(pa.array(where, mask=missing))
    reasons: dict[int, str] = {}
    for reject in rejects:
        said = reject.diagnostic.message(lang)
        reasons[reject.row] = f"{reasons[reject.row]}, {said}" if reject.row in reasons else said
    fixed = {
        "org_id": profiles.labels.get("id"),
        "name": profiles.labels.get("name"),
        "status": pa.array(["rejected"] * profiles.read),
        "reason": pa.array([reasons.get(row) for row in range(profiles.read)], pa.string()),
    }
    for name, values in fixed.items():
        if values is not None:
            index = table.column_names.index(name)
            column = pc.if_else(pa.array(missing), values, table.column(name))
            table = table.set_column(index, name, column)
    return table
