"""Turn columns of stated inputs into what follows from them, with durable-rules doing and/or, the firing of rules and the chaining, a profile at a time.

The plan's graph is cut into stages: a rule whose condition depends on whether a role is active comes in a later stage than the rules that decide about that
role. For each stage the guards of its rules (comparisons, evaluated by `feel`) are asserted as one fact of booleans; rules whose condition holds fire and
assert what they do to a role, other rules collect that; when the stage is quiet, active = activated and not excluded is settled for the next stage.

The library is kept behind this file, and on a short lead, because of what was measured of it (each has a test in `tests/executors/test_durable.py`):
- Python 3.13 imports it only with lazily bound symbols, so the import happens under RTLD_LAZY.
- Its `Host` runs timers that dispatch from other threads, and threads crash it, so rulesets are used without a host and under a lock.
- A session id costs memory for ever and the 1,025th fails: one id, whose state is deleted after every use. A ruleset costs 0.4 MB until it is deleted.
- A fact that satisfies 64 branches of a node is refused, 512 equality rules hang, 252 properties are refused: rules are spread over small shards, and
  a condition too large for one is cut into parts that earlier passes settle.
- A fact that matches nothing raises: an always-true rule. A fact like an earlier one raises: every fact has its own id.
- Texts and numbers are coerced: only booleans and ids made here cross the border. There is no `not` and no absence: each guard says true or false.
- Its clock warns of deprecation whenever a rule fires: it gets another.
- A rule fires once for each branch of an `or` that holds: only the first counts. Exceptions in actions are swallowed: they are kept and raised again.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from engine.executors.base import Activations
from engine.executors.interpret import Effects, Profile, effects, pack, stated_profiles
from engine.executors.stages import Cutter, Wanted, groups, levels
from engine.feel.arrays import Column
from engine.feel.guards import All, Any_, Formula, Guard, atoms, guards
from engine.feel.interpret import Lookup, interpret
from engine.model.plan import Plan

KEPT = 8  # plans whose rulesets are kept
SID = "profile"

_lock = threading.RLock()
_numbers = count(1)


class Durable:
    """The executor for a decision one wants to watch: slower, with the order in which rules fired."""

    name = "durable"

    def activate(self, plan: Plan, columns: Mapping[str, Column], size: int) -> Activations:
        by_role = effects(plan)
        with _network(plan) as network:
            profiles, orders = [], []
            for row, stated in enumerate(stated_profiles(plan, columns, size)):
                profile = _Fired(plan, stated, row, by_role)
                orders.append(network.run(profile))
                profiles.append(profile)
        return pack(plan, profiles, tuple(orders))


class _Fired(Profile):
    """A profile whose rules are fired, and whose roles are settled, by durable-rules: what it says is set from outside."""

    def __init__(self, plan: Plan, stated: Mapping[str, Any], row: int, by_role: Effects) -> None:
        super().__init__(plan, stated, row, by_role)
        self.activated: set[str] = set()
        self.excluded: set[str] = set()

    def active(self, role: str) -> bool:
        return role in self.activated and role not in self.excluded


# -- the rulesets of a plan, kept while they are used


_networks: OrderedDict[str, _Network] = OrderedDict()


@contextmanager
def _network(plan: Plan) -> Iterator[_Network]:
    """The plan's rulesets, made once; thrown away when something goes wrong in them, because their state is then unknown."""
    with _lock:
        if plan.digest not in _networks:
            while len(_networks) >= KEPT:
                _networks.popitem(last=False)[1].delete()
            _networks[plan.digest] = _Network(plan)
        _networks.move_to_end(plan.digest)
        try:
            yield _networks[plan.digest]
        except BaseException:
            if plan.digest in _networks:
                _networks.pop(plan.digest).delete()
            raise


class _Network:
    """A plan as stages of names to derive and of shards to ask."""

    def __init__(self, plan: Plan) -> None:
        known = levels(plan)
        self.stages: list[tuple[list[str], list[list[_Shard]]]] = []
        cutter = Cutter()
        for level in range(max(known.values(), default=0) + 1):
            names = [name for name in plan.order if known[name] == level]
            rules = [plan.rules[name[5:]] for name in names if name.startswith("rule:")]
            wanted = [Wanted(rule.id, (rule.effect, rule.target), guards(rule.when.tree)) for rule in rules]
            passes = [[_Shard(group) for group in groups(each)] for each in cutter.passes(wanted)]
            self.stages.append(([name for name in names if not name.startswith("rule:")], passes))
        self.rules = [name[5:] for name in plan.order if name.startswith("rule:")]
        self.place = {name: i for i, name in enumerate(plan.order)}

    def run(self, profile: _Fired) -> tuple[str, ...]:
        """Derive a profile; the ids of its rules in the order they fired."""
        fired: dict[str, None] = {}
        parts: dict[str, bool] = {}

        def value_of(name: str) -> Any:
            return parts[name] if name in parts else profile.value(name)

        for names, passes in self.stages:
            for name in names:
                profile.define(name)
            for shards in passes:
                for shard in shards:
                    found = shard.ask(value_of)
                    fired.update((id_, None) for id_ in found.fired if id_ not in shard.parts)
                    parts.update((id_, id_ in found.fired) for id_ in shard.parts)
                    profile.activated.update(found.did.get("activate", ()))
                    profile.excluded.update(found.did.get("exclude", ()))
        profile.fired = {id_: id_ in fired for id_ in self.rules}
        profile.conflicts.sort(key=lambda found: self.place[found.values.get("table") or found.values["what"]])  # as without stages
        return tuple(fired)

    def delete(self) -> None:
        for _, passes in self.stages:
            for shards in passes:
                for shard in shards:
                    shard.delete()


