"""A file that is decided in pieces is answered as one that is read whole: whatever the pieces, whatever the rows."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv

from engine import stream
from engine.api import Model, load_model
from engine.batch import evaluate
from engine.outcome.sinks import SINKS
from engine.profiles.pieces import pieces
from engine.profiles.rejects import head_of, rejects_csv
from engine.profiles.seen import Seen, keys_of
from engine.profiles.sources.base import Refused
from engine.profiles.sources.streams import Counted, Whole
from engine.profiles.sources.text import Text
from tests.program import SAMPLE


@cache
def model() -> Model:
    return load_model()


LINES = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)


def cut(data: bytes, size: int) -> list[bytes]:
    return [piece.body for piece in pieces(io.BytesIO(data), 0, 0, size=size)]


@given(st.lists(st.text(st.sampled_from('ab,"\n'), max_size=8), max_size=12), st.integers(1, 40))
def test_pieces_are_the_whole_and_end_where_records_end(cells: list[str], size: int) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' if set(cell) & set(',"\n') else cell for cell in cells]
    data = "".join(f"{cell},x\n" for cell in quoted).encode()
    found = cut(data, size)
    assert b"".join(found) == data
    assert all(piece.count(b'"') % 2 == 0 and piece.endswith(b"\n") for piece in found)


@given(st.binary(max_size=60).map(lambda raw: raw.replace(b"\r", b"\n")), st.integers(1, 20))
def test_no_byte_is_lost_whatever_the_file(data: bytes, size: int) -> None:
    assert b"".join(cut(data, size)) == data


def text(data: bytes, again: bool = True) -> Text:
    raw = Counted("orgs.csv", io.BytesIO(data))
    return Text("orgs.csv", Whole("orgs.csv", raw), raw, len(data), (lambda start, size: data[start : start + size]) if again else None)


def answered(data: bytes, size: int, monkeypatch: pytest.MonkeyPatch, again: bool = True, form: str = "wide") -> tuple[bytes, str]:
    """The output and the rejects of a file decided in pieces of some size."""
    monkeypatch.setattr("engine.profiles.pieces.SIZE", size)
    asked = stream.Asked(model().plan, "orgs.csv", SINKS[".csv"].shaped, form=form)
    found = list(stream.run(asked, text(data, again), 1))
    rejects = b"".join([head_of(False), *(done.rejects[""].text(done.row) for _, done in found)])
    return b"".join(done.content for _, done in found), rejects.decode()


def whole(tmp_path: Path, data: bytes, form: str = "wide") -> tuple[bytes, str]:
    (tmp_path / "orgs.csv").write_bytes(data)
    answer = evaluate(model().plan, model().profiles(tmp_path / "orgs.csv"), form=form)
    out = io.BytesIO()
    csv.write_csv(answer.table, out, csv.WriteOptions(quoting_style="needed"))
    return out.getvalue(), rejects_csv(answer.rejects)


ODD = {
    "plain": LINES,
    "the same ids again": [*LINES, *LINES[1:6], *LINES[40:44]],
    "cells too many and too few": [*LINES[:20], "a,b\n", *LINES[20:50], LINES[50].rstrip("\n") + ",,,,,,\n", *LINES[51:]],
    "empty lines": [*LINES[:10], "\n", "\n", *LINES[10:60], "\n", *LINES[60:]],
    "line breaks in a cell": [*LINES[:30], 'x1,"Two\nlines\n\nand more",university' + "," * (LINES[0].count(",") - 2) + "\n", *LINES[30:], *LINES[12:14]],
    "a quote where none belongs": [*LINES[:30], 'x2,Five" screen,university' + "," * (LINES[0].count(",") - 2) + "\n", *LINES[30:], *LINES[12:14]],
    "nothing but empty lines for a while": [LINES[0], "\n" * 9000, *LINES[1:], "\n" * 9000, *LINES[9:12]],
    "no line break at the end": [*LINES[:-1], LINES[-1].rstrip("\n")],
    "other line ends": [line.replace("\n", "\r\n") for line in [*LINES, *LINES[3:5]]],
    "wrong cells": [line.replace("university", "universe") for line in [*LINES, *LINES[2:4]]],
    "a byte order mark": ["\ufeff" + LINES[0], *LINES[1:], *LINES[9:12]],
    "blank lines first": ["\n", "\r\n", *LINES, *LINES[9:12]],
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("size", [1500, 4000])
def test_pieces_are_answered_as_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, size: int) -> None:
    data = "".join(ODD[kind]).encode()
    assert answered(data, size, monkeypatch) == whole(tmp_path, data)


def test_the_long_format_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = "".join(ODD["the same ids again"]).encode()
    assert answered(data, 3000, monkeypatch, form="long") == whole(tmp_path, data, "long")


@pytest.mark.parametrize("kind", ["the same ids again", "line breaks in a cell", "blank lines first", "other line ends"])
def test_a_stream_that_cannot_be_read_again_names_the_same_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    data = "".join(ODD[kind]).encode()
    assert answered(data, 1500, monkeypatch, again=False) == whole(tmp_path, data)


@pytest.mark.parametrize(("data", "code"), [(b"", "P104"), (b"\n\n", "P104"), (LINES[0].encode(), "P105"), (b"a,b\n1,2\n", "P203"), (b"a,a\n1,2\n", "P201")])
def test_what_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        answered(data, 1000, monkeypatch)
    assert code in [item.code for item in refused.value.found]


def test_a_byte_that_is_no_text_rejects_its_row_at_its_line_in_a_later_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "".join(LINES).encode()
    at = data.index(LINES[60].encode())
    output, rejects = answered(data[:at] + b"\xe9" + data[at:], 1500, monkeypatch)
    assert len(output.splitlines()) == len(LINES)
    assert [line.split(",")[:2] for line in rejects.splitlines()[1:]] == [["61", "60"]]


# -- ids that have been seen


@settings(max_examples=60)
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=12), max_size=12))
def test_an_id_is_found_again_at_the_row_that_had_it_first(parts: list[list[str | None]]) -> None:
    seen, first, start = Seen(), dict[str, int](), 0
    for part in parts:
        expected = {i: first[text] for i, text in enumerate(part) if text is not None and text in first}
        assert seen.add(keys_of(pa.array(part, pa.string())), start) == expected
        for i, text in enumerate(part):
            if text is not None:
                first.setdefault(text, start + i)
        start += len(part)


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 300), max_size=40), max_size=30), st.integers(1, 60), st.integers(1, 9))
def test_ids_that_went_to_disk_are_found_there(parts: list[list[int]], in_memory: int, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.profiles.seen.IN_MEMORY", in_memory)
        patch.setattr("engine.profiles.seen.BLOCK", block)
        seen, first, start = Seen(), dict[int, int](), 0
        for part in parts:
            expected = {i: first[number] for i, number in enumerate(part) if number in first}
            assert seen.add(keys_of(pa.array([f"id {number}" for number in part], pa.string())), start) == expected
            for i, number in enumerate(part):
                first.setdefault(number, start + i)
            start += len(part)


def test_keys_tell_texts_apart_wherever_they_stand() -> None:
    texts = [*(f"{i:x}" for i in range(100_000)), "", *("a" * i for i in range(1, 300)), *("\0" * i for i in range(1, 50))]
    keys = keys_of(pa.array(texts))
    assert len(np.unique(keys)) == len(set(texts))
    assert np.array_equal(keys_of(pa.array(texts).slice(7, 500)), keys[7:507])
    assert np.array_equal(keys_of(pa.array(texts, pa.large_string())), keys)
