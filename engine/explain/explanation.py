"""Turn one decided profile into sections of sentences, each with the rule, file, line and source it comes from; and the same as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.explain import structures, trace
from engine.explain.case import Case, cited
from engine.explain.why_not import lacks
from engine.feel.arrays import Bool
from engine.feel.interpret import interpret
from engine.model.plan import Role, Rule
from engine.outcome import parts
from engine.texts import say, shown


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence; `source` says where it comes from; `level` warning, task or info for notes; `indent` 1 for a detail of the line before."""

    text: str
    source: str = ""
    level: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`sections` for reading, `data` for programs."""

    sections: tuple[Section, ...]
    data: dict[str, Any]


def explain(case: Case, role: str | None = None, structure: str | None = None) -> Explanation:
    """The whole explanation of one profile, or only of one role, or of one structure against the recommended one."""
    plan = case.plan
    if role is not None:
        chosen = [_section(case, "role", [_role_lines(case, plan.roles[role])])]
    elif structure is not None:
        chosen = [Section("structure", plan.structures[structure].label[case.lang], tuple(Line(*line) for line in structures.one(case, structure)))]
    else:
        chosen = [
            Section("notes_loud", say("section.warnings", case.lang), tuple(_notes(case, ("warning",)))),
            Section("answer", say("section.answer", case.lang), tuple(Line(*line) for line in structures.answer(case))),
            _section(case, "active", [_role_lines(case, item) for item in plan.roles.values() if _active(case, item.id)]),
            _section(case, "inactive", [_role_lines(case, item) for item in plan.roles.values() if not _active(case, item.id)]),
            Section("why", say("section.why", case.lang), tuple(Line(*line) for line in structures.why(case))),
            Section("others", say("section.others", case.lang), tuple(Line(*line) for line in structures.others(case))),
            Section("placement", say("section.placement", case.lang), tuple(_placement(case))),
            Section("kpis", say("section.kpis", case.lang), tuple(_kpis(case))),
            Section("assumed", say("section.assumed", case.lang), tuple(_assumptions(case))),
            Section("notes", say("section.notes", case.lang), tuple(_notes(case, ("task", "info")))),
        ]
    data = _data(case)
    k = list(plan.structures).index(structure) if structure is not None else case.winner
    data["trace"] = {"structure": list(plan.structures)[k], "criteria": trace.data(case, k)}
    return Explanation(tuple(section for section in chosen if section.lines), data)


def _section(case: Case, id_: str, groups: list[list[Line]]) -> Section:
    return Section(id_, say(f"section.{id_}", case.lang), tuple(line for group in groups for line in group))


def _active(case: Case, role: str) -> bool:
    column = case.decisions.activations.columns[f"role.{role}.active"]
    assert isinstance(column, Bool)
    return bool(np.ravel(column.true)[0])


def _fired(case: Case, rule: Rule) -> bool:
    return bool(case.decisions.activations.fired[rule.id][0])


def _role_lines(case: Case, role: Role) -> list[Line]:
    """Why a role is active, or what each rule that would activate it lacks."""
    plan, lang = case.plan, case.lang
    label = role.label[lang]
    activates = [rule for rule in plan.rules.values() if rule.effect == "activate" and rule.target == role.id]
    excludes = [rule for rule in plan.rules.values() if rule.effect == "exclude" and rule.target == role.id]
    fired = [rule for rule in activates if _fired(case, rule)]
    against = [rule for rule in excludes if _fired(case, rule)]
    if _active(case, role.id):
        fte = shown.number(case.value(f"role.{role.id}.fte"), lang)
        lines = [Line(say("role.active", lang, role=label, fte=fte), cited(role.cites, role.span))]
        return lines + [Line(case.fill(rule.because), cited(rule.cites, rule.span, rule.id), indent=1) for rule in fired]
    if against:
        lines = [Line(say("role.excluded", lang, role=label))]
        return lines + [Line(case.fill(rule.because), cited(rule.cites, rule.span, rule.id), indent=1) for rule in against]
    lines = [Line(say("role.inactive", lang, role=label) if activates else say("role.no_rule", lang, role=label), cited(role.cites, role.span))]
    for rule in activates:
        ways = lacks(case, rule.when.tree, rule.when.text)
        texts = [f"{say('join.and', lang)} ".join(lack.text for lack in way) for way in ways]
        lines.append(Line(say("role.would", lang, rule=rule.id, lacks=f"{say('join.or', lang)} ".join(texts)), cited(rule.cites, rule.span), indent=1))
    return lines


def _notes(case: Case, levels: tuple[str, ...]) -> list[Line]:
    rules = [case.plan.rules[id_] for id_ in parts.note_order(case.plan)]
    said = [rule for rule in rules if rule.target in levels and bool(case.decisions.notes[rule.id][0])]
    return [Line(case.fill(rule.because), cited(rule.cites, rule.span, rule.id), rule.target) for rule in said]


def _placement(case: Case) -> list[Line]:
    decision = case.plan.decisions.get("placement")
    if decision is None or decision.table is None:
        return []
    place = case.value("placement")
    if place is None:
        return [Line(say("placement.none", case.lang))]
    row = next((row for row in decision.table.rows if interpret(row.when, case.value) is True and interpret(row.then.tree, case.value) == place), None)
    lines = [Line(say("placement.is", case.lang, place=case.plan.places[place][case.lang]))]
    if row is not None and row.because is not None:
        lines.append(Line(case.fill(row.because), cited(row.cites, row.span), indent=1))
    return lines


def _kpis(case: Case) -> list[Line]:
    lines = []
    for id_ in filter(None, parts.kpis(case.decisions)[0].as_py().split(";")):
        kpi = case.plan.kpis[id_]
        target = f": {kpi.target[case.lang]}" if kpi.target else ""
        lines.append(Line(kpi.label[case.lang] + target, cited(kpi.cites, kpi.span)))
    return lines


def _assumptions(case: Case) -> list[Line]:
    lines = []
    for id_, item in case.plan.inputs.items():
        by_mapping = id_ in case.estimate_reasons
        if not by_mapping and not case.decisions.activations.assumed.get(id_, np.zeros(1, dtype=bool))[0]:
            continue
        mark = " " + say("assumed.material", case.lang) if item.material else ""
        because = case.estimate_reasons[id_].get(case.lang, "") if by_mapping else case.fill(item.because) if item.because else ""
        text = say("assumed.line", case.lang, label=item.label[case.lang], value=case.shown(id_, case.value(id_)), mark=mark)
        lines.append(Line(f"{text} {because}".strip(), cited(item.cites, item.span, id_)))
    return lines


def _data(case: Case) -> dict[str, Any]:
    """The same for programs: ids, numbers, fired rules, lacks."""
    plan, decisions = case.plan, case.decisions
    roles: dict[str, Any] = {}
    for id_, role in plan.roles.items():
        rules = [rule for rule in plan.rules.values() if rule.effect in ("activate", "exclude") and rule.target == id_]
        roles[id_] = {
            "label": role.label[case.lang],
            "active": _active(case, id_),
            "fte": case.value(f"role.{id_}.fte"),
            "rules": [
                {
                    "id": rule.id,
                    "effect": rule.effect,
                    "fired": _fired(case, rule),
                    "because": case.fill(rule.because) if _fired(case, rule) else None,
                    "lacks": [
                        [{"name": lack.name, "value": lack.value, "threshold": lack.threshold, "distance": lack.distance, "text": lack.text} for lack in way]
                        for way in ([] if _fired(case, rule) else lacks(case, rule.when.tree, rule.when.text))
                    ],
                    "cites": list(rule.cites),
                    "file": f"{rule.span.source.name}:{rule.span.line}",
                }
                for rule in rules
            ],
        }
    eligible = int(decisions.ranked.eligible[0])
    return {
        "recommended": list(plan.structures)[case.winner] if eligible else None,
        "status": "undecided" if not eligible else "assumed" if bool(parts.material(decisions, {})[0]) else "ok",
        "confidence": float(parts.confidence(decisions, {})[0]),
        "roles": roles,
        "structures": structures.data(case),
        "placement": parts.placement(decisions)[0].as_py().split(";"),
        "kpis": [id_ for id_ in parts.kpis(decisions)[0].as_py().split(";") if id_],
        "assumed": {id_: case.value(id_) for id_ in plan.inputs if decisions.activations.assumed.get(id_, np.zeros(1, dtype=bool))[0]},
        "notes": [
            {"id": id_, "level": plan.rules[id_].target, "text": case.fill(plan.rules[id_].because), "cites": list(plan.rules[id_].cites)}
            for id_ in parts.note_order(plan)
            if bool(decisions.notes[id_][0])
        ],
        "model": {"name": plan.name, "version": plan.version, "digest": plan.digest},
    }
