"""Turn rule files into the places where they carry a mark such as `# 2d-8`: file, line and the entry that the mark stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"\b2d-(\d+)(?: to 2d-(\d+))?")
_ENTRY = re.compile(r"- id: ([\w-]+)|([a-z][\w]*):")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """`number`: which rule of practice; `file`: relative to the model's folder; `entry`: the id that the mark stands in."""

    number: int
    file: str
    line: int
    entry: str


def marks(folder: Path) -> list[Mark]:
    """Every mark in a model's rule files, its examples left out, in order of number, file and line."""
    found = [mark for path in sorted(folder.rglob("*.yaml")) if path.parent.name != "tests" and path.name != "claims.yaml" for mark in _of_file(folder, path)]
    return sorted(set(found))


def _of_file(folder: Path, path: Path) -> Iterator[Mark]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if "#" not in line:
            continue
        for number in _numbers(line[line.index("#") :]):
            yield Mark(number, path.relative_to(folder).as_posix(), i + 1, _entry(lines, i))


def _numbers(comment: str) -> Iterator[int]:
    for first, last in _MARK.findall(comment):
        yield from range(int(first), int(last or first) + 1)


def _entry(lines: list[str], at: int) -> str:
    """The id of the entry that a line stands in; a comment on a line of its own speaks of what follows."""
    rest: Iterable[int] = range(at, len(lines)) if lines[at].startswith("#") else range(at, -1, -1)
    for i in rest:
        match = _ENTRY.match(lines[i])
        if match:
            return match.group(1) or match.group(2)
    return ""
