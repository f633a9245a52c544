"""The whole command from CSV to CSV against pyarrow, which merely reads the same input and writes the same table.

Run as a program it is the peer: `python -m benchmarks.files INPUT TABLE COPY` holds TABLE in memory,
then prints the seconds of reading INPUT and of writing COPY.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

ROOT = Path(__file__).resolve().parent.parent
SUSUN = (sys.executable, str(ROOT / "cli.py"))
SEED = 1
BYTES = 1_300  # of an organisation: 180 of input, 1,100 of output


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds by the clock: `susun` the whole process, `read` and `write` pyarrow's two calls alone. Sizes in bytes."""

    rows: int
    susun: float
    read: float
    write: float
    bytes_in: int
    bytes_out: int
    bytes_copy: int

    @property
    def times(self) -> float:
        return self.susun / (self.read + self.write)


@contextmanager
def folder(rows: int) -> Iterator[Path]:
    """For the files of one benchmark, of so many organisations; removed afterwards. It is where temporary files are: set TMPDIR to measure another disk."""
    if shutil.disk_usage(gettempdir()).free < rows * BYTES:
        raise SystemExit(f"{gettempdir()} has no room for {rows * BYTES / 1e9:.1f} GB")
    with TemporaryDirectory(prefix="susun-bench-") as name:
        yield Path(name)


def organisations(rows: int, path: Path) -> Path:
    """A CSV of generated organisations, the same at every run."""
    run([*SUSUN, "sample", "--rows", str(rows), "--seed", str(SEED), "-o", str(path)])
    return path


def repeated(source: Path, times: int, path: Path) -> Path:
    """The same organisations several times, each with an id of its own. The id stands first and no cell of a generated file holds a line break."""
    head, _, rows = source.read_bytes().partition(b"\n")
    with path.open("wb") as out:
        out.write(head + b"\n")
        for number in range(times):
            out.write(re.sub(rb'(?m)^"?(?=.)', rb"\g<0>%d-" % number, rows))
    return path


def evaluate(source: Path, output: Path) -> float:
    """Seconds of `susun evaluate SOURCE -o OUTPUT`, from starting the process to its end."""
    start = time.perf_counter()
    run([*SUSUN, "evaluate", str(source), "-o", str(output)])
    return time.perf_counter() - start


def compare(rows: int, repeat: int = 3) -> Compared:
    """They take turns; the shortest of each. Both read and write files that have just been used, so neither waits for the disk."""
    with folder(2 * rows) as here:  # the output is there twice
        source, output, copy = organisations(rows, here / "in.csv"), here / "out.csv", here / "copy.csv"
        ours, reads, writes = [], [], []
        for _ in range(repeat):
            ours.append(evaluate(source, output))
            read, write = run([sys.executable, "-m", "benchmarks.files", str(source), str(output), str(copy)]).split()
            reads.append(float(read))
            writes.append(float(write))
        sizes = [path.stat().st_size for path in (source, output, copy)]
        return Compared(rows, min(ours), min(reads), min(writes), *sizes)


def run(command: Sequence[str]) -> str:
    """What it prints."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def main(source: str, table: str, copy: str) -> None:
    from pyarrow import csv

    answers = csv.read_csv(table)  # with the types that pyarrow finds: texts, numbers and booleans, as Susun has them
    start = time.perf_counter()
    profiles = csv.read_csv(source)
    read = time.perf_counter()
    csv.write_csv(answers, copy)
    written = time.perf_counter()
    if not profiles.column("org_id").equals(answers.column("org_id")):
        raise SystemExit("there is not one answer for each organisation, in order")
    del profiles
    if not csv.read_csv(copy).equals(answers):
        raise SystemExit("the copy does not hold the same table")
    print(read - start, written - read)


if __name__ == "__main__":
    main(*sys.argv[1:])
