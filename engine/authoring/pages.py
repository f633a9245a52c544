"""Turn a definition of a plan into its page as plain data: everything that a rule file says of it, in both languages, and its place in the graph."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from engine.authoring.graph.links import Links, Node
from engine.model.plan import Criterion, Decision, Formula, Input, Kpi, Parameter, Plan, Post, Role, Rule, Structure, Table, Template
from engine.model.table_files import SAID

POST_FORMULAS = {"fte": "0", "min": "0", "max": None, "productivity": "1", "fee": "0", "grade": None, "reaches": "0"}  # and their defaults


def page_data(plan: Plan, graph: Links, node: Node) -> dict[str, Any]:
    """What is there of: kind, id, label, what the kind has, cites, file, line, depends_on, facts, used_by."""
    item = node.item
    data: dict[str, Any] = {"kind": node.kind, "id": node.id, "label": dict(node.label) or None}
    data |= _own(plan, item)
    data["cites"] = list(getattr(item, "cites", ()))
    data = {key: value for key, value in data.items() if value not in (None, [], {}, "")}
    if node.span is not None:
        data |= {"file": node.span.source.name, "line": node.span.line}
    data["depends_on"] = [_brief(graph.nodes[key]) for key in graph.needs[node.key]]
    data["facts"] = list(graph.facts[node.key])
    data["used_by"] = [_brief(graph.nodes[key]) for key in graph.users[node.key]]
    return data


def _brief(node: Node) -> dict[str, Any]:
    place = {"file": node.span.source.name, "line": node.span.line} if node.span is not None else {}
    return {"kind": node.kind, "id": node.id, **({"label": dict(node.label)} if node.label else {}), **place}


def _own(plan: Plan, item: Any) -> dict[str, Any]:
    match item:
        case Rule():
            effect = {"effect": item.effect, "level" if item.effect == "note" else "role": item.target}
            return {"when": written(item.when), **effect, "because": said(item.because), "priority": item.priority or None}
        case Parameter():
            return {
                "value": item.value,
                "unit": item.unit,
                "range": list(item.range) if item.range else None,
                "source": item.source,
                "estimate": item.estimate,
                "date": item.date,
            }
        case Decision():
            return {"unit": item.unit, "value": written(item.formula), "table": _table(item.table) if item.table else None}
        case Input():
            return _input(item)
        case Role():
            return _role(plan, item)
        case Structure():
            return {
                "summary": dict(item.summary),
                "posts": [_post(post) for post in item.posts],
                "requirements": [{"needs": written(r.needs), "otherwise": said(r.otherwise), "cites": list(r.cites)} for r in item.eligible],
                "attributes": {name: written(formula) for name, formula in item.attributes.items()},
            }
        case Criterion():
            return {"help": dict(item.help), "value": written(item.value), "weight": written(item.weight), "scale": {"worst": item.worst, "best": item.best}}
        case Kpi():
            return {"when": written(item.when), "priority": written(item.priority), "target": dict(item.target)}
    return {}


def written(formula: Formula | None) -> str | None:
    """An expression as it stands in its file, without the blanks around it."""
    return None if formula is None else formula.text.strip()


def said(template: Template | None) -> dict[str, str]:
    return dict(template.texts) if template is not None else {}


def _table(table: Table) -> dict[str, Any]:
    rows = []
    for row in table.rows:
        data: dict[str, Any] = {"when": list(row.texts), "then": written(row.then)}
        if because := said(row.because):
            data["because"] = because
        if row.cites:
            data[SAID[-1]] = list(row.cites)
        rows.append({**data, "line": row.span.line})
    found: dict[str, Any] = {"hit policy": table.policy, "aggregate": table.aggregate, "inputs": [written(formula) for formula in table.inputs], "rules": rows}
    found |= {"values": list(table.values) if table.values else None, "default": written(table.default)}
    return {key: value for key, value in found.items() if value is not None}


def _input(item: Input) -> dict[str, Any]:
    bounded = item.type.kind == "number" and (math.isfinite(item.type.low) or math.isfinite(item.type.high))
    return {
        "help": dict(item.help),
        "type": "integer" if item.type.integer else item.type.kind,
        "unit": item.unit,
        "range": bounds(item) if bounded else None,
        "values": {word: dict(item.value_labels.get(word, {})) for word in item.type.values or ()},
        "required": item.required,
        "default": written(item.default),
        "because": said(item.because),
        "material": item.material,
        "estimate": item.estimate,
        "example": item.example,
        "aliases": list(item.aliases),
    }


def bounds(item: Input) -> str:
    """The allowed numbers as a range of the language."""
    low, high = item.type.low, item.type.high
    if math.isinf(high):
        return f"{'>' if item.low_open else '>='} {low:.15g}"
    if math.isinf(low):
        return f"{'<' if item.high_open else '<='} {high:.15g}"
    return f"{'(' if item.low_open else '['}{low:.15g}..{high:.15g}{')' if item.high_open else ']'}"


def _role(plan: Plan, item: Role) -> dict[str, Any]:
    def acting(effect: str) -> list[dict[str, Any]]:
        found = [rule for rule in plan.rules.values() if rule.effect == effect and rule.target == item.id]
        return [{"rule": rule.id, "when": written(rule.when), "file": rule.span.source.name, "line": rule.span.line} for rule in found]

    posts = [(structure, post) for structure in plan.structures.values() for post in structure.posts if item.id in post.covers]
    return {
        "duties": [dict(duty) for duty in item.duties],
        "kpis": list(item.kpis),
        "fte": written(item.fte),
        "wage": written(item.wage),
        "optional": item.optional,
        "activated_by": acting("activate"),
        "excluded_by": acting("exclude"),
        "covered_by": [{"structure": structure.id, "post": post.id, "file": post.span.source.name, "line": post.span.line} for structure, post in posts],
    }


def _post(post: Post) -> dict[str, Any]:
    data: dict[str, Any] = {"post": post.id, "label": dict(post.label), "covers": list(post.covers), "engaged": post.engaged}
    data |= {"sits_in": list(post.sits_in), "reports_to": post.reports_to, "step": post.step}
    formulas: Mapping[str, str | None] = {name: written(getattr(post, name)) for name in POST_FORMULAS}
    data |= {name: text for name, text in formulas.items() if text != POST_FORMULAS[name]}
    data["share"] = {role: written(formula) for role, formula in post.share.items()}
    return {key: value for key, value in data.items() if value not in (None, [], {})}
