"""Turn a plan into its definitions and what each of them names: the graph that pages list and drawings show."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from engine.diagnostics import Span
from engine.model.lint.unused import names_in
from engine.model.plan import NO_TEXT, Plan, Role, Rule, Structure, Text

KINDS = ("rules", "decisions", "roles", "structures", "criteria", "kpis", "parameters", "inputs")
MODEL = "model/model.yaml"  # what the head of the model names


@dataclass(frozen=True, slots=True)
class Node:
    """A definition. `key` is its kind and id: a role and a KPI may have the same id."""

    key: str
    kind: str  # one of KINDS, or model
    id: str
    label: Text
    span: Span | None
    item: Any

    @property
    def place(self) -> str:
        return f"{self.span.source.name}:{self.span.line}" if self.span is not None else ""


@dataclass(frozen=True, slots=True)
class Links:
    """`needs`: by key, what a definition names or rests on; `users`: the reverse; `facts`: names that no definition makes, as `staffing.people`."""

    nodes: Mapping[str, Node]
    needs: Mapping[str, tuple[str, ...]]
    users: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, tuple[str, ...]]
    folders: tuple[str, ...] = ()  # of the model and those that it extends

    def place(self, node: Node) -> str:
        """File and line, seen from the model's folder; from beside it when there are several."""
        for folder in self.folders:
            if folder and node.place.startswith(folder + os.sep):
                return node.place[len(folder) + 1 :] if len(self.folders) == 1 else str(PurePath(folder).name) + node.place[len(folder) :]
        return node.place

    def named(self, name: str) -> list[Node]:
        """The definitions with an id."""
        return [self.nodes[key] for kind in KINDS if (key := f"{kind}/{name}") in self.nodes]


def links(plan: Plan) -> Links:
    nodes = {
        f"{kind}/{id_}": Node(f"{kind}/{id_}", kind, id_, getattr(item, "label", NO_TEXT), item.span, item)
        for kind in KINDS
        for id_, item in getattr(plan, kind).items()
    }
    nodes[MODEL] = Node(MODEL, "model", "model.yaml", plan.title, plan.settings.wage_base.span, plan.settings)
    needs: dict[str, tuple[str, ...]] = {}
    facts: dict[str, tuple[str, ...]] = {}
    for key, node in nodes.items():
        found: set[str] = set()
        names_in(node.item, found)
        targets = {name: _definition(plan, name) for name in found}
        rests = {target for target in targets.values() if target is not None} | set(_rests_on(plan, node))
        needs[key] = _sorted(nodes, rests - {key})
        facts[key] = tuple(sorted(name for name, target in targets.items() if target is None))
    users: dict[str, set[str]] = {key: set() for key in nodes}
    for key, targets_ in needs.items():
        for target in targets_:
            users[target].add(key)
    folders = tuple(str(PurePath(file).parent) for file in plan.files if PurePath(file).name == "model.yaml")
    return Links(nodes, needs, {key: _sorted(nodes, found) for key, found in users.items()}, facts, folders)


def _definition(plan: Plan, name: str) -> str | None:
    """The key of the definition that makes a name; None for facts of staffing, structures and the ranking."""
    for kind in ("inputs", "parameters", "decisions"):
        if name in getattr(plan, kind):
            return f"{kind}/{name}"
    parts = name.split(".")
    for prefix in ("role", "staffing.coverage_of", "structure.covers"):
        if name.startswith(prefix + ".") and parts[prefix.count(".") + 1] in plan.roles:
            return f"roles/{parts[prefix.count('.') + 1]}"
    return None


def _rests_on(plan: Plan, node: Node) -> Iterable[str]:
    """What a definition rests on beside the names in its formulas and sentences."""
    match node.item:
        case Role():
            yield from (f"rules/{rule.id}" for rule in plan.rules.values() if _targets(rule, node.id))
            yield from (f"kpis/{id_}" for id_ in node.item.kpis if id_ in plan.kpis)
        case Structure():
            yield from (f"roles/{role}" for post in node.item.posts for role in post.covers)
            if "placement" in plan.decisions and any(post.sits_in for post in node.item.posts):
                yield "decisions/placement"
    if node.kind == "model":
        settings = plan.settings
        special = {settings.id, settings.name, settings.currency, settings.budget}
        prefix = settings.staff_prefix
        yield from (f"inputs/{id_}" for id_ in plan.inputs if id_ in special or (prefix is not None and id_.startswith(prefix)))


def _targets(rule: Rule, role: str) -> bool:
    return rule.effect in ("activate", "exclude") and rule.target == role


def _sorted(nodes: Mapping[str, Node], keys: Iterable[str]) -> tuple[str, ...]:
    order = (*KINDS, "model")
    return tuple(sorted(keys, key=lambda key: (order.index(nodes[key].kind), key)))
