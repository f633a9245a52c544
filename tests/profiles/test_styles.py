"""However a file is written, its cells mean the same; however it is damaged, no row is lost and nothing of a wrong type is taken."""

from __future__ import annotations

import csv
import io
import os
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnostics import Diagnostic, errors
from engine.feel.arrays import to_values
from engine.profiles.convert import convert, match
from engine.profiles.csv_file import read_csv
from engine.profiles.dialect import dialect_of, mended, plain, without_declaration
from engine.profiles.numerals import CURRENCIES, LOCALES, Written, one
from engine.profiles.sheet import Sheet
from engine.profiles.table import Profiles
from tests.profiles.small import INPUTS, rejected
from tests.profiles.styles import STYLES, Style, damaged, organisations, written

MANY = int(os.environ.get("SUSUN_DAMAGED", "20000"))


def read(data: bytes) -> tuple[Profiles | None, list[str]]:
    return read_sheet(*read_csv("orgs.csv", data))


def read_sheet(sheet: Sheet | None, found: list[Diagnostic]) -> tuple[Profiles | None, list[str]]:
    if sheet is None:
        return None, [item.code for item in found]
    profiles, more = convert(sheet, INPUTS)
    found = [*found, *more]
    for item in found:
        assert item.render("en") and item.render("id")
    assert (profiles is None) == bool(errors(found))
    return profiles, [item.code for item in found]


def contents(profiles: Profiles) -> dict[str, list[object]]:
    return {name: to_values(profiles.columns[name], profiles.size) for name in INPUTS.all}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_file_means_the_same_however_it_is_written(encoding: str) -> None:
    rows = organisations(random.Random(7), 40)
    wanted = {name: [row[name] for row in rows] for name in INPUTS.all}
    styles = [style for style in STYLES if style.encoding == encoding]
    assert len(styles) >= 20
    for style in styles:
        profiles, codes = read(written(rows, style))
        assert profiles is not None, (style, codes)
        assert not profiles.rejects, (style, [item.diagnostic.render() for item in profiles.rejects][:3])
        assert contents(profiles) == wanted, style
        plainly = encoding.startswith("utf-8") and (style.delimiter, style.quote) == (",", '"')
        assert ("P115" in codes or "P116" in codes) == (not plainly)
        assert ("P117" in codes) == (style.locale == "id")


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(-(10**12), 10**12, places=3, allow_nan=False),
    st.sampled_from(("en", "id")),
    st.booleans(),
    st.sampled_from(("{}", "Rp {}", "Rp{}", "IDR {}", "{} IDR", "US${}", " {} ", "\u00a0{}", "{} €", "Rp. {},-")),
)
def test_any_number_in_a_declared_locale_reads_back_exactly(value, locale, grouped, around) -> None:  # type: ignore[no-untyped-def]
    text = f"{value:,}" if grouped else f"{value:f}"
    text = around.format(text.translate(str.maketrans(",.", ".,")) if locale == "id" else text)
    inputs = type(INPUTS)({**INPUTS.all}, currency=None)
    sheet, _ = read_csv("orgs.csv", f"org_id\temployees\tbudget\na\t5\t{text}\n".encode())
    assert sheet is not None
    profiles, _ = convert(sheet, inputs, locale=locale)
    assert profiles is not None
    assert contents(profiles)["budget"] == [float(value)], [item.diagnostic.render() for item in profiles.rejects]
    assert one(INPUTS.all["budget"], text.strip(), locale) == float(value), "one text is read as a column is"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.text("0123456789.,-+eE%$Rp jtbkK", max_size=9), min_size=1, max_size=8),
    st.builds(Written, st.sampled_from(LOCALES), st.booleans()),
    st.integers(1, 7),
)
def test_a_piece_of_a_file_is_read_as_the_whole_once_its_locale_is_settled(texts, written_, cut) -> None:  # type: ignore[no-untyped-def]
    def values(lines: list[str], locales: dict[str, Written]) -> list[object]:
        out = io.StringIO()
        csv.writer(out).writerows([["org_id", "employees", "budget", "visual"], *[[i, 5, text, text] for i, text in enumerate(lines)]])
        sheet, _ = read_csv("orgs.csv", out.getvalue().encode())
        assert sheet is not None
        profiles, _ = convert(sheet, inputs, locales=locales)
        assert profiles is not None
        found = dict(zip(profiles.rows.tolist(), zip(contents(profiles)["budget"], contents(profiles)["visual"], strict=True), strict=True))
        return [found.get(row, "rejected") for row in range(len(lines))]

    inputs = type(INPUTS)({**INPUTS.all}, currency=None)
    frozen = {"budget": written_, "visual": written_}
    whole = values(texts, frozen)
    pieces = [values(piece, frozen) for piece in (texts[:cut], texts[cut:]) if piece]
    assert whole == [value for piece in pieces for value in piece]


