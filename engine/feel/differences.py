"""Turn bounds on numbers and on differences of two numbers into values that keep them all, or into the knowledge that there are none (Bellman-Ford)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

SMALL = 1e-6  # how far apart two numbers are shown of which one is strictly less
Bound = tuple[float, bool]  # (value, strictly)


@dataclass(slots=True)
class Differences:
    """`low`, `high`: bounds of each number. `edges`: (x, y) -> x - y is at most this."""

    low: dict[int, Bound] = field(default_factory=dict)
    high: dict[int, Bound] = field(default_factory=dict)
    integers: set[int] = field(default_factory=set)
    edges: dict[tuple[int, int], Bound] = field(default_factory=dict)

    def copy(self) -> Differences:
        return Differences(dict(self.low), dict(self.high), set(self.integers), dict(self.edges))

    def declare(self, key: int, low: float, high: float, integer: bool) -> bool:
        """Make a number known; false when it was."""
        if key in self.low:
            return False
        self.low[key], self.high[key] = (low, False), (high, False)
        if integer:
            self.integers.add(key)
        return True

    def at_most(self, x: int, y: int | None, value: float, strict: bool, least: bool = False) -> bool:
        """x (less y) is at most `value`, or at least; false when that is clearly impossible."""
        if y is None:
            if least:
                self.low[x] = max(self.low[x], self._whole(x, value, strict, up=True), key=lambda bound: (bound[0], bound[1]))
            else:
                self.high[x] = min(self.high[x], self._whole(x, value, strict, up=False), key=lambda bound: (bound[0], not bound[1]))
            return self._open(x)
        a, b = (y, x) if least else (x, y)
        bound = (-value if least else value, strict)
        self.edges[(a, b)] = min(self.edges.get((a, b), (math.inf, False)), bound, key=lambda each: (each[0], not each[1]))
        return True

    def _whole(self, x: int, value: float, strict: bool, up: bool) -> Bound:
        if x not in self.integers or not math.isfinite(value):
            return value, strict
        if up:
            return (math.floor(value) + 1.0 if strict else float(math.ceil(value))), False
        return (math.ceil(value) - 1.0 if strict else float(math.floor(value))), False

    def _open(self, x: int) -> bool:
        (low, above), (high, below) = self.low[x], self.high[x]
        return low < high or (low == high and not above and not below)

    def possible(self) -> bool:
        """Whether some values keep all bounds."""
        return not self.edges or self._potentials() is not None

    def _potentials(self) -> dict[int, tuple[float, int]] | None:
        """Shortest ways from nought to each number, strict steps counted beside the lengths; None when a ring is shorter than nothing."""
        steps: list[tuple[int | None, int | None, float, int]] = [(y, x, value, -strict) for (x, y), (value, strict) in self.edges.items()]
        steps += [(None, x, high, -strict) for x, (high, strict) in self.high.items() if math.isfinite(high)]
        steps += [(x, None, -low, -strict) for x, (low, strict) in self.low.items() if math.isfinite(low)]
        nodes: list[int | None] = [None, *self.low]
        far = dict.fromkeys(nodes, (0.0, 0))
        for _ in range(len(nodes) + 1):
            changed = False
            for a, b, value, strict in steps:
                reached = (far[a][0] + value, far[a][1] + strict)
                if reached < far[b]:
                    far[b], changed = reached, True
            if not changed:
                base = far[None]
                return {node: (value - base[0], strict - base[1]) for node, (value, strict) in far.items() if node is not None}
        return None

    def values(self) -> dict[int, float]:
        """A value for each number: simple ones, near nought."""
        if self.edges and (found := self._potentials()) is not None:
            return {x: value + strict * (1.0 if x in self.integers else SMALL * max(1.0, abs(value))) for x, (value, strict) in found.items()}
        return {x: self._simple(x) for x in self.low}

    def _simple(self, x: int) -> float:
        (low, above), (high, below) = self.low[x], self.high[x]
        step = 1.0 if x in self.integers else min(1.0, (high - low) / 8 or 1.0)
        start = low if math.isfinite(low) and (low > 0 or not math.isfinite(high)) else high if math.isfinite(high) and high < 0 else max(low, 0.0)
        if not math.isfinite(start):
            start = 0.0
        for count in range(20):
            for value in (start + count * step, start - count * step):
                inside = (value > low or (value == low and not above)) and (value < high or (value == high and not below))
                if inside:
                    return value + 0.0
        return (low + high) / 2
