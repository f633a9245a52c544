"""Turn what is said about one question's terms into the list of formulas that its solver is given: bounds, whole numbers, functions for what has no formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import count
from typing import Any, Protocol

from engine.authoring.prove.solver import Term, formula, known, real, z3
from engine.authoring.prove.values import Inexpressible, Texts
from engine.feel import scalar

CASES: dict[str, Callable[[str], str]] = {"lower_case": scalar.lower_case, "upper_case": scalar.upper_case}


class Learner(Protocol):
    """Something abstract that a model of the solver can make less so."""

    def learn(self, encoder: Encoder, model: Any) -> bool:
        """Say more about it where the model has it; whether there was anything to say."""


class Encoder:
    """One question's store. `axioms` hold always; `whole` say which numbers are whole: without them the numbers between are allowed too, which is
    easier to reason about, so what is proved without them is proved. `abstracted`: what stands for something that has no formula."""

    def __init__(self) -> None:
        self.texts = Texts()
        self.axioms: list[Term] = []
        self.whole: list[Term] = []
        self.abstracted: set[str] = set()
        self.learners: dict[str, Learner] = {}
        self.cased: dict[str, tuple[Term, list[Term]]] = {}
        self._floors: dict[int, tuple[Term, Term]] = {}
        self._numbers = count()

    def axiom(self, term: Term) -> None:
        if term is not True:
            self.axioms.append(formula(term))

    def number(self, name: str, whole: bool = False) -> Term:
        """A free number."""
        found = z3.Real(name)
        if whole:
            self.whole.append(found == z3.ToReal(z3.Int(f"{name} whole")))
        return found

    def fresh(self, what: str) -> str:
        return f"{what} #{next(self._numbers)}"

    def floor(self, term: Term) -> Term:
        exact = known(term)
        if exact is not None:
            return real(math.floor(exact))
        if term.get_id() not in self._floors:
            found = self.number(self.fresh("floor"), whole=True)
            self.axiom(found <= term)
            self.axiom(term < found + 1)
            self._floors[term.get_id()] = (found, term)
        return self._floors[term.get_id()][0]

    def quotient(self, a: Term, b: Term) -> Term:
        """a / b; any value where b is 0."""
        x, y = known(a), known(b)
        if y is not None:
            return real(0) if y == 0 else real(x / y) if x is not None else a * real(Fraction(1) / y)
        return real(0) if x == 0 else a / b

    def abstraction(self, name: str, kind: str, *args: Term, shown: str | None = None) -> Term:
        """A function of the arguments of which only this is known: equal arguments give equal results."""
        sorts = {"number": z3.RealSort(), "boolean": z3.BoolSort(), "string": self.texts.sort}
        if kind not in sorts or any(arg is None for arg in args):
            raise Inexpressible(name)
        self.abstracted.add(shown or name.removesuffix(" is null"))
        terms = [formula(arg) for arg in args]
        if not terms:
            return z3.Const(self.fresh(name), sorts[kind])
        return z3.Function(name, *(term.sort() for term in terms), sorts[kind])(*terms)

    def known_texts(self) -> list[Term]:
        """What upper and lower case make of every text that the question names."""
        found = []
        for name, (function, _) in self.cased.items():
            for text, code in list(self.texts.known.items()):
                found.append(function(code) == self.texts.code(CASES[name](text)))
        return found

    def facts(self, whole: bool) -> list[Term]:
        return [*self.known_texts(), *self.axioms, *(self.whole if whole else ())]
