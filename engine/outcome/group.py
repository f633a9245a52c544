"""Turn the wide table into totals per group and currency: organisations, people, cost, hires."""

from __future__ import annotations

from typing import Any


def grouped(table: Any, column: str) -> Any:
    """One row per value of `column` and currency, in order of appearance. `people`, `cost_month`: of recommended structures. `hires`: beside staff stated."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(table.schema.field(column).type):
        table = table.set_column(table.column_names.index(column), column, pc.cast(table.column(column), pa.string()))
    decided = pc.is_in(table.column("status"), pa.array(["ok", "assumed"]))
    table = table.append_column("_decided", pc.cast(decided, pa.int64()))
    keys = [column] if column == "currency" else [column, "currency"]
    sums = ["people", "cost_month", "hires"]
    counted = ("org_id", "count", pc.CountOptions(mode="all"))  # a rejected row may have no id
    totals = table.group_by(keys, use_threads=False).aggregate([counted, ("_decided", "sum"), *((name, "sum") for name in sums)])
    names = {"organisations": "org_id_count", "decided": "_decided_sum", "people": "people_sum", "cost_month": "cost_month_sum", "hires": "hires_sum"}
    columns = {key: totals.column(key) for key in keys} | {name: totals.column(old) for name, old in names.items()}
    return pa.table(columns)
