"""The activation rules in zen-engine, GoRules' engine, as a decision in its own JSON format (JDM) and as a bare expression of its language.

Tried with zen-engine 2.1, microseconds of processor time a profile, 29 rules (rough, on one machine):
- `create_decision` and `evaluate`, as its guide begins: 180 to 250, whatever the nodes, and with ready-made content too (a known report: gorules/zen 441).
- `engine.evaluate` of a decision from a static loader: a decision table that collects 15 to 19, an expression node with a result for each rule 17 to 23,
  one that answers a list of them 8 to 9. `evaluate_batch` 15 to 68: it hands the work to threads. A loader that is a function 51.
- the same with the node in loop mode over 16 to 1,024 profiles of one call: expression node 5.6 to 6.4 (64 is the fastest), decision table 11 to 17.
- `compile_expression` and `evaluate`, no decision at all: 4.1 to 4.5 for a profile; `map` over 64 of them 5.4.
Facts as JSON bytes, JSON text or dict differ by 10%; sets as lists instead of flags cost 8%.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from benchmarks.conditions import Facts, conditions, infix
from engine.model.plan import Plan

LOOP = 64  # profiles in a call
Fired = tuple[float, list[set[str]]]


class Rules:
    """The fastest decision that was found: one expression node from a static loader, in loop mode."""

    name = "zen-engine"

    def __init__(self, plan: Plan) -> None:
        import zen

        self.written = {id_: infix(condition) for id_, condition in conditions(plan).items()}
        content = {
            "expressions": [{"id": "fired", "key": "fired", "value": self.answer}],
            "executionMode": "loop",
            "inputField": "profiles",
            "outputPath": "answers",
        }
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {"activation": _graph("expressionNode", content)}}})

    @property
    def answer(self) -> str:
        """Every rule's condition, as a list of booleans."""
        return f"[{', '.join(self.written.values())}]"

    def fire(self, facts: Facts) -> Fired:
        """(processor seconds, the ids of the rules that fired for each profile). Writing the facts as JSON is not counted."""
        calls = [json.dumps({"profiles": facts[i : i + LOOP]}).encode() for i in range(0, len(facts), LOOP)]
        seconds, answers = _timed(lambda call: self.engine.evaluate("activation", call), calls)
        return seconds, [self._ids(answer["fired"]) for each in answers for answer in each["result"]["answers"]]

    def _ids(self, fired: list[bool]) -> set[str]:
        return {id_ for id_, holds in zip(self.written, fired, strict=True) if holds}


class AsInTheGuide(Rules):
    """The way its guide begins: a decision table that collects, `create_decision` once, and `evaluate` for each profile."""

    name = "zen-engine, create_decision and evaluate"

    def __init__(self, plan: Plan) -> None:
        import zen

        super().__init__(plan)
        rules = [{"_id": id_, "when": text, "then": f"'{id_}'"} for id_, text in self.written.items()]
        outputs = [{"id": "then", "name": "rule", "field": "rule"}]
        content = {"hitPolicy": "collect", "inputs": [{"id": "when", "name": "when"}], "outputs": outputs, "rules": rules}
        self.decision = zen.ZenEngine().create_decision(json.dumps(_graph("decisionTableNode", content)))

    def fire(self, facts: Facts) -> Fired:
        seconds, answers = _timed(self.decision.evaluate, facts)
        return seconds, [{row["rule"] for row in answer["result"]} for answer in answers]


class Expression(Rules):
    """Its expression language alone: no decision, no rules that have names, a list of booleans."""

    name = "zen-engine's expression language, without its rules"

    def __init__(self, plan: Plan) -> None:
        import zen

        super().__init__(plan)
        self.expression = zen.compile_expression(self.answer)

    def fire(self, facts: Facts) -> Fired:
        seconds, answers = _timed(self.expression.evaluate, [json.dumps(fact).encode() for fact in facts])
        return seconds, [self._ids(answer) for answer in answers]


def _graph(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """A decision of one node. There is no output node: it may be left out, and costs 10%."""
    at = {"position": {"x": 0, "y": 0}}
    nodes = [{"id": "in", "type": "inputNode", "name": "profile", **at}, {"id": "rules", "type": kind, "name": "rules", "content": content, **at}]
    return {"nodes": nodes, "edges": [{"id": "edge", "type": "edge", "sourceId": "in", "targetId": "rules"}]}


def _timed(work: Callable[[Any], Any], items: list[Any]) -> tuple[float, list[Any]]:
    start = time.process_time()
    answers = [work(item) for item in items]
    return time.process_time() - start, answers
