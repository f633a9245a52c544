"""Each trap of durable-rules has a test that fails without the measure taken against it, and what it says of firing and chaining is right."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from engine.executors import durable as adapter
from engine.model.plan import Plan
from tests.executors.small import STARTED, differences, durable, plan_of

ROOT = Path(__file__).resolve().parents[2]
NUMBER = {"type": "number"}


def notes(*conditions: str) -> list[dict[str, Any]]:
    return [{"id": f"n{i}", "when": when, "note": "info"} for i, when in enumerate(conditions)]


def fired(plan: Plan, *rows: dict[str, Any]) -> list[set[str]]:
    found = durable(plan, *rows)
    return [{id_ for id_, mask in found.fired.items() if mask[row]} for row in range(len(rows))]


# -- importing, threads, memory


def test_it_is_imported_with_the_interpreters_flags_left_as_they_were() -> None:
    program = "import sys; from engine.executors.durable import _library; before = sys.getdlopenflags(); _library(); assert sys.getdlopenflags() == before"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_executor_is_imported_without_the_library() -> None:
    program = "import sys, engine.executors.durable; assert not {name for name in sys.modules if name.startswith('durable')}"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    durable(plan_of(), {})
    assert threading.active_count() == before


def test_several_threads_may_ask_at_once() -> None:
    plan = plan_of({"x": NUMBER}, [STARTED, *notes("x > 1", "x > 2 or x = null")])

    def ask(n: int) -> list[set[str]]:
        return fired(plan, *({"x": float(n + i)} for i in range(40)))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(8)))
    assert found == [ask(n) for n in range(8)]


def test_eleven_hundred_decisions_in_a_row() -> None:
    plan = plan_of({"x": NUMBER}, [STARTED, *notes("x > 1000")])
    found = durable(plan, *({"x": float(i)} for i in range(1100)))
    assert found.fired["n0"].sum() == 99


def test_rulesets_of_plans_no_longer_used_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    deleted: list[Any] = []
    monkeypatch.setattr(adapter._Shard, "delete", lambda self: deleted.append(self))
    for i in range(adapter.KEPT + 3):
        durable(plan_of({"x": NUMBER}, [STARTED, *notes(f"x > {i}")]), {"x": 1.0})
    assert len(adapter._networks) == adapter.KEPT
    assert len(deleted) >= 3


def test_a_plan_loaded_again_uses_the_rulesets_that_are_there() -> None:
    first, again = (plan_of({"x": NUMBER}, [STARTED, *notes("x > 77")]) for _ in range(2))
    durable(first, {"x": 1.0})
    network = adapter._networks[first.digest]
    assert fired(again, {"x": 78.0}) == [{"start", "n0"}]
    assert adapter._networks[again.digest] is network


@pytest.mark.filterwarnings("error")
def test_nothing_is_warned_of() -> None:
    durable(plan_of(), {})


# -- size


@pytest.mark.parametrize("branches", [59, 60, 61, 64, 70, 130])
def test_a_condition_with_many_branches(branches: int) -> None:
    text = " or ".join(f"x > {i}" for i in range(branches))
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": text}])
    assert fired(plan, {"x": 1e6}, {"x": 0.5}, {"x": 0.0}, {}) == [{"start"}, {"start"}, set(), set()]


@pytest.mark.parametrize("pairs", [5, 6, 7, 10, 20])
def test_a_condition_whose_branches_multiply(pairs: int) -> None:
    text = " and ".join(f"(x > {i} or y > {i})" for i in range(pairs))
    plan = plan_of({"x": NUMBER, "y": NUMBER}, [{**STARTED, "when": text}])
    rows = [{"x": 100.0, "y": 100.0}, {"x": pairs - 0.5, "y": 0.0}, {"x": pairs - 1.0, "y": 0.0}, {"x": 100.0}]
    assert [bool(each) for each in fired(plan, *rows)] == [True, True, False, True]


def test_a_condition_with_more_guards_than_a_fact_may_hold() -> None:
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": " and ".join(f"x > {i}" for i in range(300))}])
    assert fired(plan, {"x": 300.0}, {"x": 299.0}, {}) == [{"start"}, set(), set()]


def test_rules_with_more_guards_together_than_a_fact_may_hold() -> None:
    plan = plan_of({"x": NUMBER}, [STARTED, *notes(*(" and ".join(f"x > {i + 30 * n}" for i in range(30)) for n in range(10)))])
    assert [len(each) for each in fired(plan, {"x": 300.0}, {"x": 150.0}, {})] == [11, 6, 1]


def test_seventy_rules_that_hold_at_once() -> None:
    plan = plan_of({"x": NUMBER}, [STARTED, *notes(*(f"x > {i}" for i in range(70)))])
    assert [len(each) for each in fired(plan, {"x": 1e6}, {"x": 1.0})] == [71, 2]


def test_six_hundred_rules_of_one_word_each() -> None:
    words = [f"w{i}" for i in range(600)]
    plan = plan_of({"word": words}, [STARTED, *notes(*(f'word = "{word}"' for word in words))])
    assert fired(plan, {"word": "w17"}, {"word": "w599"}, {}) == [{"start", "n17"}, {"start", "n599"}, {"start"}]


# -- facts


def test_two_profiles_with_the_same_values() -> None:
    plan = plan_of({"x": NUMBER}, [STARTED, *notes("x > 1")])
    assert fired(plan, {"x": 2.0}, {"x": 2.0}, {"x": 2.0}) == [{"start", "n0"}] * 3


def test_a_profile_for_which_nothing_holds() -> None:
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": "x > 1"}])
    found = durable(plan, {"x": 0.0}, {})
    assert not found.fired["start"].any() and found.firing_order == ((), ())


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every fact that is asserted."""
    found: list[dict[str, Any]] = []
    engine = adapter._library()
    assert_fact = engine.Ruleset.assert_fact

    def spy(self: Any, fact: dict[str, Any]) -> Any:
        found.append(dict(fact))
        return assert_fact(self, fact)

    monkeypatch.setattr(engine.Ruleset, "assert_fact", spy)
    return found


