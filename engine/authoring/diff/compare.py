"""Turn two models and a file of organisations into what changes for each, and which group of changes is responsible for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.authoring.diff.changes import Change
from engine.authoring.diff.effects import Names, changed, differing, records
from engine.authoring.diff.groups import Group
from engine.feel.arrays import Column, take, to_values
from engine.model.plan import Plan
from engine.profiles.table import Profiles


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before`, `after`: records of the organisations that both models read, (N,). `rows`: their places in the file. `different`: field -> (N,).
    `at`: the changed ones, (C,), with their `ids` and `labels`. `responsible`: (groups, C). `only_old`, `only_new`: places of rows that one model refuses."""

    names: Names
    rows: np.ndarray
    ids: list[Any]
    labels: list[Any]
    before: np.ndarray
    after: np.ndarray
    different: Mapping[str, np.ndarray]
    at: np.ndarray
    responsible: np.ndarray
    only_old: tuple[int, ...]
    only_new: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two models: what changed in their files, in groups that were tried alone, and what that does to organisations, if any were given."""

    old: Plan
    new: Plan
    changes: list[Change]
    groups: list[Group]
    comparison: Comparison | None

    @property
    def same(self) -> bool:
        return not self.changes and (self.comparison is None or not len(self.comparison.at))


def compare(old: Plan, new: Plan, found: list[Group], was: Profiles, now: Profiles) -> Comparison:
    """`was`, `now`: the same file read with the inputs of either model. Each group is applied alone to the old model and removed alone from the new one,
    on the organisations that change; it is responsible where either changes the answer."""
    names = Names.of(old, new)
    rows, first, second = np.intersect1d(was.rows, now.rows, return_indices=True)
    old_columns = _at(was, first)
    new_columns = old_columns if now is was else _at(now, second)
    before, after = records(old, names, old_columns, len(rows)), records(new, names, new_columns, len(rows))
    at = np.flatnonzero(changed(before, after))
    responsible = np.zeros((len(found), len(at)), dtype=bool)
    if len(at):
        few = [{name: take(column, at) for name, column in columns.items()} for columns in (old_columns, new_columns)]
        for i, group in enumerate(found):
            for plan, reference in ((group.alone, before[at]), (group.without, after[at])):
                if plan is not None:
                    responsible[i] |= changed(records(plan, names, _columns(plan, old, *few), len(at)), reference)
        if len(found) == 1:
            responsible[:] = True
    settings = new.settings

    def texts(name: str | None) -> list[Any]:
        return to_values(take(new_columns[name], at), len(at)) if name is not None and name in new_columns else [None] * len(at)

    refused = set(was.rows.tolist()), set(now.rows.tolist())
    return Comparison(
        names,
        rows,
        texts(settings.id),
        texts(settings.name),
        before,
        after,
        differing(before, after),
        at,
        responsible,
        tuple(sorted(refused[0] - refused[1])),
        tuple(sorted(refused[1] - refused[0])),
    )


def _at(profiles: Profiles, rows: np.ndarray) -> Mapping[str, Column]:
    return profiles.columns if len(rows) == profiles.size else {name: take(column, rows) for name, column in profiles.columns.items()}


def _columns(plan: Plan, old: Plan, old_columns: Mapping[str, Column], new_columns: Mapping[str, Column]) -> dict[str, Column]:
    """For each input of a model in between, the column that was read as it defines it."""
    found = {}
    for name, item in plan.inputs.items():
        as_old = name in old.inputs and old.inputs[name].type.values == item.type.values and old.inputs[name].type.kind == item.type.kind
        source = old_columns if as_old and name in old_columns else new_columns if name in new_columns else old_columns
        if name in source:
            found[name] = source[name]
    return found
