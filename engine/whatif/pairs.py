"""Turn the breakpoints of single inputs into the smallest joint change of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.whatif.field import Field
from engine.whatif.result import Change
from engine.whatif.search import Ray


def pairs_of(field: Field, names: Sequence[str], rays: Mapping[str, list[Ray]], changes: Sequence[Change]) -> tuple[Any, ...]:
    return ()
