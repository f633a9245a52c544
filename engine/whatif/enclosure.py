"""Turn a profile in which inputs move within bounds into what every derived name may be: defaults, decisions, rules, roles, in the plan's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from engine.executors.columnar import fit, kind_of, parameter_columns
from engine.executors.stages import trees
from engine.feel.arrays import Column
from engine.feel.columns import constant as constant_of
from engine.feel.columns import nothing
from engine.feel.tree import Const, Op, Ref, Tree, refs
from engine.model.plan import Decision, Plan, Table
from engine.whatif import ranges
from engine.whatif.apply import FOLDS, apply
from engine.whatif.ranges import FARTHEST, Maybe, Range, Value, Whole, choose, constant, exact, hull, unknown


@lru_cache(maxsize=8)
def needs(plan: Plan) -> Mapping[str, frozenset[str]]:
    """Name -> the inputs that its value depends on, through defaults, decisions, rules and roles."""
    known: dict[str, frozenset[str]] = {}
    rules: dict[str, list[str]] = {}
    for rule in plan.rules.values():
        rules.setdefault(rule.target, []).append(f"rule:{rule.id}")
    for name in plan.order:
        direct = {ref.removeprefix("assumed.") for tree in trees(plan, name) for ref in refs(tree)}
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

    A step or comparison whose outcome is the same at every point of a box is presumed not to change within, as long as nothing that it rests on does: what
    it looks at is then smooth, and does not go there and back between the points. A mask `rough`, (M,) or (K, M), says where something changes. Where nothing
    does, numbers are presumed to lie within what the points show, and as far again to either side."""

    def __init__(self, boxes: np.ndarray, points: tuple[slice, ...]) -> None:
        self.boxes, self.points = boxes, points

    def at(self, mask: Any) -> Any:
        """A mask of all rows at the boxes."""
        return mask[..., self.boxes] if np.ndim(mask) and np.shape(mask)[-1] > 1 else mask

    def presumed(self, value: Value, rough: Any) -> tuple[Value, Any]:
        """A step's or comparison's result, taken to be in its box what it is at every point of it, if it is the same there; and where it is rough then."""
        if not isinstance(value, Range | Maybe):
            return value, rough | self.at(value.open)
        open_ = np.asarray(value.open)
        if open_.ndim == 0 or open_.shape[-1] == 1 or not open_[..., self.boxes].any():
            return value, rough
        whole = [value.can, value.cannot, np.False_ if value.null is None else value.null] if isinstance(value, Maybe) else [value.low, value.high]
        parts = [np.array(np.broadcast_to(part, open_.shape)) for part in whole]
        alike: Any = ~open_[..., self.points[0]] & ~rough
        for part in parts:
            for point in self.points[1:]:
                alike = alike & (part[..., point] == part[..., self.points[0]])
        if alike.any():
            for part in parts:
                part[..., self.boxes] = np.where(alike, part[..., self.points[0]], part[..., self.boxes])
        rough = rough | (open_[..., self.boxes] & ~alike)
        if isinstance(value, Maybe):
            return Maybe(parts[0], parts[1], None if value.null is None else parts[2]), rough
        return Range(parts[0], parts[1], value.null, value.gone), rough

    def smoothed(self, value: Range, rough: Any) -> Range:
        """Numbers of the structures, (K, N): within what their points show where nothing they rest on is rough."""
        if value.low is value.high or np.ndim(value.low) != 2:
            return value
        seen = np.stack([value.low[..., point] for point in self.points])
        least, most = seen.min(axis=0), seen.max(axis=0)
        spread = most - least
        low, high = np.array(value.low), np.array(value.high)
        low[..., self.boxes] = np.where(rough, low[..., self.boxes], np.maximum(low[..., self.boxes], least - spread))
        high[..., self.boxes] = np.where(rough, high[..., self.boxes], np.minimum(high[..., self.boxes], most + spread))
        return Range(low, high, value.null, value.gone)


STEPS = frozenset({"less", "less_equal", "greater", "greater_equal", "between", "range_closed_open", "range_open_closed", "range_open", "equal", "floor",
                   "ceiling", "round_half_up"})  # fmt: skip
SMOOTH = np.bool_(False)


