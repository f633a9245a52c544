"""What `whatif` answers: frozen values, the same for reading and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from engine.decide import Decisions
from engine.executors.base import mask
from engine.feel.arrays import Bool
from engine.scoring.ranking import INELIGIBLE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to. `decided`: False where it could not be made; the rest then means nothing."""

    recommended: str | None
    score: float
    people: float
    fte: float
    cost_month: float
    cash_month: float
    roles: tuple[str, ...]
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One input with another value. `today` None: not stated, and nothing assumed; `assumed`: the model's value, not the profile's. `value` None: not
    stated any more. `before`: of numbers, the neighbouring value on today's side, at which the target is as it is today. `handy`: of numbers, the nearest
    value beyond with few digits that does as well."""

    input: str
    today: Any
    assumed: bool
    value: Any
    before: float | None
    handy: float | None
    size: float  # relative to today's value; of what is no number, the words that change


@dataclass(frozen=True, slots=True)
class Change:
    """Steps after which the target is otherwise: one, or one of each input of a pair. `alternatives`: other values of as many steps that do as well.
    `proved`: whether it is known that nothing nearer does."""

    steps: tuple[Step, ...]
    size: float
    after: Outcome
    alternatives: tuple[Any, ...] = ()
    proved: bool = True

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(step.input for step in self.steps)


@dataclass(frozen=True, slots=True)
class Without:
    """An input that alone changes nothing within `low` to `high`, or, where these are None, by any other word."""

    input: str
    today: Any
    assumed: bool
    low: float | None
    high: float | None
    proved: bool = True


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`holds`: whether the target holds today; the changes are then what would end it. Nearest first, by `size`."""

    want: str
    holds: bool
    today: Outcome
    changes: tuple[Change, ...]
    without: tuple[Without, ...]
    pairs: tuple[Change, ...] = ()

    @property
    def data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def outcomes(decisions: Decisions) -> list[Outcome]:
    """One for each row."""
    n = decisions.size
    ids = list(decisions.plan.structures)
    first = decisions.ranked.order[0]
    eligible = decisions.ranked.tier[first, np.arange(n)] != INELIGIBLE
    scores = decisions.scores[first, np.arange(n)]
    facts = {name: decisions.at_winner(f"staffing.{name}") for name in ("people", "fte", "cost_month", "cash_month")}
    active = {}
    for id_ in decisions.plan.roles:
        column = decisions.activations.columns[f"role.{id_}.active"]
        assert isinstance(column, Bool)
        active[id_] = mask(column.true, n)
    lost = {conflict.row for conflict in decisions.conflicts}
    return [
        Outcome(
            ids[first[i]] if eligible[i] else None,
            float(scores[i]) if eligible[i] else 0.0,
            float(facts["people"][i]),
            float(facts["fte"][i]),
            float(facts["cost_month"][i]),
            float(facts["cash_month"][i]),
            roles=tuple(id_ for id_ in active if active[id_][i]),
            decided=i not in lost,
        )
        for i in range(n)
    ]
