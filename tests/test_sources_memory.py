"""What is held while an input is read in pieces does not grow with the input, whatever its kind."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from engine.outcome.json_text import json_lines
from engine.profiles.csv_text import csv_text
from engine.profiles.sources.opened import opened
from tests.test_sources import write_stream, zstd


def many(rows: int) -> pa.Table:
    numbers = np.arange(rows)
    texts = pa.array(numbers).cast(pa.string())
    return pa.table({"org_id": texts, "name": pc.binary_join_element_wise("Organisation ", texts, ""), "employees": numbers * 1.5})


def held(path: Path) -> int:
    """The most that is held while the pieces are read one after another, in bytes: of pyarrow and of Python."""
    tracemalloc.start()
    before, most = pa.total_allocated_bytes(), 0
    with opened(str(path)) as source:
        source.sample()
        source.use({"org_id", "employees"})
        for piece in source.pieces():
            most = max(most, pa.total_allocated_bytes() - before + tracemalloc.get_traced_memory()[0] + len(piece.body))
    most = max(most, tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    return most


def write_lines(table: pa.Table, path: Path) -> None:
    path.write_bytes(json_lines(table))


LARGE: dict[str, Callable[[pa.Table, Path], Any]] = {
    "one_group.parquet": lambda table, path: parquet.write_table(table, path, use_dictionary=False, data_page_size=40_000, write_batch_size=100),
    "batches.arrow": lambda table, path: write_stream(table, path, pa.ipc.new_file, 5000),
    "batches.arrows": lambda table, path: write_stream(table, path, pa.ipc.new_stream, 5000),
    "text.csv.gz": lambda table, path: path.write_bytes(gzip.compress(b"org_id,name,employees\n" + csv_text(table), 1)),
    "text.csv.zst": lambda table, path: path.write_bytes(zstd(b"org_id,name,employees\n" + csv_text(table))),
    "lines.jsonl": write_lines,
}


@pytest.mark.parametrize("kind", LARGE)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    for name in ("pieces.SIZE", "sources.text.HEADER", "sources.text.HEAD", "sources.lines.BLOCK"):
        monkeypatch.setattr(f"engine.profiles.{name}", 100_000)
    for name in ("sources.tables.ROWS", "sources.tables.SAMPLE", "sources.text.SAMPLE", "sources.lines.SAMPLE"):
        monkeypatch.setattr(f"engine.profiles.{name}", 1000)
    monkeypatch.setattr("engine.profiles.sources.tables.BUFFER", 10_000)
    monkeypatch.setattr("engine.profiles.sources.streams.BLOCK", 10_000)
    peaks = []
    for rows in (20_000, 200_000):
        LARGE[kind](many(rows), tmp_path / kind)
        peaks.append(held(tmp_path / kind))
    assert peaks[1] < 1.6 * peaks[0]
