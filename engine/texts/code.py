"""One row of the table of diagnostic codes."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[str, str]
ERROR, WARNING, INFO = "error", "warning", "info"


@dataclass(frozen=True, slots=True)
class Code:
    """`message` and `more` (the longer text of `susun rules explain CODE`) in English and Indonesian."""

    severity: str
    message: Pair
    more: Pair
