"""Laws of reading profiles, whatever the values: no row is lost, the order of columns and rows changes nothing else, what is valid comes back."""

from __future__ import annotations

import csv
import io
import math
import re
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnostics import errors
from engine.profiles.table import Profiles
from tests.profiles.small import GOALS, INPUTS, PARTS, SECTORS, load, rejected, values

Row = dict[str, Any]
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)
VALID: dict[str, st.SearchStrategy[Any]] = {
    "name": st.none() | TEXTS,
    "sector": st.none() | st.sampled_from(SECTORS),
    "employees": st.floats(1e-6, 3e6),
    "units": st.none() | st.integers(1, 1000),
    "budget": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "visual": st.none() | st.floats(0, 1),
    "currency": st.none() | st.sampled_from(("IDR", "USD", "CAD")),
    "goals": st.none() | st.lists(st.sampled_from(GOALS), unique=True).map(tuple),
    "parts": st.none() | st.sets(st.sampled_from(PARTS)).map(lambda found: tuple(part for part in PARTS if part in found)),
    "plan": st.none() | st.booleans(),
}
ROWS = st.lists(st.fixed_dictionaries(VALID), min_size=1, max_size=12).map(lambda rows: [{"org_id": f"o{i}", **row} for i, row in enumerate(rows)])
CELLS = st.sampled_from(("", "a", "b", "5", "-5", "abc", "1e400", "NaN", "branding;service", "-", "yes", "company", '"', "x,y", "x\ny", " ")) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=6
)
MODERATE = settings(max_examples=60, deadline=None)


def cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ";".join(value) or "-"
        case float():
            text = repr(value)  # one more zero where the point could be one of thousands
            return f"{text}0" if re.fullmatch(r"-?[1-9][0-9]{0,2}\.[0-9]{3}", text) else text
    return str(value)


def written(names: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()


def from_text(text: str | bytes) -> tuple[Profiles | None, list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orgs.csv")
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return load(path)


def contents(profiles: Profiles) -> dict[str, list[Any]]:
    return {name: values(profiles, name) for name in INPUTS.all}


@MODERATE
@given(ROWS, st.permutations(list(INPUTS.all)))
def test_valid_values_come_back_from_a_file_with_columns_in_any_order(rows: list[Row], order: list[str]) -> None:
    profiles, found = from_text(written(order, [[cell(row[name]) for name in order] for row in rows]))
    assert profiles is not None and not found and not profiles.rejects
    assert profiles.read == profiles.size == len(rows)
    for name, got in contents(profiles).items():
        assert got == [row[name] for row in rows]


@MODERATE
@given(ROWS)
def test_valid_values_come_back_from_memory(rows: list[Row]) -> None:
    profiles, found = load([{key: list(value) if isinstance(value, tuple) else value for key, value in row.items()} for row in rows])
    assert profiles is not None and not found and not profiles.rejects
    for name, got in contents(profiles).items():
        assert got == [row[name] for row in rows]


@MODERATE
@given(st.lists(st.lists(CELLS, min_size=len(INPUTS.all), max_size=len(INPUTS.all)), min_size=1, max_size=8), st.permutations(list(INPUTS.all)))
def test_the_order_of_columns_does_not_matter_even_to_wrong_cells(rows: list[list[str]], order: list[str]) -> None:
    names = list(INPUTS.all)
    places = [names.index(name) for name in order]
    one, _ = from_text(written(names, rows))
    other, _ = from_text(written(order, [[row[place] for place in places] for row in rows]))
    assert one is not None and other is not None
    assert contents(one) == contents(other)
    assert one.rows.tolist() == other.rows.tolist() and one.read == other.read == len(rows)
    assert {(item.row, item.line, item.diagnostic.code) for item in one.rejects} == {(item.row, item.line, item.diagnostic.code) for item in other.rejects}


@MODERATE
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_every_row_is_accepted_or_rejected_with_a_reason(rows: list[list[str]]) -> None:
    """Rows of any number of cells with anything in them."""
    names = ["org_id", "employees", "goals", "plan"]
    profiles, found = from_text(written(names, rows))
    assert profiles is not None and not errors(found)
    assert profiles.read == len(rows) == profiles.size + len(rejected(profiles))
    assert set(range(len(rows))) == rejected(profiles) | set(profiles.rows.tolist())
    assert {row for row, cells in enumerate(rows) if len(cells) != len(names)} <= rejected(profiles)
    raw = [written(cells, []) for cells in rows]
    begins = [2 + sum(text.count("\n") for text in raw[:row]) for row in range(len(rows))]
    assert [item.line for item in profiles.rejects] == [begins[item.row] for item in profiles.rejects]
    ids = values(profiles, "org_id")
    assert len(set(ids)) == len(ids)


@MODERATE
@given(st.binary(max_size=60) | st.text('ab5,;"\n\r\t ', max_size=60).map(str.encode), st.booleans())
def test_no_bytes_break_the_reader(data: bytes, with_header: bool) -> None:
    profiles, found = from_text((b"org_id,employees\n" if with_header else b"") + data)
    assert (profiles is None) == bool(errors(found))
    for item in found:
        assert item.render("en") and item.render("id")
    if profiles is not None:
        assert profiles.read == profiles.size + len(rejected(profiles))


@MODERATE
@given(st.floats())
def test_a_number_is_read_as_python_reads_it_or_rejected(value: float) -> None:
    profiles, _ = load([{"org_id": "a", "employees": 1, "budget": cell(value)}])
    assert profiles is not None
    assert values(profiles, "budget") == ([value] if math.isfinite(value) else [])
