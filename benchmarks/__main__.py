"""Measure everything once and print one table; `--write` puts it into docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks import robustness, rule_part, scoring_methods, start, whatif, whole
from benchmarks.profiles import load, made
from benchmarks.timing import shortest
from engine.batch import CHUNK
from engine.model.plan import Plan
from engine.parallel import processors

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MATRICES = 100_000
BEGIN, END = "<!-- begin: make bench ARGS=--write -->", "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure, and the target that the project set itself, if any. `met`: None where there is none."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return self.what, self.figure, self.target, "" if self.met is None else ("yes" if self.met else "no")


HEAD = ("what", "measured", "target", "met")


def with_children() -> float:
    """Processor time of this process and of those it began and that have ended; seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(rows: int) -> list[Row]:
    plan = load()
    columns = made(plan, rows)
    workers = processors()
    found: list[Row] = []

    best = shortest(lambda: whole.decide_all(plan, columns, rows), 5)
    found.append(
        Row(
            f"whole decision, {rows:,} organisations x {len(plan.structures)} structures, {workers} processes",
            f"{rows / best:,.0f}/s",
            ">= 1,000,000/s, at least 500,000/s",
            rows / best >= 500_000,
        )
    )
    both = shortest(lambda: whole.decide_all(plan, columns, rows), 3, with_children)
    alone = shortest(lambda: whole.decide_all(plan, columns, rows, workers=1), 3, time.process_time)
    single = whole.fixed_seconds(plan, columns)
    share = single / (alone / max(1, rows / CHUNK))
    found += [
        Row(f"... per second of processor time, {workers} processes", f"{rows / both:,.0f}/s"),
        Row("... per second of processor time, one process", f"{rows / alone:,.0f}/s"),
        Row("one organisation alone, processor time", f"{single * 1e3:.1f} ms"),
        Row(f"... which every chunk of {CHUNK:,} pays once: share of its time", f"{share:.0%}"),
    ]

    part = rule_part.compare(plan, columns, rows)
    found += [
        Row(f"{part.rules} activation rules, one thread: Susun", f"{part.susun:,.0f}/s"),
        Row(f"... durable-rules in its own language, first {part.durable_rows:,} of them", f"{part.durable:,.0f}/s"),
        Row("... Susun to durable-rules", f"{part.susun / part.durable:,.0f} times", ">= 300 times", part.susun / part.durable >= 300),
        Row("... NumPy written by hand", f"{part.by_hand:,.0f}/s"),
        Row(
            "... time of Susun to NumPy by hand, each in its best batch size",
            f"{part.by_hand / part.susun:.2f} times",
            "<= 1.5 times",
            part.by_hand / part.susun <= 1.5,
        ),
    ]

    found.append(Row(f"... the same, both in chunks of {CHUNK:,}", f"{part.in_chunks:.2f} times"))

    found += methods(MATRICES)
    found += robust(plan)

    imports, loading = start.load_seconds()
    helping = start.help_seconds()
    found += [
        Row("load the model, in a new process", f"{loading:.2f} s", "<= 0.5 s", loading <= 0.5),
        Row("... and the imports that it needs", f"{imports:.2f} s"),
        Row("`susun --help`, whole process", f"{helping:.2f} s", "<= 0.2 s", helping <= 0.2),
    ]
    found += what_if()
    before, peak = start.whole_peak(rows)
    found.append(Row(f"memory while deciding {rows:,}: most, and before it began", f"{peak:,.0f} MB, {before:,.0f} MB"))
    return found


def robust(plan: Plan) -> list[Row]:
    """Sampling weights for many organisations."""
    found = []
    asked = robustness.ORGANISATIONS
    some = made(plan, asked)
    for what, work in (
        ("smallest change of weights, first ranks", lambda: robustness.labelled(plan, some, asked)),
        ("all ranks of the winner's tier", lambda: robustness.ranked(plan, some, asked)),
        ("all ranks of all eligible structures", lambda: robustness.ranked(plan, some, asked, eligible=True)),
    ):
        took = shortest(work, 2)
        found.append(Row(f"SMAA, {robustness.SAMPLES:,} samples x {asked:,} organisations, decided, {what}", f"{took:.1f} s", "< 15 s", took < 15))
    return found


def what_if() -> list[Row]:
    """The smallest changes for one organisation."""
    asked = whatif.measure()
    worst, count = max(asked.seconds), len(asked.seconds)
    return [
        Row(f"`whatif`, all inputs, {count} organisations and targets: median", f"{asked.median:.2f} s", "<= 0.5 s", asked.median <= 0.5),
        Row("... worst", f"{worst:.2f} s", "<= 0.5 s", worst <= 0.5),
        Row("... with pairs, one of them", f"{asked.pairs:.2f} s"),
    ]


def methods(size: int) -> list[Row]:
    """Scoring methods on a stack of matrices against libraries that score one at a time."""
    share = scoring_methods.einsum_ratio(size)
    found = [Row(f"weighted sum of {size:,} matrices, 10 x 8: time to that of a plain einsum", f"{share:.2f} times", "<= 1.5 times", share <= 1.5)]
    for item in scoring_methods.compare(size):
        times = ", ".join(f"{times:,.0f} times ({name})" for name, times in item.times.items())
        what = f"... {item.name}: {item.susun * 1e6:.2f} us a matrix, {item.with_ranks * 1e6:.2f} with ranks; faster than a peer"
        found.append(Row(what, times, ">= 100 times", min(item.times.values()) >= 100))
    return found


def conditions() -> str:
    """Where the figures are from."""
    used = ", ".join(f"{name} {version(name)}" for name in ("numpy", "durable_rules", "pymcdm", "scikit-criteria"))
    return (
        f"Python {platform.python_version()}, {used}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"load average {os.getloadavg()[0]:.1f} when it ended."
    )


def as_text(rows: list[Row]) -> str:
    cells = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEAD))]
    lines = [
        "  ".join(cell.rjust(width) if i == 1 else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in cells
    ]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines[1:]])


def as_markdown(rows: list[Row]) -> str:
    lines = [" | ".join(row) for row in [HEAD, ("---", "---:", "---", "---"), *(row.cells for row in rows)]]
    return "\n".join(f"| {line} |" for line in lines)


def write(rows: list[Row]) -> None:
    """Replace what stands between the markers of docs/performance.md."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{conditions()}\n\n{as_markdown(rows)}\n{END}{after}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_048_576, help="how many profiles are generated and decided")
    parser.add_argument("--write", action="store_true", help=f"also put the table into {PAGE.parent.name}/{PAGE.name}")
    arguments = parser.parse_args()
    rows = measure(arguments.rows)
    print(as_text(rows))
    print(f"\n{conditions()}")
    if arguments.write:
        write(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
