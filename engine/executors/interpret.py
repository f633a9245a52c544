"""Turn columns of stated inputs into every derived column by walking the plan's order for one profile after another: the reference meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.executors.base import Activations, Conflict, given
from engine.feel import scalar
from engine.feel.arrays import Column, from_values, to_values
from engine.feel.columns import nothing
from engine.feel.interpret import Lookup, interpret
from engine.feel.types import Type
from engine.model.plan import Decision, Input, Plan, Row, Table

Effects = Mapping[str, tuple[Sequence[str], Sequence[str]]]  # role -> the rules that activate it, and those that exclude it
Clash = tuple[str, int, int]  # code and the numbers of the two rows that do not go together


class Interpret:
    """The executor that is read to know what a model means; the others are compared with it."""

    name = "interpret"

    def activate(self, plan: Plan, columns: Mapping[str, Column], size: int) -> Activations:
        by_role = effects(plan)
        return pack(plan, [Profile(plan, stated, row, by_role).derived() for row, stated in enumerate(stated_profiles(plan, columns, size))])


class Profile:
    """One profile while it is being derived, and afterwards. `values`: every name that is known so far; None is null."""

    def __init__(self, plan: Plan, stated: Mapping[str, Any], row: int, by_role: Effects) -> None:
        self.plan, self.stated, self.row, self.by_role = plan, stated, row, by_role
        self.values: dict[str, Any] = {id_: parameter.value for id_, parameter in plan.parameters.items()}
        self.fired: dict[str, bool] = {}
        self.assumed: dict[str, bool] = {}
        self.conflicts: list[Diagnostic] = []

    def derived(self) -> Profile:
        for name in self.plan.order:
            self.define(name)
        return self

    def value(self, name: str) -> Any:
        return self.assumed[name.removeprefix("assumed.")] if name.startswith("assumed.") else self.values[name]

    def define(self, name: str) -> None:
        plan = self.plan
        if name.startswith("rule:"):
            rule = plan.rules[name[5:]]
            self.fired[rule.id] = interpret(rule.when.tree, self.value) is True
        elif name.startswith("role."):
            id_, part = name.split(".")[1:]
            self.values[name] = self.active(id_) if part == "active" else self.fte(id_)
        elif name in plan.inputs:
            self.values[name] = self.input(plan.inputs[name])
        else:
            self.values[name] = self.decision(plan.decisions[name])

    def input(self, item: Input) -> Any:
        value = self.stated.get(item.id)
        self.assumed[item.id] = self.stated.get(f"assumed.{item.id}") is True
        if value is None and item.default is not None:
            value = fit(interpret(item.default.tree, self.value), item.type)
            self.assumed[item.id] = self.assumed[item.id] or value is not None
        return value

    def decision(self, decision: Decision) -> Any:
        if decision.table is None:
            assert decision.formula is not None
            return fit(interpret(decision.formula.tree, self.value), decision.type)
        value, clashes = look_up(decision.table, self.value)
        for code, a, b in clashes:
            self.conflicts.append(Diagnostic(code, {"profile": self.label, "table": decision.id, "a": a, "b": b}, decision.span))
        return fit(value, decision.type)

    def active(self, role: str) -> bool:
        activate, exclude = self.by_role[role]
        return any(self.fired[rule] for rule in activate) and not any(self.fired[rule] for rule in exclude)

    def fte(self, id_: str) -> float:
        if not self.values[f"role.{id_}.active"]:
            return 0.0
        role = self.plan.roles[id_]
        value = interpret(role.fte.tree, self.value)
        if value is None:
            self.conflicts.append(Diagnostic("X103", {"profile": self.label, "what": f"role.{id_}.fte"}, role.fte.span))
            return 0.0
        return float(value)

    @property
    def label(self) -> str:
        """How messages call the profile: its id, or its place in the batch."""
        id_ = self.values.get(self.plan.settings.id, self.stated.get(self.plan.settings.id))
        return str(self.row + 1) if id_ is None else str(id_)


def look_up(table: Table, value_of: Lookup) -> tuple[Any, list[Clash]]:
    """What a table says of one profile, and the pairs of rows that its hit policy does not allow to match together."""
    rows = [row for row in table.rows if interpret(row.when, value_of) is True]
    outputs = [interpret(row.then.tree, value_of) for row in rows]
    if table.policy in ("priority", "output order"):
        outputs.sort(key=lambda output: _place(output, table.values or ()))
    if table.policy in ("rule order", "output order"):
        return tuple(outputs), []
    if table.policy == "collect":
        return _aggregate(table, tuple(outputs), value_of), []
    if not rows:
        return _default(table, value_of), []
    return outputs[0], _clashes(table, rows, outputs)


def _place(output: Any, values: tuple[str, ...]) -> int:
    return values.index(output) if output in values else len(values)


def _default(table: Table, value_of: Lookup) -> Any:
    return None if table.default is None else interpret(table.default.tree, value_of)


def _aggregate(table: Table, outputs: tuple[Any, ...], value_of: Lookup) -> Any:
    if table.aggregate in (None, "list"):
        return outputs
    if table.aggregate == "count":
        return float(len(outputs))
    if not outputs and table.default is not None:
        return _default(table, value_of)
    return {"sum": scalar.total, "min": scalar.least, "max": scalar.most}[str(table.aggregate)](outputs)


def _clashes(table: Table, rows: list[Row], outputs: list[Any]) -> list[Clash]:
    if table.policy == "unique":
        return [("X101", rows[0].number, row.number) for row in rows[1:]]
    if table.policy == "any":
        pairs = [(j, i) for i in range(len(rows)) for j in range(i)]
        return [("X102", rows[j].number, rows[i].number) for j, i in pairs if not scalar.equal(outputs[j], outputs[i])]
    return []


def fit(value: Any, type_: Type) -> Any:
    """The value as its type holds it: a word that is not declared is null, a set stands in declared order."""
    if value is None or type_.values is None:
        return value
    match type_.kind:
        case "string":
            return value if value in type_.values else None
        case "set":
            return tuple(word for word in type_.values if word in value)
        case "ranking":
            return tuple(word if word in type_.values else None for word in value)
    return value


# -- in and out of columns


def effects(plan: Plan) -> Effects:
    """For each role, the rules that activate it and those that exclude it."""
    found: dict[str, tuple[list[str], list[str]]] = {id_: ([], []) for id_ in plan.roles}
    for rule in plan.rules.values():
        if rule.effect in ("activate", "exclude"):
            found[rule.target][rule.effect == "exclude"].append(rule.id)
    return found


def stated_profiles(plan: Plan, columns: Mapping[str, Column], size: int) -> Iterator[dict[str, Any]]:
    """Each row's stated inputs."""
    values = {name: to_values(column, size) for name, column in given(plan, columns).items()}
    for row in range(size):
        yield {id_: column[row] for id_, column in values.items()}


def _item(type_: Type) -> Type | None:
    """The type of a list's members; a list of nothing but nulls is held like one of numbers."""
    if type_.item is None or type_.item.kind == "null":
        return None
    return replace(type_.item, item=_item(type_.item))


def pack(plan: Plan, profiles: Sequence[Profile], firing_order: tuple[tuple[str, ...], ...] | None = None) -> Activations:
    """The profiles as columns, in the shape that every executor gives."""

    def column(name: str) -> Column:
        type_ = plan.names[name]
        values = [profile.values[name] for profile in profiles]
        return nothing(type_) if type_.kind == "null" else from_values(values, type_.kind, type_.values, _item(type_))

    names = [name for name in plan.order if not name.startswith("rule:")]
    rules = [name[5:] for name in plan.order if name.startswith("rule:")]
    return Activations(
        len(profiles),
        {name: column(name) for name in names},
        {id_: np.array([profile.fired[id_] for profile in profiles], dtype=bool) for id_ in rules},
        {id_: np.array([profile.assumed[id_] for profile in profiles], dtype=bool) for id_ in plan.inputs},
        tuple(Conflict(profile.row, found) for profile in profiles for found in profile.conflicts),
        firing_order,
    )
