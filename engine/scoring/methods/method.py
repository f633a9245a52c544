"""What a scoring method is: a function from a stack to scores, the way its scores point, and the options it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.scoring.stack import ScoringError


@dataclass(frozen=True, slots=True)
class Scored:
    """`scores`: (N, K), the method's own published quantity. `extras`: what else it gives, each (N, K) or (N,)."""

    scores: np.ndarray
    extras: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Method:
    """`higher`: whether a higher score is better. `score(stack, **options)` and `parts(stack, **options)`, (N, K, C): what each criterion does to the score;
    with `additive` they add up to it. `choices`: option -> the words it takes. `numbers`: options that are a number, or one per criterion."""

    name: str
    higher: bool
    score: Callable[..., Scored]
    parts: Callable[..., np.ndarray]
    additive: bool
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    reads_once: Callable[[Mapping[str, Any]], bool] = lambda _: False  # with these options, each value is read once: there is nothing to gain from parts

    def options(self, given: Mapping[str, Any], criteria: int) -> dict[str, Any]:
        """The options as the method takes them. Raises ScoringError for one it does not know or can't use."""
        found: dict[str, Any] = {}
        for name, value in given.items():
            if value is None:
                continue
            if name in self.choices:
                found[name] = self._chosen(name, value, criteria)
            elif name in self.numbers:
                found[name] = self._number(name, value, criteria)
            else:
                known = (*self.choices, *self.numbers)
                raise ScoringError(Diagnostic("X159", {"method": self.name, "name": name}, None, _known(name, known)))
        return found

    def _chosen(self, name: str, value: Any, criteria: int) -> Any:
        words = [value] if isinstance(value, str) or not isinstance(value, Sequence) else list(value)
        for word in words:
            if word not in self.choices[name]:
                raise ScoringError(Diagnostic("X160", {"option": name, "value": word}, None, _known(str(word), self.choices[name])))
        if words == [value]:
            return value
        if len(words) != criteria:
            raise ScoringError(Diagnostic("X161", {"option": name, "value": value, "criteria": criteria}))
        return tuple(words)

    def _number(self, name: str, value: Any, criteria: int) -> np.ndarray:
        wrong = ScoringError(Diagnostic("X161", {"option": name, "value": value, "criteria": criteria}))
        try:
            numbers = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise wrong from None
        if np.isinf(numbers).any() or numbers.shape not in ((), (criteria,), (criteria, 2)):
            raise wrong
        return numbers


def _known(name: str, words: Sequence[str]) -> Hint | None:
    return did_you_mean(name, words) or (Hint("hint.known", {"names": ", ".join(words)}) if words else None)


def needed(method: str, option: str) -> ScoringError:
    """The error of an option that must be given."""
    return ScoringError(Diagnostic("X162", {"method": method, "option": option}))
