"""How long one waits before anything is decided: a new process that loads the model, and one that prints its help."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks import memory

ROOT = Path(__file__).resolve().parent.parent
LOAD = """
import time
start = time.perf_counter()
from engine.model.load import load_plan
imported = time.perf_counter()
plan, found = load_plan()
assert plan is not None
print(imported - start, time.perf_counter() - imported)
"""


def load_seconds(repeat: int = 5) -> tuple[float, float]:
    """(imports, load): the shortest of several new processes."""
    runs = [subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split() for _ in range(repeat)]
    return min(float(run[0]) for run in runs), min(float(run[1]) for run in runs)


def help_seconds(repeat: int = 10) -> float:
    """`susun --help` from starting the process to its end; the shortest of several."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        subprocess.run([sys.executable, "cli.py", "--help"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.perf_counter() - start)
    return best


def whole_peak(rows: int) -> tuple[float, float]:
    """(with the profiles loaded, at most while they are decided): megabytes of a new process and those that it begins; what they share is counted once."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.whole", str(rows)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdin is not None and run.stdout is not None
        run.stdout.readline()
        before = memory.now(run.pid).tree
        run.stdin.write("go\n")
        run.stdin.flush()
        most = memory.watch(run).tree
    if run.returncode:
        raise SystemExit("benchmarks.whole failed")
    return before, max(before, most)
