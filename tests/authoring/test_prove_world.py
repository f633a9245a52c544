"""A possible profile, bound to what a concrete one states, is what the interpreter derives of it: every name of the shipped model, every team, every fact."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

from engine.authoring.prove.case import Case
from engine.authoring.prove.search import unusual
from engine.authoring.prove.solver import formula, known, opposite, real, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.team import FACTS
from engine.authoring.prove.values import Inexpressible, Sym, constant, same
from engine.authoring.prove.world import World
from engine.executors.interpret import fit
from engine.feel.numbers import power, round12
from engine.model.load import load_plan
from engine.model.plan import Plan
from tests.executors.test_hit_policies import CASES, case_plan

HOW_MANY = 12


@cache
def shipped() -> Plan:
    plan, _ = load_plan()
    assert plan is not None
    return plan


@cache
def profiles() -> list[dict[str, Any]]:
    rows = unusual(shipped(), HOW_MANY, np.random.default_rng(11))
    return [{id_: values[i] for id_, values in rows.items() if values[i] is not None} for i in range(HOW_MANY)]


class Concrete(Encoder):
    """An encoder for a profile that is known throughout: the one operator without a formula that the shipped model needs is computed."""

    def abstraction(self, name: str, kind: str, *args: Any, shown: str | None = None) -> Any:
        base = known(z3.simplify(args[0]))
        assert name.startswith("power ") and base is not None, name
        return real(power(float(base), float(Fraction(name.removeprefix("power ")))))

    def floor(self, term: Any) -> Any:
        return super().floor(z3.simplify(term))


def world_of(plan: Plan, stated: dict[str, Any]) -> World:
    """A world in which every input is what a profile states."""
    world = World(plan, Concrete(), "p")
    for id_, item in plan.inputs.items():
        world.inputs[id_] = (id_ in stated, constant(stated.get(id_), item.type, world.encoder.texts))
    return world


def agrees(found: Sym, value: Any, type_: Any, encoder: Encoder) -> Any:
    if isinstance(value, float):
        near = real(1e-6 * (1 + abs(value)))
        return z3.And(formula(opposite(found.null)), found.term - real(value) <= near, real(value) - found.term <= near)
    if isinstance(value, bool):
        return formula(found.true if value else found.false)
    return formula(same(found, constant(value, type_, encoder.texts)))


@pytest.mark.parametrize("number", range(HOW_MANY))
def test_every_value_of_the_shipped_model_is_the_interpreters(number):
    plan, stated = shipped(), profiles()[number]
    case, world = Case(plan, stated), world_of(plan, stated)
    names = [f"rule.{name[5:]}" if name.startswith("rule:") else name for name in plan.order]
    names += [f"assumed.{id_}" for id_ in plan.inputs] + [f"eligible.{id_}" for id_ in plan.structures] + [f"weight.{id_}" for id_ in plan.criteria]
    facts = [*FACTS, *(f"coverage_of.{role}" for role in plan.roles)]
    names += [f"staffing.{id_}.{fact}" for id_ in plan.structures for fact in facts]
    assert differing(world, {name: (case.value(name), plan.names.get(name)) for name in names}) == []


def differing(world: World, expected: dict[str, tuple[Any, Any]]) -> list[tuple[str, Any]]:
    claims = {name: agrees(world.value(name), value, type_, world.encoder) for name, (value, type_) in expected.items()}
    return [(name, expected[name][0]) for name, claim in claims.items() if not z3.is_true(z3.simplify(claim))]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_hit_policy_gives_what_its_cases_say(case):
    plan = case_plan(case)
    for row in case["rows"]:
        stated = {id_: fit(_plain(value), plan.inputs[id_].type) for id_, value in {"org_id": "o", **row["given"]}.items()}
        if any(isinstance(value, float) and value != round12(value) for value in stated.values()):
            continue  # proofs are over exact numbers, the interpreter compares 12 digits
        try:
            world = world_of(plan, stated)
            world.value("result")
        except Inexpressible:  # only where outputs are computed
            assert case["table"]["hit policy"] in ("priority", "output order")
            continue
        assert differing(world, {"result": (Case(plan, stated).value("result"), plan.names["result"])}) == [], row


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else float(value) if isinstance(value, int) and not isinstance(value, bool) else value