# -- damage


def records(data: bytes) -> list[list[str]]:
    """The records of a file by another reader, in the dialect that was found."""
    dialect = dialect_of(data)
    body = without_declaration(mended(plain(data, dialect.encoding)).lstrip(b"\r\n")).lstrip(b"\r\n")
    reader = csv.reader(io.StringIO(body.decode(), newline=""), delimiter=dialect.delimiter, quotechar=dialect.quote)
    return [row for row in reader if row]


def check(data: bytes) -> bool:
    """Whether the file was read; every row of it is accepted with values that stand in its cells, or rejected."""
    sheet, said = read_csv("orgs.csv", data)
    profiles, codes = read_sheet(sheet, said)
    if profiles is None or sheet is None:
        assert codes
        return False
    head, *lines = records(data)
    gone = rejected(profiles)
    assert profiles.read == len(lines) == profiles.size + len(gone), "no row is lost"
    assert not gone & set(profiles.rows.tolist())
    places = {" ".join(name.split()): i for i, name in enumerate(head)}
    names = {key: places[column] for key, column in match(sheet, INPUTS)[0].items()}
    found = contents(profiles)
    ids = found["org_id"]
    assert None not in ids and len(set(ids)) == len(ids)
    for place, row in enumerate(profiles.rows.tolist()):
        for name, item in INPUTS.all.items():
            value, text = found[name][place], lines[row][names[name]].strip() if name in names else ""
            if name == "currency" and not text:
                continue  # an amount may give it
            assert (value is None) == (not text) or (name == "goals" and not text.strip("; ")), (name, text, value)
            if value is not None:
                check_value(item, name, value, text)
    return True


def check_value(item, name, value, text) -> None:  # type: ignore[no-untyped-def]
    kind = item.type.kind
    if kind == "number":
        assert item.type.low <= value <= item.type.high and (not item.type.integer or value == int(value))
        assert value in {one(item, text, locale) for locale in ("en", "id")}, (name, text, value)
        letters = re.sub(r"[eE][-+]?\d+|[^A-Za-z]", "", text).lower()
        assert not letters or (name == "budget" and (letters in CURRENCIES or letters in ("us", "ca", "c", "a", "s"))), text
    elif item.type.values is not None:
        assert set(value if isinstance(value, tuple) else (value,)) <= set(item.type.values)
    elif kind == "boolean":
        assert isinstance(value, bool)
    else:
        assert value == text


def damage(count: int, seed: int) -> int:
    read_ = 0
    for i in range(count):
        random_ = random.Random(seed + i)
        style = random_.choice(STYLES)
        data = damaged(written(organisations(random_, random_.randint(1, 8)), style, random_.random() < 0.5), style, random_)
        try:
            read_ += check(data)
        except Exception as error:
            raise AssertionError(f"damaged file {seed + i}, {style}: {data!r}") from error
    return read_


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_file_loses_no_row_and_gives_no_wrong_value(part: int) -> None:
    assert damage(1000, part * 1000) > 320


@pytest.mark.slow
def test_many_damaged_files_lose_no_row_and_give_no_wrong_value() -> None:
    """SUSUN_DAMAGED=100000 for more."""
    assert damage(MANY, 1_000_000) > MANY // 4


def test_the_styles_are_many() -> None:
    assert len(STYLES) > 100 and Style() in STYLES
