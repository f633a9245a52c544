"""Rule part against rule part: the activation rules by Susun, by NumPy written by hand, and by durable-rules, on the same profiles with equal results."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import rules_durable, rules_numpy, rules_susun
from benchmarks.timing import shortest
from engine.batch import CHUNK
from engine.executors.columnar import Columnar
from engine.feel.arrays import Column, take
from engine.model.plan import Plan

Columns = Mapping[str, Column]
Fire = Callable[[Plan, Columns, int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RulePart:
    """Profiles a second of processor time, each on one thread; `durable_rows`: how many of the profiles durable-rules decided.

    `susun`, `by_hand`: each in the batch size that suits it best. `in_chunks`: time of Susun to NumPy by hand when both take the engine's chunks.
    """

    rules: int
    susun: float
    by_hand: float
    in_chunks: float
    durable: float
    durable_rows: int


def compare(plan: Plan, columns: Columns, size: int, durable_rows: int = 8192) -> RulePart:
    """Time the three after making sure that they agree on every rule and profile. Every contestant is given settled inputs and decisions."""
    settled = Columnar().activate(plan, columns, size).columns
    count = min(durable_rows, size)
    rules = rules_durable.Rules(plan)
    messages = rules_durable.facts({name: take(settled[name], slice(0, count)) for name in rules_susun.settled_names(plan)}, count)
    differences = disagreements(plan, settled, size, rules, messages)
    if differences:
        raise SystemExit("\n".join(differences))
    durable = shortest(lambda: rules.fire(messages), 3, time.process_time)
    ours, theirs = _seconds(plan, settled, size)
    return RulePart(len(ids), size / min(ours.values()), size / min(theirs.values()), ours[CHUNK] / theirs[CHUNK], count / durable, count)


def _seconds(plan: Plan, settled: Mapping[str, Column], size: int, repeat: int = 7) -> tuple[dict[int, float], dict[int, float]]:
    """Susun and NumPy by hand: batch size -> seconds of the fastest run. They take turns, so that a busy machine slows both."""
    ours, theirs = {}, {}
    for chunk in (CHUNK, 8 * CHUNK, size):
        parts: list[Part] = [
            ({name: take(column, slice(start, min(start + chunk, size))) for name, column in settled.items()}, min(start + chunk, size) - start)
            for start in range(0, size, chunk)
        ]
        rounds = [[shortest(_all(fire, plan, parts), 1, time.thread_time) for fire in (rules_susun.fire, rules_numpy.fire)] for _ in range(repeat)]
        ours[chunk], theirs[chunk] = (min(times) for times in zip(*rounds, strict=True))
    return ours, theirs


def _all(fire: Fire, plan: Plan, parts: list[Part]) -> Callable[[], None]:
    def work() -> None:
        for part, count in parts:
            fire(plan, part, count)

    return work
