"""`Model.evaluate` answers a DataFrame by what its cells say, whatever types pandas keeps them in; a wrong argument is a SusunError."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from engine.api import SusunError, load_model
from tests.program import SAMPLE

MODEL = load_model()
COLUMNS = ["org_id", "name", "sector", "employees", "followers_total", "goals", "strategy_written", "visual_share", "region"]
TEXTS = pd.read_csv(SAMPLE, dtype=str, keep_default_na=False)[COLUMNS].head(25)
NUMBERS, YES_NO = ["employees", "followers_total", "visual_share"], ["strategy_written"]
TRUE = {"yes": True, "no": False}


def numbers(kind: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.assign(**{name: pd.to_numeric(frame[name]).astype(kind) for name in NUMBERS})


def booleans(kind: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.assign(**{name: pd.array([TRUE.get(text) for text in frame[name]], dtype=kind) for name in YES_NO})


def mixed(frame: pd.DataFrame) -> pd.DataFrame:
    """Every other number a text, a Python number, or a NumPy number."""

    def cell(i: int, text: str) -> Any:
        return text if not text or i % 3 == 0 else float(text) if i % 3 == 1 else np.float64(text)

    return frame.assign(**{name: pd.Series([cell(i, text) for i, text in enumerate(frame[name])], dtype=object) for name in NUMBERS})


TYPES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "NumPy floats": numbers("float64"),
    "nullable floats": numbers("Float64"),
    "Arrow floats": numbers(pd.ArrowDtype(pa.float64())),
    "decimals": numbers(pd.ArrowDtype(pa.decimal128(26, 4))),
    "categories of numbers": lambda frame: numbers("float64")(frame).astype(dict.fromkeys(NUMBERS, "category")),
    "nullable whole numbers": lambda frame: frame.assign(followers_total=pd.to_numeric(frame["followers_total"]).astype("Int64")),
    "nullable booleans": booleans("boolean"),
    "Arrow booleans": booleans(pd.ArrowDtype(pa.bool_())),
    "objects of booleans": booleans(object),
    "categories": lambda frame: frame.astype("category"),
    "Arrow texts": lambda frame: frame.astype(pd.ArrowDtype(pa.string())),
    "Arrow large texts": lambda frame: frame.astype(pd.ArrowDtype(pa.large_string())),
    "Arrow dictionaries": lambda frame: frame.astype(pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))),
    "texts of pandas": lambda frame: frame.replace("", pd.NA).astype("string"),
    "objects with missing": lambda frame: frame.replace("", None),
    "objects of all kinds": mixed,
    "lists": lambda frame: frame.assign(goals=[text.split(";") if text else None for text in frame["goals"]]),
    "another index": lambda frame: frame.set_index(pd.Index(range(100, 125))),
    "dates beside": lambda frame: frame.assign(since=pd.Timestamp("2020-01-01"), zone=pd.Timestamp("2020-01-01", tz="Asia/Jakarta"), took=pd.Timedelta(1, "h")),
    "periods and sparse beside": lambda frame: frame.assign(p=pd.period_range("2020", periods=25), s=pd.arrays.SparseArray([0, 1] * 12 + [0])),
}
PLAIN = MODEL.evaluate(TEXTS)


@pytest.mark.parametrize("types", TYPES)
def test_a_frame_is_answered_by_what_it_says(types: str) -> None:
    pd.testing.assert_frame_equal(MODEL.evaluate(TYPES[types](TEXTS)), PLAIN)


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ({"form": "tall"}, '"wide", "long"'),
        ({"lang": "fr"}, '"en", "id"'),
        ({"locale": "de"}, '"en", "id"'),
        ({"samples": 2.5, "robustness": True}, "whole number"),
        ({"seed": "1", "robustness": True}, "whole number"),
        ({"top": 0}, "whole number"),
        ({"top": True}, "whole number"),
        ({"scenarios": [1]}, "scenario"),
        ({"method": 3}, "text"),
    ],
    ids=str,
)
def test_a_wrong_argument_is_said(argument: dict[str, Any], says: str) -> None:
    with pytest.raises(SusunError) as error:
        MODEL.evaluate(TEXTS, **argument)
    (found,) = error.value.diagnostics
    assert found.code == "X233" and repr(next(iter(argument.values()))) in found.render() and says in found.render()
    assert next(iter(argument)) in found.render("id")


def test_columns_of_several_levels_are_said() -> None:
    frame = TEXTS.copy()
    frame.columns = pd.MultiIndex.from_product([["a"], frame.columns])
    with pytest.raises(SusunError) as error:
        MODEL.evaluate(frame)
    assert [item.code for item in error.value.diagnostics] == ["P133"]
