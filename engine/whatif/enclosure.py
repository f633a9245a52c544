"""Turn a profile in which inputs move within bounds into what every derived name may be: defaults, decisions, rules, roles, in the plan's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from engine.executors.columnar import fit, kind_of, parameter_columns
from engine.executors.stages import named_trees
from engine.feel.arrays import Column
from engine.feel.columns import constant as constant_of
from engine.feel.columns import nothing
from engine.feel.tree import Const, Op, Ref, Tree, refs
from engine.model.plan import Decision, Plan, Table
from engine.whatif import ranges
from engine.whatif.ranges import FARTHEST, FOLDS, Maybe, Range, Value, Whole, choose, constant, exact, hull, unknown


@lru_cache(maxsize=8)
def needs(plan: Plan) -> Mapping[str, frozenset[str]]:
    """Name -> the inputs that its value depends on, through defaults, decisions, rules and roles."""
    known: dict[str, frozenset[str]] = {}
    rules: dict[str, list[str]] = {}
    for rule in plan.rules.values():
        rules.setdefault(rule.target, []).append(f"rule:{rule.id}")
    for name in plan.order:
        direct = {ref.removeprefix("assumed.") for tree in named_trees(plan, name) for ref in refs(tree)}
        if name.endswith(".active") and name.startswith("role."):
            direct = set(rules.get(name.split(".")[1], ()))
        if name.endswith(".fte") and name.startswith("role."):
            direct.add(name.removesuffix("fte") + "active")
        found = frozenset[str]().union(*(known.get(ref, frozenset()) for ref in direct))
        known[name] = found | {name} if name in plan.inputs else found
    return known


@dataclass(slots=True)
class Memory:
    """What does not depend on the inputs that move: values of names and trees, kept from one enclosure to the next."""

    plan: Plan
    moving: frozenset[str]  # inputs
    columns: Mapping[str, Column]  # of names that nothing moves, as decided; of inputs also as `stated.<id>` and `assumed.<id>`
    staffer: Any  # of the same decision: answers for facts of the structures themselves
    trees: dict[int, Value] = field(default_factory=dict)
    moved: dict[int, bool] = field(default_factory=dict)  # by a tree's key
    names: dict[str, bool] = field(default_factory=dict)

    def moves(self, name: str) -> bool:
        """Whether a name's value depends on what moves."""
        if name not in self.names:
            bare = name.removeprefix("assumed.")
            if bare.startswith(("staffing.", "structure.", "ranking.", "post.")) or bare == "recommended":
                self.names[name] = True
            else:
                self.names[name] = not self.moving.isdisjoint(needs(self.plan).get(bare, frozenset()))
        return self.names[name]

    def tree_moves(self, tree: Tree) -> bool:
        if tree.key not in self.moved:
            self.moved[tree.key] = any(self.moves(name) for name in refs(tree))
        return self.moved[tree.key]


class Looks:
    """Points at which narrow boxes of a batch are looked into. `boxes`: (M,) their rows; `points`: slices of the rows that are points of each.

    A step or comparison whose outcome is the same at every point of a box is presumed not to change within; `rough`, of shape (M,) and (K, M), says where
    one does change. Where none does, all numbers are smooth: they are presumed to lie within what the points show, and as far again to either side."""

    def __init__(self, boxes: np.ndarray, points: tuple[slice, ...], structures: int) -> None:
        self.boxes, self.points = boxes, points
        self.rough = np.zeros(len(boxes), dtype=bool)
        self.rough_team = np.zeros((structures, len(boxes)), dtype=bool)

    def presumed(self, value: Value) -> Value:
        """A step's or comparison's result, taken to be in its box what it is at every point of it, if it is the same there."""
        if not isinstance(value, Range | Maybe) or np.ndim(value.can if isinstance(value, Maybe) else value.low) == 0:
            return value
        open_ = np.asarray(value.open)
        if open_.ndim == 0 or not open_[..., self.boxes].any():
            return value
        if isinstance(value, Maybe):
            shape = np.shape(open_)
            parts = [np.array(np.broadcast_to(part, shape)) for part in (value.can, value.cannot, np.False_ if value.null is None else value.null)]
        else:
            parts = [np.array(np.broadcast_to(part, np.shape(open_))) for part in (value.low, value.high)]
        alike: Any = ~open_[..., self.points[0]]
        for part in parts:
            for point in self.points[1:]:
                alike = alike & (part[..., point] == part[..., self.points[0]])
        for part in parts:
            part[..., self.boxes] = np.where(alike, part[..., self.points[0]], part[..., self.boxes])
        self.note(open_[..., self.boxes] & ~alike)
        if isinstance(value, Maybe):
            return Maybe(parts[0], parts[1], None if value.null is None else parts[2])
        return Range(parts[0], parts[1], value.null, value.gone)

    def note(self, rough: Any, structure: int | None = None) -> None:
        """Keep in mind where something steps: in a structure, or for all."""
        if structure is not None:
            self.rough_team[structure] |= rough
        elif np.ndim(rough) == 2:
            self.rough_team |= rough
        else:
            self.rough |= rough

    def smoothed(self, value: Range) -> Range:
        """Numbers of the structures, (K, N): within what their points show where nothing steps."""
        if value.low is value.high or np.ndim(value.low) != 2:
            return value
        calm = ~(self.rough_team | self.rough)
        seen = np.stack([value.low[..., point] for point in self.points])
        least, most = seen.min(axis=0), seen.max(axis=0)
        spread = most - least
        low, high = np.array(value.low), np.array(value.high)
        low[..., self.boxes] = np.where(calm, np.maximum(low[..., self.boxes], least - spread), low[..., self.boxes])
        high[..., self.boxes] = np.where(calm, np.minimum(high[..., self.boxes], most + spread), high[..., self.boxes])
        return Range(low, high, value.null, value.gone)


