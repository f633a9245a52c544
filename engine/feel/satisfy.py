"""Turn and/or over guards into values for which they hold, or into the knowledge that there are none.

Names, and expressions that are compared as wholes, are taken as independent unknowns within the bounds of their types. So "never" is always right, while an
answer is exact only when the guards compare names and constants: whoever shows one runs it through `interpret` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.feel.differences import Differences
from engine.feel.guards import All, Any_, Formula, Guard, guards
from engine.feel.tree import Const, Op, Ref, Tree
from engine.feel.types import Type

MOST_STEPS = 3000
Expand = Callable[[Guard], Formula | None]
Options = list[list["Literal"]]  # any of these, each all of its literals


class TooHard(Exception):
    """The search was given up."""


@dataclass(frozen=True, slots=True)
class Literal:
    """One thing to hold: `null`, `bool`, `word` or `number` of a term."""

    kind: str
    term: Tree
    value: Any = None
    other: Tree | None = None  # number: term - other (strictly) at most value
    strict: bool = False


def satisfy(formula: Formula, expand: Expand | None = None, steps: int = MOST_STEPS) -> dict[str, Any] | None:
    """Values of names for which the formula may hold (None is null), or None when there are none. Raises `TooHard`.

    `expand`: what a guard stands for, where it is more than a comparison; None leaves it as it is."""
    search = _Search(expand, steps)
    state = search.solve([formula], _State())
    return None if state is None else state.values()


@dataclass(slots=True)
class _State:
    """What is known of each term on one branch of the search."""

    terms: dict[int, Tree] = field(default_factory=dict)
    nulls: dict[int, bool] = field(default_factory=dict)
    bools: dict[int, bool] = field(default_factory=dict)
    words: dict[int, tuple[bool, frozenset[str]]] = field(default_factory=dict)  # (one of these?, words)
    numbers: Differences = field(default_factory=Differences)

    def copy(self) -> _State:
        return _State(dict(self.terms), dict(self.nulls), dict(self.bools), dict(self.words), self.numbers.copy())

    def add(self, literal: Literal) -> bool:
        """Whether the literal goes with what is known."""
        term = literal.term
        self.terms.setdefault(term.key, term)
        match literal.kind:
            case "null":
                if not term.type.nullable and literal.value:
                    return False
                return self.nulls.setdefault(term.key, literal.value) is literal.value
            case "bool":
                return self.bools.setdefault(term.key, literal.value) is literal.value
            case "word":
                return self._word(term, *literal.value)
        return self._number(literal)

    def _word(self, term: Tree, within: bool, words: frozenset[str]) -> bool:
        known = self.words.get(term.key)
        if known is None and term.type.values is not None:
            known = (True, frozenset(term.type.values))
        if known is not None:
            inside, old = known
            if inside:
                words, within = (old & words if within else old - words), True
            elif within:
                words = words - old
            else:
                words = old | words
        self.words[term.key] = (within, words)
        return bool(words) or not within

    def _number(self, literal: Literal) -> bool:
        for term in (literal.term, literal.other):
            if term is not None and self.numbers.declare(term.key, term.type.low, term.type.high, term.type.integer):
                self.terms.setdefault(term.key, term)
        left, right = literal.term.key, None if literal.other is None else literal.other.key
        return self.numbers.at_most(left, right, literal.value[1], literal.strict, literal.value[0] == "least")

    def values(self) -> dict[str, Any]:
        """One value for each name that is a term."""
        found: dict[str, Any] = {}
        numbers = self.numbers.values()
        for key, term in self.terms.items():
            if isinstance(term, Ref):
                found[term.name] = None if self.nulls.get(key) else self._value(key, term.type, numbers)
        for key, holds in self.bools.items():
            term = self.terms[key]
            if isinstance(term, Op) and term.name == "contains_item" and isinstance(term.args[0], Ref) and isinstance(term.args[1], Const):
                members = found.get(term.args[0].name) or ()
                if holds:
                    found[term.args[0].name] = (*members, term.args[1].value)
                else:
                    found.setdefault(term.args[0].name, ())
        return found

    def _value(self, key: int, type_: Type, numbers: Mapping[int, float]) -> Any:
        if type_.kind == "boolean":
            return self.bools.get(key, True)
        if type_.kind == "number":
            return numbers.get(key, min(max(0.0, type_.low), type_.high))
        if type_.kind == "string":
            within, words = self.words.get(key, (True, frozenset(type_.values or ("",))))
            return min(words) if within else next(word for word in _fresh() if word not in words)
        return ()


def _fresh() -> Iterator[str]:
    yield "other"
    number = 1
    while True:
        number += 1
        yield f"other {number}"


class _Search:
    def __init__(self, expand: Expand | None, steps: int) -> None:
        self.expand, self.left = expand, steps

    def solve(self, todo: Sequence[Formula], state: _State) -> _State | None:
        """The state in which everything to do holds: first what leaves no choice, then each way of the smallest choice."""
        choices: list[list[Formula | list[Literal]]] = []
        agenda = list(todo)
        while agenda:
            self.left -= 1
            if self.left < 0:
                raise TooHard
            formula = agenda.pop()
            if isinstance(formula, All):
                agenda.extend(formula.parts)
                continue
            ways = self.ways(formula)
            if not ways:
                return None
            if len(ways) > 1:
                choices.append(ways)
            elif isinstance(ways[0], list):
                if not all(state.add(literal) for literal in ways[0]):
                    return None
            else:
                agenda.append(ways[0])
        if not state.numbers.possible():
            return None
        if not choices:
            return state
        choices.sort(key=len)
        rest: list[Formula] = [_Choice(tuple(ways)) for ways in choices[1:]]  # type: ignore[misc]
        for way in choices[0]:
            branch = state.copy()
            if isinstance(way, list):
                if not all(branch.add(literal) for literal in way):
                    continue
                found = self.solve(rest, branch)
            else:
                found = self.solve([*rest, way], branch)
            if found is not None:
                return found
        return None

    def ways(self, formula: Any) -> list[Any]:
        """What to do, any of which will do: formulas, or lists of literals."""
        if isinstance(formula, _Choice):
            return list(formula.ways)
        if isinstance(formula, Any_):
            return list(formula.parts)
        assert isinstance(formula, Guard)
        wider = (self.expand(formula) if self.expand is not None else None) or _within(formula)
        return [wider] if wider is not None else list(options(formula))


@dataclass(frozen=True, slots=True)
class _Choice:
    """Ways that were worked out already and put off."""

    ways: tuple[Any, ...]


def _within(guard: Guard) -> Formula | None:
    """What it takes for an and, an or, a not or an if not to be what is not wanted; None for a comparison."""
    tree, wanted = guard.tree, guard.wanted
    if not guard.negated or not isinstance(tree, Op):
        return None
    match tree.name:
        case "not":
            return Guard(tree.args[0], not wanted, negated=True)
        case "and" | "or":
            parts = tuple(Guard(arg, wanted, negated=True) for arg in tree.args)
            return Any_(parts) if (tree.name == "and") == wanted else All(parts)
        case "if":
            condition, yes, no = tree.args
            holds = All((guards(condition), Guard(yes, wanted, negated=True)))
            return Any_((holds, All((Guard(condition, True, negated=True), Guard(no, wanted, negated=True)))))
    return None


# -- what a guard asks of its terms


def options(guard: Guard) -> Options:
    """The ways in which a guard holds."""
    tree, wanted = guard.tree, guard.wanted
    if not guard.negated:
        return _is(tree, wanted)
    return [*_is(tree, not wanted), *_unknown(tree)]


def _is(tree: Tree, wanted: bool) -> Options:
    if isinstance(tree, Op):
        match tree.name:
            case "less" | "less_equal" | "greater" | "greater_equal":
                return _defined(tree, [_order(tree.name, tree.args[0], tree.args[1], wanted)])
            case "between" | "range_closed_open" | "range_open_closed" | "range_open":
                x, low, high = tree.args
                above = "greater" if tree.name in ("range_open_closed", "range_open") else "greater_equal"
                below = "less" if tree.name in ("range_closed_open", "range_open") else "less_equal"
                both = [_order(above, x, low, True), _order(below, x, high, True)]
                return _defined(tree, [[*both[0], *both[1]]] if wanted else [_order(above, x, low, False), _order(below, x, high, False)])
            case "is_null" | "is_defined":
                return [[Literal("null", tree.args[0], (tree.name == "is_null") is wanted)]]
            case "equal":
                return _equal(tree, wanted)
    if isinstance(tree, Const):
        return [[]] if tree.value is wanted else []
    return [[Literal("bool", tree, wanted), *_nonnull(tree)]]


def _unknown(tree: Tree) -> Options:
    """The ways in which a boolean is null."""
    if not tree.type.nullable:
        return []
    if isinstance(tree, Op) and tree.name in (
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "between",
        "range_closed_open",
        "range_open_closed",
        "range_open",
    ):
        return [[Literal("null", arg, True)] for arg in tree.args if arg.type.nullable]
    return [[Literal("null", _container(tree), True)]]


def _container(tree: Tree) -> Tree:
    return tree.args[0] if isinstance(tree, Op) and tree.name == "contains_item" else tree


def _nonnull(tree: Tree) -> list[Literal]:
    subject = _container(tree)
    return [Literal("null", subject, False)] if subject.type.nullable else []


def _defined(tree: Op, ways: list[list[Literal]]) -> Options:
    there = [Literal("null", arg, False) for arg in tree.args if arg.type.nullable]
    return [[*there, *way] for way in ways]


def fixed(tree: Tree) -> float | None:
    """The number that a tree always is: a constant or a parameter."""
    type_ = tree.type
    return type_.low if type_.kind == "number" and type_.low == type_.high and not type_.nullable else None


def _order(name: str, a: Tree, b: Tree, wanted: bool) -> list[Literal]:
    """`a < b` and its kin, or its contrary, as a bound on a difference."""
    if name in ("greater", "greater_equal"):
        a, b = b, a
    strict = name in ("less", "greater")
    if not wanted:
        a, b, strict = b, a, not strict
    left, right = fixed(a), fixed(b)
    if left is not None and right is not None:
        return [] if (left < right if strict else left <= right) else [Literal("bool", _NEVER, True), Literal("bool", _NEVER, False)]
    if right is not None:
        return [Literal("number", a, ("most", right), None, strict)]
    if left is not None:
        return [Literal("number", b, ("least", left), None, strict)]
    return [Literal("number", a, ("most", 0.0), b, strict)]


_NEVER = Const(None, Type("boolean"), -1)


def _equal(tree: Op, wanted: bool) -> Options:
    a, b = tree.args
    if isinstance(a, Const) or fixed(a) is not None:
        a, b = b, a
    there = [Literal("null", side, False) for side in (a, b) if side.type.nullable]
    gone = [[Literal("null", a, True)]] if a.type.nullable else []
    if a.type.kind == "number" and b.type.kind == "number":
        value = fixed(b)
        if value is not None:
            if wanted:
                return [[*there, Literal("number", a, ("most", value)), Literal("number", a, ("least", value))]]
            return [*gone, [*there, Literal("number", a, ("most", value), None, True)], [*there, Literal("number", a, ("least", value), None, True)]]
        if wanted:
            both = [[Literal("null", side, True) for side in (a, b)]] if a.type.nullable and b.type.nullable else []
            return [*both, [*there, Literal("number", a, ("most", 0.0), b), Literal("number", b, ("most", 0.0), a)]]
        one = [[Literal("null", x, True), *([Literal("null", y, False)] if y.type.nullable else [])] for x, y in ((a, b), (b, a)) if x.type.nullable]
        return [*one, [*there, Literal("number", a, ("most", 0.0), b, True)], [*there, Literal("number", b, ("most", 0.0), a, True)]]
    if isinstance(b, Const) and isinstance(b.value, str):
        return [[*there, Literal("word", a, (True, frozenset({b.value})))]] if wanted else [*gone, [*there, Literal("word", a, (False, frozenset({b.value})))]]
    if isinstance(b, Const) and isinstance(b.value, bool):
        same = [Literal("null", a, False)] if a.type.nullable else []
        return [[*same, Literal("bool", a, b.value)]] if wanted else [*gone, [*same, Literal("bool", a, not b.value)]]
    if isinstance(b, Const) and b.value is None:
        return [[Literal("null", a, wanted)]]
    return [[Literal("bool", tree, wanted)]]
