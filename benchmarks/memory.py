"""The most memory that a process and those it begins hold at one time, watched from outside through /proc; what they share is counted once."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
INTERVAL = 0.02  # seconds from one look to the next


@dataclass(frozen=True, slots=True)
class Peak:
    """Megabytes. `tree`: proportional set sizes of all processes together. `one`: resident in the largest of them."""

    tree: float
    one: float


def measurable() -> bool:
    return (PROC / "self" / "smaps_rollup").exists()


def now(pid: int) -> Peak:
    """What the process and its descendants hold now; nothing of those that end meanwhile."""
    tree = one = 0.0
    for each in _family(pid):
        held = {"Pss": 0.0, "Rss": 0.0}
        try:
            for line in (PROC / str(each) / "smaps_rollup").read_text(encoding="ascii").splitlines():
                name, _, rest = line.partition(":")
                if name in held:
                    held[name] = int(rest.split()[0]) / 1e3
        except (OSError, ValueError):
            continue
        tree, one = tree + held["Pss"], max(one, held["Rss"])
    return Peak(tree, one)


def watch(process: subprocess.Popen[Any]) -> Peak:
    """The most until it ends."""
    tree = one = 0.0
    while process.poll() is None:
        held = now(process.pid)
        tree, one = max(tree, held.tree), max(one, held.one)
        time.sleep(INTERVAL)
    return Peak(tree, one)


def peak(command: Sequence[str], cwd: Path) -> Peak:
    """Run a command to its end; what it prints is thrown away."""
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        found = watch(process)
        assert process.stderr is not None
        said = process.stderr.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {said}")
    return found


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in _children(pid):
        yield from _family(task)


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for path in (PROC / str(pid) / "task").glob("*/children") for word in path.read_text(encoding="ascii").split()]
    except OSError:
        return []
