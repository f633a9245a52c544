"""What is sent to a worker, and what a worker does when its rows are not those that were counted; no Spark is needed."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest

from engine.api import SusunError, load_model
from engine.batch import CHUNK, evaluate
from engine.diagnostics import Diagnostic
from engine.distributed.feeds import LARGEST, Typed, portions
from engine.distributed.repeats import repeats_of
from engine.distributed.run import reason_of
from engine.distributed.work import Task, Work, _loaded, pickled, rows, sent
from tests.program import SAMPLE

PLAN = load_model().plan


def test_the_plan_arrives_as_it_was_sent_and_is_unpacked_once() -> None:
    payload = pickled(Task(Work(PLAN), Typed("t", (), np.zeros(0, dtype=np.int64))))
    found = _loaded(payload)
    assert found.work.plan.digest == PLAN.digest
    profiles = load_model().profiles(SAMPLE)
    assert evaluate(found.work.plan, profiles).table.equals(evaluate(PLAN, profiles).table)
    assert _loaded(bytes(payload)) is found
    assert type(_loaded(pickled(MappingProxyType({"a": 1})))) is MappingProxyType


@pytest.mark.parametrize("key", [2, 1 << 33, 5 << 33])
def test_a_row_that_was_not_there_when_rows_were_counted_stops_the_run(key: int) -> None:
    feed = Typed("t", ("org_id",), np.array([2, 0]))
    batch = pa.record_batch({"c0": ["a"], "key": pa.array([key])})
    with pytest.raises(SusunError, match="X409"):
        list(feed.sheets(iter([batch])))
    with pytest.raises(RuntimeError) as raised:
        list(sent(Task(Work(PLAN), feed), rows)(iter([batch])))
    assert [item.code for item in reason_of(raised.value)] == ["X409"]


def test_places_count_the_rows_of_earlier_partitions() -> None:
    feed = Typed("t", ("org_id",), np.array([3, 0, 2]))
    batch = pa.record_batch({"c0": ["a", "b", "c"], "key": pa.array([1, 2, 2 << 33])})
    assert [places.tolist() for _, places in feed.sheets(iter([batch]))] == [[1, 2, 3]]


def test_batches_are_split_and_put_together() -> None:
    small = [pa.record_batch({"a": pa.array(np.arange(CHUNK // 4))}) for _ in range(9)]
    wide = [pa.record_batch({"a": ["x" * (LARGEST // 3)] * 5})]
    assert [table.num_rows for table in portions(iter(small))] == [CHUNK, CHUNK, CHUNK // 4]
    assert [table.num_rows for table in portions(iter([pa.record_batch({"a": pa.array(np.arange(3 * CHUNK - 1))})]))] == [CHUNK, CHUNK, CHUNK - 1]
    assert all(table.nbytes <= LARGEST + 100 for table in portions(iter(wide)))
    assert sum(table.num_rows for table in portions(iter(wide))) == 5


def test_of_rows_with_the_same_id_the_first_stays() -> None:
    lines = pa.array([11, 6, 9, None, 10], pa.int64())
    table = pa.table({"row": [9, 4, 7, 1, 8], "line": lines, "id": ["a", "b", "a", "a", "c"]})
    found = repeats_of(table)
    assert (found.rows.tolist(), found.firsts.tolist(), found.lines.tolist()) == ([7, 9], [1, 1], [0, 0])
    said = found.among(np.array([6, 7, 8, 9]), pa.array(["x", "a", "c", "a"]))
    assert {row: (item.code, item.values["row"]) for row, item in said.items()} == {1: ("P312", 2), 3: ("P312", 2)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[PATH_NOT_FOUND] Path does not exist: file:/x.\n\nJVM stacktrace:\n...", "[PATH_NOT_FOUND] Path does not exist: file:/x."),
        ("An error\n: org.apache.spark.SparkException: Job aborted\nCaused by: java.io.IOException: No space left\n\tat a.b", "No space left"),
    ],
)
def test_what_spark_reports_is_one_sentence(text: str, why: str) -> None:
    assert reason_of(Exception(text)) == [Diagnostic("X405", {"why": why})]


def test_an_end_without_a_reason_is_said_too() -> None:
    assert reason_of(Exception(""))[0].message("id") == "pekerjaan di Spark gagal: berhenti tanpa alasan"
