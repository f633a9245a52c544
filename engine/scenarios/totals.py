"""Turn the unchanged answers and those of scenarios into totals per scenario and currency: organisations, other teams, people, cost, differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.outcome.group import summed
from engine.scenarios.read import BASE

TOTALS = "scenario"  # what `--group-by` says for the totals alone
NUMBERS = ("decided", "changed", "people", "people_difference", "cost_month", "cost_month_difference")
Key = tuple[Any, Any]  # of a group, and a currency
_NEEDED = ["status", "recommended", "people", "cost_month", "currency"]
Stage = dict[Key, list[float]]


@dataclass(frozen=True, slots=True)
class Answers:
    """What totals are made of: the unchanged answers, those of each scenario, and, where the totals are by group, a value for every row."""

    base: Any
    narrow: Mapping[str, Any]
    groups: Any = None

    def slim(self) -> Answers:
        """Only the columns that totals need."""
        return Answers(self.base.select(_NEEDED), {id_: table.select(_NEEDED) for id_, table in self.narrow.items()}, self.groups)


class Totals:
    """Totals that grow with further answers; what is kept is by group. `name`: of the groups."""

    def __init__(self, name: str | None = None) -> None:
        self._name = name
        self._stages: dict[tuple[str, str], Stage] = {}

    def add(self, answers: Answers) -> None:
        import pyarrow as pa

        base = answers.base
        values = pa.nulls(base.num_rows, pa.string()) if answers.groups is None else answers.groups
        values = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
        there = _decided(base)
        for id_, table in {BASE: base, **answers.narrow}.items():
            here, answered = _decided(table), _answered(table)
            both = here & there
            team = [each.column("recommended").fill_null("") for each in (table, base)]
            other = answered & _answered(base) & _differ(*team)
            self._add(id_, "now", values, table, answered, [here, other, *(_where(table, each, here) for each in ("people", "cost_month"))])
            self._add(id_, "after", values, table, both, [_where(table, each, both) for each in ("people", "cost_month")])
            self._add(id_, "before", values, base, both, [_where(base, each, both) for each in ("people", "cost_month")])

    def _add(self, id_: str, stage: str, values: Any, table: Any, rows: np.ndarray, numbers: list[np.ndarray]) -> None:
        self._stages[id_, stage] = _grouped(values, table, rows, numbers, self._stages.get((id_, stage), {}))

    def table(self) -> Any:
        """A row per group (where given), currency and scenario, the unchanged answers first.

        `decided`: organisations with a recommended team. `changed`: those for which another team is recommended than without the scenario, or none any more.
        `people`, `cost_month`: of the recommended teams. The differences are over the organisations that are decided both ways."""
        import pyarrow as pa

        keys = dict.fromkeys(key for stage in self._stages.values() for key in stage)
        places: dict[Any, int] = {}
        for group, _ in keys:
            places.setdefault(group, len(places))
        sums = {id_: self._sums(id_) for id_ in dict.fromkeys(id_ for id_, _ in self._stages)}
        rows = [(*key, id_, found.get(key, [0.0] * 6)) for key in sorted(keys, key=lambda key: places[key[0]]) for id_, found in sums.items()]
        columns: dict[str, Any] = {} if self._name is None else {self._name: pa.array([row[0] for row in rows], None if rows else pa.string())}
        columns |= {"currency": pa.array([row[1] for row in rows], pa.string()), "scenario": pa.array([row[2] for row in rows], pa.string())}
        if self._name == "currency":
            columns = {"currency": columns["currency"], "scenario": columns["scenario"]}
        for i, title in enumerate(NUMBERS):
            kind = pa.int64() if i < 2 else pa.float64()
            columns[title] = pa.array([int(row[3][i]) if i < 2 else round(row[3][i], 6 if i < 4 else 2) for row in rows], kind)
        return pa.table(columns)

    def _sums(self, id_: str) -> Stage:
        """The six numbers of a scenario by group and currency."""
        after, before = self._stages[id_, "after"], self._stages[id_, "before"]
        nothing = [0.0, 0.0]
        found = {}
        for key, (decided, changed, people, cost) in self._stages[id_, "now"].items():
            more = [a - b for a, b in zip(after.get(key, nothing), before.get(key, nothing), strict=True)]
            found[key] = [decided, changed, people, more[0], cost, more[1]]
        return found


def _differ(a: Any, b: Any) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(pc.not_equal(a, b).to_numpy())


def _decided(table: Any) -> np.ndarray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return np.asarray(pc.is_in(table.column("status"), pa.array(["ok", "assumed"])).to_numpy())


def _answered(table: Any) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(pc.not_equal(table.column("status"), "rejected").to_numpy())


def _where(table: Any, name: str, rows: np.ndarray) -> np.ndarray:
    return np.where(rows, table.column(name).fill_null(0.0).to_numpy(), 0.0)


def _grouped(values: Any, table: Any, rows: np.ndarray, numbers: list[np.ndarray], known: Stage) -> Stage:
    """Sums over some rows by group and currency, in order of appearance; they go on from what is `known`, row by row."""
    import pyarrow as pa

    names = [str(i) for i in range(len(numbers))]
    columns = {"group": values, "currency": table.column("currency")} | {
        name: pa.array(each.astype(np.float64)) for name, each in zip(names, numbers, strict=True)
    }
    found = pa.table(columns).filter(pa.array(rows))
    if known:
        front = {"group": [key[0] for key in known], "currency": [key[1] for key in known]}
        front |= {name: [sums[i] for sums in known.values()] for i, name in enumerate(names)}
        try:
            found = pa.concat_tables([pa.table(front, found.schema), found])
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # a column of a JSON file that holds other things further on
            known = {(None if key[0] is None else str(key[0]), key[1]): sums for key, sums in known.items()}
            return _grouped(values.cast(pa.string()), table, rows, numbers, known)
    return {(row["group"], row["currency"]): [row[name] for name in names] for row in summed(found, ["group", "currency"]).to_pylist()}
