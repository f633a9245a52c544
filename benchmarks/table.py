"""Turn measured figures into a table on the terminal and on the page docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
HEAD = ("what", "measured", "target", "met")


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


def at_least(what: str, times: float, target: float) -> Row:
    return Row(what, f"{times:,.1f} times" if times < 10 else f"{times:,.0f} times", f">= {target:,.0f} times", times >= target)


def at_most(what: str, times: float, target: float) -> Row:
    return Row(what, f"{times:.2f} times", f"<= {target:g} times", times <= target)


def as_text(rows: Sequence[Row]) -> str:
    cells = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEAD))]
    lines = [
        "  ".join(cell.rjust(width) if i == 1 else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in cells
    ]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines[1:]])


def as_markdown(rows: Sequence[Row]) -> str:
    lines = [" | ".join(row) for row in [HEAD, ("---", "---:", "---", "---"), *(row.cells for row in rows)]]
    return "\n".join(f"| {line} |" for line in lines)


def conditions(packages: Sequence[str]) -> str:
    """Where the figures are from. `packages`: those whose versions matter."""
    used = "".join(f", {name} {_version(name)}" for name in packages)
    return (
        f"Python {platform.python_version()}{used}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"load average {os.getloadavg()[0]:.1f} when it ended."
    )


def write(group: str, text: str, page: Path = PAGE) -> None:
    """Replace what stands between a group's two markers."""
    begin, end = f"<!-- begin: {group} -->", f"<!-- end: {group} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, also, after = rest.partition(end)
    if not found or not also:
        raise SystemExit(f"{page.name} has no place for {group}: {begin} and {end}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
