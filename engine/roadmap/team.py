"""Turn decisions into what is seen of the recommended teams: the structure, the people of its posts, the roles that are active."""

from __future__ import annotations

import numpy as np

from engine.decide import Decisions
from engine.executors.base import mask
from engine.feel.arrays import Bool


def post_people(decisions: Decisions) -> np.ndarray:
    """(P, N) people of every post of every structure, 0 where the structure is not the recommended one."""
    winner, n = decisions.winner, decisions.size
    rows = [np.where(winner == k, np.broadcast_to(people, (n,)), 0.0) for k, posts in enumerate(decisions.staffing.posts) for people in posts.people]
    return np.stack(rows) if rows else np.zeros((0, n))


def active_roles(decisions: Decisions) -> np.ndarray:
    """(R, N) which roles are active, in the plan's order."""
    columns = [decisions.activations.columns[f"role.{id_}.active"] for id_ in decisions.plan.roles]
    return np.stack([mask(column.true, decisions.size) for column in columns if isinstance(column, Bool)])


def seen(decisions: Decisions) -> np.ndarray:
    """(S, N) all that is seen of a team; columns that are equal are the same team."""
    return np.concatenate([decisions.winner[None, :].astype(np.float64), post_people(decisions), active_roles(decisions).astype(np.float64)])
