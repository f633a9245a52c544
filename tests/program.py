"""The program as a user runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLI = ROOT / "cli.py"
LONGEST = 120  # seconds
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
    words = [str(word) for word in arguments]
    if any(name.startswith(("SUSUN_", "LC_", "LANG", "PYTHON")) for name in more):  # read when the program is imported
        done = subprocess.run([sys.executable, str(CLI), *words], cwd=folder, env=environment(**more), capture_output=True, timeout=LONGEST)
        result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    else:
        result = Started(folder, *words, **more).end()
    assert "Traceback" not in result.said, result.said
    return result


class Started:
    """`susun ARGUMENTS` under way: a process of its own, begun by the one that has imported the program. `constants`: "module:name" -> what is to stand there
    in this process."""

    def __init__(self, folder: Path, *arguments: object, constants: dict[str, object] | None = None, **more: str) -> None:
        self.words = [str(word) for word in arguments]
        self.out, self.err = tempfile.NamedTemporaryFile(), tempfile.NamedTemporaryFile()  # noqa: SIM115 - closed in `end`
        request = {"folder": str(folder), "arguments": self.words, "environment": environment(**more), "constants": constants or {}}
        self.pid = _asked({"begin": {**request, "out": self.out.name, "err": self.err.name}})

    def end(self) -> Result:
        """What it left behind; waits for it."""
        with self.out, self.err:
            code = _asked({"end": self.pid}, f"no end within {LONGEST} s: {self.words}")
            return Result(code, Path(self.out.name).read_bytes().decode(), Path(self.err.name).read_bytes().decode())


def _asked(request: dict[str, object], otherwise: str = "") -> int:
    requests, replies = _zygote()
    os.write(requests, json.dumps(request).encode() + b"\n")
    assert select.select([replies], [], [], LONGEST)[0], otherwise
    return int(os.read(replies, 64))


@cache
def _zygote() -> tuple[int, int]:
    """File descriptors to ask for runs and to read their exit codes; the process ends with this one."""
    here, there = os.pipe(), os.pipe()
    command = [sys.executable, str(ROOT / "tests" / "zygote.py"), str(here[0]), str(there[1])]
    subprocess.Popen(command, env=environment(), cwd=ROOT, pass_fds=(here[0], there[1]), stdin=subprocess.DEVNULL)
    os.close(here[0])
    os.close(there[1])
    return here[1], there[0]


def remembering(folder: Path) -> Callable[..., Result]:
    """`run` in `folder`, once for the same arguments and surroundings."""

    @cache
    def kept(arguments: tuple[str, ...], surroundings: tuple[tuple[str, str], ...]) -> Result:
        return run(folder, *arguments, **dict(surroundings))

    return lambda *arguments, **more: kept(arguments, tuple(sorted(more.items())))
