"""Texts made a column at a time are those that are made one by one, to the letter."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import load_model, row_columns
from engine.decide import Decisions, decide
from engine.outcome import parts
from engine.outcome.fill import fill_one
from engine.outcome.words import Pool, distinct, joined_words, numbers
from engine.profiles.table import Profiles
from engine.texts import shown
from tests.program import SAMPLE

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**12), 10**12).map(float),
    st.integers(-(10**7), 10**7).map(lambda number: number / 8),
    st.integers(-(10**9), 10**9).map(lambda number: number / 1000),
)


def written(values: list[float], lang: str, decimals: int | None = None) -> list[str]:
    pool = Pool()
    return pool.line(numbers(pool, np.array(values), lang, decimals), len(values)).to_pylist()


@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(["en", "id"]), st.sampled_from([None, 0, 1, 2, 3, 4, 6]))
def test_numbers_are_written_as_one_by_one(values: list[float], lang: str, decimals: int | None) -> None:
    expected = [shown.number(value, lang, decimals) for value in values]
    assert written(values, lang, decimals) == expected


def test_numbers_at_their_limits() -> None:
    values = [0.0, -0.0, 0.005, 0.015, 0.025, 0.00004, -0.00004, 999.95, 999.995, 99.995, 1e15, 1e16, 1e300, 0.01, 0.009999, math.nextafter(100, 0)]
    for lang in ("en", "id"):
        assert written(values, lang) == [shown.number(value, lang) for value in values]


@given(st.lists(st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b;c"])), min_size=4, max_size=4), min_size=1, max_size=4))
def test_what_is_said_to_a_row_is_joined_in_order(columns: list[list[str | None]]) -> None:
    expected = [";".join(cell.replace(";", ",") for cell in row if cell is not None) for row in zip(*columns, strict=True)]
    pool = Pool(lambda text: text.replace(";", ","))
    parts = []
    for column in columns:
        rows = np.array([i for i, cell in enumerate(column) if cell is not None], dtype=np.int64)
        said = [cell for cell in column if cell is not None]
        parts.append((rows, [pool.coded(said, np.arange(len(said)))]))
    assert pool.lines(parts, ";", 4).to_pylist() == expected


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), max_size=20))
def test_words_of_masks(rows: list[list[bool]]) -> None:
    masks = {f"w{i}": np.array(row) for i, row in enumerate(rows)}
    assert joined_words(masks, 3).to_pylist() == [";".join(name for name, mask in masks.items() if mask[i]) for i in range(3)]


@given(st.lists(st.lists(st.integers(-(2**40), 2**40), min_size=5, max_size=5), min_size=1, max_size=5))
def test_rows_of_one_kind_are_equal(keys: list[list[int]]) -> None:
    columns = [np.array(key) for key in keys]
    first, kind = distinct(columns)
    rows = list(zip(*keys, strict=True))
    assert [rows[first[k]] for k in kind] == rows
    assert len(first) == len(set(rows))


@cache
def decided() -> tuple[Profiles, Decisions]:
    model = load_model()
    profiles = model.profiles(SAMPLE)
    return profiles, decide(model.plan, profiles.columns, profiles.size, depth=3)


@pytest.mark.parametrize("lang", ["en", "id"])
def test_every_note_of_the_sample_is_the_sentence_filled_for_that_organisation_alone(lang: str) -> None:
    profiles, many = decided()
    plan = many.plan
    found = parts.notes(many, lang)
    money = parts.currencies(many)
    said = 0
    for row in range(0, many.size, 3):
        one = decide(plan, row_columns(plan, profiles, row), 1, depth=3)

        def value(name: str, one: Decisions = one) -> Any:
            from engine.feel.arrays import to_values

            return to_values(parts.column_of(one, name), 1)[0]

        rules = [plan.rules[id_] for id_ in parts.note_order(plan) if bool(one.notes[id_][0])]
        assert found[row] == [fill_one(plan, rule.because, lang, value, money.words[money.codes[row]]) for rule in rules]
        said += len(rules)
    assert said > 50