STEPS = frozenset({"less", "less_equal", "greater", "greater_equal", "between", "range_closed_open", "range_open_closed", "range_open", "equal", "floor", "ceiling",
                   "round_half_up"})  # fmt: skip


class Bounds:
    """Reads trees: what each may be, remembered by its key. `looks`: where steps are presumed to be what they are at points."""

    def __init__(self, memory: Memory, value_of: Callable[[str], Value], looks: Looks | None = None) -> None:
        self.memory, self.value_of = memory, value_of
        self.looks = looks if looks is not None and len(looks.boxes) else None
        self.trees: dict[int, Value] = {}

    def read(self, tree: Tree) -> Value:
        match tree:
            case Const():
                return exact(constant_of(tree))
            case Ref(name=name):
                return self.value_of(name)
            case Op(key=key):
                kept = self.trees if self.memory.tree_moves(tree) else self.memory.trees
                if key not in kept:
                    kept[key] = self._apply(tree)
                return kept[key]

    def _apply(self, op: Op) -> Value:
        if op.name in FOLDS and len(op.args) == 1 and isinstance(op.args[0], Op) and op.args[0].name == "list" and op.args[0].args:
            items = [self.read(arg) for arg in op.args[0].args]
            if all(isinstance(item, Range) for item in items):
                found: Any = items[0] if op.name != "sum" else ranges.add(constant(0.0), items[0])  # type: ignore[arg-type]
                for item in items[1:]:
                    found = FOLDS[op.name](found, item)  # type: ignore[arg-type]
                return found  # type: ignore[no-any-return]
        found = ranges.apply(op, [self.read(arg) for arg in op.args])
        return self.presumed(found) if op.name in STEPS else found

    def presumed(self, value: Value) -> Value:
        return value if self.looks is None else self.looks.presumed(value)

    def number(self, tree: Tree) -> Range:
        found = self.read(tree)
        assert isinstance(found, Range)
        return found

    def truth(self, tree: Tree) -> Maybe:
        found = self.read(tree)
        return found if isinstance(found, Maybe) else Maybe(np.bool_(False), np.bool_(False), np.bool_(True))


