"""Turn an expectation that was not met into sentences: which rule would have to fire and what it lacks, which criteria set two structures apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.authoring.why_values import of_staffing, of_table, of_value
from engine.explain import explain
from engine.explain.case import Case, cited
from engine.explain.structures import contributions, refused
from engine.explain.why_not import lacks
from engine.feel.tree import Const
from engine.model.plan import Rule
from engine.outcome import parts
from engine.scoring.ranking import INELIGIBLE, OVER_BUDGET
from engine.texts import say, shown

MOST = 3  # criteria, requirements or structures that are named


def why(case: Case, what: str, name: str, about: Any) -> list[str]:
    """The reasons, details indented. `what` and `name`: the key in the example; `about`: what it wanted."""
    match what:
        case "roles":
            return [line for role in about for line in _of_role(case, role)]
        case "active" | "inactive":
            return _of_role(case, name)
        case "fired" | "notes":
            return list(_not_fired(case, case.plan.rules[name]))
        case "not_fired":
            return list(_fired(case, case.plan.rules[name]))
        case "recommended":
            return _of_recommended(case, about)
        case "ranking":
            return _of_ranking(case, *about)
        case "status":
            return list(_of_status(case, about))
        case "placement":
            return list(of_table(case, case.plan.decisions["placement"], about)) if "placement" in case.plan.decisions else []
        case "values":
            role = name.split(".")
            return _of_role(case, role[1]) if role[0] == "role" and not case.value(f"role.{role[1]}.active") else list(of_value(case, name, about))
        case "staffing":
            return list(of_staffing(case, list(case.plan.structures).index(about)))
    return []


def _of_role(case: Case, role: str) -> list[str]:
    """Why a role is active, or what each rule that would activate it lacks and what excludes it."""
    section = explain(case, role=role).sections[0]
    lines = [f"{'  ' * line.indent}{line.text}" + (f" [{line.source}]" if line.source else "") for line in section.lines]
    fired = case.decisions.activations.fired
    rules = {effect: [rule for rule in case.plan.rules.values() if rule.effect == effect and rule.target == role] for effect in ("activate", "exclude")}
    against = [rule for rule in rules["exclude"] if fired[rule.id][0]]
    if against:  # what it takes that they don't fire, and that some rule activates the role
        lines += [f"  {text}" for rule in against for text in _fired(case, rule)]
        if not any(fired[rule.id][0] for rule in rules["activate"]):
            lines += [f"  {text}" for rule in rules["activate"] for text in _not_fired(case, rule)]
    return lines


def _not_fired(case: Case, rule: Rule) -> Iterator[str]:
    yield say("test.would_fire", case.lang, rule=rule.id, lacks=_ways(case, rule, True), source=cited((), rule.span))


def _fired(case: Case, rule: Rule) -> Iterator[str]:
    source = cited((), rule.span)
    if isinstance(rule.when.tree, Const):
        yield say("test.always_fires", case.lang, rule=rule.id, source=source)
    else:
        yield say("test.would_not_fire", case.lang, rule=rule.id, lacks=_ways(case, rule, False), source=source)


def _ways(case: Case, rule: Rule, wanted: bool) -> str:
    ways = lacks(case, rule.when.tree, rule.when.text, wanted)
    return f"{say('join.or', case.lang)} ".join(f"{say('join.and', case.lang)} ".join(lack.text for lack in way) for way in ways)


# -- structures


def _of_recommended(case: Case, wanted: list[str]) -> list[str]:
    """The best placed of the wanted structures against the recommended one."""
    ids = list(case.plan.structures)
    order = case.decisions.ranked.order[:, 0].tolist()
    chosen = min((ids.index(id_) for id_ in wanted), key=order.index)
    if not case.decisions.ranked.eligible[0]:
        return [say("reason.undecided", case.lang), *_refused(case, chosen)]
    return _against(case, case.winner, chosen)


def _of_ranking(case: Case, wanted: tuple[str, ...], ranked: list[str]) -> list[str]:
    """The first place that another structure has, and the two of them."""
    ids = list(case.plan.structures)
    place = next(i for i, id_ in enumerate(wanted) if i >= len(ranked) or ranked[i] != id_)
    chosen = ids.index(wanted[place])
    if place >= len(ranked):
        return _refused(case, chosen)
    return _against(case, ids.index(ranked[place]), chosen)


def _against(case: Case, first: int, other: int) -> list[str]:
    """Two structures: their scores, tiers, and the criteria that make most of the difference."""
    decisions, lang = case.decisions, case.lang
    structures = list(case.plan.structures.values())
    tiers = decisions.ranked.tier[:, 0]
    if tiers[other] == INELIGIBLE:
        return _refused(case, other)
    labels = {"first": structures[first].label[lang], "other": structures[other].label[lang]}
    scores = {key: shown.number(float(decisions.scores[k, 0]), lang, 4) for key, k in (("a", first), ("b", other))}
    lines = [say("test.scores", lang, **labels, **scores, gap=shown.number(abs(float(decisions.scores[first, 0] - decisions.scores[other, 0])), lang, 4))]
    if tiers[other] == OVER_BUDGET and tiers[first] != OVER_BUDGET:
        cash = shown.money(case.value("staffing.cash_month", other), case.currency, lang)
        lines.append("  " + say("test.over_budget", lang, structure=labels["other"], cash=cash))
    added, matrix = contributions(case), decisions.judged.matrix[:, :, 0]
    gaps = added[:, first] - added[:, other]
    criteria = list(case.plan.criteria.values())
    for c in sorted(range(len(criteria)), key=lambda c: (-abs(gaps[c]), criteria[c].id))[:MOST]:
        if abs(gaps[c]) > 1e-12:
            values = {key: shown.number(float(matrix[c, k]), lang, 3) for key, k in (("a", first), ("b", other))}
            values |= {
                "weight": shown.percent(float(decisions.judged.weights[c, 0]), lang),
                "gap": f"{gaps[c]:+.4f}" if lang == "en" else f"{gaps[c]:+.4f}".replace(".", ","),
            }
            lines.append("  " + say("test.criterion", lang, criterion=criteria[c].label[lang], source=cited((), criteria[c].span, criteria[c].id), **values))
    return lines


def _refused(case: Case, k: int) -> list[str]:
    lines = refused(case, k) if case.decisions.ranked.tier[k, 0] == INELIGIBLE else []
    return [("  " if len(line) > 3 and line[3] else "") + line[0] + (f" [{line[1]}]" if len(line) > 1 and line[1] else "") for line in lines[: MOST + 1]]


def _of_status(case: Case, wanted: str) -> Iterator[str]:
    """What was assumed, or why nothing is eligible, or that the profile is valid."""
    plan, lang = case.plan, case.lang
    if not case.decisions.ranked.eligible[0]:
        for k in range(min(MOST, len(plan.structures))):
            yield from _refused(case, k)[:1]
        return
    if wanted == "rejected":
        yield say("test.accepted", lang)
        return
    masks = parts.assumed_masks(case.decisions, {})
    filled = [id_ for id_, mask in masks.items() if mask[0] and plan.inputs[id_].material]
    yield say("test.assumed", lang, names=", ".join(filled)) if filled else say("test.stated", lang)
