"""Measure Susun and print a table for each benchmark; `--write` puts the tables, and a picture of how time grows, into docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import measures, table
from benchmarks.measures import Size
from benchmarks.table import PAGE, Row

LARGE = "with --large"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`takes`: roughly, on two processors. `packages`: those whose versions matter."""

    what: str
    takes: str
    measure: Callable[[Size], list[Row]]
    packages: tuple[str, ...] = ("numpy",)


BENCHMARKS = {
    "whole": Benchmark("the whole decision, in memory", "1 min", measures.the_whole),
    "rules": Benchmark("the rule part against NumPy written by hand", "30 s", measures.by_hand),
    "peers": Benchmark("the rule part against other rules engines", "1 min", measures.against_peers, ("durable_rules", "zen-engine", "clipspy", "rule-engine")),
    "files": Benchmark("CSV to CSV against pyarrow merely reading and writing", "2 min", measures.csv_to_csv, ("pyarrow",)),
    "memory": Benchmark("peak memory in memory and CSV to CSV", f"1 min; {LARGE} 5 min and 13 GB of disk", measures.held, ("numpy", "pyarrow")),
    "growth": Benchmark("how time grows with rows and rules", f"4 min; {LARGE} 15 min and 13 GB of disk", measures.growing, ("numpy", "pyarrow")),
    "scoring": Benchmark(
        "scoring methods against libraries that score one matrix at a time", "1 min", measures.scoring, ("numpy", "pymcdm", "scikit-criteria")
    ),
    "robustness": Benchmark("how firmly recommendations hold, by sampled weights", "1 min", measures.robust),
    "start": Benchmark("how long one waits before anything is decided", "10 s", measures.starting),
    "whatif": Benchmark("the smallest changes for one organisation", "1 min", measures.what_if),
}


def arguments() -> argparse.Namespace:
    lines = "\n".join(f"  {name:11} {each.what} ({each.takes})" for name, each in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"benchmarks, and how long they take:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="NAME", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS), help="measure only these")
    parser.add_argument("--rows", metavar="N", type=int, default=Size().rows, help="how many organisations are decided in memory [%(default)s]")
    parser.add_argument("--lines", metavar="N", type=int, default=Size().lines, help="how many stand in a CSV file [%(default)s]")
    parser.add_argument("--large", action="store_true", help="memory and growth with ten times as many lines, too")
    parser.add_argument("--write", action="store_true", help=f"also put the tables into {PAGE.parent.name}/{PAGE.name}; those that are not measured stay")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    size = Size(asked.rows, asked.lines, asked.large, asked.write)
    for name in asked.only:
        benchmark = BENCHMARKS[name]
        rows, where = benchmark.measure(size), table.conditions(benchmark.packages)
        print(f"{name}: {benchmark.what}\n\n{table.as_text(rows)}\n\n{where}\n", flush=True)
        if asked.write:
            table.write(name, f"{table.as_markdown(rows)}\n\n{where}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
