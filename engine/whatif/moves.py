"""Turn an input and today's value into what else it could be: the ends of its range, other words, other sets and rankings, fewest steps first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import Any

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.executors.stages import trees
from engine.feel.tree import Const, Op, Ref, Tree, refs, subtrees
from engine.model.compile import formulas
from engine.model.plan import Input, Plan
from engine.whatif.enclosure import needs
from engine.whatif.search import Ray
from engine.whatif.target import Target

MOST = 2000  # other values of one set or ranking
NEAREST_OPEN = 1e-6  # of the distance: how near an open end of a range is approached


def movable(plan: Plan, target: Target | None = None) -> list[str]:
    """The inputs that a target can depend on, in file order; without one, those that anything decided depends on. Never what only tells organisations
    apart, or in what their money is counted."""
    fixed = {plan.settings.id, plan.settings.name, plan.settings.currency}
    known = _reaching(plan) if target is None or target.of_team else frozenset()
    known |= target.inputs(plan) if target is not None and not target.of_team else frozenset()
    if target is not None and target.of_team:
        known |= frozenset[str]().union(*(needs(plan).get(name.removeprefix("assumed."), frozenset()) for name in target.names))
    return [name for name in plan.inputs if name in known and name not in fixed]


def not_to_vary(plan: Plan, names: Iterable[str]) -> list[Diagnostic]:
    """Why some of the names can't be varied."""
    found: list[Diagnostic] = []
    known = movable(plan)
    for name in names:
        if name not in plan.inputs:
            found.append(Diagnostic("R401", {"name": name}, None, did_you_mean(name, known) or Hint("hint.known", {"names": ", ".join(known)})))
        elif name not in known:
            found.append(Diagnostic("X122", {"name": name}, None, Hint("hint.known", {"names": ", ".join(known)})))
    return found


@lru_cache(maxsize=8)
def _reaching(plan: Plan) -> frozenset[str]:
    parts: tuple[Any, ...] = (plan.rules, plan.roles, plan.structures, plan.criteria, plan.settings)
    names = {name for part in parts for formula in formulas(part) for name in refs(formula.tree)} | {plan.settings.budget or ""}
    return frozenset[str]().union(*(needs(plan).get(name.removeprefix("assumed."), frozenset()) for name in names))


def rays(item: Input, today: float | None) -> list[Ray]:
    """Where a number could go: up and down from today's value; where there is none, from either end of its range to the other."""
    integer, low, high = item.type.integer, item.type.low, item.type.high
    if today is None:
        low = low + NEAREST_OPEN if item.low_open else low
        return [Ray(item.id, low, high, integer, True), Ray(item.id, high, low, integer, True)]
    low = low + (today - low) * NEAREST_OPEN if item.low_open else low
    high = high - (high - today) * NEAREST_OPEN if item.high_open else high
    return [Ray(item.id, today, high, integer), Ray(item.id, today, low, integer)]


def others(plan: Plan, item: Input, today: Any, stated: bool) -> list[tuple[int, Any]]:
    """(steps, value) of every other value of an input without numbers, fewest steps first. The value that was assumed takes no step but to be stated."""
    words = item.type.values
    found: list[tuple[int, Any]] = []
    if not stated and today is not None:
        found.append((0, today))
    match item.type.kind:
        case "boolean":
            found += [(1, value) for value in (True, False) if value is not today]
        case "string":
            found += [(1, word) for word in (words if words is not None else _compared_with(plan, item.id)) if word != today]
        case "set":
            found += list(_sets(words or (), frozenset(today or ())))
        case "ranking":
            found += list(_rankings(words or (), tuple(today or ())))
    return found


@lru_cache(maxsize=256)
def _compared_with(plan: Plan, name: str) -> tuple[str, ...]:
    """The words that the model knows of a free text: those that it compares it, or something made of it alone, with."""
    found: dict[str, None] = {}
    for other in plan.order:
        if other.endswith(".active"):
            continue
        for tree in trees(plan, other):
            for part in subtrees(tree):
                if isinstance(part, Op) and part.name in ("equal", "contains_item"):
                    for a, b in (part.args, part.args[::-1]):
                        words = [leaf.value for leaf in subtrees(b) if isinstance(leaf, Const)]
                        if _made_of(plan, a, name) and words and not any(isinstance(leaf, Ref) for leaf in subtrees(b)):
                            found.update(dict.fromkeys(word for word in words if isinstance(word, str)))
    return tuple(found)


def _made_of(plan: Plan, tree: Tree, name: str) -> bool:
    inputs = {input_ for ref in refs(tree) for input_ in needs(plan).get(ref, frozenset({""}))}
    return inputs == {name} and tree.type.kind == "string"


def _sets(words: tuple[str, ...], today: frozenset[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    count = 0
    for steps in range(1, len(words) + 1):
        for changed in combinations(words, steps):
            yield steps, tuple(word for word in words if (word in today) != (word in changed))
            count += 1
            if count >= MOST:
                return


def _rankings(words: tuple[str, ...], today: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """By insertions, removals and swaps of two, never to nothing: what states no goal is not stated."""
    seen, edge = {today}, [today]
    for steps in range(1, 2 * len(words) + 1):
        after: list[tuple[str, ...]] = []
        for one in edge:
            for other in _one_step(words, one):
                if other and other not in seen:
                    seen.add(other)
                    after.append(other)
                    yield steps, other
                    if len(seen) > MOST:
                        return
        edge = after


def _one_step(words: tuple[str, ...], one: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for i, j in combinations(range(len(one)), 2):
        swapped = list(one)
        swapped[i], swapped[j] = swapped[j], swapped[i]
        yield tuple(swapped)
    for i in range(len(one)):
        yield one[:i] + one[i + 1 :]
    for word in words:
        if word not in one:
            for i in range(len(one), -1, -1):
                yield (*one[:i], word, *one[i:])
