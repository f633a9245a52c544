"""Rule part against rule part: the activation rules by Susun and by other rules engines, each in the fastest form found, with equal results.

Everything is processor time for a profile, on all threads together: what else the machine does disturbs it least. The peers' facts are made before the
clock starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from benchmarks import rules_clips, rules_durable, rules_rule_engine, rules_susun, rules_zen
from benchmarks.conditions import Facts, facts
from benchmarks.rule_part import fastest, settle
from engine.feel.arrays import Column, take
from engine.model.plan import Plan


class Peer(Protocol):
    """One rules engine with the plan's activation rules in it."""

    name: str

    def fire(self, facts: Facts) -> tuple[float, list[set[str]]]: ...


MODULES = ("durable", "zen", "clips", "rule_engine")
KINDS: dict[str, tuple[Callable[[Plan], Peer], ...]] = {
    "durable": (rules_durable.Rules,),
    "zen": (rules_zen.Rules, rules_zen.AsInTheGuide, rules_zen.Expression),
    "clips": (rules_clips.Rules,),
    "rule_engine": (rules_rule_engine.Rules,),
}
SHARE = {"rule_engine": 16}  # the slowest decides this fraction of the profiles


@dataclass(frozen=True, slots=True)
class Compared:
    """Profiles for a second of processor time. `peers`: name -> the same for each, and how many profiles it decided."""

    rules: int
    susun: float
    peers: dict[str, tuple[float, int]]

    def times(self, name: str) -> float:
        return self.susun / self.peers[name][0]


def compare(plan: Plan, columns: Mapping[str, Column], size: int, rows: int = 4096, modules: Sequence[str] = MODULES, repeat: int = 6) -> Compared:
    """Time Susun on all profiles and the peers on the first `rows`, which must fire the same rules for each of them. Every one is given settled fields.

    They take turns, and the shortest time of each counts.
    """
    if missing := [module for module in modules if find_spec(module) is None]:
        raise SystemExit(f"not installed: {', '.join(missing)}; pip install -c constraints.txt -e '.[bench]'")
    settled = settle(plan, columns, size)
    count = min(rows, size)
    few = {name: take(column, slice(0, count)) for name, column in settled.items()}
    messages = facts(plan, few, count)
    ours = rules_susun.fire(plan, few, count)
    expected = [{id_ for id_, mask in ours.items() if mask[row]} for row in range(count)]
    contestants = [(kind(plan), max(1, count // SHARE.get(module, 1))) for module in modules for kind in KINDS[module]]
    taken = [float("inf")] * len(contestants)
    susun = float("inf")
    for _ in range(repeat):
        susun = min(susun, *fastest((rules_susun.fire,), plan, settled, size, repeat=1)[0].values())
        for place, (peer, part) in enumerate(contestants):
            taken[place] = min(taken[place], _checked(peer, messages[:part], expected[:part]))
    return Compared(len(ours), size / susun, {peer.name: (part / seconds, part) for (peer, part), seconds in zip(contestants, taken, strict=True)})


def _checked(peer: Peer, messages: Facts, expected: list[set[str]]) -> float:
    """Seconds, if it fired what Susun fires for every profile."""
    seconds, fired = peer.fire(messages)
    wrong = sorted(set[str]().union(*(a ^ b for a, b in zip(fired, expected, strict=True))))
    if wrong:
        raise SystemExit(f"{peer.name} does not fire as Susun does: {', '.join(wrong)}")
    return seconds
