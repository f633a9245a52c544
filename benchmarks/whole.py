"""The whole decision of many profiles in memory: derive, activate, staff, judge, score, rank; on threads, as `susun evaluate` does it.

Run as a program it decides once in a process of its own and prints how much memory that took, as JSON.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Mapping
from threading import Event, Thread

import numpy as np

from benchmarks.profiles import load, made
from benchmarks.timing import shortest
from engine.batch import decide_chunks
from engine.decide import Decisions, decide
from engine.feel.arrays import Column, take
from engine.model.plan import Plan


def decide_all(plan: Plan, columns: Mapping[str, Column], size: int, threads: int | None = None) -> np.ndarray:
    """(K + 1,) how many profiles each structure is recommended to; the last number: none is eligible."""

    def winners(_: int, decisions: Decisions) -> np.ndarray:
        return np.bincount(decisions.winner + 1, minlength=len(plan.structures) + 1)

    return np.asarray(sum(decide_chunks(plan, columns, size, winners, workers=threads)))


def fixed_seconds(plan: Plan, columns: Mapping[str, Column], repeat: int = 30) -> float:
    """Processor time to decide a batch of one: nearly all of it is Python between the NumPy calls, and every chunk pays it once."""
    one = {name: take(column, slice(0, 1)) for name, column in columns.items()}
    return shortest(lambda: decide(plan, one, 1), repeat, time.thread_time)


def main(rows: int) -> None:
    plan = load()
    columns = made(plan, rows)
    watch = Watch()
    decide_all(plan, columns, rows)
    print(json.dumps({"before": watch.before, "peak": watch.stop()}))


class Watch:
    """The memory of this process while something runs, looked at every few milliseconds; megabytes."""

    def __init__(self) -> None:
        import psutil

        gc.collect()
        self._process = psutil.Process()
        self._done = Event()
        self.before = self.peak = self._now()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _now(self) -> float:
        return float(self._process.memory_info().rss) / 1e6

    def _look(self) -> None:
        while not self._done.wait(0.005):
            self.peak = max(self.peak, self._now())

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self.peak


if __name__ == "__main__":
    main(int(sys.argv[1]))
