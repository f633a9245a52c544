"""The activation rules in durable-rules itself: its own `when_all` over the fields, in the fastest form that was found.

Many profiles are asserted in one call and `cap` hands each action all profiles that its rule fired for: about three times as fast as one profile at a time,
because every call into the library copies messages as JSON. Batches of 64 and more are no faster and fail on some data (error 307, or a crash); 32 ran through
200,000 profiles.
"""

from __future__ import annotations

import operator
import os
import sys
import time
from collections.abc import Callable
from functools import reduce
from typing import Any

from benchmarks.conditions import Condition, Facts, Test, conditions, tests
from engine.model.plan import Plan

BATCH = CAP = 32
RULESET = "activation"
COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def load() -> Any:
    """durable.lang. On Python 3.13 one of its symbols exists no more; it is never called here, so it may stay unresolved."""
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        from durable import lang
    finally:
        sys.setdlopenflags(flags)
    return lang


class Rules:
    """The ruleset."""

    name = "durable-rules"

    def __init__(self, plan: Plan) -> None:
        self.lang = load()
        self.fired: list[set[str]] = []
        written = conditions(plan)
        self.number = next(test.fact for condition in written.values() for test in tests(condition) if isinstance(test.value, float))
        with self.lang.ruleset(RULESET):
            for id_, condition in written.items():
                self.lang.when_all(self.lang.cap(CAP), self._written(condition))(self._action(id_))

    def fire(self, facts: Facts) -> tuple[float, list[set[str]]]:
        """(processor seconds, the ids of the rules that fired for each profile). Making the messages is not counted."""
        messages = [{"id": row, "sid": "1", **fact} for row, fact in enumerate(facts)]
        self.fired = [set() for _ in messages]
        start = time.process_time()
        for first in range(0, len(messages), BATCH):
            self.lang.assert_facts(RULESET, messages[first : first + BATCH])
            self.lang.delete_state(RULESET, "1")
        return time.process_time() - start, self.fired

    def _action(self, id_: str) -> Callable[[Any], None]:
        def action(c: Any) -> None:
            for match in c.m:
                fact = match._d
                self.fired[fact["m"]["id"] if "m" in fact else fact["id"]].add(id_)

        return action

    def _written(self, condition: Condition) -> Any:
        """Made anew for each rule: `m.x` is consumed by it. What always holds is that a number is there; asked whether there is an id, it hangs."""
        if isinstance(condition, Test):
            return COMPARE[condition.op](getattr(self.lang.m, condition.fact), condition.value)
        if not condition.parts:
            return +getattr(self.lang.m, self.number)
        return reduce(operator.and_ if condition.all else operator.or_, [self._written(part) for part in condition.parts])
