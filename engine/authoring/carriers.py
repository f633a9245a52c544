"""Turn a plan into what carries each claim of the founding text: every definition that cites it, with its kind, its place and the parameters it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import shipped
from engine.diagnostics import Span
from engine.feel.tree import refs
from engine.model.plan import Formula, Plan, Template

PREFIX = "seed:"
KINDS = ("rule", "message", "role", "structure", "criterion", "decision", "placement", "KPI", "input", "parameter")


@dataclass(frozen=True, slots=True, order=True)
class Carrier:
    """One definition that cites a claim. `place`: file:line. `parameters`: the numbers that its condition or sentence names."""

    kind: str
    id: str
    place: str
    parameters: tuple[str, ...] = ()


def carriers(plan: Plan) -> dict[str, list[Carrier]]:
    """Claim (`S1`) -> its carriers, by kind in the order of KINDS, then id and line."""
    found: dict[str, set[Carrier]] = {}
    for cites, carrier in _all(plan):
        for cite in cites:
            if cite.startswith(PREFIX):
                found.setdefault(cite.removeprefix(PREFIX), set()).add(carrier)
    order = {kind: i for i, kind in enumerate(KINDS)}
    return {claim: sorted(items, key=lambda item: (order[item.kind], item)) for claim, items in sorted(found.items(), key=lambda pair: int(pair[0][1:]))}


def _all(plan: Plan) -> Iterator[tuple[tuple[str, ...], Carrier]]:
    for rule in plan.rules.values():
        kind = "message" if rule.effect == "note" else "rule"
        yield rule.cites, Carrier(kind, rule.id, place(rule.span), _parameters(plan, rule.when, rule.because))
    for role in plan.roles.values():
        yield role.cites, Carrier("role", role.id, place(role.span), _parameters(plan, role.fte))
    for structure in plan.structures.values():
        yield structure.cites, Carrier("structure", structure.id, place(structure.span))
        for requirement in structure.eligible:
            named = _parameters(plan, requirement.needs, requirement.otherwise)
            yield requirement.cites, Carrier("structure", f"{structure.id} (requirement)", place(requirement.needs.span), named)
    for criterion in plan.criteria.values():
        yield criterion.cites, Carrier("criterion", criterion.id, place(criterion.span), _parameters(plan, criterion.weight, criterion.value))
    for decision in plan.decisions.values():
        yield decision.cites, Carrier("decision", decision.id, place(decision.span))
        for row in decision.table.rows if decision.table is not None else ():
            yield row.cites, Carrier("placement" if decision.id == "placement" else "decision", f"{decision.id} (row {row.number})", place(row.span))
    for kpi in plan.kpis.values():
        yield kpi.cites, Carrier("KPI", kpi.id, place(kpi.span))
    for item in plan.inputs.values():
        yield item.cites, Carrier("input", item.id, place(item.span))
    for parameter in plan.parameters.values():
        yield tuple((parameter.source or "").split()), Carrier("parameter", parameter.id, place(parameter.span))


def _parameters(plan: Plan, *parts: Formula | Template) -> tuple[str, ...]:
    names = {name for part in parts for name in (refs(part.tree) if isinstance(part, Formula) else part.names)}
    return tuple(sorted(names & plan.parameters.keys()))


def place(span: Span | None) -> str:
    """`rules/x.yaml:12`, from the project's folder wherever one works."""
    if span is None:
        return ""
    path = Path(span.source.name).resolve()
    name = path.relative_to(shipped.ROOT).as_posix() if path.is_relative_to(shipped.ROOT) else path.name
    return f"{name}:{span.line}"


def uncited(plan: Plan) -> list[str]:
    """Rules, roles, structures, criteria and KPIs that name no source."""
    tables = (plan.rules.values(), plan.roles.values(), plan.structures.values(), plan.criteria.values(), plan.kpis.values())
    return [item.id for items in tables for item in items if not item.cites]
