"""Turn one profile's ranking into sentences: the team, why it wins, what each other structure lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.explain import reasons
from engine.explain.case import Case, cited
from engine.explain.trace import Trace, trace
from engine.explain.why_not import lacks
from engine.outcome.requirements import unmet
from engine.scoring.ranking import INELIGIBLE, OVER_BUDGET
from engine.texts import say, shown

Line = tuple[Any, ...]  # text, source, level, indent: as explanation.Line


def _cost(case: Case, k: int) -> str:
    """A structure's cost in words: a team of people who are already there costs nothing extra."""
    cost = case.value("staffing.cost_month", k)
    return say("cost.month", case.lang, money=shown.money(cost, case.currency, case.lang)) if cost else say("cost.none", case.lang)


def answer(case: Case) -> list[Line]:
    """The recommended structure, its cost, and its posts."""
    decisions, lang = case.decisions, case.lang
    if not decisions.ranked.eligible[0]:
        return [(say("reason.undecided", lang),)]
    k = case.winner
    structure = list(case.plan.structures.values())[k]
    facts = {name: case.value(f"staffing.{name}", k) for name in ("people", "fte", "cash_month", "cost_month")}
    values = {
        "structure": structure.label[lang],
        "people": shown.number(facts["people"], lang),
        "fte": shown.number(facts["fte"], lang),
        "cost": _cost(case, k),
        "score": shown.number(float(decisions.scores[k, 0]), lang, 3),
    }
    lines: list[Line] = [(say("answer.team", lang, **values), cited(structure.cites, structure.span, structure.id))]
    if structure.summary:
        lines.append((structure.summary[lang], "", "", 1))
    if int(decisions.ranked.tier[k, 0]) == OVER_BUDGET:
        missing = shown.money(reasons.budget_gap(case, k), case.currency, lang)
        lines.append((say("answer.over_budget", lang, money=missing), "", "", 1))
    for post in posts(case, k):
        roles = ", ".join(case.plan.roles[role].label[lang] for role in post["active_roles"])
        people = shown.number(post["people"], lang)
        key = f"answer.post_{post['engaged']}"
        text = say(key, lang, post=post["label"], people=people, load=shown.number(post["load"], lang), roles=roles or "-")
        text += say("answer.cost", lang, cost=shown.money(post["cost"], case.currency, lang)) if post["cost"] else ""
        text += say("answer.reports", lang, post=post["reports_label"]) if post["reports_label"] else ""
        lines.append((text, "", "", 1))
    return lines


def posts(case: Case, k: int) -> list[dict[str, Any]]:
    """The posts in use of a structure: people, load, cost, roles that are active."""
    staffing = case.decisions.staffing
    layout, found = staffing.layouts[k], staffing.posts[k]
    labels = {seat.post.id: seat.post.label.get(case.lang, seat.post.id) for seat in layout.seats}
    out = []
    for i, seat in enumerate(layout.seats):
        people = float(np.ravel(found.people[i])[0])
        if people <= 0:
            continue
        active = [covering.role for covering in seat.coverings if case.value(f"role.{covering.role}.active")]
        pay = float(np.ravel(staffing.staffer.pay(found, i))[0]) if seat.post.engaged != "vendor" else 0.0
        out.append(
            {
                "id": seat.post.id,
                "label": labels[seat.post.id],
                "people": people,
                "load": float(np.ravel(found.load[i])[0]),
                "engaged": seat.post.engaged,
                "active_roles": active,
                "cost": pay + float(np.ravel(found.fee[i])[0]),
                "reports_label": labels.get(seat.post.reports_to or "", ""),
            }
        )
    return out


def contributions(case: Case) -> np.ndarray:
    """(C, K)"""
    return case.decisions.contributions[:, :, 0]


