"""Turn the staff that an organisation has now into the structure `current`, and into the hires that each alternative needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.executors.base import mask
from engine.feel.arrays import Num, null_of
from engine.feel.select import select
from engine.staffing.result import Staffing


@dataclass(frozen=True, slots=True)
class Current:
    """The team as it is: `staff`: role -> people (N,), 0 where none is stated. `stated`: (N,), whether any staff is."""

    staff: dict[str, np.ndarray]
    stated: np.ndarray


def current(staffing: Staffing) -> Current:
    """The existing staff, from the inputs with the model's staff prefix."""
    plan, n = staffing.plan, staffing.activations.size
    prefix = plan.settings.staff_prefix
    staff = {role: np.zeros(n) for role in plan.roles}
    stated = np.zeros(n, dtype=bool)
    if prefix is None:
        return Current(staff, stated)
    for role in plan.roles:
        column = staffing.activations.columns.get(prefix + role)
        if isinstance(column, Num):
            null = null_of(column)
            known = mask(True if null is None else ~null, n)
            staff[role] = select(known, column.values, 0.0)
            stated = stated | known
    return Current(staff, stated)


def hires(staffing: Staffing, now: Current, k: int) -> np.ndarray:
    """(N,) people to hire for the structure at `k`: in each employee post its people less the staff now in the roles it covers, never below 0.

    Staff whose role is covered by several posts are counted in each by the share of that role's people it has; nobody is counted twice.
    """
    layout, posts = staffing.layouts[k], staffing.posts[k]
    n = staffing.activations.size
    total: Any = np.zeros(n)
    for i, seat in enumerate(layout.seats):
        if seat.post.engaged != "employee":
            continue
        have: Any = np.zeros(n)
        for covering in seat.coverings:
            both = [j for j in layout.covered[covering.role] if layout.seats[j].post.engaged == "employee"]
            all_people = sum((np.broadcast_to(posts.people[j], (n,)) for j in both), np.zeros(n))
            part = select(all_people > 0, posts.people[i] / select(all_people > 0, all_people, 1.0), 0.0)
            have = have + now.staff[covering.role] * part
        total = total + np.maximum(posts.people[i] - have, 0.0)
    return np.asarray(select(now.stated, total, np.nan))
