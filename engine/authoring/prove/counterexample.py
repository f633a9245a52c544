"""Turn a solver's model into profiles that the interpreter refutes the claim with, as small as they can be made, or into nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.authoring.prove.case import Case
from engine.authoring.prove.goals import Goal, Stated, Worlds
from engine.authoring.prove.solver import Term, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym
from engine.feel.numbers import round12
from engine.model.plan import Input, Plan

MOST_STEPS = 400  # profiles that are tried while one is made smaller


def profiles_of(plan: Plan, worlds: Worlds, encoder: Encoder, model: Any) -> Stated:
    """What each profile of a solver's model states. Inputs that the question does not depend on are left out, unless they are required."""
    found: dict[str, dict[str, Any]] = {}
    for name, world in worlds.items():
        stated: dict[str, Any] = {}
        for id_, item in plan.inputs.items():
            owner = world.like if world.like is not None and id_ not in world.except_ else world
            if id_ in owner.inputs:
                flag, value = owner.inputs[id_]
                if _true(model, flag):
                    stated[id_] = _value(model, value, item, encoder)
            elif item.required:
                stated[id_] = _some(item, name)
        found[name] = stated
    return found


def _true(model: Any, term: Term) -> bool:
    return term if isinstance(term, bool) else z3.is_true(model.eval(term, model_completion=True))


def _value(model: Any, value: Sym, item: Input, encoder: Encoder) -> Any:
    match value.kind:
        case "number":
            return _inside(_number(model.eval(value.term, model_completion=True)), item)
        case "boolean":
            return _true(model, value.term)
        case "string":
            return encoder.texts.text(model.eval(value.term, model_completion=True).as_long())
        case "set":
            return tuple(word for word, bit in value.bits.items() if _true(model, bit))
    items = zip(value.items, value.present, strict=True)
    return tuple(encoder.texts.text(model.eval(x.term, model_completion=True).as_long()) for x, here in items if _true(model, here))


def _number(term: Term) -> float:
    if z3.is_algebraic_value(term):
        term = term.approx(30)
    return float(Fraction(term.numerator_as_long(), term.denominator_as_long()))


def _inside(number: float, item: Input) -> float:
    """The nearest number that the input allows: a fraction may have been rounded over an end."""
    number = float(round(number)) if item.type.integer else number
    return min(max(number, item.type.low), item.type.high)


def allowed(item: Input, value: Any) -> bool:
    """Whether a profile may state this."""
    if value is None:
        return not item.required
    if item.type.kind != "number":
        return True
    low, high = (
        (value > item.type.low) if item.low_open else (value >= item.type.low),
        (value < item.type.high) if item.high_open else (value <= item.type.high),
    )
    return low and high and (not item.type.integer or value == int(value))


def _some(item: Input, name: str) -> Any:
    """A value for a required input that does not matter."""
    match item.type.kind:
        case "number":
            return next(float(n) for n in (100, 1, 0.5, 0, item.type.low, item.type.high) if allowed(item, n))
        case "boolean":
            return False
        case "string":
            return item.type.values[0] if item.type.values else name
    return ()


def refutes(plan: Plan, goal: Goal, profiles: Stated) -> bool:
    """Whether the interpreter finds the claim false for these profiles; each of them one that may be stated."""
    if not all(allowed(plan.inputs[id_], value) for stated in profiles.values() for id_, value in stated.items()):
        return False
    if any(item.required and item.id not in stated for stated in profiles.values() for item in plan.inputs.values()):
        return False
    if goal.like is not None and not _alike(profiles[goal.like.first], profiles[goal.like.second], goal.like.except_):
        return False
    cases = {name: Case(plan, stated) for name, stated in profiles.items()}
    return not goal.confirm(cases)


def _alike(a: Mapping[str, Any], b: Mapping[str, Any], except_: frozenset[str]) -> bool:
    return all(a.get(id_) == b.get(id_) for id_ in (a.keys() | b.keys()) - except_)


def smaller(plan: Plan, goal: Goal, profiles: Stated) -> Stated:
    """The profiles without what does not matter: inputs are left out, numbers rounded, lists shortened, as long as the claim stays refuted."""
    best = {name: dict(stated) for name, stated in profiles.items()}
    steps = 0
    for id_ in plan.inputs:
        groups: list[tuple[str, ...]] = [tuple(best), *((name,) for name in best)] if len(best) > 1 else [tuple(best)]
        for names in groups:
            for simpler in _simpler(plan.inputs[id_], [best[name].get(id_) for name in names]):
                if steps >= MOST_STEPS:
                    return best
                steps += 1
                changed = {name: dict(stated) for name, stated in best.items()}
                for name, value in zip(names, simpler, strict=True):
                    changed[name].pop(id_, None)
                    if value is not None:
                        changed[name][id_] = value
                if changed != best and refutes(plan, goal, changed):
                    best = changed
                    break
    return {name: {id_: stated[id_] for id_ in plan.inputs if id_ in stated} for name, stated in best.items()}


def _simpler(item: Input, values: list[Any]) -> list[list[Any]]:
    """Simpler values for an input of one or several profiles at once, the simplest first."""
    if all(value is None for value in values):
        return []
    options: list[list[Any]] = [] if item.required else [[None] * len(values)]
    if all(isinstance(value, float) for value in values):
        for digits in (1, 2, 3, 6, 12):
            options.append([round12(float(f"{value:.{digits}g}")) for value in values])
    elif item.type.kind in ("set", "ranking"):
        options += [[tuple(v[:size]) if v is not None else None for v in values] for size in range(max(len(v or ()) for v in values))]
    elif item.required and item.type.kind == "string" and not item.type.values:
        options.append([item.id] * len(values))
    return options