def why(case: Case) -> list[Line]:
    """Every criterion's contribution to the winner's score; they add up to it exactly."""
    decisions, plan, lang = case.decisions, case.plan, case.lang
    if not decisions.ranked.eligible[0]:
        return []
    k = case.winner
    order = decisions.ranked.order[:, 0]
    parts = contributions(case)
    second = int(order[1]) if len(order) > 1 and decisions.ranked.tier[order[1], 0] != INELIGIBLE else None
    lines: list[Line] = [(reasons.because(case, k, second),)] if second is not None else []
    for c in np.argsort(-parts[:, k], kind="stable"):
        criterion = list(plan.criteria.values())[c]
        values = {
            "criterion": criterion.label[lang],
            "value": shown.number(float(decisions.judged.matrix[c, k, 0]), lang, 3),
            "weight": shown.percent(float(decisions.judged.weights[c, 0]), lang),
            "part": shown.number(float(parts[c, k]), lang, 4),
        }
        text = say("why.part", lang, **values)
        if second is not None:
            gap = float(parts[c, k] - parts[c, second])
            other = list(plan.structures.values())[second].label[lang]
            text += " " + say("why.gap", lang, gap=("+" if gap >= 0 else "-") + shown.number(abs(gap), lang, 4), other=other)
        lines.append((text, cited(criterion.cites, criterion.span, criterion.id)))
    total = 0.0
    for c in range(parts.shape[0]):
        total = total + float(parts[c, k])
    lines.append((say("why.sum", lang, score=shown.number(total, lang, 4)),))
    return lines


def others(case: Case) -> list[Line]:
    """The other structures in order, with their distance, or the requirement they do not meet and what it would take."""
    decisions, plan, lang = case.decisions, case.plan, case.lang
    lines: list[Line] = []
    ids = list(plan.structures)
    best = float(decisions.scores[case.winner, 0])
    for place, k in enumerate(decisions.ranked.order[:, 0].tolist(), start=1):
        tier = int(decisions.ranked.tier[k, 0])
        if (place == 1 and tier != INELIGIBLE) or tier == INELIGIBLE:
            continue
        label = plan.structures[ids[k]].label[lang]
        cost = _cost(case, k)
        score = float(decisions.scores[k, 0])
        values = {"place": place, "structure": label, "score": shown.number(score, lang, 3), "gap": shown.number(best - score, lang, 3), "cost": cost}
        lines.append((say("others.over_budget" if tier == OVER_BUDGET else "others.ranked", lang, **values),))
        if said := reasons.plea(case, k):
            lines.append((said, "", "", 1))
    for k in range(len(ids)):
        if int(decisions.ranked.tier[k, 0]) == INELIGIBLE:
            lines += refused(case, k)
    return lines


def refused(case: Case, k: int) -> list[Line]:
    """Why a structure is not eligible: every requirement it does not meet."""
    plan, lang = case.plan, case.lang
    structure = list(plan.structures.values())[k]
    reason = unmet(case.decisions, np.array([k]), np.array([0]), lang)[0]
    lines: list[Line] = [(say("others.ineligible", lang, structure=structure.label[lang], reason=reason), cited(structure.cites, structure.span, structure.id))]
    for requirement, met in zip(structure.eligible, case.decisions.judged.met[k], strict=True):
        if not met[0]:
            at = _At(case, k)
            ways = lacks(at, requirement.needs.tree, requirement.needs.text)  # type: ignore[arg-type]
            texts = f"{say('join.or', lang)} ".join(f"{say('join.and', lang)} ".join(lack.text for lack in way) for way in ways)
            if texts:
                lines.append((say("others.would", lang, lacks=texts), cited(requirement.cites, requirement.needs.span), "", 1))
    return lines


class _At:
    """The case seen from one structure: `staffing.*` and `structure.*` are that structure's."""

    def __init__(self, case: Case, k: int) -> None:
        self._case, self._k = case, k

    def __getattr__(self, name: str) -> Any:
        return getattr(self._case, name)

    def value(self, name: str) -> Any:
        return self._case.value(name, self._k)


