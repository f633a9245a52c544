"""Turn a plan and profiles into what of each answer can be compared, and two such records into where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.batch import decide_chunks
from engine.decide import Decisions
from engine.feel.arrays import Bool, Column, Str
from engine.model.plan import Plan

FIELDS = ("recommended", "roles", "cost_month", "people", "ranking", "placement", "decided")
SHOWN_RANKS = 3


@dataclass(frozen=True, slots=True)
class Names:
    """The structures, roles and places of both models, so that their answers can be compared by number."""

    structures: tuple[str, ...]
    roles: tuple[str, ...]
    places: tuple[str, ...]

    @staticmethod
    def of(*plans: Plan) -> Names:
        def joined(part: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(id_ for plan in plans for id_ in getattr(plan, part)))

        return Names(joined("structures"), joined("roles"), joined("places"))

    @property
    def dtype(self) -> np.dtype[Any]:
        """One record: `recommended` and `placement` -1 where there is none, `ranking` the first structures, money and people of the recommended one."""
        return np.dtype(
            [
                ("recommended", "i2"),
                ("placement", "i2"),
                ("ranking", "i2", (SHOWN_RANKS,)),
                ("roles", "u1", (max(1, (len(self.roles) + 7) // 8),)),
                ("cost_month", "f8"),
                ("people", "f8"),
                ("decided", "?"),
                ("currency", "S8"),
            ]
        )


def records(plan: Plan, names: Names, columns: Mapping[str, Column], size: int) -> np.ndarray:
    """(size,) the records of a batch."""
    depth = max(2, min(SHOWN_RANKS, len(plan.structures)))
    parts = decide_chunks(plan, columns, size, lambda _, decisions: _record(decisions, names), depth=depth)
    return np.concatenate(parts) if parts else np.zeros(0, names.dtype)


def _record(decisions: Decisions, names: Names) -> np.ndarray:
    plan, n, ranked = decisions.plan, decisions.size, decisions.ranked
    found = np.zeros(n, names.dtype)
    place = np.array([names.structures.index(id_) for id_ in plan.structures] + [-1], dtype=np.int16)
    found["recommended"] = place[decisions.winner]
    found["ranking"] = -1
    for rank in range(min(SHOWN_RANKS, len(ranked.order))):
        found["ranking"][:, rank] = np.where(ranked.eligible > rank, place[ranked.order[rank]], -1)
    bits = np.zeros((n, len(names.roles)), dtype=bool)
    for i, role in enumerate(names.roles):
        column = decisions.activations.columns.get(f"role.{role}.active")
        if isinstance(column, Bool):
            bits[:, i] = column.true
    found["roles"] = np.packbits(bits, axis=1, bitorder="little")
    some = decisions.winner >= 0
    for field in ("cost_month", "people"):
        found[field] = np.where(some, np.round(decisions.at_winner(f"staffing.{field}"), 6), np.nan)
    seat = decisions.activations.columns.get("placement")
    found["placement"] = -1
    if isinstance(seat, Str) and seat.words:
        found["placement"] = np.array([names.places.index(word) if word in names.places else -1 for word in seat.words] + [-1], dtype=np.int16)[seat.codes]
    money = decisions.activations.columns.get(plan.settings.currency or "")
    if isinstance(money, Str) and money.words:
        found["currency"] = np.array([*money.words, ""], dtype="S8")[money.codes]
    found["decided"] = True
    found["decided"][[conflict.row for conflict in decisions.conflicts]] = False
    return found


def differing(a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    """Field -> (N,), where it differs. What could not be decided differs in nothing but that."""
    both = a["decided"] & b["decided"]
    found = {}
    for field in FIELDS:
        x, y = a[field], b[field]
        if x.dtype.kind == "f":
            different = ~((x == y) | (np.isnan(x) & np.isnan(y)))
        else:
            different = (x != y).reshape(len(a), -1).any(axis=1)
        found[field] = different if field == "decided" else different & both
    return found


def changed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(N,) where anything differs."""
    return np.logical_or.reduce(list(differing(a, b).values())) if len(a) else np.zeros(0, dtype=bool)


def role_set(record: np.ndarray, names: Names) -> set[str]:
    bits = np.unpackbits(record["roles"], bitorder="little")
    return {role for role, bit in zip(names.roles, bits, strict=False) if bit}
