"""Hypothesis strategies for texts of well-typed expressions over a growing set of names: what the generated models are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
NUMBERS = ("0", "1", "2", "3", "5", "10", "0.1", "0.3", "0.5", "0.7", "1.1", "-1", "100", "1000000", "(0.1 + 0.2)", "(1 / 3)")
POSITIVE = ("0.25", "0.5", "1", "2", "3")


@dataclass(frozen=True)
class Name:
    """A name that expressions may use. `kind`: number, boolean, string, set, ranking; `values`: its words; `null`: it may be missing."""

    text: str
    kind: str
    null: bool = False
    values: tuple[str, ...] | None = None


@dataclass
class Writer:
    """Writes expressions over `names`. What `sure_number` writes is never null, as far as types can tell; the others may be."""

    draw: Any
    names: list[Name] = field(default_factory=list)

    def among(self, choices: Sequence[T]) -> T:
        found: T = self.draw(st.sampled_from(choices))
        return found

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(1, one_in)) == 1)

    def beside(self, more: Sequence[Name]) -> Writer:
        return Writer(self.draw, [*self.names, *more])

    def of(self, kind: str, null: bool | None = None) -> list[Name]:
        return [name for name in self.names if name.kind == kind and (null is None or name.null == null)]

    # -- numbers

    def sure_number(self, depth: int = 2) -> str:
        known = self.of("number", null=False)
        if depth == 0 or self.chance(4):
            return self.among(known).text if known and not self.chance(3) else self.among(NUMBERS)
        form = self.among(("guarded", "guarded", "sum", "product", "least", "if", "divided", "rounded", "count", "rank", "power", "narrowed"))
        match form:
            case "sum":
                return f"({self.sure_number(depth - 1)} {self.among('+-')} {self.sure_number(depth - 1)})"
            case "product":
                return f"{self.sure_number(0)} * {self.among(NUMBERS)}"
            case "least":
                return f"{self.among(('min', 'max', 'sum'))}({self.sure_number(depth - 1)}, {self.sure_number(0)})"
            case "if":
                return f"(if {self.boolean(depth - 1)} then {self.sure_number(depth - 1)} else {self.sure_number(0)})"
            case "divided":
                return f"({self.sure_number(0)} / {self.among(POSITIVE)})"
            case "rounded":
                return f"{self.among(('floor', 'ceiling', 'abs'))}({self.sure_number(depth - 1)})"
            case "power":
                return f"(abs({self.sure_number(0)}) ** {self.among(('2', '0.5', '0.7', '1'))})"
            case "count" if lists := [*self.of("set", null=False), *self.of("ranking", null=False)]:
                return f"count({self.among(lists).text})"
            case "rank" if rankings := self.of("ranking", null=False):
                ranking = self.among(rankings)
                return f'rank weight({ranking.text}, "{self.among(ranking.values or ())}")'
            case "narrowed" if maybe := self.of("number", null=True):
                x = self.among(maybe).text
                return f"(if {x} = null or {x} = 0 then {self.among(NUMBERS)} else {self.sure_number(0)} / {x})"
        return self.guarded(self.number(depth), self.among(NUMBERS))

    def guarded(self, text: str, otherwise: str) -> str:
        return f"(if {text} = null then {otherwise} else {text})"

    def share(self) -> str:
        return f"min(1, max(0, {self.sure_number(1)}))"

    def amount(self, depth: int = 2) -> str:
        """Never null, never negative, not large."""
        return f"min(40, max(0, {self.sure_number(depth)}))"

    def number(self, depth: int = 2) -> str:
        maybe = self.of("number")
        if depth == 0 or self.chance(3):
            return self.among(maybe).text if maybe else self.among(NUMBERS)
        match self.among(("sum", "divided", "if", "modulo", "item", "text", "sure", "round")):
            case "sum":
                return f"({self.number(depth - 1)} {self.among('+-*')} {self.number(0)})"
            case "divided":
                return f"({self.number(0)} / {self.number(0)})"
            case "if":
                return f"(if {self.boolean(depth - 1)} then {self.number(depth - 1)} else {self.among(('null', self.number(0)))})"
            case "modulo":
                return f"modulo({self.number(0)}, {self.among(POSITIVE)})"
            case "item":
                return f"[{self.number(0)}, {self.number(0)}][{self.among(('1', '-1', '2', '3'))}]"
            case "text":
                return f"number(string({self.number(0)}))"
            case "round":
                return f"round half up({self.number(0)}, {self.among(('0', '1', '2'))})"
        return self.sure_number(depth - 1)

    # -- booleans

    def boolean(self, depth: int = 2) -> str:
        if depth > 0 and not self.chance(3):
            match self.among(("and", "or", "not", "if", "in")):
                case "not":
                    return f"not({self.boolean(depth - 1)})"
                case "if":
                    return f"(if {self.boolean(depth - 1)} then {self.boolean(depth - 1)} else {self.boolean(0)})"
                case "in":
                    return f"({self.number(depth - 1)} in ({self.among(NUMBERS)}, < {self.sure_number(0)}, >= {self.among(NUMBERS)}))"
                case word:
                    return "(" + f" {word} ".join(self.boolean(depth - 1) for _ in range(self.among((2, 2, 3)))) + ")"
        return self.comparison()

    def comparison(self) -> str:
        named = [*self.of("boolean"), *self.of("string"), *self.of("set"), *self.of("ranking")]
        if not named or self.chance(2):
            x, y = self.number(0), self.sure_number(0)
            op = self.among(("<", "<=", ">", ">=", "=", "!="))
            return self.among((f"({x} {op} {y})", f"({x} between 0 and {y})", f"({x} in [1..{y}))", f"({x} = null)", f"is defined({x})"))
        name = self.among(named)
        if self.chance(6):
            return f"({name.text} {self.among(('=', '!='))} null)"
        match name.kind:
            case "boolean":
                return name.text
            case "string" if name.values is None:
                return self.among((f'(upper case({name.text}) = "A")', f'contains({name.text}, "b")', f'({name.text} = "a")'))
            case "string":
                return f'({name.text} {self.among(("=", "!="))} "{self.among(name.values or ())}")'
        word = self.among(name.values or ())
        other = self.among([each for each in self.of(name.kind) if each.values == name.values])
        return self.among((f'("{word}" in {name.text})', f'list contains({name.text}, "{word}")', f"({name.text} = {other.text})", f"(count({name.text}) > 1)"))

    # -- words

    def word(self, values: tuple[str, ...]) -> str:
        same = [name.text for name in self.of("string") if name.values == values]
        plain = f'"{self.among(values)}"'
        return self.among((plain, f'(if {self.boolean(1)} then {plain} else "{self.among(values)}")', *same))

    def words(self, kind: str, values: tuple[str, ...]) -> str:
        same = [name.text for name in self.of(kind) if name.values == values]
        chosen = self.draw(st.permutations(values))[: self.draw(st.integers(0, len(values)))]
        plain = "[" + ", ".join(f'"{word}"' for word in chosen) + "]"
        return self.among((plain, plain, f"(if {self.boolean(1)} then {plain} else [])", *same))
