"""The activation rules in CLIPS, through clipspy: one `defrule` each over a template of the facts.

Tried with clipspy 1.0, microseconds of processor time a profile, 29 rules (rough, on one machine):
- `load_facts` from text costs some 400, most of it reading; so the profiles stand in a `deffacts`, which is not counted, and `reset` asserts them inside CLIPS:
  9 without doing anything when a rule fires.
- what fired is kept in a global list of CLIPS: 18 with 4 profiles in a batch (1: 25, 16: 29, 256: 120, since a list is copied when it grows).
  Told to Python by a function: 45. Asserted as facts: 55 to 240. As bits of a number, a profile at a time: 21.
- conditions as one `test` or as constraints of the slots make no difference.
"""

from __future__ import annotations

import time

from benchmarks.conditions import Condition, Facts, Test, Value, conditions, tests
from engine.model.plan import Plan

BATCH = 4
OPERATORS = {"==": "=", "!=": "<>"}


class Rules:
    """One environment; the rules never change."""

    name = "clipspy"

    def __init__(self, plan: Plan) -> None:
        import clips

        written = conditions(plan)
        self.ids = tuple(written)
        self.names = sorted({test.fact for condition in written.values() for test in tests(condition)})
        self.environment = clips.Environment()
        self.environment.build("(defglobal ?*fired* = (create$))")
        self.environment.build(f"(deftemplate profile (slot row) {' '.join(f'(slot {name})' for name in self.names)})")
        for number, (id_, condition) in enumerate(written.items()):
            slots = " ".join(f"({name} ?{name})" for name in sorted({test.fact for test in tests(condition)}))
            self.environment.build(
                f"(defrule {id_} (profile (row ?row) {slots}) (test (eq TRUE {_written(condition)})) => (bind ?*fired* ?*fired* ?row {number}))",
            )

    def fire(self, facts: Facts) -> tuple[float, list[set[str]]]:
        """(processor seconds, the ids of the rules that fired for each profile). Writing the facts down for CLIPS is not counted."""
        found: list[set[str]] = [set() for _ in facts]
        seconds = 0.0
        for first in range(0, len(facts), BATCH):
            batch = enumerate(facts[first : first + BATCH], first)
            texts = [f"(profile (row {row}) {' '.join(f'({name} {_constant(fact[name])})' for name in self.names)})" for row, fact in batch]
            self.environment.build(f"(deffacts profiles {' '.join(texts)})")
            start = time.process_time()
            self.environment.reset()
            self.environment.run()
            fired = self.environment.eval("?*fired*")
            seconds += time.process_time() - start
            for row, number in zip(fired[::2], fired[1::2], strict=True):
                found[row].add(self.ids[number])
        return seconds, found


def _written(condition: Condition) -> str:
    match condition:
        case Test(fact=fact, value=True):
            return f"?{fact}"
        case Test(fact=fact, value=False):
            return f"(not ?{fact})"
        case Test(fact=fact, op=op, value=str(value)):
            return f"({'eq' if op == '==' else 'neq'} ?{fact} {value})"
        case Test(fact=fact, op=op, value=value):
            return f"({OPERATORS.get(op, op)} ?{fact} {_constant(value)})"
    if not condition.parts:
        return "TRUE" if condition.all else "FALSE"
    return f"({'and' if condition.all else 'or'} {' '.join(map(_written, condition.parts))})"


def _constant(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else repr(value)
