"""Selecting by bits is `np.where`, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import select as module
from engine.feel.select import largest, select

ODD = [0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 5e-324, 1.7976931348623157e308]
N = 4


@pytest.fixture(autouse=True)
def never_small(monkeypatch):
    monkeypatch.setattr(module, "SMALL", 0)


def arrays(kind: type) -> st.SearchStrategy:
    value = {float: st.sampled_from(ODD) | st.floats(), int: st.integers(-(2**63), 2**63 - 1), bool: st.booleans()}[kind]
    shapes = st.sampled_from([(), (N,), (3, 1), (3, N)])
    return shapes.flatmap(
        lambda shape: st.lists(value, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(lambda v: np.array(v, dtype=kind).reshape(shape))
    )


@given(mask=arrays(bool), pair=st.sampled_from([float, int, bool]).flatmap(lambda kind: st.tuples(arrays(kind), arrays(kind))))
def test_as_np_where(mask, pair):
    found, expected = np.asarray(select(mask, *pair)), np.where(mask, *pair)
    assert found.shape == expected.shape and found.dtype == expected.dtype
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("yes, no", [(1, 2), (0, 2), (1.5, 0), (True, 0.5), (np.uint64(3), np.uint64(0)), (np.int8(1), np.int8(2)), ("a", "b")])
def test_plain_values_and_other_kinds(yes, no):
    mask = np.array([True, False, True])
    found, expected = select(mask, yes, no), np.where(mask, yes, no)
    assert found.dtype == expected.dtype and found.tolist() == expected.tolist()


def test_its_arguments_stay_as_they_are():
    yes, no, mask = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([True, False])
    select(mask, yes, no)
    assert yes.tolist() == [1.0, 2.0] and no.tolist() == [3.0, 4.0] and mask.tolist() == [True, False]


@given(st.lists(st.lists(st.floats(allow_nan=False), min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_largest_of_each_column_is_the_first_of_equal_ones(rows: list[list[float]]) -> None:
    values = np.array(rows)
    best, at = largest(values)
    assert (at == values.argmax(axis=0)).all()
    assert (best == values.max(axis=0)).all()
