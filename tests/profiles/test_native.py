"""Data with types of its own: what a column means does not depend on how it is stored, and nothing that is odd or damaged raises."""

from __future__ import annotations

import decimal
import io
import random
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from engine.profiles.native import read_parquet
from tests.profiles.small import load, values

PLAIN = {
    "org_id": ["1", "2", "3"],
    "sector": ["company", None, "university"],
    "employees": [5.0, 6.5, 7.0],
    "units": [1.0, None, 3.0],
    "goals": [("service", "branding"), None, ()],
    "parts": [("pr",), ("it",), ()],
    "plan": [True, None, False],
}
STORED: dict[str, list[Any]] = {
    "org_id": [pa.array([1, 2, 3]), pa.array([1.0, 2.0, 3.0]), pa.array(["1", "2", "3"], pa.large_string())],
    "sector": [pa.array(["company", None, "university"]).dictionary_encode(), pa.array(["Company ", None, "UNIVERSITY"])],
    "employees": [pa.array([decimal.Decimal("5.0"), decimal.Decimal("6.5"), decimal.Decimal("7.0")]), pa.array(["5", " 6.5", "7.0"])],
    "units": [pa.array([1, None, 3], pa.int8()), pa.array([1.0, float("nan"), 3.0]), pa.array(["1", None, "3"]).dictionary_encode()],
    "goals": [pa.array([["service", "branding"], None, []]), pa.array(["service; branding", " ", "-"])],
    "parts": [pa.array([["pr"], ["it"], []], pa.large_list(pa.large_string())), pa.array(["pr;pr", "it;", "-"])],
    "plan": [pa.array([True, None, False]), pa.array([1, None, 0]), pa.array(["Ya", None, "TIDAK"])],
}
ODD: list[Any] = [b"x", {"a": 1}, {"service"}, object(), 2**80, float("inf"), pd.NaT, pd.Timestamp("2020-01-01"), complex(1, 2), [None], [["a"]], "\ud800"]


def stored(file: io.BytesIO, columns: dict[str, Any]) -> bytes:
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


@pytest.mark.parametrize(("name", "number"), [(name, number) for name, ways in STORED.items() for number in range(len(ways))])
def test_a_column_means_the_same_however_it_is_stored(name: str, number: int, tmp_path: Any) -> None:
    columns = {key: ways[number if key == name else 0] for key, ways in STORED.items()}
    path = tmp_path / "orgs.parquet"
    path.write_bytes(stored(io.BytesIO(), columns))
    for source in (path, pa.table(columns), pa.table(columns).to_pandas()):
        profiles, found = load(source)
        assert profiles is not None and not found and not profiles.rejects
        assert {key: values(profiles, key) for key in PLAIN} == PLAIN


@pytest.mark.parametrize("odd", ODD, ids=lambda value: f"{type(value).__name__}-{value!r}" if type(value) is not object else "object")
@pytest.mark.parametrize("name", ["org_id", "employees", "goals", "plan", "sector"])
def test_an_odd_value_is_a_reject_or_a_text_and_never_an_exception(name: str, odd: Any) -> None:
    row = {"org_id": "a", "employees": 5, name: odd}
    for source in (row, [row, {"org_id": "b", "employees": 6}], pd.DataFrame({key: pd.Series([value], dtype=object) for key, value in row.items()})):
        profiles, found = load(source)
        assert profiles is not None and not found
        assert profiles.read == profiles.size + len({reject.row for reject in profiles.rejects})


def test_a_damaged_parquet_file_is_told_and_never_raises() -> None:
    sound = stored(io.BytesIO(), {"org_id": ["ab", "cd"], "employees": [5, 6]})
    shuffle = random.Random(3)
    for _ in range(200):
        damaged = bytearray(sound)
        for _ in range(shuffle.randint(1, 4)):
            damaged[shuffle.randrange(len(damaged))] = shuffle.randrange(256)
        sheet, found = read_parquet("orgs.parquet", bytes(damaged))
        assert (sheet is None) == bool(found)
