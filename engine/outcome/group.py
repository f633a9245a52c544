"""Turn the wide table into totals per group and currency: organisations, people, cost, hires."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

SUMS = ("organisations", "decided", "people", "cost_month", "hires")


def grouped(table: Any, column: str) -> Any:
    """One row per value of `column` and currency, in order of appearance. `people`, `cost_month`: of recommended structures. `hires`: beside staff stated."""
    return added(None, addends(table, column))


def addends(table: Any, column: str) -> Any:
    """What each row of the wide table adds to the totals, in the shape of these."""
    import pyarrow as pa
    import pyarrow.compute as pc

    decided = pc.is_in(table.column("status"), pa.array(["ok", "assumed"])).cast(pa.int64())
    group = table.column(column)
    group = group.cast(group.type.value_type) if pa.types.is_dictionary(group.type) else group
    keys = {column: group} | ({} if column == "currency" else {"currency": table.column("currency")})
    counted = {"organisations": pa.array([1] * table.num_rows, pa.int64()), "decided": decided}  # a rejected row may have no id
    return pa.table(keys | counted | {name: table.column(name) for name in SUMS[2:]})


def added(totals: Any, more: Any) -> Any:
    """The totals with what further rows add. Sums go on from where they were, row by row, so that pieces give to the last bit what the whole gives."""
    import pyarrow as pa

    if totals is not None:
        if totals.schema != more.schema:  # a column of a JSON file that holds other things further on
            totals, more = (table.set_column(0, table.column_names[0], table.column(0).cast(pa.string())) for table in (totals, more))
        more = pa.concat_tables([totals, more])
    return summed(more, [name for name in more.column_names if name not in SUMS])


def summed(table: Any, keys: Sequence[str]) -> Any:
    """The sums of the other columns by some, in the order in which these appear; each is added up from the first row to the last."""
    import pyarrow as pa

    sums = [name for name in table.column_names if name not in keys]
    placed = table.append_column("_at", pa.array(np.arange(table.num_rows)))
    found = placed.group_by(list(keys), use_threads=False).aggregate([*((name, "sum") for name in sums), ("_at", "min")]).sort_by("_at_min")
    return pa.table({name: found.column(name if name in keys else f"{name}_sum") for name in table.column_names})
