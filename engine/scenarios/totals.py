"""Turn the unchanged answers and those of scenarios into totals per scenario and currency: organisations, other teams, people, cost, differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.scenarios.read import BASE

NUMBERS = ("decided", "changed", "people", "people_difference", "cost_month", "cost_month_difference")
Key = tuple[Any, Any]  # of a group, and a currency


def totals(base: Any, narrow: Mapping[str, Any], groups: tuple[str, Any] | None = None) -> Any:
    """A row per group (where given: its name and a value for every row), currency and scenario, the unchanged answers first.

    `decided`: organisations with a recommended team. `changed`: those for which another team is recommended than without the scenario, or none any more.
    `people`, `cost_month`: of the recommended teams. The differences are over the organisations that are decided both ways."""
    import pyarrow as pa

    name, values = groups if groups is not None else ("", pa.nulls(base.num_rows, pa.string()))
    values = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    keys: dict[Key, None] = {}
    sums = {id_: _sums(base, table, values, keys) for id_, table in {BASE: base, **narrow}.items()}
    places: dict[Any, int] = {}
    for group, _ in keys:
        places.setdefault(group, len(places))
    rows = [(*key, id_, found.get(key, [0.0] * 6)) for key in sorted(keys, key=lambda key: places[key[0]]) for id_, found in sums.items()]
    columns: dict[str, Any] = {} if groups is None else {name: pa.array([row[0] for row in rows], None if rows else pa.string())}
    columns |= {"currency": pa.array([row[1] for row in rows], pa.string()), "scenario": pa.array([row[2] for row in rows], pa.string())}
    if name == "currency":
        columns = {"currency": columns["currency"], "scenario": columns["scenario"]}
    for i, title in enumerate(NUMBERS):
        kind = pa.int64() if i < 2 else pa.float64()
        columns[title] = pa.array([int(row[3][i]) if i < 2 else round(row[3][i], 6 if i < 4 else 2) for row in rows], kind)
    return pa.table(columns)


def _sums(base: Any, table: Any, values: Any, keys: dict[Key, None]) -> dict[Key, list[float]]:
    """The six numbers of a scenario by group and currency; what was met is added to `keys`, in order of appearance."""
    import pyarrow.compute as pc

    here, there = _decided(table), _decided(base)
    both, answered = here & there, _answered(table)
    team = [each.column("recommended").fill_null("") for each in (table, base)]
    other = answered & _answered(base) & pc.not_equal(*team).to_numpy()
    now = _grouped(values, table, keys, answered, [here, other, *(_where(table, each, here) for each in ("people", "cost_month"))])
    after = _grouped(values, table, keys, both, [_where(table, each, both) for each in ("people", "cost_month")])
    before = _grouped(values, base, keys, both, [_where(base, each, both) for each in ("people", "cost_month")])
    nothing = [0.0, 0.0]
    found = {}
    for key, (decided, changed, people, cost) in now.items():
        more = [a - b for a, b in zip(after.get(key, nothing), before.get(key, nothing), strict=True)]
        found[key] = [decided, changed, people, more[0], cost, more[1]]
    return found


def _decided(table: Any) -> np.ndarray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return np.asarray(pc.is_in(table.column("status"), pa.array(["ok", "assumed"])).to_numpy())


def _answered(table: Any) -> np.ndarray:
    import pyarrow.compute as pc

    return np.asarray(pc.not_equal(table.column("status"), "rejected").to_numpy())


def _where(table: Any, name: str, rows: np.ndarray) -> np.ndarray:
    return np.where(rows, table.column(name).fill_null(0.0).to_numpy(), 0.0)


def _grouped(values: Any, table: Any, keys: dict[Key, None], rows: np.ndarray, numbers: list[np.ndarray]) -> dict[Key, list[float]]:
    """Sums over some rows by group and currency, in order of appearance."""
    import pyarrow as pa

    columns = {"group": values, "currency": table.column("currency")} | {str(i): pa.array(each.astype(np.float64)) for i, each in enumerate(numbers)}
    found = pa.table(columns).filter(pa.array(rows)).group_by(["group", "currency"], use_threads=False)
    added = found.aggregate([(str(i), "sum") for i in range(len(numbers))]).to_pylist()
    by_key = {(row["group"], row["currency"]): [row[f"{i}_sum"] for i in range(len(numbers))] for row in added}
    keys.update(dict.fromkeys(by_key))
    return by_key