def one(case: Case, id_: str) -> list[Line]:
    """One structure against the recommended one, criterion by criterion."""
    plan, lang, decisions = case.plan, case.lang, case.decisions
    k = list(plan.structures).index(id_)
    structure = plan.structures[id_]
    lines: list[Line] = [(structure.summary[lang], cited(structure.cites, structure.span, id_))] if structure.summary else []
    if int(decisions.ranked.tier[k, 0]) == INELIGIBLE:
        lines += refused(case, k)
    parts = contributions(case)
    decided = bool(decisions.ranked.eligible[0])
    if k != case.winner and int(decisions.ranked.tier[k, 0]) != INELIGIBLE:
        lines.append((reasons.because(case, case.winner, k),))
    elif k != case.winner and decided:
        winner = list(plan.structures.values())[case.winner].label[lang]
        gap = round(float(decisions.scores[case.winner, 0] - decisions.scores[k, 0]), 3)
        key = "one.against" if gap > 0 else "one.ahead" if gap < 0 else "one.level"
        lines.append((say(key, lang, structure=structure.label[lang], winner=winner, gap=shown.number(abs(gap), lang, 3)),))
    traces = trace(case, k)
    for c, criterion in enumerate(plan.criteria.values()):
        gap = float(parts[c, k] - parts[c, case.winner])
        values = {"criterion": criterion.label[lang], "value": shown.number(float(decisions.judged.matrix[c, k, 0]), lang, 3)}
        values |= {"part": shown.number(float(parts[c, k]), lang, 4), "gap": ("+" if gap >= 0 else "-") + shown.number(abs(gap), lang, 4)}
        lines.append((say("one.part" if decided else "one.part_alone", lang, **values), cited(criterion.cites, criterion.span, criterion.id), "", 1))
        lines += [(text, "", "", 2) for text in _traced(case, traces[c])]
    rules = dict.fromkeys(rule for item in traces for rule in item.rules)
    if rules:
        lines.append((say("trace.rules", lang, rules=", ".join(f"{rule.name} ({rule.place})" for rule in rules)),))
    return lines


def _traced(case: Case, found: Trace) -> Iterator[str]:
    """What set the weight and the value, each in one line."""
    for key, origins in (("weight", found.weight), ("value", found.value)):
        words = []
        for item in origins:
            place = item.place or say("trace.profile", case.lang)
            value = say("trace.yes" if item.value else "trace.no", case.lang) if isinstance(item.value, bool) else case.shown(item.name, item.value)
            words.append(f"{item.name} = {value} ({place})")
        if words:
            yield say(f"trace.{key}", case.lang, origins=", ".join(words))


def data(case: Case) -> list[dict[str, Any]]:
    """Every structure in rank order, for programs."""
    decisions, plan = case.decisions, case.plan
    parts = contributions(case)
    ids = list(plan.structures)
    sums = decisions.method is None or decisions.method.method.additive
    out = []
    for place, k in enumerate(decisions.ranked.order[:, 0].tolist(), start=1):
        tier = int(decisions.ranked.tier[k, 0])
        eligible = tier != INELIGIBLE
        facts = {name.removeprefix("staffing."): case.value(name, k) for name in decisions.staffing.facts if not name.startswith("staffing.coverage_of.")}
        out.append(
            {
                "id": ids[k],
                "label": plan.structures[ids[k]].label[case.lang],
                "rank": place if eligible else None,
                "tier": tier,
                "score": float(decisions.scores[k, 0]) if eligible else None,
                "contributions": {criterion: float(parts[c, k]) for c, criterion in enumerate(plan.criteria)} if eligible and sums else None,
                "why_not": None if eligible else unmet(decisions, np.array([k]), np.array([0]), case.lang)[0],
                "staffing": facts,
                "posts": posts(case, k),
                **(reasons.data(case, k) if eligible else {}),
            }
        )
    return out
