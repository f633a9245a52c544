"""Turn the optional library z3 into one name for this package, and Python truth into formulas that are folded where they can be."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

try:
    import z3
except ImportError:  # the extra is not installed: `susun rules prove` says so
    z3 = None

Term = Any  # a formula, number or text of z3, or a plain bool where that is known
__all__ = ["SEED", "Term", "both", "choose", "either", "exactly", "formula", "installed", "known", "opposite", "real", "z3"]
SEED = 20_250_101


def installed() -> bool:
    return z3 is not None


def both(*parts: Term) -> Term:
    """And, with what is known folded away."""
    open_ = _open(parts, True)
    if open_ is None:
        return False
    return True if not open_ else open_[0] if len(open_) == 1 else z3.And(*open_)


def either(*parts: Term) -> Term:
    open_ = _open(parts, False)
    if open_ is None:
        return True
    return False if not open_ else open_[0] if len(open_) == 1 else z3.Or(*open_)


def _open(parts: Iterable[Term], neutral: bool) -> list[Term] | None:
    """The parts that are not known, each once; None when one of them decides."""
    found: dict[int, Term] = {}
    for part in parts:
        if part is (not neutral):
            return None
        if part is not neutral:
            found.setdefault(part.get_id(), part)
    return list(found.values())


def opposite(part: Term) -> Term:
    if isinstance(part, bool):
        return not part
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def choose(condition: Term, yes: Term, no: Term) -> Term:
    """If, of booleans (plain or not), numbers or texts."""
    if isinstance(condition, bool):
        return yes if condition else no
    if isinstance(yes, bool) or isinstance(no, bool):
        if isinstance(yes, bool) and isinstance(no, bool):
            return yes if yes == no else condition if yes else opposite(condition)
        if isinstance(yes, bool):
            return either(condition, no) if yes else both(opposite(condition), no)
        return either(opposite(condition), yes) if no else both(condition, yes)
    return yes if yes.eq(no) else z3.If(condition, yes, no)


def formula(part: Term) -> Term:
    """A plain bool as a formula."""
    return z3.BoolVal(part) if isinstance(part, bool) else part


def exactly(value: float | Fraction | int) -> Fraction:
    """The number as it is written: 0.1 is one tenth."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def real(value: float | Fraction | int) -> Term:
    exact = exactly(value)
    return z3.Q(exact.numerator, exact.denominator)


def known(term: Term) -> Fraction | None:
    """The number that a term is, where it is one."""
    if z3.is_rational_value(term):
        return Fraction(term.numerator_as_long(), term.denominator_as_long())
    return None