def test_an_or_that_holds_in_several_branches_fires_once(facts: list[dict[str, Any]]) -> None:
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": "x > 1 or x > 2 or x > 3"}])
    assert durable(plan, {"x": 9.0}).firing_order == (("start",),)
    assert [fact["does"] for fact in facts if "does" in fact] == ["does0"]


def test_nothing_is_coerced() -> None:
    """durable-rules would say that "60000" > 50000, that true > 0.5 and that "null" is null; and it refuses 1e-05 and 1e+16."""
    inputs = {"text": "string", "x": NUMBER, "yes": "boolean"}
    conditions = ['text = "5"', "x = 5", "text = null", "x = null", "yes", "not(yes)", "x > 50000", "x < 0.001", 'number(text) > 50000 or text = "null"']
    plan = plan_of(inputs, [STARTED, *notes(*conditions)])
    values = product(("5", "60000", "null", "true", "", None), (5.0, 1e-05, 1e15, None), (True, False, None))
    assert differences(plan, *({"text": text, "x": x, "yes": yes} for text, x, yes in values)) == []


def definitions(plan: Plan) -> Iterator[Any]:
    with adapter._network(plan) as network:
        for _, passes in network.stages:
            for shards in passes:
                for shard in shards:
                    yield shard.ruleset.get_definition()


