"""The whole decision of many profiles in memory: derive, activate, staff, judge, score, rank; on threads, as `susun evaluate` does it.

Run as a program it decides once in a process of its own and prints how much memory that took, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

import numpy as np

from benchmarks.profiles import load, made
from engine.batch import decide_chunks
from engine.decide import Decisions
from engine.feel.arrays import Column
from engine.model.plan import Plan


def decide_all(plan: Plan, columns: Mapping[str, Column], size: int, threads: int | None = None) -> np.ndarray:
    """(K + 1,) how many profiles each structure is recommended to; the last number: none is eligible."""

    def winners(_: int, decisions: Decisions) -> np.ndarray:
        return np.bincount(decisions.winner + 1, minlength=len(plan.structures) + 1)

    return np.asarray(sum(decide_chunks(plan, columns, size, winners, threads=threads)))


def peak_megabytes() -> float:
    """The most memory this process ever held."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def main(rows: int) -> None:
    plan = load()
    columns = made(plan, rows)
    before = peak_megabytes()
    decide_all(plan, columns, rows)
    print(json.dumps({"before": before, "peak": peak_megabytes()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
