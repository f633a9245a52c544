"""What Spark's workers decide is what is decided here, cell by cell: columns, types, nulls, rejects, whatever the partitions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv, parquet

from engine.api import SusunError, load_model, read_profiles
from engine.batch import evaluate
from engine.distributed import evaluate_spark
from engine.distributed.evaluate import prepared
from engine.distributed.run import into_file, into_folder, opened, reason_of
from engine.distributed.work import Work
from engine.outcome.sinks import SINKS
from engine.profiles.read import read
from engine.profiles.rejects import rejects_csv
from engine.scoring.chosen import choose
from engine.scoring.robustness.samples import Sampling
from tests.program import SAMPLE
from tests.test_stream import ODD

MODEL = load_model()
WRONG = {"employees": "many", "goals": "fame", "risk": "some", "social_budget_month": "1.250.000,50", "units": "-3"}
EVERYTHING = [key for key in ODD if key not in ("line breaks in a cell", "a quote where none belongs", "nothing but empty lines for a while")]


@pytest.fixture
def small(spark: Any) -> Iterator[Any]:
    """Spark reads files in parts of some kilobytes, so that even small ones have several."""
    spark.conf.set("spark.sql.files.openCostInBytes", "0")
    spark.conf.set("spark.sql.files.maxPartitionBytes", "24000")
    yield spark
    spark.conf.unset("spark.sql.files.maxPartitionBytes")


def messy() -> pa.Table:
    """The sample as texts, with wrong cells, empty rows, ids that occur again far below, and again."""
    table = csv.read_csv(
        SAMPLE, convert_options=csv.ConvertOptions(strings_can_be_null=True, null_values=[""], column_types=dict.fromkeys(names(), pa.string()))
    )
    rows = table.to_pylist()
    for i, (column, text) in enumerate(WRONG.items()):
        rows[7 * i + 3][column] = text
    rows += [dict.fromkeys(names()), {**rows[2], "org_id": None}, {**rows[5], **WRONG}, {**rows[5], "org_id": f"  {rows[5]['org_id']} "}, rows[70], rows[3]]
    return pa.Table.from_pylist(rows, schema=table.schema)


def names() -> list[str]:
    return SAMPLE.read_text(encoding="utf-8").splitlines()[0].split(",")


def as_file(table: pa.Table, folder: Path) -> str:
    """A Parquet file of many row groups, of which each partition has a few."""
    parquet.write_table(table, folder / "orgs.parquet", row_group_size=9, use_dictionary=False, compression="none")
    return str(folder / "orgs.parquet")


def here(table: Any, **asked: Any) -> pa.Table:
    method = asked.pop("method", None)
    profiles, _ = read_profiles(MODEL.plan, table, keep=asked.pop("keep", ()), locale=asked.pop("locale", None))
    assert profiles is not None
    sampling = Sampling(asked.pop("samples"), asked.pop("seed")) if asked.pop("robustness", False) else None
    return evaluate(MODEL.plan, profiles, method=method and choose(method, MODEL.plan), sampling=sampling, **asked).table


def in_order(answers: Any) -> pa.Table:
    """What came from Spark, in the order of the input, without the columns that say it."""
    table = answers.toArrow()
    order = [name for name in ("input_row", "place") if name in table.column_names]
    return table.sort_by([(name, "ascending") for name in order]).drop_columns(order)


def alike(found: pa.Table, wanted: pa.Table) -> None:
    assert found.column_names == wanted.column_names
    assert {name: str(found.schema.field(name).type) for name in found.column_names} == {
        name: str(wanted.schema.field(name).type) for name in wanted.column_names
    }
    assert [name for name in wanted.column_names if repr(found.column(name).to_pylist()) != repr(wanted.column(name).to_pylist())] == []


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"form": "long", "lang": "id", "top": 5},
        {"method": "topsis", "locale": "en", "keep": ("country", "units")},
        pytest.param({"robustness": True, "samples": 40, "seed": 7, "lang": "id"}, marks=pytest.mark.slow),
    ],
    ids=["as it is", "long, in Indonesian", "another method, columns kept", "robustness"],
)
def test_a_table_is_answered_as_it_is_here(small: Any, tmp_path: Path, asked: dict[str, Any]) -> None:
    table = messy()
    frame = small.read.parquet(as_file(table, tmp_path))
    assert frame.rdd.getNumPartitions() > 1
    alike(in_order(evaluate_spark(frame, MODEL, **asked)), here(table, **asked))


def typed() -> pa.Table:
    """Columns of every type that Parquet and Spark share, with nulls, NaN, infinities."""
    size = 40
    every = range(size)
    return pa.table(
        {
            "org_id": pa.array([i // 2 * 2 for i in every], pa.int32()),
            "name": pa.array([float(i) + (i % 3) / 4 if i % 5 else float("nan") for i in every], pa.float32()),
            "sector": ["university"] * size,
            "employees": pa.array([None if i % 7 == 0 else i * 10 for i in every], pa.int16()),
            "platforms": pa.array([Decimal(i % 9) for i in every], pa.decimal128(9, 2)),
            "posts_per_week": pa.array([float("inf") if i == 3 else i / 2 for i in every], pa.float64()),
            "strategy_written": pa.array([(True, False, None)[i % 3] for i in every]),
            "goals": pa.array([(["branding", "service"], [], None, ["service", None])[i % 4] for i in every], pa.list_(pa.string())),
            "inquiries_per_day": pa.array([i - 1 for i in every], pa.int64()),
            "units": pa.array([i % 4 / 2 for i in every], pa.float32()),
            "moment": pa.array([i * 10**6 if i % 4 else None for i in every], pa.timestamp("us", "UTC")),
            "wall": pa.array([i * 10**6 for i in every], pa.timestamp("us")),
            "day": pa.array(list(every), pa.date32()),
            "region": pa.array([i * 10**6 if i % 4 else None for i in every], pa.timestamp("us", "UTC")),
            "amount": pa.array([Decimal(i) / 4 for i in every], pa.decimal128(12, 3)),
            "A.b `c": pa.array([b"x" * i for i in every], pa.binary()),
        }
    )


def test_columns_with_types_of_their_own_are_read_as_here(small: Any, tmp_path: Path) -> None:
    keep = ("moment", "wall", "day", "amount", "A.b `c", "goals", "strategy_written", "name", "org_id")
    path = as_file(typed(), tmp_path)
    small.conf.set("spark.sql.session.timeZone", "Asia/Jakarta")
    try:
        found = in_order(evaluate_spark(small.read.parquet(path), MODEL, keep=keep))
    finally:
        small.conf.set("spark.sql.session.timeZone", "UTC")
    wanted = here(path, keep=keep)
    assert pc.sum(pc.equal(wanted.column("status"), "rejected")).as_py() > 20 and wanted.num_rows == 40
    found = found.set_column(found.column_names.index("moment"), "moment", found.column("moment").cast(pa.timestamp("us", "UTC")))
    alike(found, wanted)


def test_a_mapping_and_a_model_with_other_parameters_go_along(small: Any, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "title: {en: T, id: T}\ncolumns: {Staf: {type: number, missing: [99]}}\n"
        "fields:\n  org_id: 'Kode + \"-\" + Kota'\n  name: Kode\n  sector: '\"university\"'\n  employees: Staf\n  inquiries_per_day: Staf / 10\n"
    )
    table = pa.table({"Kode": [f"k{i % 30}" for i in range(60)], "Kota": ["a"] * 60, "Staf": [f"{i}.500,5" if i % 4 else "99" for i in range(60)]})
    model = load_model(parameters={"analyst_followers": 30000})
    wanted = evaluate(model.plan, model.profiles(table, mapping))
    assert wanted.statuses["rejected"] >= 30
    alike(in_order(evaluate_spark(small.read.parquet(as_file(table, tmp_path)), model, mapping=mapping)), wanted.table)


def test_arguments_that_are_refused_here_are_refused_there(spark: Any) -> None:
    frame = spark.createDataFrame(messy())
    for arguments, code in (({"form": "tall"}, "X233"), ({"lang": "fr"}, "X233"), ({"robustness": True, "method": "topsis"}, "X114")):
        with pytest.raises(SusunError, match=code):
            evaluate_spark(frame, MODEL, **arguments)


def test_tables_in_memory_have_an_order_and_shuffled_ones_need_a_column(spark: Any) -> None:
    size = messy().num_rows
    table = messy().append_column("n", pa.array([i * 3 for i in range(size)])).append_column("gap", pa.array([i or None for i in range(size)]))
    table = table.append_column("twos", pa.array([i // 2 for i in range(size)]))
    frame = spark.createDataFrame(table)
    wanted = here(table)
    alike(in_order(evaluate_spark(frame, MODEL)), wanted)
    mixed = frame.repartition(3, "risk")
    with pytest.raises(SusunError, match="X406"):
        evaluate_spark(mixed, MODEL)
    alike(in_order(evaluate_spark(mixed, MODEL, order="n")), wanted)
    for column, why in (("nn", "no such column"), ("twos", "same value"), ("gap", "empty in some row")):
        with pytest.raises(SusunError, match=f"X407.*({why})"):
            evaluate_spark(frame, MODEL, order=column)


@pytest.mark.parametrize(("table", "code"), [({"name": ["x"]}, "P203"), ({"org_id": pa.array([], pa.string())}, "P105")])
def test_what_is_refused_here_is_refused_there(spark: Any, table: dict[str, Any], code: str) -> None:
    with pytest.raises(SusunError, match=code):
        evaluate_spark(spark.createDataFrame(pa.table(table)), MODEL)


def test_wrong_options_are_refused_before_spark_begins() -> None:
    with pytest.raises(SusunError, match="X114"):
        evaluate_spark(None, MODEL, robustness=True, method="topsis")  # type: ignore[arg-type]


def test_more_repeated_ids_than_workers_can_be_told_of_are_refused(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.distributed.evaluate.MOST", 3)
    with pytest.raises(SusunError, match="X408"):
        evaluate_spark(spark.createDataFrame(messy()), MODEL)


# -- files


def put(spark: Any, path: str, suffix: str = ".csv", **asked: Any) -> tuple[bytes, str]:
    """The output and the rejects of a file, decided on Spark."""
    out, rejects = io.BytesIO(), [rejects_csv(())]
    into_file(prepared(opened(spark, path), Work(MODEL.plan, **asked)), SINKS[suffix], out, rejects.append)
    return out.getvalue(), "".join(rejects)


def put_here(path: str, suffix: str = ".csv", **asked: Any) -> tuple[bytes, str]:
    answer = evaluate(MODEL.plan, MODEL.profiles(path), **asked)
    out = io.BytesIO()
    sink = SINKS[suffix](out)
    sink.add(sink.shaped(answer.table, True))
    sink.close()
    return out.getvalue(), rejects_csv(answer.rejects)


def joined(kinds: list[str]) -> str:
    """Several files in one, below the header of the first."""
    return "".join([*ODD[kinds[0]], *(line for kind in kinds[1:] for line in ODD[kind][1:])])


CSV = {
    "lines apart": joined([key for key in EVERYTHING if key not in ("a byte order mark", "blank lines first")]),
    "a mark, blank lines, other ends": "\ufeff\r\n" + joined(["other line ends"]) + "\r\n\r\n",
    "cells of several lines": joined(["line breaks in a cell"]),
    "a quote where none belongs": joined(["a quote where none belongs"]),
}
SLOW = pytest.mark.slow


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=SLOW) if "quote" in kind else kind for kind in CSV])
def test_a_csv_file_is_read_as_it_is_here(small: Any, tmp_path: Path, kind: str) -> None:
    path = str(tmp_path / "orgs.csv")
    Path(path).write_bytes(CSV[kind].encode().replace(b"Politeknik", b"Politeknik \xe9"))
    form = "long" if kind == "cells of several lines" else "wide"
    assert put(small, path, form=form) == put_here(path, form=form)


def test_a_csv_that_cannot_be_read_is_refused_with_its_place(small: Any, tmp_path: Path) -> None:
    path = tmp_path / "orgs.csv"
    path.write_text("".join(ODD["plain"]) + '"and so on\n', encoding="utf-8")
    with pytest.raises(SusunError) as raised:
        put(small, str(path))
    assert raised.value.diagnostics == read(path)[1]


def test_a_file_of_another_format_holds_the_same(small: Any, tmp_path: Path) -> None:
    path = as_file(messy(), tmp_path)
    found, wanted = put(small, path, ".parquet"), put_here(path, ".parquet")
    alike(*(parquet.read_table(io.BytesIO(content)) for content in (found[0], wanted[0])))
    assert found[1] == wanted[1]


@pytest.mark.parametrize("suffix", [".csv", pytest.param(".parquet", marks=SLOW)])
def test_a_folder_holds_the_same_as_a_file(small: Any, tmp_path: Path, suffix: str) -> None:
    path = as_file(messy(), tmp_path)
    asked = prepared(opened(small, path), Work(MODEL.plan, form="long" if suffix == ".csv" else "wide"))
    rejects = [rejects_csv(())]
    folder = f"file:{tmp_path}/out{suffix}"
    statuses = into_folder(asked, folder, rejects.append if suffix == ".csv" else None)
    answer = evaluate(MODEL.plan, MODEL.profiles(path), form=asked.work.form)
    assert statuses == answer.statuses
    assert suffix != ".csv" or "".join(rejects) == rejects_csv(answer.rejects)
    parts = sorted((tmp_path / f"out{suffix}").glob("part-*"))
    assert len(parts) > 1
    found = pa.concat_tables([_csv(part, answer.table.schema) if suffix == ".csv" else parquet.read_table(part) for part in parts])
    alike(found.drop_columns([name for name in ("input_row", "place") if name in found.column_names]), answer.table)
    with pytest.raises(Exception) as raised:
        into_folder(asked, folder, None)
    assert [(item.code, item.values["why"]) for item in reason_of(raised.value)] == [("X201", "exists")]


def _csv(path: Path, schema: pa.Schema) -> pa.Table:
    types = {field.name: field.type for field in schema}
    return csv.read_csv(
        path, convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=False)
    )


def test_several_files_of_csv_and_other_formats_are_refused(small: Any, tmp_path: Path) -> None:
    (tmp_path / "many.csv").mkdir()
    for name in "ab":
        (tmp_path / "many.csv" / f"{name}.csv").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "semi.csv").write_text(SAMPLE.read_text(encoding="utf-8").replace(";", "|").replace(",", ";"), encoding="utf-8")
    for name, code in (("many.csv", "X411"), ("semi.csv", "X410"), ("orgs.xlsx", "X412")):
        with pytest.raises(SusunError, match=code):
            opened(small, str(tmp_path / name))