class Bounds:
    """Reads trees: what each may be, remembered by its key. `looks`: where steps are presumed to be what they are at points, `rough_name` then says of a name
    where what it rests on is rough."""

    def __init__(
        self, memory: Memory, value_of: Callable[[str], Value], looks: Looks | None = None, rough_name: Callable[[str], Any] = lambda _: SMOOTH
    ) -> None:
        self.memory, self.value_of, self.rough_name = memory, value_of, rough_name
        self.looks = looks if looks is not None and len(looks.boxes) else None
        self.trees: dict[int, Value] = {}
        self.roughs: dict[int, Any] = {}

    def read(self, tree: Tree) -> Value:
        match tree:
            case Const():
                return exact(constant_of(tree))
            case Ref(name=name):
                return self.value_of(name)
            case Op(key=key):
                kept = self.trees if self.memory.tree_moves(tree) else self.memory.trees
                if key not in kept:
                    found = self._apply(tree)
                    if self.looks is not None and kept is self.trees:
                        rough = self._rough(tree)
                        if tree.name in STEPS:
                            found, rough = self.looks.presumed(found, rough)
                        self.roughs[key] = rough
                    kept[key] = found
                return kept[key]

    def rough(self, tree: Tree) -> Any:
        """Where, at the narrow boxes, a step or comparison that the tree's value rests on changes."""
        match tree:
            case Ref(name=name) if self.looks is not None:
                return self.rough_name(name)
            case Op(key=key) if self.looks is not None:
                self.read(tree)
                return self.roughs.get(key, SMOOTH)
        return SMOOTH

    def _rough(self, op: Op) -> Any:
        assert self.looks is not None
        each = [self.rough(arg) for arg in op.args]
        if op.name == "if":
            condition = self.read(op.args[0])
            assert isinstance(condition, Maybe)
            return each[0] | (each[1] & self.looks.at(condition.can)) | (each[2] & ~self.looks.at(condition.sure))
        found: Any = SMOOTH
        for rough in each:
            found = found | rough
        if op.name in ("and", "or"):  # one that settles it alone, and is smooth, leaves the others without effect
            for arg, rough in zip(op.args, each, strict=True):
                value = self.read(arg)
                if isinstance(value, Maybe):
                    settles = value.sure if op.name == "or" else ranges.negation(value).sure
                    found = found & ~(self.looks.at(settles) & ~rough)
        return found

    def _apply(self, op: Op) -> Value:
        if op.name in FOLDS and len(op.args) == 1 and isinstance(op.args[0], Op) and op.args[0].name == "list" and op.args[0].args:
            items = [self.read(arg) for arg in op.args[0].args]
            if all(isinstance(item, Range) for item in items):
                found: Any = items[0] if op.name != "sum" else ranges.add(constant(0.0), items[0])  # type: ignore[arg-type]
                for item in items[1:]:
                    found = FOLDS[op.name](found, item)  # type: ignore[arg-type]
                return found  # type: ignore[no-any-return]
        return apply(op, [self.read(arg) for arg in op.args])

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
        self.roughs: dict[str, Any] = {}
        self.reader = Bounds(memory, self.value, looks, self.rough)
        self.fired: dict[str, Maybe] = {}
        self.assumed: dict[str, Maybe] = {}
        for name in self.plan.order:
            if memory.moves(name) or name.startswith("rule:"):
                self.define(name)
                if self.reader.looks is not None:
                    self.roughs[name] = self.rough_of(name)

    def rough(self, name: str) -> Any:
        """Where a name's value rests on something that changes within a narrow box."""
        return self.roughs.get(name.removeprefix("assumed."), SMOOTH)

    def rough_of(self, name: str) -> Any:
        found: Any = SMOOTH
        for tree in trees(self.plan, name):
            found = found | self.reader.rough(tree)
        if name.startswith("role."):
            id_, part = name.split(".")[1:]
            if part == "fte":
                return self.rough(f"role.{id_}.active") | (found & self.reader.looks.at(self.truth(f"role.{id_}.active").can))  # type: ignore[union-attr]
            found = SMOOTH
            for rule in self.plan.rules.values():
                if rule.target == id_ and rule.effect != "note":
                    found = found | self.rough(f"rule:{rule.id}")
        return found

    def truth(self, name: str) -> Maybe:
        found = self.value(name)
        assert isinstance(found, Maybe)
        return found

    def value(self, name: str) -> Value:
        found = self.values.get(name)
        if found is None:
            if name.startswith("assumed.") and name.removeprefix("assumed.") in self.assumed:
                return self.assumed[name.removeprefix("assumed.")]
            found = self.values[name] = exact(self.memory.columns[name])
        return found

    def assumed_of(self, name: str) -> Maybe:
        """Whether an input's value is the model's."""
        return self.truth(f"assumed.{name}")

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
            kept = self.memory.columns.get(f"stated.{name}")
            stated = exact(nothing(item.type) if kept is None else kept)
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
        work = self.reader.number(self.plan.roles[id_].fte.tree)
        return choose(self.truth(f"role.{id_}.active"), Range(work.low, work.high), constant(0.0))


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
