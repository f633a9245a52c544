"""Turn the arguments of `susun explain` and `susun compare` into pages about one organisation, and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.api import case_of
from engine.commands.common import DONE, FOUND, known, plan_of, print_json, profiles_of, row_of, stop
from engine.commands.methods import method_of, methods_of, show_methods
from engine.commands.robust import sampling_of
from engine.commands.robust import show as show_robustness
from engine.diagnostics import errors
from engine.explain import explain, robust
from engine.explain.case import Case
from engine.explain.methods import data as methods_data
from engine.explain.methods import views
from engine.explain.reasons import because
from engine.model.plan import Plan
from engine.outcome import parts
from engine.outcome.requirements import unmet
from engine.outcome.terminal import console, hanging, put_table, show_explanation, table
from engine.profiles.table import Profiles
from engine.scenarios.apply import changed, only
from engine.scenarios.changes import read_changes
from engine.scoring.chosen import Chosen
from engine.scoring.ranking import INELIGIBLE, OVER_BUDGET
from engine.staffing.current import current, hires
from engine.texts import say, shown

WIDEST = 16  # of a structure's column


def run_explain(
    orgs: str, org: str, rules: str | None, params: Sequence[str], mapping: str | None, role: str | None, structure: str | None, changes: Sequence[str],
    as_json: bool, lang: str, locale: str | None = None, sheet: str | None = None,
) -> int:  # fmt: skip
    plan = plan_of(rules, params, lang)
    profiles = profiles_of(plan, orgs, mapping, (), lang, None, locale, sheet)
    row = row_of(plan, profiles, org, lang)
    if role is not None:
        known("role", role, plan.roles, lang)
    if structure is not None:
        known("structure", structure, plan.structures, lang)
    before = decided(plan, profiles, row, lang)
    case = decided(plan, changed_row(plan, profiles, row, changes, lang), 0, lang) if changes else before
    explanation = explain(case, role, structure)
    if as_json:
        print_json(explanation.data)
        return DONE
    name = plan.settings.name and case.value(plan.settings.name)
    title = say("explain.title", lang, name=name or org, id=org)
    data = explanation.data
    under = [say("explain.status", lang, confidence=shown.percent(data["confidence"], lang), status=say(f"status.{data['status']}", lang))]
    under.append(say("explain.model", lang, name=plan.name, version=plan.version, digest=plan.digest[:12]))
    show_explanation(explanation, title, "; ".join(under))
    if changes:
        console().print()
        console().print(say("explain.changed", lang, changes=", ".join(changes)) + " " + _difference(plan, before, case, lang))
    return DONE


def decided(plan: Plan, profiles: Profiles, row: int, lang: str, method: Chosen | None = None) -> Case:
    case = case_of(plan, profiles, row, lang, method)
    if case.decisions.conflicts:
        raise stop([case.decisions.conflicts[0].diagnostic], lang, FOUND)
    return case


def _difference(plan: Plan, before: Case, after: Case, lang: str) -> str:
    labels = [structure.label[lang] for structure in plan.structures.values()]
    old, new = (labels[case.winner] if case.decisions.ranked.eligible[0] else "-" for case in (before, after))
    return say("explain.changed_same", lang, structure=new) if old == new else say("explain.changed_other", lang, old=old, new=new)


def changed_row(plan: Plan, profiles: Profiles, row: int, changes: Sequence[str], lang: str) -> Profiles:
    """The row with some inputs set otherwise; assumptions follow from the changed inputs."""
    chosen, found = read_changes(plan, changes)
    if errors(found):
        raise stop(found, lang)
    after = changed(plan, only(profiles, row), chosen)
    if after.rejects:
        raise stop([reject.diagnostic for reject in after.rejects], lang)
    return after


# -- compare


def run_compare(
    orgs: str, org: str, rules: str | None, params: Sequence[str], mapping: str | None, chosen: Sequence[str], method: str | None, methods: Sequence[str],
    as_json: bool, lang: str, robustness: bool = False, samples: int | None = None, seed: int | None = None,
    locale: str | None = None, sheet: str | None = None,
) -> int:  # fmt: skip
    plan = plan_of(rules, params, lang)
    ranked_by, others = method_of(method, plan, lang), methods_of(methods, plan, lang)
    sampling = sampling_of(plan, robustness, samples, seed, None if ranked_by is None else "--method", lang)
    profiles = profiles_of(plan, orgs, mapping, (), lang, None, locale, sheet)
    row = row_of(plan, profiles, org, lang)
    for id_ in chosen:
        known("structure", id_, plan.structures, lang)
    case = decided(plan, profiles, row, lang, ranked_by)
    found = views(case, others)
    ids = list(plan.structures)
    order = [k for k in case.decisions.ranked.order[:, 0].tolist() if not chosen or ids[k] in chosen]
    if not chosen:
        eligible = [k for k in order if case.decisions.ranked.tier[k, 0] != INELIGIBLE]
        shown_ = eligible[:4] or order[:3]
    else:
        shown_ = order
    firmly = None if sampling is None else robust.robustness(case, sampling)
    if as_json:
        data = explain(case).data
        data["structures"] = [item for item in data["structures"] if not chosen or item["id"] in chosen]
        data["current"] = _current(case)
        data |= methods_data(case, found) if found else {}
        if firmly is not None:
            data["robustness"] = firmly
        print_json(data)
        return DONE
    _side_by_side(case, shown_, [k for k in order if k not in shown_], lang)
    if found:
        show_methods(case, found)
    if firmly is not None:
        show_robustness(console(), case, firmly)
    return DONE


def _current(case: Case) -> dict[str, Any] | None:
    """The team as it is today: people, work, coverage, cost; and the hires that each structure needs."""
    staffing = case.decisions.staffing
    now = current(staffing)
    if not now.stated[0]:
        return None
    people, covered, work, cost = 0.0, 0.0, 0.0, 0.0
    for role in case.plan.roles:
        have, need = float(now.staff[role][0]), float(case.value(f"role.{role}.fte"))
        people, work, covered = people + have, work + need, covered + min(have, need)
        cost = cost + have * float(np.ravel(staffing.staffer.wages[role])[0]) * float(np.ravel(staffing.staffer.rate)[0])
    each = {id_: float(hires(staffing, now, k)[0]) for k, id_ in enumerate(case.plan.structures)}
    return {"people": people, "fte": work, "coverage": covered / work if work > 0 else 1.0, "cost_month": cost, "hires": each}


def _side_by_side(case: Case, chosen: list[int], rest: list[int], lang: str) -> None:
    plan, decisions = case.plan, case.decisions
    structures = list(plan.structures.values())
    now = _current(case)
    out = console()
    name = case.value(plan.settings.name) if plan.settings.name else None
    hanging(out, say("compare.title", lang, name=name or case.value(plan.settings.id)), 0, style="bold")
    headers = [("", "left"), (say("compare.current", lang), "right"), *((structures[k].label[lang], "right") for k in chosen)]
    rows: list[list[str]] = []

    def add(title: str, today: str, cells: list[str]) -> None:
        rows.append([title, today, *cells])

    def money(value: float) -> str:
        return shown.money(value, case.currency, lang)

    places = {k: place for place, k in enumerate(decisions.ranked.order[:, 0].tolist(), start=1)}
    tiers = {k: int(decisions.ranked.tier[k, 0]) for k in range(len(structures))}
    add(say("compare.rank", lang), "", [say("compare.not_eligible", lang) if tiers[k] == INELIGIBLE else str(places[k]) for k in chosen])
    add(say("compare.score", lang), "", ["-" if tiers[k] == INELIGIBLE else shown.number(float(decisions.scores[k, 0]), lang, 3) for k in chosen])
    facts = (("people", "people", shown.number), ("fte", "fte", shown.number), ("coverage", "coverage", shown.percent))
    for key, fact, show in facts:
        add(say(f"compare.{key}", lang), show(now[fact], lang) if now else "", [show(case.value(f"staffing.{fact}", k), lang) for k in chosen])
    add(say("compare.cash", lang), "", [money(case.value("staffing.cash_month", k)) for k in chosen])
    add(say("compare.cost", lang), money(now["cost_month"]) if now else "", [money(case.value("staffing.cost_month", k)) for k in chosen])
    if now:
        add(say("compare.hires", lang), "", [shown.number(now["hires"][structures[k].id], lang) for k in chosen])
    rows.append(["" for _ in headers])
    sums = decisions.method is None or decisions.method.method.additive
    add(say("compare.contribution" if sums else "compare.values", lang), "", ["" for _ in chosen])
    added = (decisions.contributions if sums else decisions.judged.matrix)[:, :, 0]
    for c, criterion in enumerate(plan.criteria.values()):
        title = f"  {criterion.label[lang]} ({shown.percent(float(decisions.judged.weights[c, 0]), lang)})"
        add(title, "", ["-" if tiers[k] == INELIGIBLE else shown.number(float(added[c, k]), lang, 3) for k in chosen])
    _put_in_turn(out, headers, rows, bool(now))
    if decisions.method is None and tiers[case.winner] != INELIGIBLE:
        for k in chosen:
            if k != case.winner and tiers[k] != INELIGIBLE:
                out.print()
                hanging(out, because(case, case.winner, k), 0)
    over = [k for k in chosen if tiers[k] == OVER_BUDGET]
    for k in over:
        hanging(out, f"{structures[k].label[lang]}: {say('compare.over_budget', lang)}", 0)
    refused = [k for k in (*chosen, *rest) if tiers[k] == INELIGIBLE]
    if refused:
        out.print()
        out.print(say("compare.reasons", lang), style="bold")
        for k in refused:
            hanging(out, f"{structures[k].label[lang]}: {unmet(decisions, np.array([k]), np.array([0]), lang)[0].as_py()}", 2)
    for text in parts.notes(decisions, lang, ("warning",))[0]:
        out.print()
        hanging(out, text, 0)


def _put_in_turn(out: Any, headers: list[tuple[str, str]], rows: list[list[str]], today: bool) -> None:
    """As many structures beside each other as fit, the others below; today's team beside all of them. Structures have long names: headers may wrap."""
    fixed = [0, 1] if today else [0]
    beside = max(1, (out.width - max(len(row[0]) for row in rows) - 16 * (len(fixed) - 1)) // (WIDEST + 2))
    for start in range(2, len(headers), beside):
        if start > 2:
            out.print()
        chosen = [*fixed, *range(start, min(start + beside, len(headers)))]
        found = table([headers[i] for i in chosen], [[row[i] for i in chosen] for row in rows])
        for column in found.columns[1:]:
            column.no_wrap, column.overflow = False, "fold"
            column.min_width, column.max_width = min(11, WIDEST), WIDEST
        put_table(out, found)
