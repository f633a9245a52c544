"""Rule part against rule part: the activation rules by Susun, by NumPy written by hand, and by durable-rules, on the same profiles with equal results."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import rules_durable, rules_numpy, rules_susun
from benchmarks.timing import shortest
from engine.batch import CHUNK
from engine.executors.columnar import Columnar
from engine.feel.arrays import Column, take
from engine.model.plan import Plan

Part = tuple[dict[str, Column], int]
Fire = Callable[[Plan, Mapping[str, Column], int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RulePart:
    """Profiles a second, each on one thread; `durable_rows`: how many of the profiles durable-rules decided."""

    rules: int
    susun: float
    by_hand: float
    durable: float
    durable_rows: int


def compare(plan: Plan, columns: Mapping[str, Column], size: int, durable_rows: int = 8192) -> RulePart:
    """Raises AssertionError when the three do not agree on every rule and profile."""
    names = rules_susun.settled_names(plan)
    settled = {name: column for name, column in Columnar().activate(plan, columns, size).columns.items() if name in names}
    ids = rules_susun.activation_rules(plan)
    wide = rules_susun.fire(plan, settled, size)
    by_hand = rules_numpy.fire(plan, settled, size)
    assert set(ids) == set(by_hand), f"benchmarks/rules_numpy.py and the model differ in these rules: {sorted(set(ids) ^ set(by_hand))}"
    for id_ in ids:
        assert np.array_equal(wide[id_], by_hand[id_]), f"the hand-written {id_} does not say what the model says"

    count = min(durable_rows, size)
    few = {name: take(column, slice(0, count)) for name, column in settled.items()}
    messages = rules_durable.facts(few, count)
    rules = rules_durable.Rules(plan)
    assert set(ids) == set(rules.ids), f"benchmarks/rules_durable.py and the model differ in these rules: {sorted(set(ids) ^ set(rules.ids))}"
    for row, fired in enumerate(rules.fire(messages)):
        expected = {id_ for id_ in ids if wide[id_][row]}
        assert fired == expected, f"durable-rules differs for profile {row}: {sorted(fired ^ expected)}"

    durable = shortest(lambda: rules.fire(messages), 3, time.process_time)
    return RulePart(
        len(ids), size / _seconds(rules_susun.fire, plan, settled, size), size / _seconds(rules_numpy.fire, plan, settled, size), count / durable, count
    )


def _seconds(fire: Fire, plan: Plan, settled: Mapping[str, Column], size: int) -> float:
    """Both in the engine's chunks, and both in one piece: the faster of the two counts."""

    def in_chunks(chunk: int) -> Callable[[], None]:
        parts: list[Part] = [
            ({name: take(column, slice(start, min(start + chunk, size))) for name, column in settled.items()}, min(start + chunk, size) - start)
            for start in range(0, size, chunk)
        ]

        def work() -> None:
            for part, count in parts:
                fire(plan, part, count)

        return work

    return min(shortest(in_chunks(chunk), clock=time.process_time) for chunk in (CHUNK, size))