def leaves(value: Any) -> Iterator[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else [("", each) for each in value]
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield key, "..."
            yield from leaves(inner)
        else:
            yield key, inner


def test_only_booleans_and_ids_made_here_cross_the_border(facts: list[dict[str, Any]]) -> None:
    inputs = {"text": "string", "x": NUMBER, "goals": {"type": "ranking", "values": ["fame", "trust"]}}
    conditions = ["not(x > 1 and x < 9)", 'not(text = "a" or "fame" in goals)', "if x > 1 then is defined(text) else x = null", "role.worker.active"]
    plan = plan_of(inputs, [STARTED, *notes(*conditions)])
    for definition in definitions(plan):
        for key, value in leaves(definition):
            assert not key.startswith("$") or key in ("$and", "$or"), "no absence, no comparison"
            assert value in ("...", True) or (key == "does" and value.startswith("does"))
    durable(plan, {"x": 1e16, "text": "secret", "goals": ("fame",)}, {})
    assert facts
    for fact in facts:
        for key, value in fact.items():
            assert isinstance(value, bool) or (key in ("id", "sid", "does") and isinstance(value, str)), fact
            assert "secret" not in str(value)


# -- logic


def test_what_is_missing_is_neither_true_nor_false() -> None:
    logic = ["x > 1", "not(x > 1)", "x > 1 or true", "x > 1 and false", "not(x > 1 and false)"]
    plan = plan_of({"x": NUMBER}, [STARTED, *notes(*logic, "x = null", "not(not(x = null))", "if x > 1 then false else true")])
    assert fired(plan, {}) == [{"start", "n2", "n4", "n5", "n6", "n7"}]
    assert fired(plan, {"x": 2.0}) == [{"start", "n0", "n2", "n4"}]


@pytest.mark.parametrize("when", ["null", "false", "true and false", "not(true)"])
def test_a_rule_that_can_never_fire(when: str) -> None:
    assert fired(plan_of(rules=[{**STARTED, "when": when}, *notes("true")]), {}) == [{"n0"}]


# -- chaining


def test_an_exclusion_that_fires_after_an_activation_excludes() -> None:
    for first, second in (("a", "z"), ("z", "a")):
        rules = [{"id": first, "when": "x > 0", "activate": "worker"}, {"id": second, "when": "x > 1", "exclude": "worker"}]
        plan = plan_of({"x": NUMBER}, [*rules, *notes("role.worker.active", "not(role.worker.active)")])
        assert fired(plan, {"x": 1.0}, {"x": 2.0}, {}) == [{first, "n0"}, {first, second, "n1"}, {"n1"}]
        assert differences(plan, {"x": 1.0}, {"x": 2.0}, {}) == []


def chain(length: int) -> Plan:
    """Each role is activated when the one before is, and every third is excluded again for a large x."""
    roles: dict[str, Any] = {f"r{i:02}": {} for i in range(length)}
    rules = [{"id": "go", "when": "x > 0", "activate": "r00"}]
    rules += [{"id": f"{'za'[i % 2]}{i:02}", "when": f"role.r{i - 1:02}.active", "activate": f"r{i:02}"} for i in range(1, length)]
    rules += [{"id": f"m{i:02}", "when": f"x > 10 and role.r{i - 1:02}.fte > 0", "exclude": f"r{i:02}"} for i in range(3, length, 3)]
    return plan_of({"x": NUMBER}, rules, roles=roles)


def test_roles_are_settled_stage_by_stage() -> None:
    plan = chain(12)
    found = durable(plan, {"x": 1.0}, {"x": 11.0}, {"x": 0.0})
    active = [[bool(found.columns[f"role.r{i:02}.active"].true[row]) for i in range(12)] for row in range(3)]  # type: ignore[union-attr]
    assert active == [[True] * 12, [True] * 3 + [False] * 9, [False] * 12]
    assert differences(plan, {"x": 1.0}, {"x": 11.0}, {"x": 0.0}, {}) == []


def test_the_firing_order_is_that_of_the_stages() -> None:
    assert found_order(chain(6), {"x": 1.0}) == ["go", "a01", "z02", "a03", "z04", "a05"]


def found_order(plan: Plan, row: dict[str, Any]) -> list[str]:
    orders = durable(plan, row).firing_order
    assert orders is not None
    return list(orders[0])


# -- exceptions


class Surprise(Exception):
    """Raised in an action."""


def test_an_exception_in_an_action_surfaces_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": "x > 3"}])

    def collects(self: Any, effect: str, role: str) -> Any:
        def run(_: Any) -> None:
            raise Surprise(role)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(adapter._Shard, "collects", collects)
        with pytest.raises(Surprise, match="worker"):
            durable(plan, {"x": 4.0})
    assert plan.digest not in adapter._networks
    assert fired(plan, {"x": 4.0}, {"x": 3.0}) == [{"start"}, set()]


def test_what_the_library_swallows_surfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that only the library sees ends in the state that it returns."""
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": "x > 4"}])

    def kept(self: Any, action: Any) -> Any:
        return action

    def fires(self: Any, id_: str, does: str | None) -> Any:
        def run(_: Any) -> None:
            raise Surprise(id_)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(adapter._Shard, "kept", kept)
        patch.setattr(adapter._Shard, "fires", fires)
        with pytest.raises(RuntimeError, match="start"):
            durable(plan, {"x": 5.0})


def test_a_fact_that_the_library_refuses_surfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of({"x": NUMBER}, [{**STARTED, "when": " or ".join(f"x > {i}" for i in range(70))}])
    monkeypatch.setattr("engine.executors.stages.MOST_IN_ONE", 100)
    monkeypatch.setattr("engine.executors.stages.MOST_BRANCHES", 100)
    with pytest.raises(adapter._library().durable_rules_engine.error, match="303"):
        durable(plan, {"x": 100.0})
    assert plan.digest not in adapter._networks
