"""Turn powers into products where the exponent is a small whole number, else into a function that is known to grow, with its values at 0 and 1."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from engine.authoring.prove.solver import Term, both, either, exactly, known, real, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym, equal_terms, numeric
from engine.feel.tree import Op

MOST_FACTORS = 6
MOST_DIGITS = 30  # of a power at a point that is worth tying down
NEARLY = Fraction(999_999_999, 1_000_000_000)


def power(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    x, y = (arg.term for arg in args)
    exponent = known(y)
    if exponent is None:
        missing = encoder.abstraction("power is null", "boolean", x, y)
        return numeric(encoder.abstraction(op.name, "number", x, y), missing)
    if exponent.denominator == 1 and abs(exponent) <= MOST_FACTORS:
        product = real(1)
        for _ in range(abs(int(exponent))):
            product = x if product.eq(real(1)) else product * x
        if exponent >= 0:
            return numeric(product)
        return numeric(encoder.quotient(real(1), product), equal_terms(x, real(0)))
    result = encoder.abstraction(f"power {exponent}", "number", x, shown=op.name)
    if exponent.denominator == 1:
        return numeric(result, both(exponent < 0, equal_terms(x, real(0))))
    powers = encoder.learners.setdefault(op.name, Powers())
    assert isinstance(powers, Powers)
    ends = {exactly(end) for end in (op.args[0].type.low, op.args[0].type.high) if 0 < end < math.inf}
    powers.add(encoder, float(exponent), x, result, sorted({Fraction(1), *ends}))
    return numeric(result, either(x < 0, equal_terms(x, real(0)) if exponent < 0 else False))


class Powers:
    """What is known of x ** y for fixed y: positive, 0 at 0, its values at some points, growing (or falling) in x; said for every pair of arguments
    that the question has."""

    def __init__(self) -> None:
        self.pairs: dict[float, list[tuple[Term, Term]]] = {}

    def add(self, encoder: Encoder, exponent: float, x: Term, result: Term, points: Iterable[Fraction]) -> None:
        encoder.axiom(z3.Implies(x > 0, result > 0))
        if exponent > 0:
            encoder.axiom(z3.Implies(x == 0, result == 0))
        for other, at_other in self.pairs.setdefault(exponent, []):
            encoder.axiom(z3.Implies(z3.And(x > 0, other > 0), _ordered(exponent, x, result, other, at_other)))
        for point in points:
            self.tie(encoder, exponent, x, result, point)
        self.pairs[exponent].append((x, result))

    def tie(self, encoder: Encoder, exponent: float, x: Term, result: Term, point: Fraction) -> None:
        """Say what the power is at a point, within what rounding may do, and so on either side of it."""
        value = real(1)
        if point != 1:
            if not abs(math.log10(point) * exponent) < MOST_DIGITS:
                return
            value = encoder.number(encoder.fresh("power"))
            exact = Fraction(float(point) ** exponent)
            encoder.axiom(z3.And(value > real(exact * NEARLY), value < real(exact / NEARLY)))
        encoder.axiom(z3.Implies(x > 0, _ordered(exponent, x, result, real(point), value)))

    def learn(self, encoder: Encoder, model: Any) -> bool:
        """Tie each power to its value where a model has put its argument; whether there was anything to learn."""
        found = False
        for exponent, pairs in self.pairs.items():
            for x, result in pairs:
                point = known(model.eval(x, model_completion=True))
                if known(x) is None and point is not None and point > 0:
                    self.tie(encoder, exponent, x, result, point)
                    found = True
        return found


def _ordered(exponent: float, x: Term, result: Term, other: Term, at_other: Term) -> Term:
    low, high = (result, at_other) if exponent > 0 else (at_other, result)
    return z3.And((x < other) == (low < high), (x == other) == (low == high))
