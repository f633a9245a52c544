"""Turn the words of a method, as in `topsis:normalization=minmax`, into scores of a batch's judged structures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint, did_you_mean
from engine.model.plan import Plan
from engine.scoring.criteria import Judged
from engine.scoring.matrices import score
from engine.scoring.methods import METHODS
from engine.scoring.methods.method import Method, Scored
from engine.scoring.stack import ScoringError, Stack
from engine.texts import say

ALL = (
    "weighted-sum", "weighted-sum:normalization=minmax", "weighted-sum:normalization=sum", "spotis", "topsis", "topsis:normalization=minmax", "vikor",
    "promethee-ii", "promethee-ii:preference=linear", "promethee-ii:preference=gaussian",
)  # fmt: skip
DIGITS = 12
THRESHOLDS = {"q": "indifference", "p": "preference", "s": "spread"}  # option -> what the model's settings call it


@dataclass(frozen=True, slots=True)
class Chosen:
    """A method with its options for the criteria of one model, all of which lie on scales from 0 to 1, higher is better. `text`: how it was asked for."""

    text: str
    method: Method
    options: Mapping[str, Any]

    def label(self, lang: str) -> str:
        """Its name, and in brackets what was chosen."""
        words = [str(value) for name, value in self.options.items() if name in self.method.choices]
        name = say(f"method.{self.method.name}", lang)
        return f"{name} ({', '.join(say(f'method.{word}', lang) for word in words)})" if words else name

    def stack(self, judged: Judged) -> Stack:
        """The eligible structures of each profile, their values to 12 digits, as comparisons see them. What has no value belongs to a profile that can't be
        decided, and is 0 here."""
        matrix = np.round(np.nan_to_num(judged.matrix, posinf=0.0, neginf=0.0), DIGITS).transpose(2, 1, 0)
        weights = np.nan_to_num(judged.weights.T, posinf=0.0, neginf=0.0)
        return Stack(matrix, weights, np.ones(matrix.shape[2], dtype=bool), judged.eligible.T)

    def scores(self, judged: Judged) -> Scored:
        """(K, N) each: the scores and extras; 0 for structures that are not eligible."""
        scored = score(self.method, self.stack(judged), self.options)
        extras = {name: np.asarray(values.T) for name, values in scored.extras.items()}
        return Scored(np.ascontiguousarray(np.where(judged.eligible, scored.scores.T, 0.0)), extras)

    def parts(self, judged: Judged) -> np.ndarray:
        """(C, K, N) what each criterion does to the score."""
        stack = self.stack(judged)
        with np.errstate(all="ignore"):
            return np.asarray(self.method.parts(stack, **self.method.options(self.options, stack.values.shape[2])).transpose(2, 1, 0))


def choose(text: str, plan: Plan) -> Chosen:
    """`NAME` or `NAME:OPTION=VALUE,...`. Bounds are the criteria's scales; thresholds that are not given are the model's. Raises ScoringError."""
    name, _, rest = text.partition(":")
    name = name.strip()
    if name not in METHODS:
        hint = did_you_mean(name, METHODS) or Hint("hint.known", {"names": ", ".join(METHODS)})
        raise ScoringError(Diagnostic("X158", {"name": name}, None, hint))
    method = METHODS[name]
    options: dict[str, Any] = {}
    for part in filter(None, (item.strip() for item in rest.split(","))):
        option, equals, value = (word.strip() for word in part.partition("="))
        if not equals:
            raise ScoringError(Diagnostic("X168", {"text": part}))
        if option in options:
            raise ScoringError(Diagnostic("X148", {"name": option}))
        if option == "bounds" and option in method.numbers:
            raise ScoringError(Diagnostic("X147", {"method": name}))
        options[option] = float(value) if option in method.numbers and _is_number(value) else value
    for option in set(method.numbers) & set(THRESHOLDS):
        parameter = plan.settings.thresholds.get(THRESHOLDS[option])
        if option not in options and parameter is not None:
            options[option] = plan.parameters[parameter].value
    if "bounds" in method.numbers:
        options["bounds"] = [[0.0, 1.0]] * len(plan.criteria)
    chosen = Chosen(text, method, options)
    one = Stack(np.zeros((1, 1, len(plan.criteria))), np.full((1, len(plan.criteria)), 1.0), np.ones(len(plan.criteria), dtype=bool))
    score(method, one, options)  # so that wrong options are told at once
    return chosen


def choose_all(texts: Iterable[str], plan: Plan) -> list[Chosen]:
    """The methods of a list; `all` stands for every method whose thresholds the model states. Raises ScoringError."""
    found = []
    for text in texts:
        if text != "all":
            found.append(choose(text, plan))
            continue
        for each in ALL:
            needs = {"linear": ("indifference", "preference"), "gaussian": ("spread",)}.get(each.rpartition("=")[2], ())
            if all(name in plan.settings.thresholds for name in needs):
                found.append(choose(each, plan))
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
