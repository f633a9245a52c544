"""The program as a user runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLI = ROOT / "cli.py"
SAMPLE = ROOT / "datasets" / "sample_organisations.csv"


@dataclass(frozen=True, slots=True)
class Result:
    """What a process left behind."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def environment(**more: str) -> dict[str, str]:
    """No terminal width and no language of the machine's."""
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "SUSUN_LANG", "FORCE_COLOR") and not key.startswith("LC_")}
    return {**kept, "LANG": "C.UTF-8", **more}


def run(folder: Path, *arguments: object, **more: str) -> Result:
    """Run `susun ARGUMENTS` in `folder`. A traceback fails whatever test this is."""
    command = [sys.executable, str(CLI), *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=environment(**more), capture_output=True, timeout=120)
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.said, result.said
    return result


def remembering(folder: Path) -> Callable[..., Result]:
    """`run` in `folder`, once for the same arguments and surroundings."""

    @cache
    def kept(arguments: tuple[str, ...], surroundings: tuple[tuple[str, str], ...]) -> Result:
        return run(folder, *arguments, **dict(surroundings))

    return lambda *arguments, **more: kept(arguments, tuple(sorted(more.items())))
