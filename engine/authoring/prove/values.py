"""Turn a value of the language into terms: what it is, and whether it is null; texts become members of one sort, lists a bounded row of items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.authoring.prove.solver import Term, both, choose, either, formula, known, opposite, real, z3
from engine.feel.types import Type, member

NO_BITS: Mapping[str, Term] = MappingProxyType({})


class Inexpressible(Exception):
    """Internal: a part of the model has no formula. `what` is the operator or name."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Sym:
    """A symbolic value. `term`: of a number, boolean or text. `items`, `present`: of a list or ranking; an item is there when `present`, and those that are
    there come first. `bits`: of a set, per declared word. What stands beside `null` is any value."""

    kind: str
    null: Term = False
    term: Term = None
    items: tuple[Sym, ...] = ()
    present: tuple[Term, ...] = ()
    bits: Mapping[str, Term] = field(default_factory=lambda: NO_BITS)

    def nullable(self, null: Term) -> Sym:
        """The same value, null as well where `null` holds."""
        return replace(self, null=either(self.null, null))

    @property
    def true(self) -> Term:
        return both(opposite(self.null), self.term)

    @property
    def false(self) -> Term:
        return both(opposite(self.null), opposite(self.term))


def numeric(term: Term, null: Term = False) -> Sym:
    return Sym("number", null, term)


def truth(term: Term, null: Term = False) -> Sym:
    return Sym("boolean", null, term)


class Texts:
    """A number for each text that is named somewhere, in twelve bits: more than a model names and a profile can state, and equal only to itself."""

    BITS = 12

    def __init__(self) -> None:
        self.sort = z3.BitVecSort(self.BITS)
        self.known: dict[str, Term] = {}

    def code(self, text: str) -> Term:
        if text not in self.known:
            if len(self.known) >= 1 << (self.BITS - 1):
                raise Inexpressible("string")
            self.known[text] = z3.BitVecVal(len(self.known), self.BITS)
        return self.known[text]

    def text(self, code: int) -> str:
        """The text of a number; one that nobody names for the others."""
        names = list(self.known)
        return names[code] if code < len(names) else f"text-{code}"


def constant(value: Any, type_: Type, texts: Texts) -> Sym:
    """A value of the engine (float, text, boolean, tuple, None) of a type."""
    kind = "list" if type_.kind == "ranking" else type_.kind
    if value is None:
        return replace(nothing(type_, texts), null=True)
    if isinstance(value, bool):
        return truth(value)
    if isinstance(value, float):
        return numeric(real(value))
    if isinstance(value, str):
        return Sym("string", False, texts.code(value))
    if kind == "set":
        return Sym("set", False, bits=MappingProxyType({word: word in value for word in type_.values or value}))
    inner = member(type_) or Type("null", True)
    items = tuple(constant(item, inner if inner.kind != "null" else _type_of(item), texts) for item in value)
    return Sym("list", False, items=items, present=(True,) * len(items))


def _type_of(value: Any) -> Type:
    return Type("boolean" if isinstance(value, bool) else "number" if isinstance(value, float) else "string" if isinstance(value, str) else "null", True)


def nothing(type_: Type, texts: Texts) -> Sym:
    """Some value of a type, to stand where none is needed."""
    match type_.kind:
        case "number":
            return numeric(real(0))
        case "boolean":
            return truth(False)
        case "string":
            return Sym("string", False, texts.code(""))
        case "set":
            return Sym("set", False, bits=MappingProxyType(dict.fromkeys(type_.values or (), False)))
        case "null":
            return Sym("null", True)
    return Sym("list", False)


def pick(condition: Term, yes: Sym, no: Sym) -> Sym:
    """`yes` where the condition holds, else `no`."""
    if isinstance(condition, bool):
        return yes if condition else no
    if yes.kind == "null" or no.kind == "null":
        other = no if yes.kind == "null" else yes
        return replace(other, null=choose(condition, yes.null, no.null))
    null = choose(condition, yes.null, no.null)
    if yes.kind == "set":
        words = [*yes.bits, *(word for word in no.bits if word not in yes.bits)]
        return Sym("set", null, bits=MappingProxyType({w: choose(condition, yes.bits.get(w, False), no.bits.get(w, False)) for w in words}))
    if yes.kind == "list":
        size = max(len(yes.items), len(no.items))
        items, present = [], []
        for i in range(size):
            a, b = _at(yes, i), _at(no, i)
            items.append(b[0] if a[0] is None else a[0] if b[0] is None else pick(condition, a[0], b[0]))
            present.append(choose(condition, a[1], b[1]))
        return Sym("list", null, items=tuple(item for item in items if item is not None), present=tuple(present))
    if yes.null is True:
        return replace(no, null=null)
    if no.null is True:
        return replace(yes, null=null)
    return Sym(yes.kind, null, choose(condition, yes.term, no.term))


def _at(xs: Sym, i: int) -> tuple[Sym | None, Term]:
    return (xs.items[i], xs.present[i]) if i < len(xs.items) else (None, False)


def cases(options: Sequence[tuple[Term, Sym]], otherwise: Sym) -> Sym:
    """The first option whose condition holds."""
    result = otherwise
    for condition, value in reversed(options):
        result = pick(condition, value, result)
    return result


def size_of(xs: Sym) -> Term:
    """How many members a list or set has, as a number."""
    parts = list(xs.bits.values()) if xs.kind == "set" else list(xs.present)
    return total([choose(part, real(1), real(0)) for part in parts])


def total(parts: Sequence[Term]) -> Term:
    if not parts:
        return real(0)
    return parts[0] if len(parts) == 1 else z3.Sum(*parts)


def same(a: Sym, b: Sym) -> Term:
    """Whether two values are equal as `=` has it: null only to null. Kinds that never go together are never equal unless both are null."""
    nulls = both(a.null, b.null)
    if a.null is True or b.null is True or "null" in (a.kind, b.kind):
        return nulls
    return either(nulls, both(opposite(a.null), opposite(b.null), _equal(a, b)))


def _equal(a: Sym, b: Sym) -> Term:
    if a.kind != b.kind:
        return False
    if a.kind == "boolean":
        if isinstance(a.term, bool) or isinstance(b.term, bool):
            return choose(a.term, b.term, opposite(b.term)) if isinstance(a.term, bool) else choose(b.term, a.term, opposite(a.term))
        return a.term == b.term
    if a.kind == "set":
        words = [*a.bits, *(word for word in b.bits if word not in a.bits)]
        return both(*(_equal(truth(a.bits.get(w, False)), truth(b.bits.get(w, False))) for w in words))
    if a.kind == "list":
        parts: list[Term] = []
        for i in range(max(len(a.items), len(b.items))):
            (x, here), (y, there) = _at(a, i), _at(b, i)
            parts.append(_equal(truth(here), truth(there)))
            if x is not None and y is not None:
                parts.append(either(opposite(here), same(x, y)))
        return both(*parts)
    return equal_terms(a.term, b.term)


def equal_terms(a: Term, b: Term) -> Term:
    """Equality of two numbers or two texts, folded where both are known."""
    if a.eq(b):
        return True
    if z3.is_bv_value(a) and z3.is_bv_value(b):
        return False
    x, y = known(a), known(b)
    return x == y if x is not None and y is not None else a == b


def as_formula(value: Sym) -> Term:
    return formula(value.true)
