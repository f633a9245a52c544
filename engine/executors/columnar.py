"""Turn columns of stated inputs into every derived column of the model with NumPy: defaults, decisions, rules, roles, in the plan's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic
from engine.executors.base import Activations, Conflict, holds, label, mask
from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, null_of, recode, take
from engine.feel.columns import Reader, constant_column, nothing, weakly
from engine.feel.select import select
from engine.feel.tree import refs
from engine.feel.types import Type, constant
from engine.feel.vector import pick, same
from engine.feel.vector_lists import least, most, total
from engine.model.plan import Decision, Input, Plan, Row, Table

MOST_WORDS = 4096  # a table over one text column is decided once per word up to this many words


class Columnar:
    """The default executor."""

    name = "columnar"

    def activate(self, plan: Plan, columns: Mapping[str, Column], size: int) -> Activations:
        with np.errstate(all="ignore"):
            return Frame(plan, columns, size).run()


class Frame:
    """One batch while it is being derived."""

    def __init__(self, plan: Plan, stated: Mapping[str, Column], size: int) -> None:
        self.plan = plan
        self.size = size
        self.stated = stated
        self.columns: dict[str, Column] = dict(parameter_columns(plan))
        self.fired: dict[str, np.ndarray] = {}
        self.assumed: dict[str, np.ndarray] = {}
        self.conflicts: list[Conflict] = []
        self.reader = Reader(weakly(self.column), plan.shared)
        self.by_role: dict[str, tuple[list[str], list[str]]] = {id_: ([], []) for id_ in plan.roles}
        for rule in plan.rules.values():
            if rule.effect in ("activate", "exclude"):
                self.by_role[rule.target][rule.effect == "exclude"].append(rule.id)

    def run(self) -> Activations:
        for name in self.plan.order:
            self.define(name)
        names = set(self.columns) - set(self.plan.parameters)
        return Activations(self.size, {name: self.columns[name] for name in names}, self.fired, self.assumed, tuple(self.conflicts))

    def column(self, name: str) -> Column:
        found = self.columns.get(name)
        if found is None and name.startswith("assumed."):
            found = self.columns[name] = Bool(self.assumed[name.removeprefix("assumed.")])
        assert found is not None, name
        return found

    def define(self, name: str) -> None:
        plan = self.plan
        if name.startswith("rule:"):
            rule = plan.rules[name[5:]]
            found = self.reader.read(rule.when.tree)
            self.fired[rule.id] = holds(found, self.size)
        elif name.startswith("role."):
            id_, part = name.split(".")[1:]
            self.columns[name] = self.active(id_) if part == "active" else self.fte(id_)
        elif name in plan.inputs:
            self.columns[name] = self.input(plan.inputs[name])
        else:
            self.columns[name] = self.decision(plan.decisions[name])

    # -- inputs

    def input(self, item: Input) -> Column:
        stated = self.stated.get(item.id)
        if stated is None:
            stated = nothing(item.type)
        missing = null_of(stated)
        self.assumed[item.id] = holds(self.stated[f"assumed.{item.id}"], self.size) if f"assumed.{item.id}" in self.stated else np.zeros(self.size, dtype=bool)
        if missing is None or item.default is None or not np.any(missing):
            return stated
        filled = fit(self.reader.read(item.default.tree), item.type)
        column = pick(mask(missing, self.size), filled, stated)
        still = null_of(column)
        self.assumed[item.id] = self.assumed[item.id] | mask(missing if still is None else missing & ~still, self.size)
        return column

    # -- decisions

    def decision(self, decision: Decision) -> Column:
        if decision.table is not None:
            names = table_names(self.plan, decision.id)
            if len(names) == 1:
                column = self.column(next(iter(names)))
                if isinstance(column, Str) and np.ndim(column.codes) == 1 and len(column.words) < min(self.size, MOST_WORDS):
                    return self.by_word(decision, next(iter(names)), column)
            return fit(self.table(decision.id, decision.table), decision.type)
        assert decision.formula is not None
        return fit(self.reader.read(decision.formula.tree), decision.type)

    def by_word(self, decision: Decision, name: str, column: Str) -> Column:
        """A table over one text column: decided for each word, then looked up for each row."""
        assert decision.table is not None
        words = Frame.__new__(Frame)
        words.plan, words.size, words.conflicts = self.plan, len(column.words) + 1, []
        words.stated, words.columns = {}, {**self.columns, name: Str(np.append(np.arange(len(column.words)), -1), column.words)}
        words.reader = Reader(weakly(words.column), self.plan.shared)
        words.fired, words.assumed = {}, {}
        found = fit(words.table(decision.id, decision.table), decision.type)
        if words.conflicts:  # named again row by row
            return fit(self.table(decision.id, decision.table), decision.type)
        return take(found, column.codes)

    def table(self, id_: str, table: Table) -> Column:
        matches = [self.matched(row) for row in table.rows]
        if table.policy in ("rule order", "output order") or table.policy == "collect":
            return self.collected(table, matches)
        rows = list(zip(table.rows, matches, strict=True))
        if table.policy == "unique":
            self.check_unique(id_, rows)
        outputs = self.outputs(table)
        if table.policy == "any":
            self.check_any(id_, rows, outputs)
        result = nothing(kind_of(table)) if table.default is None else fit(self.reader.read(table.default.tree), kind_of(table))
        best: Any = np.inf  # the place of the result among the values of `priority`
        for match, output in reversed(list(zip(matches, outputs, strict=True))):
            if table.policy == "priority":
                place = places(output, table.values or ())
                match = match & (place <= best)
                best = select(match, place, best)
            result = pick(match, output, result)
        return result

    def outputs(self, table: Table) -> list[Column]:
        kind = kind_of(table)
        return [fit(self.reader.read(row.then.tree), kind) for row in table.rows]

    def matched(self, row: Row) -> Any:
        found = self.reader.read(row.when)
        assert isinstance(found, Bool)
        return found.true

    def check_unique(self, id_: str, rows: list[tuple[Row, Any]]) -> None:
        seen: Any = np.bool_(False)
        for index, (row, match) in enumerate(rows):
            both = seen & match
            if np.any(both):
                for at in np.flatnonzero(mask(both, self.size)):
                    first = next(r for r, m in rows[:index] if mask(m, self.size)[at])
                    self.conflict(int(at), "X101", table=id_, a=first.number, b=row.number)
            seen = seen | match

    def check_any(self, id_: str, rows: list[tuple[Row, Any]], outputs: list[Column]) -> None:
        for i in range(len(rows)):
            for j in range(i):
                both = rows[i][1] & rows[j][1]
                if np.any(both):
                    differ = mask(both & ~same(outputs[i], outputs[j]), self.size)
                    for at in np.flatnonzero(differ):
                        self.conflict(int(at), "X102", table=id_, a=rows[j][0].number, b=rows[i][0].number)

    def collected(self, table: Table, matches: list[Any]) -> Column:
        """The outputs of all matching rows as a list, or what the aggregate makes of it."""
        found: Any = sum((np.asarray(match, dtype=np.int64) for match in matches), np.int64(0))
        if table.aggregate == "count" and table.policy == "collect":
            return Num(found.astype(np.float64))
        outputs = self.outputs(table)
        items: list[Column] = [nothing(kind_of(table)) for _ in matches]
        for index, (match, output) in enumerate(zip(matches, outputs, strict=True)):
            before = self.before(table, matches, outputs, index)
            for place in range(len(matches) if table.policy == "output order" else index + 1):
                items[place] = pick(match & np.equal(before, place), output, items[place])
        column = Items(items, found)
        if table.policy != "collect" or table.aggregate in (None, "list"):
            return column
        result = {"sum": total, "min": least, "max": most}[table.aggregate](column)
        if table.default is not None:
            return pick(np.equal(found, 0), self.reader.read(table.default.tree), result)
        return result

    def before(self, table: Table, matches: list[Any], outputs: list[Column], index: int) -> Any:
        """How many matching rows' outputs stand before that of the row at `index`."""
        if table.policy != "output order":
            return sum((np.asarray(match, dtype=np.int64) for match in matches[:index]), np.int64(0))
        order = [places(output, table.values or ()) for output in outputs]
        count: Any = np.int64(0)
        for other, match in enumerate(matches):
            ahead = np.less_equal(order[other], order[index]) if other < index else np.less(order[other], order[index])
            count = count + (match & ahead)
        return count

    def conflict(self, row: int, code: str, **values: Any) -> None:
        values = {"profile": label(self.plan, {**self.stated, **self.columns}, row), **values}
        self.conflicts.append(Conflict(row, Diagnostic(code, values, self.plan.decisions[values["table"]].span if "table" in values else None)))

    # -- roles

    def active(self, id_: str) -> Bool:
        activate, exclude = self.by_role[id_]
        found = np.zeros(self.size, dtype=bool)
        for rule in activate:
            found = found | self.fired[rule]
        for rule in exclude:
            found = found & ~self.fired[rule]
        return Bool(found)

    def fte(self, id_: str) -> Num:
        active = self.columns[f"role.{id_}.active"]
        column = self.reader.read(self.plan.roles[id_].fte.tree)
        assert isinstance(column, Num) and isinstance(active, Bool)
        if column.null is not None:
            for row in np.flatnonzero(mask(column.null & active.true, self.size)):
                values = {"profile": label(self.plan, self.columns, int(row)), "what": f"role.{id_}.fte"}
                self.conflicts.append(Conflict(int(row), Diagnostic("X103", values, self.plan.roles[id_].fte.span)))
        return Num(select(active.true, column.values, 0.0))


