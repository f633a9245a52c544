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
Part = tuple[dict[str, Column], int]
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
    activations = Columnar().activate(plan, columns, size)
    names = rules_susun.settled_names(plan)
    settled = {name: column for name, column in activations.columns.items() if name in names}
    count = min(durable_rows, size)
    rules = rules_durable.Rules(plan)
    messages = rules_durable.facts({name: take(settled[name], slice(0, count)) for name in names}, count)
    differences = disagreements(plan, settled, size, rules, messages)
    alone = rules_susun.fire(plan, settled, size)
    differences += [f"{id_} alone and in the whole decision differ" for id_, mask in alone.items() if not np.array_equal(mask, activations.fired[id_])]
    if differences:
        raise SystemExit("\n".join(differences))
    durable = shortest(lambda: rules.fire(messages), 3, time.process_time)
    ours, theirs = _seconds(plan, settled, size)
    return RulePart(len(alone), size / min(ours.values()), size / min(theirs.values()), ours[CHUNK] / theirs[CHUNK], count / durable, count)


def disagreements(plan: Plan, settled: Columns, size: int, rules: rules_durable.Rules, messages: Sequence[dict[str, Any]]) -> list[str]:
    """What the rules written by hand say differently from the model: NumPy for every profile, durable-rules for the first ones, those of `messages`."""
    ids = rules_susun.activation_rules(plan)
    ours, theirs = rules_susun.fire(plan, settled, size), rules_numpy.fire(plan, settled, size)
    found = [f"benchmarks/rules_numpy.py and the model do not both have {id_}" for id_ in sorted(set(ids) ^ set(theirs))]
    found += [f"benchmarks/rules_durable.py and the model do not both have {id_}" for id_ in sorted(set(ids) ^ set(rules.ids))]
    if found:
        return found
    found = [f"benchmarks/rules_numpy.py: {id_} does not say what the model says" for id_ in ids if not np.array_equal(ours[id_], theirs[id_])]
    wrong = set[str]().union(*(fired ^ {id_ for id_ in ids if ours[id_][row]} for row, fired in enumerate(rules.fire(messages))))
    return found + [f"benchmarks/rules_durable.py: {id_} does not say what the model says" for id_ in sorted(wrong)]


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
