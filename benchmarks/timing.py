"""Turn a piece of work into the shortest time it takes."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any


def shortest(work: Callable[[], Any], repeat: int = 5, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of the fastest of several runs, after one that warms the caches. `clock`: `time.process_time` compares work of one thread on a busy machine."""
    work()
    best = float("inf")
    for _ in range(repeat):
        gc.collect()
        start = clock()
        work()
        best = min(best, clock() - start)
    return best


def with_children() -> float:
    """Processor time of this process and of those it began and that have ended; seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
