"""Turn obligations that nothing meets yet into examples that meet them, each as short as it can be and tried before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml

from engine.api import read_profiles
from engine.authoring.coverage.measure import Coverage, reached
from engine.authoring.coverage.obligations import text_of
from engine.decide import Decisions, decide
from engine.feel.arrays import Column, Items, take, to_values
from engine.feel.columns import nothing
from engine.model.plan import Plan
from engine.profiles.sample import sample
from engine.texts import say

TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`given`: the stated inputs. `fired`, `not_fired`: rules for which the example is there. `meets`: the obligations that it meets and nothing did."""

    given: Mapping[str, Any]
    fired: tuple[str, ...]
    not_fired: tuple[str, ...]
    recommended: str | None
    meets: tuple[int, ...]


def suggest(coverage: Coverage, seed: int = 1, tried: int = TRIED) -> tuple[list[Suggestion], list[int]]:
    """Examples for the obligations that nothing meets, and those for which no generated profile was found."""
    plan, missing = coverage.plan, coverage.missing()
    if not missing:
        return [], []
    table, _ = sample(plan, tried, seed)
    profiles, _ = read_profiles(plan, table)
    assert profiles is not None
    columns = {name: profiles.columns[name] for name in plan.inputs if name in profiles.columns}
    wanted = [coverage.obligations[i] for i in missing]
    hits = reached(decide(plan, columns, profiles.size), coverage.conditions, wanted)
    found: list[Suggestion] = []
    left = set(np.flatnonzero(hits.any(axis=1)).tolist())
    while left:
        row = int(hits[sorted(left)].sum(axis=0).argmax())
        mine = sorted(i for i in left if hits[i, row])
        found.append(_short(coverage, columns, row, [missing[i] for i in mine]))
        left -= set(mine)
    return found, [missing[i] for i in np.flatnonzero(~hits.any(axis=1)).tolist()]


def _short(coverage: Coverage, columns: Mapping[str, Column], row: int, meets: list[int]) -> Suggestion:
    """The profile without the inputs that do not matter to what it is for."""
    plan = coverage.plan
    kept = {name: take(column, np.array([row])) for name, column in columns.items()}
    for name in [name for name, item in plan.inputs.items() if name in kept and not item.required and name != plan.settings.id]:
        if to_values(kept[name], 1)[0] is None:
            del kept[name]
            continue
        without = {**kept, name: _empty(plan, name)}
        if _met(coverage, without, meets):
            del kept[name]
    decisions = decide(plan, kept, 1)
    given = {name: _plain(to_values(column, 1)[0]) for name, column in kept.items() if name not in (plan.settings.id, plan.settings.name)}
    rules = dict.fromkeys(coverage.conditions[coverage.obligations[i].condition].id for i in meets if _of_rule(coverage, i))
    fired = {id_ for id_ in rules if _fired(decisions, id_)}
    winner = int(decisions.winner[0])
    return Suggestion(
        given,
        tuple(id_ for id_ in rules if id_ in fired),
        tuple(id_ for id_ in rules if id_ not in fired),
        list(plan.structures)[winner] if winner >= 0 else None,
        tuple(meets),
    )


def _of_rule(coverage: Coverage, i: int) -> bool:
    return coverage.conditions[coverage.obligations[i].condition].kind == "rule"


def _fired(decisions: Decisions, id_: str) -> bool:
    return bool(decisions.notes.get(id_, decisions.activations.fired.get(id_, np.array([False])))[0])


def _met(coverage: Coverage, columns: Mapping[str, Column], meets: list[int]) -> bool:
    decisions = decide(coverage.plan, columns, 1)
    return not decisions.conflicts and bool(reached(decisions, coverage.conditions, [coverage.obligations[i] for i in meets])[:, 0].all())


def _empty(plan: Plan, name: str) -> Column:
    column = nothing(plan.inputs[name].type)
    return Items([], np.zeros(1, dtype=np.int64), np.ones(1, dtype=bool)) if isinstance(column, Items) else column


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return int(value) if isinstance(value, float) and value == int(value) else value


def as_yaml(coverage: Coverage, found: list[Suggestion], lang: str) -> str:
    """A file of examples, each with a comment that says what it is for."""
    lines = [f"# {say('coverage.suggested', lang)}", ""]
    for suggestion in found:
        for i in suggestion.meets:
            obligation = coverage.obligations[i]
            condition = coverage.conditions[obligation.condition]
            how = say("coverage.holds" if obligation.holds else "coverage.fails", lang)
            lines.append(f"# {condition.id}: {text_of(condition, obligation.guard)} {how}")
        first = coverage.conditions[coverage.obligations[suggestion.meets[0]].condition].id
        expect: dict[str, Any] = {key: list(getattr(suggestion, key)) for key in ("fired", "not_fired") if getattr(suggestion, key)}
        if not expect:
            expect = {"recommended": suggestion.recommended} if suggestion.recommended else {"status": "undecided"}
        number = 1 + sum(line.startswith(f'- name: "{first} ') for line in lines)
        lines.append(f'- name: "{first} {number}"')
        for key, value in (("given", dict(suggestion.given)), ("expect", expect)):
            text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True, sort_keys=False).rstrip()
            lines.append(f"  {key}: {text}")
        lines.append("")
    return "\n".join(lines)
