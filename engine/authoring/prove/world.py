"""Turn a plan into the terms of one possible profile: every value that its declared type allows, and what the model derives of it, name by name as asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

from engine.authoring.prove.encode import Reader
from engine.authoring.prove.lists import packed
from engine.authoring.prove.solver import Term, both, either, opposite, real, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.team import Team
from engine.authoring.prove.values import Inexpressible, Sym, cases, equal_terms, numeric, pick, same, total, truth
from engine.executors.interpret import effects
from engine.feel.tree import Const
from engine.feel.types import Type, words
from engine.model.plan import Decision, Input, Plan, Table
from engine.staffing.layout import layouts


class World:
    """One profile. `like`: another one that states the same inputs, `except_` for some."""

    def __init__(self, plan: Plan, encoder: Encoder, prefix: str, like: World | None = None, except_: Collection[str] = ()) -> None:
        self.plan, self.encoder, self.prefix, self.like, self.except_ = plan, encoder, prefix, like, frozenset(except_)
        self.reader = Reader(encoder, self.value)
        self.inputs: dict[str, tuple[Term, Sym]] = {}
        self._values: dict[str, Sym] = {}
        self._teams: dict[str, Team] = {}

    # -- names

    def value(self, name: str) -> Sym:
        if name not in self._values:
            self._values[name] = self._define(name)
        return self._values[name]

    def _define(self, name: str) -> Sym:
        plan = self.plan
        area, _, rest = name.partition(".")
        if name in plan.inputs:
            return self._input(plan.inputs[name])
        if name in plan.parameters:
            return numeric(real(plan.parameters[name].value))
        if name in plan.decisions:
            return self._decision(plan.decisions[name])
        if area == "assumed":
            item = plan.inputs[rest]
            default = self._default(item)
            return truth(both(opposite(self.stated(rest)[0]), opposite(default.null)) if default is not None else False)
        if area == "stated":
            return truth(self.stated(rest)[0])
        if area == "rule":
            return truth(self.reader.read(plan.rules[rest].when.tree).true)
        if area == "role":
            id_, part = rest.split(".")
            return truth(self._active(id_)) if part == "active" else self._fte(id_)
        if area == "eligible":
            return truth(self.team(rest).eligible())
        if area == "staffing" and rest.count("."):
            structure, _, fact = rest.partition(".")
            return self.team(structure).value(f"staffing.{fact}")
        if area == "weight":
            return self.reader.read(plan.criteria[rest].weight.tree)
        raise Inexpressible(name)

    def team(self, structure: str) -> Team:
        if structure not in self._teams:
            layout = next(layout for layout in layouts(self.plan) if layout.structure.id == structure)
            self._teams[structure] = Team(self.plan, self.encoder, self.value, self.reader, layout)
        return self._teams[structure]

    # -- inputs

    def stated(self, id_: str) -> tuple[Term, Sym]:
        """Whether the profile states an input, and the value that it states."""
        if self.like is not None and id_ not in self.except_:
            return self.like.stated(id_)
        if id_ not in self.inputs:
            item = self.plan.inputs[id_]
            flag = True if item.required else z3.Bool(f"{self.prefix}.{id_} stated")
            self.inputs[id_] = (flag, stated_value(self.encoder, item, f"{self.prefix}.{id_}"))
        return self.inputs[id_]

    def _default(self, item: Input) -> Sym | None:
        return None if item.default is None else self.fit(self.reader.read(item.default.tree), item.default.tree.type, item.type)

    def _input(self, item: Input) -> Sym:
        flag, value = self.stated(item.id)
        default = self._default(item)
        return value.nullable(opposite(flag)) if default is None else pick(flag, value, default)

    def fit(self, value: Sym, found: Type, type_: Type) -> Sym:
        """The value as its type holds it: a word that is not declared is null, a list of words may be a set."""
        if type_.values is None or found.values == type_.values:
            return value
        if type_.kind == "string":
            return value.nullable(opposite(either(*(equal_terms(value.term, self.encoder.texts.code(word)) for word in type_.values))))
        if type_.kind == "set" and value.kind == "list":
            code = self.encoder.texts.code
            bits = {
                word: either(*(both(here, same(x, Sym("string", term=code(word)))) for x, here in zip(value.items, value.present, strict=True)))
                for word in type_.values
            }
            return Sym("set", value.null, bits=MappingProxyType(bits))
        return value

    # -- decisions

    def _decision(self, decision: Decision) -> Sym:
        if decision.table is None:
            assert decision.formula is not None
            tree = decision.formula.tree
            return self.fit(self.reader.read(tree), tree.type, decision.type)
        return self.fit(self.look_up(decision.table), Type("null"), decision.type)

    def matches(self, table: Table) -> list[Term]:
        """For each row whether it matches."""
        return [self.reader.read(row.when).true for row in table.rows]

    def look_up(self, table: Table) -> Sym:
        hits = list(zip(self.matches(table), (self.reader.read(row.then.tree) for row in table.rows), strict=True))
        if table.policy in ("priority", "output order"):
            hits = [hits[i] for i in self._by_priority(table)]
        default = self.reader.read(table.default.tree) if table.default is not None else hits[0][1].nullable(True)
        if table.policy in ("rule order", "output order") or (table.policy == "collect" and table.aggregate in (None, "list")):
            return packed(hits)
        if table.policy == "collect":
            return self._aggregate(table, hits, default)
        return cases(hits, default)

    def _by_priority(self, table: Table) -> list[int]:
        """The rows in the order of their outputs, where that can be told without a profile."""
        outputs = [row.then.tree for row in table.rows]
        if not all(isinstance(tree, Const) for tree in outputs):
            raise Inexpressible(table.policy)
        values = table.values or ()
        places = [values.index(tree.value) if isinstance(tree, Const) and tree.value in values else len(values) for tree in outputs]
        return sorted(range(len(outputs)), key=lambda i: places[i])

    def _aggregate(self, table: Table, hits: list[tuple[Term, Sym]], default: Sym) -> Sym:
        if table.aggregate == "count":
            return numeric(total([z3.If(hit, real(1), real(0)) if not isinstance(hit, bool) else real(int(hit)) for hit, _ in hits]))
        missing = either(*(both(hit, value.null) for hit, value in hits))
        some = either(*(hit for hit, _ in hits))
        if table.aggregate == "sum":
            found = numeric(total([pick(hit, value, numeric(real(0))).term for hit, value in hits]), missing)
            return found if table.default is None else pick(some, found, default)
        result, before = numeric(real(0)), False
        for hit, value in hits:
            better = value.term < result.term if table.aggregate == "min" else value.term > result.term
            result = numeric(pick(both(hit, either(opposite(before), better)), value, result).term)
            before = either(before, hit)
        found = result.nullable(missing)
        return pick(some, found, default if table.default is not None else found.nullable(True))

    # -- roles

    def _active(self, id_: str) -> Term:
        activate, exclude = effects(self.plan)[id_]
        fired = [self.value(f"rule.{rule}").term for rule in activate]
        return both(either(*fired), *(opposite(self.value(f"rule.{rule}").term) for rule in exclude))

    def _fte(self, id_: str) -> Sym:
        """0 when inactive, and where the formula has no number."""
        value = self.reader.read(self.plan.roles[id_].fte.tree)
        counted = both(self.value(f"role.{id_}.active").term, opposite(value.null))
        return pick(counted, replace(value, null=False), numeric(real(0)))


def stated_value(encoder: Encoder, item: Input, name: str) -> Sym:
    """Any value that an input's declared type and bounds allow."""
    value = free(encoder, item.type, name)
    if item.type.kind == "number":
        encoder.axiom(value.term > real(item.type.low) if item.low_open else value.term >= real(item.type.low))
        encoder.axiom(value.term < real(item.type.high) if item.high_open else value.term <= real(item.type.high))
    return value


def free(encoder: Encoder, type_: Type, name: str) -> Sym:
    """Any value of a type that is not null; of a number, whatever its bounds."""
    match type_.kind:
        case "number":
            return numeric(encoder.number(name, type_.integer))
        case "boolean":
            return truth(z3.Bool(name))
        case "string":
            return _word(encoder, type_, name)
        case "set":
            return Sym("set", bits=MappingProxyType({word: z3.Bool(f"{name} has {word}") for word in type_.values or ()}))
    size = len(type_.values or ())
    items = [_word(encoder, words(type_.values or ()), f"{name}[{i + 1}]") for i in range(size)]
    present = [z3.Bool(f"{name}[{i + 1}] there") for i in range(size)]
    for i in range(size):
        if i:
            encoder.axiom(z3.Implies(present[i], present[i - 1]))
        for j in range(i):
            encoder.axiom(z3.Implies(present[i], items[i].term != items[j].term))
    return Sym("list", items=tuple(items), present=tuple(present))


def _word(encoder: Encoder, type_: Type, name: str) -> Sym:
    code = z3.Const(name, encoder.texts.sort)
    if type_.values is not None:
        encoder.axiom(either(*(code == encoder.texts.code(word) for word in type_.values)))
    return Sym("string", term=code)
