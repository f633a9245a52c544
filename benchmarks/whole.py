"""The whole decision of many profiles in memory: derive, activate, staff, judge, score, rank; on all processors, as `susun evaluate` does it.

Run as a program it says when the profiles are ready, waits for a line, and decides them once: what is watched from outside.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Mapping

import numpy as np

from benchmarks.profiles import load, made
from benchmarks.timing import shortest
from engine.batch import decide_chunks
from engine.decide import Decisions, decide
from engine.feel.arrays import Column, take
from engine.model.plan import Plan


def decide_all(plan: Plan, columns: Mapping[str, Column], size: int, workers: int | None = None) -> np.ndarray:
    """(K + 1,) how many profiles each structure is recommended to; the last number: none is eligible."""

    def winners(_: int, decisions: Decisions) -> np.ndarray:
        return np.bincount(decisions.winner + 1, minlength=len(plan.structures) + 1)

    return np.asarray(sum(decide_chunks(plan, columns, size, winners, workers=workers)))


def fixed_seconds(plan: Plan, columns: Mapping[str, Column], repeat: int = 30) -> float:
    """Processor time to decide a batch of one: nearly all of it is Python between the NumPy calls, and every chunk pays it once."""
    one = {name: take(column, slice(0, 1)) for name, column in columns.items()}
    return shortest(lambda: decide(plan, one, 1), repeat, time.thread_time)


def main(rows: int) -> None:
    plan = load()
    columns = made(plan, rows)
    gc.collect()
    print("ready", flush=True)
    sys.stdin.readline()
    decide_all(plan, columns, rows)


if __name__ == "__main__":
    main(int(sys.argv[1]))
