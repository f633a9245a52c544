"""Inputs of every kind, and whatever is asked of them, are answered in pieces as they are answered whole; half an input is never answered."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from cli import susun
from engine.commands.common import Stop
from engine.outcome.sinks import SINKS
from engine.profiles.csv_file import read_csv
from engine.profiles.dialect import plain
from engine.profiles.read import read
from engine.profiles.sheet import Sheet
from engine.profiles.sources.base import Refused
from engine.profiles.sources.opened import opened
from engine.profiles.sources.streams import Counted, Decoded, Whole
from engine.profiles.sources.text import Text
from tests.profiles.styles import STYLES, damaged, organisations, written
from tests.profiles.test_styles import MANY
from tests.program import CLI, SAMPLE, environment, run


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def text_source(data: bytes) -> Text:
    raw = Counted("orgs.csv", io.BytesIO(data))
    return Text("orgs.csv", Whole("orgs.csv", raw), raw, len(data), None)


def cells(sheet: Sheet | None) -> Any:
    assert sheet is not None
    return [(name, column.to_pylist()) for name, column in sheet.columns.items()]


# -- text


TEXTS = st.text(st.sampled_from("aé,;\t|'\"\n\r 日😀\x85\x00"), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "sep=", "\n\n"]),
    st.integers(1, 60),
)
def test_a_text_of_any_dialect_in_pieces_is_the_whole(rows: list[list[str]], delimiter: str, encoding: str, end: str, front: str, size: int) -> None:
    out = io.StringIO()
    if front:
        out.write(front + (delimiter if front == "sep=" else "") + end)
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([["org_id", "name", "note"], *rows])
    check_pieces(out.getvalue().encode(encoding, "replace"), size)


def check_pieces(data: bytes, size: int) -> None:
    """The pieces of some size of a file are the whole file, or fail for the same reason."""
    wanted, wrong = read_csv("orgs.csv", data)
    source = text_source(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.profiles.pieces.SIZE", size)
        found = [(piece, *source.reader.sheet(piece)) for piece in source.pieces()]
    if wanted is None:
        told = [item for _, sheet, items in found if sheet is None for item in items] or source.nothing()
        text = source.reader.header + b"".join(piece.body for piece, _, _ in found)
        if text.count(b"\r") == text.count(b"\r\n"):  # the place of a quote counts line breaks only, a piece also counts lone returns
            assert [item.render() for item in told][:1] == [item.render() for item in wrong][:1]
        assert [item.code for item in told][:1] == [item.code for item in wrong][:1]
        return
    sheets = [sheet for _, sheet, _ in found]
    assert all(sheet is not None for sheet in sheets)
    assert source.said == wrong
    for name, column in wanted.columns.items():
        assert [value for sheet in sheets if sheet for value in sheet.columns[name].to_pylist()] == column.to_pylist()
    assert [line for sheet in sheets if sheet for line in sheet.line_of(range(sheet.size))] == list(wanted.line_of(range(wanted.size)))
    starts = [sum(sheet.size for sheet in sheets[:i] if sheet) for i in range(len(sheets))]
    broken = [(item.row + start, item.diagnostic.code, item.text) for start, sheet in zip(starts, sheets, strict=True) if sheet for item in sheet.broken]
    assert sorted(broken) == sorted((item.row, item.diagnostic.code, item.text) for item in wanted.broken)
    for piece, sheet, _ in found:
        assert sheet is None or source.reader.rows(piece) in (None, sheet.size)


def damaged_in_pieces(count: int, seed: int) -> None:
    for i in range(count):
        chance = random.Random(seed + i)
        style = chance.choice(STYLES)
        data = damaged(written(organisations(chance, chance.randint(1, 8)), style, chance.random() < 0.5), style, chance)
        try:
            check_pieces(data, chance.randint(1, 300))
        except Exception as error:
            raise AssertionError(f"damaged file {seed + i}, {style}: {data!r}") from error


def test_a_damaged_file_in_pieces_is_the_whole() -> None:
    damaged_in_pieces(400, 0)


@pytest.mark.slow
def test_many_damaged_files_in_pieces_are_the_whole() -> None:
    """SUSUN_DAMAGED=100000 for more."""
    damaged_in_pieces(MANY, 1_000_000)


@given(st.binary(max_size=80), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "windows-1252"]), st.integers(1, 30))
def test_bytes_of_any_encoding_are_decoded_in_parts_as_in_one(data: bytes, encoding: str, size: int) -> None:
    marked = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"") + data
    stream, parts = Decoded(Whole("x", io.BytesIO(marked)), encoding), []
    while part := stream.read(size):
        parts.append(part)
    assert all(len(part) == size for part in parts[:-1])
    assert b"".join(parts) == plain(marked, encoding)


def test_how_numbers_are_written_is_settled_from_as_many_rows_as_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank lines and lines within a cell are no rows."""
    monkeypatch.setattr("engine.profiles.sources.text.SAMPLE", 20)
    monkeypatch.setattr("engine.profiles.sources.text.HEADER", 100)
    body = "".join(f'a{i},"x\n\n\ny",5\n\n' for i in range(40))
    sheet = text_source(f"org_id,name,employees\n{body}".encode()).sample()
    assert sheet is not None and 20 <= sheet.size < 40


