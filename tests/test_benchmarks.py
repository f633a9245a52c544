"""The benchmarks measure what they say: the rules written by hand for comparison decide as the model does."""

from __future__ import annotations

from benchmarks import rules_durable, rules_susun
from benchmarks.profiles import load, made
from benchmarks.rule_part import disagreements
from engine.executors.columnar import Columnar
from engine.feel.arrays import take


def test_the_rules_written_by_hand_fire_as_the_models_do() -> None:
    plan, size, few = load(), 4096, 256
    settled = Columnar().activate(plan, made(plan, size), size).columns
    messages = rules_durable.facts({name: take(settled[name], slice(0, few)) for name in rules_susun.settled_names(plan)}, few)
    assert disagreements(plan, settled, size, rules_durable.Rules(plan), messages) == []
