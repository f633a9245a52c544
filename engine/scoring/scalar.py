"""Turn one profile into its whole decision in plain Python, step by step as `decide` does it for a batch: the reference that `decide` is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from engine.diagnostics import Diagnostic
from engine.executors.interpret import Profile, effects, fit
from engine.feel.interpret import Lookup, interpret
from engine.feel.numbers import round12
from engine.model.plan import Criterion, Formula, Plan
from engine.scoring.ranking import AFFORDABLE, INELIGIBLE, OVER_BUDGET
from engine.staffing.scalar import Team, staff


def reference(plan: Plan, profile: Mapping[str, Any]) -> dict[str, Any]:
    """The decision of one profile. `profile`: the stated inputs; numbers, texts, booleans, and lists or sets of words.

    Gives `values`, `fired`, `assumed`, `active`; `staffing`, `structure` and `posts` by structure; `matrix` (criterion, then structure), `weights`, `scores`,
    `met`, `eligible`, `tiers`, `order` (best first), `margin` (None when there is nothing to compare), `tie`, `ranking`, `notes`, `conflicts`.
    """
    stated = {id_: fit(_plain(profile[id_]), item.type) for id_, item in plan.inputs.items() if id_ in profile}
    return judged(plan, Profile(plan, stated, 0, effects(plan)).derived())


def judged(plan: Plan, profile: Profile) -> dict[str, Any]:
    """The whole decision of a profile that has been derived."""
    teams, unstaffed = staff(plan, profile)
    unjudged: list[Diagnostic] = []
    seen = {id_: _seen(profile, team.facts) for id_, team in teams.items()}

    def number(formula: Formula, what: str, value_of: Lookup) -> float:
        value = interpret(formula.tree, value_of)
        if value is None:
            unjudged.append(Diagnostic("X103", {"profile": profile.label, "what": what}, formula.span))
        return 0.0 if value is None else float(value)

    criteria = plan.criteria.values()
    weights = _weights(plan, profile, {criterion.id: number(criterion.weight, f"{criterion.id}.weight", profile.value) for criterion in criteria}, unjudged)
    matrix = {criterion.id: {id_: _scaled(number(criterion.value, criterion.id, seen[id_]), criterion) for id_ in teams} for criterion in criteria}
    scores = {id_: _score(plan, matrix, weights, id_) for id_ in teams}
    met = {id_: [interpret(needs.needs.tree, seen[id_]) is True for needs in team.structure.eligible] for id_, team in teams.items()}
    within = {id_: _within(plan, profile, team) for id_, team in teams.items()}
    eligible = {id_: all(met[id_]) and within[id_] for id_ in teams}
    rank = _rank(plan, profile, teams, scores, eligible)
    at_winner = _seen(profile, {**teams[rank["order"][0]].facts, **{f"ranking.{name}": value for name, value in rank["ranking"].items()}})
    return {
        "values": {name: profile.values[name] for name in plan.order if not name.startswith("rule:")},
        "fired": profile.fired,
        "assumed": profile.assumed,
        "active": [id_ for id_ in plan.roles if profile.values[f"role.{id_}.active"]],
        "staffing": {id_: {name: value for name, value in team.facts.items() if name.startswith("staffing.")} for id_, team in teams.items()},
        "structure": {id_: {name: value for name, value in team.facts.items() if name.startswith("structure.")} for id_, team in teams.items()},
        "posts": {id_: {post: {f.name: getattr(filled, f.name) for f in fields(filled)} for post, filled in team.posts.items()} for id_, team in teams.items()},
        "matrix": matrix,
        "weights": weights,
        "scores": scores,
        "met": met,
        "within": within,
        "eligible": eligible,
        **rank,
        "notes": {id_: _note(plan, profile, id_, at_winner) for id_, rule in plan.rules.items() if rule.effect == "note"},
        "conflicts": {"derived": profile.conflicts, "staffed": unstaffed, "judged": unjudged},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _seen(profile: Profile, facts: Mapping[str, Any]) -> Lookup:
    """Every name as it is for the profile beside these facts."""
    return lambda name: facts[name] if name in facts else profile.value(name)


# -- judging


def _weights(plan: Plan, profile: Profile, importances: Mapping[str, float], found: list[Diagnostic]) -> dict[str, float]:
    """Each criterion's share of the importance; the shares add up to 1."""
    total = 0.0
    for importance in importances.values():
        total = total + importance
    if not total > 0 or min(importances.values(), default=0.0) < 0:
        span = next((criterion.weight.span for criterion in plan.criteria.values()), None)
        found.append(Diagnostic("X104", {"profile": profile.label}, span))
    return {id_: importance / (total if total > 0 else 1.0) for id_, importance in importances.items()}


def _scaled(value: float, criterion: Criterion) -> float:
    if criterion.worst != 0 or criterion.best != 1:
        value = (value - criterion.worst) / (criterion.best - criterion.worst)
    return min(max(value, 0.0), 1.0)


def _score(plan: Plan, matrix: Mapping[str, Mapping[str, float]], weights: Mapping[str, float], structure: str) -> float:
    total = 0.0
    for id_ in plan.criteria:
        total = total + matrix[id_][structure] * weights[id_]
    return total


def _within(plan: Plan, profile: Profile, team: Team) -> bool:
    most = plan.settings.max_headcount
    limit = interpret(most.tree, profile.value) if most is not None else None
    return limit is None or not team.facts["staffing.heads"] > limit


# -- ranking


def _rank(plan: Plan, profile: Profile, teams: Mapping[str, Team], scores: Mapping[str, float], eligible: Mapping[str, bool]) -> dict[str, Any]:
    settings = plan.settings
    budget = profile.value(settings.budget) if settings.budget is not None else None
    if settings.budget is not None and profile.assumed.get(settings.budget, False):
        budget = None
    slack = interpret(settings.budget_slack.tree, profile.value) or 0.0
    tolerance = interpret(settings.tie_tolerance.tree, profile.value) or 0.0
    cash = {id_: team.facts["staffing.cash_month"] for id_, team in teams.items()}
    affordable = {id_: budget is None or cash[id_] <= budget * (1.0 + slack) for id_ in teams}
    tiers = {id_: (AFFORDABLE if affordable[id_] else OVER_BUDGET) if eligible[id_] else INELIGIBLE for id_ in teams}
    order = sorted(teams, key=lambda id_: (tiers[id_], -round12(scores[id_]) if eligible[id_] else 0.0, id_))
    first = order[0]
    margin = None
    if len(order) > 1 and eligible[first] and tiers[first] == tiers[order[1]]:
        margin = scores[first] - scores[order[1]]
    tie = margin is not None and margin <= tolerance + 1e-12
    stated = budget is not None and eligible[first]
    facts = {
        "score": scores[first] if eligible[first] else 0.0,
        "margin": margin,
        "affordable": tiers[first] == AFFORDABLE if stated else None,
        "budget_gap": max(cash[first] - budget, 0.0) if stated and budget is not None else None,
        "eligible": float(sum(eligible.values())),
        "tie": tie,
    }
    return {"tiers": tiers, "order": order, "margin": margin, "tie": tie, "ranking": facts}


def _note(plan: Plan, profile: Profile, id_: str, seen: Lookup) -> bool:
    rule = plan.rules[id_]
    return profile.fired[id_] if rule.stage == "profile" else interpret(rule.when.tree, seen) is True
