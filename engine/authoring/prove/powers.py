"""Turn powers into products where the exponent is a small whole number, else into a function that is known to grow, with its values at 0 and 1."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.authoring.prove.solver import Term, both, either, known, real, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym, equal_terms, numeric
from engine.feel.tree import Op

MOST_FACTORS = 6
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
    powers.add(encoder, float(exponent), x, result)
    return numeric(result, either(x < 0, equal_terms(x, real(0)) if exponent < 0 else False))


class Powers:
    """What is known of x ** y for fixed y: positive, 1 at 1, 0 at 0, growing (or falling) in x; said for every pair of arguments that the question has."""

    def __init__(self) -> None:
        self.points: dict[float, list[tuple[Term, Term]]] = {}

    def add(self, encoder: Encoder, exponent: float, x: Term, result: Term) -> None:
        upward = exponent > 0
        encoder.axiom(z3.Implies(x > 0, result > 0))
        if upward:
            encoder.axiom(z3.Implies(x == 0, result == 0))
        for other, at_other in [(real(1), real(1)), *self.points.setdefault(exponent, [])]:
            low, high = (result, at_other) if upward else (at_other, result)
            encoder.axiom(z3.Implies(z3.And(x > 0, other > 0), z3.And((x < other) == (low < high), (x == other) == (low == high))))
        self.points[exponent].append((x, result))

    def learn(self, encoder: Encoder, model: Any) -> bool:
        """Tie each power to its value near where a model has put its argument; whether there was anything to learn."""
        found = False
        for exponent, points in self.points.items():
            for x, result in list(points):
                at = model.eval(x, model_completion=True)
                place = known(at)
                if known(x) is not None or place is None or place <= 0:
                    continue
                point = encoder.number(encoder.fresh("power"))
                exact = Fraction(float(place) ** exponent)
                encoder.axiom(z3.And(point > real(exact * NEARLY), point < real(exact / NEARLY)))
                low, high = (result, point) if exponent > 0 else (point, result)
                encoder.axiom(z3.Implies(x > 0, z3.And((x < at) == (low < high), (x == at) == (low == high))))
                found = True
        return found
