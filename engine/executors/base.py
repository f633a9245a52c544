"""What an executor turns a batch of profiles into: every derived value, which rules fired, which inputs were assumed, which rows can't be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from engine.diagnostics import Diagnostic
from engine.feel.arrays import Bool, Column, take, to_values
from engine.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that cannot be decided, and why; the other rows are not touched by it."""

    row: int
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Activations:
    """`columns`: each name of `plan.order` except rules, constants broadcast, shape () or (N,). `fired`: rule id -> mask (N,).
    `assumed`: input id -> mask (N,), true where the model filled the value in."""

    size: int
    columns: Mapping[str, Column]
    fired: Mapping[str, np.ndarray]
    assumed: Mapping[str, np.ndarray]
    conflicts: tuple[Conflict, ...]
    firing_order: tuple[tuple[str, ...], ...] | None = None  # durable only: rule ids in the order they fired, per row


class Executor(Protocol):
    """One way to run a plan's derivation and rules."""

    name: str

    def activate(self, plan: Plan, columns: Mapping[str, Column], size: int) -> Activations:
        """`columns`: stated inputs, null where not stated; an absent input is null everywhere. `assumed.<input>`: see `given`."""
        ...


def given(plan: Plan, columns: Mapping[str, Column]) -> dict[str, Column]:
    """What an executor reads of some columns: the inputs, and `assumed.<input>`, true where a value that is given rests on an assumption all the same."""
    return {name: columns[name] for id_ in plan.inputs for name in (id_, f"assumed.{id_}") if name in columns}


def holds(column: Column, size: int) -> np.ndarray:
    """(size,) where a condition is true; a null is not."""
    return mask(column.true, size) if isinstance(column, Bool) else np.zeros(size, dtype=bool)


def label(plan: Plan, columns: Mapping[str, Column], row: int) -> str:
    """How messages call a row of a batch: its id, or its place."""
    ids = columns.get(plan.settings.id)
    found = to_values(take(ids, np.array([row])), 1)[0] if ids is not None else None
    return str(row + 1) if found is None else str(found)


def mask(array: Any, size: int) -> np.ndarray:
    """A boolean array of shape (size,)."""
    found = np.asarray(array, dtype=bool)
    return found if found.shape == (size,) else np.broadcast_to(found, (size,))