class Enclosure:
    """N boxes: for each, what every name may be while the inputs that move lie anywhere within their bounds.

    `stated`: the inputs that move, each what it may be, null where the profile does not state it."""

    def __init__(self, memory: Memory, stated: Mapping[str, Value], looks: Looks | None = None) -> None:
        self.memory, self.plan, self.stated, self.looks = memory, memory.plan, stated, looks
        self.values: dict[str, Value] = {name: exact(column) for name, column in parameter_columns(self.plan).items()}
        self.reader = Bounds(memory, self.value, looks)
        self.fired: dict[str, Maybe] = {}
        self.assumed: dict[str, Maybe] = {}
        for name in self.plan.order:
            if memory.moves(name) or name.startswith("rule:"):
                self.define(name)

    def value(self, name: str) -> Value:
        found = self.values.get(name)
        if found is None:
            if name.startswith("assumed.") and name.removeprefix("assumed.") in self.assumed:
                return self.assumed[name.removeprefix("assumed.")]
            found = self.values[name] = exact(self.memory.columns[name])
        return found

    def assumed_of(self, name: str) -> Maybe:
        """Whether an input's value is the model's."""
        found = self.value(f"assumed.{name}")
        assert isinstance(found, Maybe)
        return found

    def define(self, name: str) -> None:
        plan = self.plan
        if name.startswith("rule:"):
            self.fired[name[5:]] = self.reader.truth(plan.rules[name[5:]].when.tree)
        elif name.startswith("role."):
            id_, part = name.split(".")[1:]
            self.values[name] = self.active(id_) if part == "active" else self.fte(id_)
        elif name in plan.inputs:
            self.values[name] = self.input(name)
        else:
            self.values[name] = self.decision(plan.decisions[name])

    def input(self, name: str) -> Value:
        item = self.plan.inputs[name]
        stated = self.stated.get(name)
        if stated is None:
            stated = exact(self.memory.columns[f"stated.{name}"])
        missing = ranges.is_null(stated)
        self.assumed[name] = Maybe(np.bool_(False), np.bool_(True))
        if item.default is None or not np.any(missing.can):
            return stated
        filled = _fitted(self.reader.read(item.default.tree), item.type)
        self.assumed[name] = ranges.all_of(missing, ranges.negation(ranges.is_null(filled)))
        return choose(missing, filled, stated)

    def decision(self, decision: Decision) -> Value:
        if decision.table is not None:
            return _fitted(self.table(decision, decision.table), decision.type)
        assert decision.formula is not None
        return _fitted(self.reader.read(decision.formula.tree), decision.type)

    def table(self, decision: Decision, table: Table) -> Value:
        matches = [self.reader.truth(row.when) for row in table.rows]
        kind = kind_of(table)
        outputs = [_fitted(self.reader.read(row.then.tree), kind) for row in table.rows]
        result = exact(nothing(kind)) if table.default is None else _fitted(self.reader.read(table.default.tree), kind)
        if table.policy == "collect" and table.aggregate in ("count", "sum"):
            total: Range = constant(0.0)
            for match, output in zip(matches, outputs, strict=True):
                part = constant(1.0) if table.aggregate == "count" else output
                added = choose(match, part, constant(0.0))
                assert isinstance(added, Range)
                total = ranges.add(total, added)
            none = ranges.negation(ranges.any_of(*matches))
            if table.aggregate == "sum" and table.default is not None:
                return choose(none, result, total)
            return total
        if table.policy not in ("unique", "any", "first"):
            return _gathered(decision, table, outputs, result)
        for match, output in reversed(list(zip(matches, outputs, strict=True))):
            result = choose(match, output, result)
        return result

    def active(self, id_: str) -> Maybe:
        can: Any = np.bool_(False)
        sure: Any = np.bool_(False)
        for rule in self.plan.rules.values():
            if rule.target == id_ and rule.effect == "activate":
                can, sure = can | self.fired[rule.id].can, sure | self.fired[rule.id].sure
        for rule in self.plan.rules.values():
            if rule.target == id_ and rule.effect == "exclude":
                can, sure = can & ~self.fired[rule.id].sure, sure & ~self.fired[rule.id].can
        return Maybe(can, ~sure)

    def fte(self, id_: str) -> Value:
        active = self.value(f"role.{id_}.active")
        work = self.reader.number(self.plan.roles[id_].fte.tree)
        assert isinstance(active, Maybe)
        return choose(active, Range(work.low, work.high), constant(0.0))


def _gathered(decision: Decision, table: Table, outputs: list[Value], result: Value) -> Value:
    """A table whose rows are put in order or gathered: one of the outputs where one row's is given; else nothing is known of it."""
    if table.policy == "priority":
        for output in outputs:
            result = hull(result, output)
        return result
    return unknown(nothing(decision.type), np.bool_(True), -FARTHEST, FARTHEST, True)


def _fitted(value: Value, type_: Any) -> Value:
    """With the declared words of a type."""
    if isinstance(value, Whole):
        return Whole(fit(value.column, type_), value.open)
    if isinstance(value, Range) and type_.kind != "number":
        return exact(nothing(type_)) if value.gone is not None and np.all(value.gone) else unknown(nothing(type_), value.open, 0.0, 0.0, True)
    return value