# -- tables and lines


def arrow_table() -> pa.Table:
    return pa.table(
        {
            "org_id": [f"o{i}" for i in range(95)],
            "name": pa.array([None if i % 7 == 0 else f"N{i}" for i in range(95)]).dictionary_encode(),
            "sector": pa.array(["school", "nonprofit", "startup", "bad", None][i % 5] for i in range(95)).dictionary_encode(),
            "employees": pa.array([i + 0.5 for i in range(95)], pa.float32()),
            "annual_budget": pa.array([None if i % 9 == 0 else i * 10**9 for i in range(95)]).cast(pa.decimal128(24, 2)),
            "founded": pa.array([i * 86_400_000 for i in range(95)], pa.timestamp("ms")),
            "note": [f"=1+{i}" for i in range(95)],
        }
    )


def write_stream(table: pa.Table, path: Path, opening: Callable[..., Any], rows: int) -> None:
    with pa.OSFile(str(path), "wb") as file, opening(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)


KINDS: dict[str, Callable[[pa.Table, Path], None]] = {
    "one.parquet": lambda table, path: parquet.write_table(table, path),
    "groups.parquet": lambda table, path: parquet.write_table(table, path, row_group_size=3),
    "file.arrow": lambda table, path: write_stream(table, path, pa.ipc.new_file, 4),
    "file.feather": lambda table, path: write_stream(table, path, pa.ipc.new_file, 200),
    "stream.arrows": lambda table, path: write_stream(table, path, pa.ipc.new_stream, 4),
    "lines.jsonl": lambda table, path: table.drop_columns(["founded", "annual_budget"]).to_pandas().to_json(path, orient="records", lines=True),
    "list.json": lambda table, path: table.drop_columns(["founded", "annual_budget"]).to_pandas().to_json(path, orient="records"),
    "book.xlsx": lambda table, path: table.to_pandas().to_excel(path, index=False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_of_any_kind_in_pieces_is_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:

    for name in ("engine.profiles.sources.tables.ROWS", "engine.profiles.sources.whole.ROWS"):
        monkeypatch.setattr(name, 10)
    monkeypatch.setattr("engine.profiles.pieces.SIZE", 500)
    path = tmp_path / kind
    KINDS[kind](arrow_table(), path)
    whole, _ = read(path)
    assert whole is not None
    for packed in (False, True):
        if packed:
            path = tmp_path / f"{kind}.gz"
            path.write_bytes(gzip.compress((tmp_path / kind).read_bytes()))
        with opened(str(path)) as source:
            assert cells(source.sample())[0][1][:10] == [f"o{i}" for i in range(10)]
            found = [(piece, source.reader.sheet(piece)[0]) for piece in source.pieces()]
            assert len(found) > 5
            for name, column in whole.columns.items():
                assert [value for _, sheet in found if sheet for value in sheet.columns[name].to_pylist()] == column.to_pylist()
            assert [line for _, sheet in found if sheet for line in sheet.line_of(range(sheet.size))] == list(whole.line_of(range(whole.size)))
            assert [source.reader.rows(piece) for piece, _ in found] == [sheet.size for _, sheet in found if sheet]
            assert source.rows in (None, 95)


def test_only_what_is_asked_for_is_read_of_a_parquet_file(tmp_path: Path) -> None:
    KINDS["groups.parquet"](arrow_table(), tmp_path / "orgs.parquet")
    with opened(str(tmp_path / "orgs.parquet")) as source:
        source.sample()
        source.use({"org_id", "employees"})
        (piece,) = source.pieces()
        sheet, _ = source.reader.sheet(piece)
    assert sheet is not None and list(sheet.columns) == arrow_table().column_names
    assert {name for name, column in sheet.columns.items() if column.null_count < sheet.size} == {"org_id", "employees"}
    assert pa.ipc.open_stream(piece.body).read_all().column_names == ["org_id", "employees"]


def test_a_key_of_json_lines_may_come_late_and_mistakes_have_their_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.profiles.pieces.SIZE", 200)
    monkeypatch.setattr("engine.profiles.sources.lines.SAMPLE", 5)
    monkeypatch.setattr("engine.profiles.sources.lines.BLOCK", 300)
    rows: list[Any] = [{"org_id": f"o{i}", "employees": i, "sector": "school"} for i in range(30)]
    for row in rows[20:]:
        row["followers_total"] = 5000
    path = tmp_path / "orgs.jsonl"
    path.write_text("\n\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    with opened(str(path)) as source:
        source.sample()
        found = [source.reader.sheet(piece)[0] for piece in source.pieces()]
    assert [line for sheet in found if sheet for line in sheet.line_of(range(sheet.size))] == list(range(1, 61, 2))
    assert "followers_total" not in found[0].columns and found[-1].columns["followers_total"].to_pylist() == [5000] * found[-1].size
    for wrong, code in (("{'a': 1}", "P111"), ("[1]", "P112")):
        path.write_text("\n".join([*(json.dumps(row) for row in rows), wrong]), encoding="utf-8")
        with opened(str(path)) as source:
            source.sample()
            told = [item for piece in source.pieces() for item in source.reader.sheet(piece)[1]]
        assert [item.code for item in told] == [code]
        assert "31" in told[0].render()


# -- the command


def rows_of(path: Path, count: int) -> str:
    """The sample many times over, some rows of it bad."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [lines[0]]
    for i in range(count):
        line = lines[1 + i % (len(lines) - 1)]
        found.append(f"x{i % (count - 5)}," + line.split(",", 1)[1] if i % 13 else line)
    text = "".join(found)
    path.write_text(text, encoding="utf-8")
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pieces")
    data = rows_of(folder / "orgs.csv", 150).encode()
    (folder / "orgs.csv.gz").write_bytes(gzip.compress(data))
    (folder / "orgs.csv.zst").write_bytes(zstd(data))
    (folder / "scenarios.yaml").write_text(
        "scenarios:\n  - {id: rich, label: {en: Rich, id: Kaya}, set: {social_budget_month: 2 * social_budget_month}}\n"
        "  - {id: few, label: {en: Few, id: Sedikit}, set: {employees: employees - 50}}\n",
        encoding="utf-8",
    )
    return folder


ASKED = {
    "rows": [],
    "long": ["--format", "long", "--method", "topsis"],
    "a change": ["--set", "employees := employees - 20"],
    "scenarios": ["--scenario", "scenarios.yaml"],
    "groups": ["--group-by", "sector"],
    "groups of scenarios": ["--scenario", "scenarios.yaml", "--group-by", "region"],
    "scenarios alone": ["--scenario", "scenarios.yaml", "--group-by", "scenario"],
    "another column": ["--keep", "region,name", "--robustness", "--samples", "20"],
}


def evaluated(*arguments: str) -> int:
    """The command in this process, for what need not be a process of its own."""
    code: int = susun.main(["evaluate", *arguments, "--jobs", "1"], standalone_mode=False)
    return code


@pytest.mark.parametrize("asked", ASKED)
def test_whatever_is_asked_is_answered_in_pieces_as_in_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, asked: str, capfd: pytest.CaptureFixture[str]
) -> None:
    found = []
    monkeypatch.chdir(folder)
    for size in (1 << 21, 12_000):
        monkeypatch.setattr("engine.profiles.pieces.SIZE", size)
        code = evaluated("orgs.csv", *ASKED[asked], "-o", "out.csv", "--rejects", "rejects.csv")
        found.append((code, (folder / "out.csv").read_bytes(), (folder / "rejects.csv").read_bytes(), capfd.readouterr().err))
    assert found[0] == found[1]
    assert found[0][0] == 0 and b"P311" in found[0][2]


def test_archives_and_standard_input_are_answered_like_the_file(folder: Path) -> None:
    wanted = run(folder, "evaluate", "orgs.csv", "-o", "-", "--jobs", "2")
    assert wanted.code == 0
    assert run(folder, "evaluate", "orgs.csv.gz", "-o", "-").out == wanted.out
    with (folder / "orgs.csv.zst").open("rb") as stream:
        done = subprocess.run([sys.executable, str(CLI), "evaluate", "-", "-o", "-"], stdin=stream, capture_output=True, env=environment(), cwd=folder)
    assert done.stdout.decode() == wanted.out


def read_back(ending: str, data: bytes) -> list[Any]:
    data = gzip.decompress(data) if ending.endswith(".gz") else data
    data = bytes(pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()) if ending.endswith(".zst") else data
    if ".csv" in ending:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]
    if ".jsonl" in ending:
        return [json.loads(line) for line in data.decode().split("\n")[:-1]]
    if ending == ".parquet":
        return parquet.read_table(pa.BufferReader(data)).to_pylist()
    opening = pa.ipc.open_stream if ending == ".arrows" else pa.ipc.open_file
    return opening(pa.BufferReader(data)).read_all().to_pylist()


@pytest.mark.parametrize("ending", SINKS)
def test_every_format_of_output_holds_what_was_answered(ending: str) -> None:
    texts = ["plain", None, 'a "quoted", one', "two\nlines", "tab\tand \\ and \x01", "é日😀", "=1+1"] * 3
    numbers = [0.1, None, 12.0, -3.5, 1e300, 1e-7, float(2**60)] * 3
    kinds = {"text": pa.array(texts), "number": pa.array(numbers), "yes": pa.array([True, None, False] * 7), "count": pa.array(range(21))}
    table = pa.table({**kinds, "word": pa.array(["x", None, "y"] * 7).dictionary_encode()})
    out = io.BytesIO()
    sink = SINKS[ending](out)
    for start in range(0, 21, 9):
        sink.add(sink.shaped(table.slice(start, 9), start == 0))
    sink.close()
    found, wanted = read_back(ending, out.getvalue()), table.to_pylist()
    if ".csv" not in ending:
        assert found == wanted
        return
    assert [row["text"] for row in found] == [text and text.replace("=1+1", "'=1+1") for text in texts]
    assert [row["number"] and float(row["number"]) for row in found] == numbers and [row["word"] for row in found] == [row["word"] for row in wanted]


def test_standard_output_takes_the_format_that_is_asked_for(folder: Path) -> None:
    found = run(folder, "evaluate", "orgs.csv", "-o", "-", "--to", "jsonl")
    assert found.code == 0 and len([json.loads(line) for line in found.out.splitlines()]) == 150
    wrong = run(folder, "evaluate", "orgs.csv", "-o", "o.csv", "--to", "jsonl")
    assert wrong.code == 2 and "X113" in wrong.err


@pytest.mark.parametrize(("name", "cut"), [("orgs.csv.gz", 0.5), ("orgs.csv.gz", -3), ("orgs.csv.zst", 0.5)])
def test_an_archive_that_is_cut_off_is_said_and_leaves_nothing(folder: Path, tmp_path: Path, name: str, cut: float) -> None:
    data = (folder / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * cut) if isinstance(cut, float) else int(cut)])
    (tmp_path / "out.csv").write_text("as it was")
    done = run(tmp_path, "evaluate", name, "-o", "out.csv", "--rejects", "rejects.csv")
    assert done.code == 2 and "P130" in done.err and "X201" not in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "out.csv"])
    assert (tmp_path / "out.csv").read_text() == "as it was"


class Failing(io.BytesIO):
    """A disk that stops."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 9_000:
            raise OSError(5, "Input/output error")
        return super().read(min(3_000, size) if size and size > 0 else 3_000)


def test_a_disk_that_stops_is_said_of_the_input(folder: Path) -> None:
    raw = Counted("orgs.csv", Failing((folder / "orgs.csv").read_bytes()))
    with pytest.raises(Refused) as refused:
        Text("orgs.csv", Whole("orgs.csv", raw), raw, 0, None)
    assert [item.code for item in refused.value.found] == ["P103"] and "Input/output error" in refused.value.found[0].render()


def test_rows_that_are_lost_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("engine.profiles.sources.text.TextReader.rows", lambda *_: 151)
    with pytest.raises(Stop) as stopped:
        evaluated("orgs.csv", "-o", "lost.csv")
    assert stopped.value.code == 1 and "X240" in capfd.readouterr().err and not (folder / "lost.csv").exists()
