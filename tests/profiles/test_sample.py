"""Generated profiles of the shipped model: all valid, varied, and the same for the same seed, however many are asked for."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow.csv
import pytest

from engine.api import inputs_of, read_profiles
from engine.feel.arrays import null_of, to_values
from engine.profiles.convert import convert
from engine.profiles.read import read
from engine.profiles.sample import BLOCK, sample, write_sample
from engine.profiles.template import template
from tests.rules.shipped_model import plan

ROWS = 20_000  # more than one block


def written(rows: int, seed: int = 1) -> bytes:
    out = io.BytesIO()
    assert write_sample(plan(), rows, seed, out) == []
    return out.getvalue()


@pytest.fixture(scope="module")
def text() -> bytes:
    return written(ROWS)


def test_every_sampled_row_is_valid_when_read_back(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(text)
    profiles, found = read_profiles(plan(), path)
    assert profiles is not None and not found
    assert (profiles.read, profiles.size, profiles.rejects) == (ROWS, ROWS, ())


def test_the_table_and_the_file_hold_the_same_profiles(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(text)
    table, found = sample(plan(), ROWS, 1)
    assert not found and table.num_rows == ROWS and table.column_names == list(plan().inputs)
    from_file, _ = read_profiles(plan(), path)
    sheet, _ = read(table)
    assert sheet is not None and from_file is not None
    from_table, _ = convert(sheet, inputs_of(plan()))
    assert from_table is not None
    for name in plan().inputs:
        assert to_values(from_table.columns[name], ROWS) == to_values(from_file.columns[name], ROWS), name


@pytest.mark.parametrize("rows", [1, 7, 1000, BLOCK, BLOCK + 1])
def test_the_first_rows_do_not_depend_on_how_many_are_asked_for(rows: int, text: bytes) -> None:
    few = written(rows)
    assert text.startswith(few)
    assert few.count(b"\n") == rows + 1


def test_no_rows_are_a_header_only() -> None:
    assert written(0).decode().splitlines() == [",".join(plan().inputs)]
    table, _ = sample(plan(), 0, 1)
    assert table.num_rows == 0 and table.column_names == list(plan().inputs)


def test_the_seed_decides_everything() -> None:
    assert written(500, 7) == written(500, 7)
    texts = [written(500, seed) for seed in (0, 1, 2, -1, 10**12)]
    assert len(set(texts)) == len(texts)


def test_samples_are_varied_and_leave_some_cells_empty(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(text)
    profiles, _ = read_profiles(plan(), path)
    assert profiles is not None
    for name, item in plan().inputs.items():
        column = profiles.columns[name]
        found = to_values(column, ROWS)
        if item.type.values and item.type.kind == "string":
            assert set(item.type.values) <= set(found), name
        elif item.type.values:
            assert set(item.type.values) <= {word for value in found if value for word in value}, name
        assert len(set(found)) > 1, name
        if item.required:
            assert null_of(column) is None or not null_of(column).any(), name
    assert len(set(to_values(profiles.columns["org_id"], ROWS))) == ROWS
    employees = to_values(profiles.columns["employees"], ROWS)
    assert min(employees) < 10 and max(employees) > 10_000


def test_the_template_is_a_valid_file_of_one_profile(tmp_path: Path) -> None:
    path = tmp_path / "orgs.csv"
    path.write_text(template(plan().inputs), encoding="utf-8")
    assert pyarrow.csv.read_csv(path).column_names == list(plan().inputs)
    profiles, found = read_profiles(plan(), path)
    assert profiles is not None and not found
    assert (profiles.size, profiles.rejects) == (1, ())
