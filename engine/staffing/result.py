"""What staffing gives: posts and `staffing.*` facts per structure and profile, and readers that see one structure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.executors.base import Activations, Conflict
from engine.feel.arrays import Column, Num, mapped
from engine.feel.columns import Reader
from engine.model.plan import Plan
from engine.staffing.layout import Layout, team_keys


@dataclass(frozen=True, slots=True)
class Posts:
    """One structure's posts for the batch: each a tuple in post order of arrays (N,) or scalars."""

    load: tuple[Any, ...]
    people: tuple[Any, ...]
    capacity: tuple[Any, ...]
    wage: tuple[Any, ...]
    fee: tuple[Any, ...]
    place: tuple[Any, ...]  # bit of the place it sits in; 0 where the post is not in use


@dataclass(slots=True)
class Staffing:
    """`facts`: `staffing.*` name -> Num of shape (K, N), K structures in id order. `posts`: per structure."""

    plan: Plan
    activations: Activations
    layouts: tuple[Layout, ...]
    posts: tuple[Posts, ...]
    facts: dict[str, Num]
    reader: Reader
    staffer: Any  # keeps what the reader reads from alive, and answers for single posts
    conflicts: list[Conflict] = field(default_factory=list)

    def reader_of(self, k: int) -> Reader:
        """A reader for which `staffing.*` and `structure.*` are those of the structure at `k`: (N,) each."""

        def column_of(name: str) -> Column:
            column = self.reader.column_of(name)
            return at_structure(column, k) if name.startswith(("staffing.", "structure.")) else column

        return Reader(column_of, self.plan.shared, parent=self.reader, own=team_keys(self.plan))


def at_structure(column: Column, k: int) -> Column:
    """One row of a (K, N) or (K, 1) column, as (N,) or a constant."""

    def pick(array: Any) -> Any:
        if array is None or np.ndim(array) < 2:
            return array
        return array[k, 0] if array.shape[1] == 1 else array[k]

    return mapped(column, pick)