@lru_cache(maxsize=8)
def parameter_columns(plan: Plan) -> dict[str, Column]:
    """Each parameter as a column of shape ()."""
    return {id_: constant_column(item.value, constant(item.value)) for id_, item in plan.parameters.items()}


@lru_cache(maxsize=1024)
def table_names(plan: Plan, id_: str) -> frozenset[str]:
    """The names, other than parameters, that a table reads."""
    table = plan.decisions[id_].table
    assert table is not None
    names = {name for row in table.rows for tree in (row.when, row.then.tree) for name in refs(tree)}
    names |= set(refs(table.default.tree) if table.default is not None else ())
    return frozenset(names - set(plan.parameters))


def kind_of(table: Table) -> Type:
    """The type of one output of a table, without declared words: null where no output is of any kind."""
    found = [row.then.tree.type for row in table.rows] + ([table.default.tree.type] if table.default is not None else [])
    return next((replace(type_, values=None) if type_.kind == "string" else type_ for type_ in found if type_.kind != "null"), found[0])


def places(output: Column, values: tuple[str, ...]) -> Any:
    """Where each output stands among the declared values; those that are none of them stand last."""
    if not isinstance(output, Str):
        return np.float64(len(values))
    codes = np.asarray(recode(output, values))
    return select(codes < 0, len(values), codes).astype(np.float64)


def fit(column: Column, type_: Type) -> Column:
    """The column with the declared words of its type; a list of words becomes a set where the type is one."""
    match column:
        case Num(null=null) if type_.kind != "number" and null is not None and np.ndim(null) == 0 and null:
            return nothing(type_)
        case Str() if type_.kind == "string" and type_.values is not None and column.words != type_.values:
            return Str(np.maximum(recode(column, type_.values), -1), type_.values)
        case Items() if type_.kind == "set" and type_.values is not None:
            bits: Any = np.uint64(0)
            for i, item in enumerate(column.items):
                assert isinstance(item, Str)
                code = np.asarray(recode(item, type_.values))
                present = (np.asarray(column.count) > i) & (code >= 0)
                bits = bits | select(present, np.left_shift(np.uint64(1), select(code < 0, 0, code).astype(np.uint64)), np.uint64(0))
            return Bits(bits, type_.values, column.null)
        case Items() if type_.kind == "ranking" and type_.values is not None:
            items = [fit(item, Type("string", values=type_.values)) if isinstance(item, Str) else item for item in column.items]
            return Items(items, column.count, column.null)
    return column