# -- one ruleset


@dataclass(slots=True)
class _Found:
    """What came of a fact: ids in the order they fired, and each effect's roles."""

    fired: dict[str, None] = field(default_factory=dict)
    did: dict[str, set[str]] = field(default_factory=dict)


class _Shard:
    """A ruleset over a fact of guards. Properties and texts are numbered anew in each, so that what crosses the border is always `g0`, `g1`, `does0`, .."""

    def __init__(self, wanted: list[Wanted]) -> None:
        self.parts = frozenset(item.id for item in wanted if item.effect is None)
        self.guards = list({guard.key: guard for item in wanted for guard in atoms(item.formula)}.values())
        self.found = _Found()
        self.failed: list[BaseException] = []
        self.ids = count(1)
        place = {guard.key: f"g{i}" for i, guard in enumerate(self.guards)}
        done = list(dict.fromkeys(item.effect for item in wanted if item.effect is not None and item.effect[0] != "note"))
        does = {effect: f"does{i}" for i, effect in enumerate(done)}
        rules: dict[str, Any] = {"quiet": _rule({"asked": True}, lambda _: None)}
        for i, item in enumerate(wanted):
            rules[f"r{i}"] = _rule(_expression(item.formula, place), self.kept(self.fires(item.id, does.get(item.effect) if item.effect else None)))
        for effect, text in does.items():
            rules[text] = _rule({"does": text}, self.kept(self.collects(*effect)))
        self.ruleset = _library().Ruleset(f"susun-{next(_numbers)}", None, rules)

    def ask(self, value_of: Lookup) -> _Found:
        """Assert the guards as they are for a profile; what fired, when all is quiet."""
        self.found, self.failed, self.ids = _Found(), [], count(1)
        fact: dict[str, Any] = {"id": str(next(self.ids)), "sid": SID, "asked": True}
        for i, guard in enumerate(self.guards):
            fact[f"g{i}"] = (interpret(guard.tree, value_of) is guard.wanted) is not guard.negated
        outcome: list[Any] = []
        try:
            self.ruleset.do_actions(self.ruleset.assert_fact(fact), lambda error, state: outcome.extend((error, state)))
        finally:
            self.ruleset.delete_state(SID)
        error, state = outcome[-2:] or ("the rules did not come to rest", None)
        if self.failed:
            raise self.failed[0]
        if error is not None:
            raise error if isinstance(error, BaseException) else RuntimeError(error)
        if state and "exception" in state:
            raise RuntimeError(state["exception"])
        return self.found

    def fires(self, id_: str, does: str | None) -> Callable[[Any], None]:
        def run(c: Any) -> None:
            if id_ not in self.found.fired:
                self.found.fired[id_] = None
                if does is not None:
                    c.assert_fact({"id": str(next(self.ids)), "does": does})

        return run

    def collects(self, effect: str, role: str) -> Callable[[Any], None]:
        return lambda _: self.found.did.setdefault(effect, set()).add(role)

    def kept(self, action: Callable[[Any], None]) -> Callable[[Any], None]:
        """The action, with what it raises kept."""

        def run(c: Any) -> None:
            try:
                action(c)
            except BaseException as error:
                self.failed.append(error)

        return run

    def delete(self) -> None:
        _library().durable_rules_engine.delete_ruleset(self.ruleset._handle)


def _rule(expression: dict[str, Any], action: Callable[[Any], None]) -> dict[str, Any]:
    return {"all": [{"m": expression}], "run": action}


def _expression(formula: Formula, place: Mapping[Any, str]) -> dict[str, Any]:
    match formula:
        case Guard():
            return {place[formula.key]: True}
        case All(parts=()):
            return {"asked": True}
        case All(parts=parts):
            return {"$and": [_expression(part, place) for part in parts]}
        case Any_(parts=parts):
            return {"$or": [_expression(part, place) for part in parts]}


@cache
def _library() -> Any:
    """`durable.engine`, imported with lazily bound symbols: on Python 3.13 it names one that is gone, and never uses it."""
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        engine = importlib.import_module("durable.engine")
    finally:
        sys.setdlopenflags(flags)
    engine._unix_now = time.time  # type: ignore[attr-defined]  # its own warns of deprecation each time a rule fires, from Python 3.12 on
    return engine
