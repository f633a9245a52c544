"""Rule part against rule part: the activation rules by Susun and by NumPy written by hand, on the same profiles with equal results."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import rules_numpy, rules_susun
from benchmarks.timing import shortest
from engine.batch import CHUNK
from engine.executors.columnar import Columnar
from engine.feel.arrays import Column, take
from engine.model.plan import Plan

Columns = Mapping[str, Column]
Part = tuple[dict[str, Column], int]
Fire = Callable[[Plan, Columns, int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RulePart:
    """Profiles a second of processor time, each on one thread.

    `susun`, `by_hand`: each in the batch size that suits it best. `in_chunks`: time of Susun to NumPy by hand when both take the engine's chunks.
    """

    rules: int
    susun: float
    by_hand: float
    in_chunks: float


def settle(plan: Plan, columns: Columns, size: int) -> dict[str, Column]:
    """What the conditions name: inputs and decisions, derived. The rules alone must fire as they do in the whole decision."""
    activations = Columnar().activate(plan, columns, size)
    settled = {name: column for name, column in activations.columns.items() if name in rules_susun.settled_names(plan)}
    alone = rules_susun.fire(plan, settled, size)
    differ = [id_ for id_, mask in alone.items() if not np.array_equal(mask, activations.fired[id_])]
    if differ:
        raise SystemExit(f"alone and in the whole decision these fire differently: {', '.join(differ)}")
    return settled


def compare(plan: Plan, columns: Columns, size: int) -> RulePart:
    """Time the two after making sure that they agree on every rule and profile. Both are given settled inputs and decisions."""
    settled = settle(plan, columns, size)
    if differences := disagreements(plan, settled, size):
        raise SystemExit("\n".join(differences))
    ours, theirs = fastest((rules_susun.fire, rules_numpy.fire), plan, settled, size)
    return RulePart(len(rules_susun.activation_rules(plan)), size / min(ours.values()), size / min(theirs.values()), ours[CHUNK] / theirs[CHUNK])


def disagreements(plan: Plan, settled: Columns, size: int) -> list[str]:
    """What the rules written by hand say differently from the model."""
    ids = rules_susun.activation_rules(plan)
    ours, theirs = rules_susun.fire(plan, settled, size), rules_numpy.fire(plan, settled, size)
    found = [f"benchmarks/rules_numpy.py and the model do not both have {id_}" for id_ in sorted(set(ids) ^ set(theirs))]
    return found or [f"benchmarks/rules_numpy.py: {id_} does not say what the model says" for id_ in ids if not np.array_equal(ours[id_], theirs[id_])]


def fastest(fires: Sequence[Fire], plan: Plan, settled: Columns, size: int, repeat: int = 7) -> list[dict[int, float]]:
    """For each of `fires`: batch size -> processor seconds of the fastest run. They take turns, so that a busy machine slows all."""
    found: list[dict[int, float]] = [{} for _ in fires]
    for chunk in (CHUNK, 8 * CHUNK, size):
        parts: list[Part] = [
            ({name: take(column, slice(start, min(start + chunk, size))) for name, column in settled.items()}, min(start + chunk, size) - start)
            for start in range(0, size, chunk)
        ]
        for _ in range(repeat):
            for seconds, fire in zip(found, fires, strict=True):
                took = shortest(_all(fire, plan, parts), 1, time.thread_time)
                seconds[chunk] = min(took, seconds.get(chunk, took))
    return found


def _all(fire: Fire, plan: Plan, parts: list[Part]) -> Callable[[], None]:
    def work() -> None:
        for part, count in parts:
            fire(plan, part, count)

    return work
