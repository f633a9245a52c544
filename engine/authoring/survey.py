"""Turn a plan and profiles generated for it into how often each structure may be chosen and is chosen, by size and first goal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.decide import Decisions, decide
from engine.diagnostics import errors
from engine.feel.arrays import to_values
from engine.model.plan import Plan
from engine.outcome import parts
from engine.profiles.assemble import Inputs
from engine.profiles.convert import convert
from engine.profiles.native import from_arrow
from engine.profiles.sample import sample

BANDS: tuple[tuple[float, str], ...] = ((10, "below 10"), (50, "10-49"), (250, "50-249"), (1000, "250-999"), (5000, "1,000-4,999"), (np.inf, "5,000 and more"))


@dataclass(frozen=True, slots=True)
class Survey:
    """N profiles, K structures in id order. `winner`: (N,) position, -1 where none is eligible; `eligible`: (K, N); `band`, `goal`: (N,);
    `warned`: (N,) whether a warning is said; `notes`: note id -> how many are told it; `unmet`: (structure, requirement's text) -> profiles that miss it."""

    structures: tuple[str, ...]
    goals: tuple[str, ...]
    winner: np.ndarray
    eligible: np.ndarray
    band: np.ndarray
    goal: np.ndarray
    warned: np.ndarray
    notes: dict[str, int]
    unmet: dict[tuple[str, str], int]

    @property
    def size(self) -> int:
        return int(self.winner.size)

    def shares(self, where: np.ndarray | None = None) -> dict[str, float]:
        """Structure -> share of the profiles that it wins, the largest first; only those that win at all."""
        winners = self.winner if where is None else self.winner[where]
        counts = np.bincount(winners[winners >= 0], minlength=len(self.structures))
        total = max(1, winners.size)
        order = sorted(range(len(self.structures)), key=lambda k: (-counts[k], self.structures[k]))
        return {self.structures[k]: float(counts[k]) / total for k in order if counts[k]}

    def reasons(self, structure: str, most: int = 2) -> list[str]:
        """The requirements of a structure that most profiles miss, as written."""
        missed = sorted(((count, text) for (id_, text), count in self.unmet.items() if id_ == structure and count), key=lambda pair: (-pair[0], pair[1]))
        return [text for _, text in missed[:most]]


def survey(plan: Plan, rows: int = 10_000, seed: int = 1) -> Survey:
    """Decide `rows` generated profiles. Raises ValueError when the model's `sample` entries are wrong."""
    table, found = sample(plan, rows, seed)
    sheet, more = from_arrow("sample", table) if table is not None else (None, [])
    if sheet is None:
        raise ValueError("\n".join(item.render() for item in errors([*found, *more])))
    profiles, _ = convert(sheet, Inputs(plan.inputs, plan.settings.id, plan.settings.name))
    assert profiles is not None and profiles.size == rows, "generated profiles are valid"
    decisions = decide(plan, {name: profiles.columns[name] for name in plan.inputs if name in profiles.columns}, rows)
    goals = plan.inputs["goals"].type.values or ()
    loud = [decisions.notes[id_] for id_, rule in plan.rules.items() if rule.target == "warning"]
    return Survey(
        tuple(plan.structures),
        goals,
        decisions.winner,
        np.broadcast_to(decisions.judged.eligible, (len(plan.structures), rows)),
        np.searchsorted([end for end, _ in BANDS], np.asarray(_values(decisions, "employees"), dtype=np.float64), side="right"),
        np.asarray([goals.index(word) for word in _values(decisions, "first_goal")]),
        np.logical_or.reduce(loud) if loud else np.zeros(rows, dtype=bool),
        {id_: int(mask.sum()) for id_, mask in decisions.notes.items()},
        dict(_missed(decisions)),
    )


def _values(decisions: Decisions, name: str) -> list[Any]:
    return to_values(parts.column_of(decisions, name), decisions.size)


def _missed(decisions: Decisions) -> Iterator[tuple[tuple[str, str], int]]:
    for structure, met in zip(decisions.plan.structures.values(), decisions.judged.met, strict=True):
        for requirement, mask in zip(structure.eligible, met, strict=True):
            text = " ".join(requirement.needs.text.split())
            yield (structure.id, text), decisions.size - int(np.broadcast_to(mask, (decisions.size,)).sum())
