"""Turn the `sample` entries of a model's inputs into a typed recipe for generated profiles, or into diagnostics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source, Span, did_you_mean
from engine.feel.check import Scope, check
from engine.feel.parse import parse
from engine.feel.tree import Tree
from engine.feel.types import NUMBER, Type
from engine.model.plan import Input, Plan
from engine.texts import Word

KEYS = ("empty", "weights", "from", "spread", "count", "text")
EMPTY = 0.35  # share of empty cells of an input that says nothing
LARGEST = 1e6  # generic numbers without an upper bound
Amount = float | Tree


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one input is drawn. `empty`: share of empty cells. `weights`: of words. `base`: FEEL over earlier inputs. `spread`: factor on the base,
    log-uniform. `count`: least and most members of a set or ranking. `text`: words of a free text. Amounts are numbers or FEEL."""

    input: Input
    empty: Amount
    weights: Mapping[str, Amount] = field(default_factory=dict)
    base: Tree | None = None
    spread: tuple[float, float] | None = None
    count: tuple[int, int] = (1, 3)
    text: tuple[str, ...] = ()


def recipes(plan: Plan) -> tuple[list[Recipe], list[Diagnostic]]:
    """A recipe for each input, in the model's order; an expression may use the inputs before it, and parameters."""
    names: dict[str, Type] = dict.fromkeys(plan.parameters, NUMBER)
    made: list[Recipe] = []
    found: list[Diagnostic] = []
    for item in plan.inputs.values():
        reader = _Reader(item, Scope(dict(names)), found)
        made.append(reader.recipe())
        names[item.id] = item.type.with_null(not item.required)
    return made, found


@dataclass(slots=True)
class _Reader:
    item: Input
    scope: Scope
    found: list[Diagnostic]

    def recipe(self) -> Recipe:
        given = self.item.sample or {}
        for key in given:
            if key not in KEYS:
                hint = did_you_mean(key, KEYS) or Hint("hint.allowed", {"values": ", ".join(KEYS)})
                self.found.append(Diagnostic("R201", {"key": key}, self.span(), hint))
        words = self.item.type.values or ()
        weights = given.get("weights", {})
        if not isinstance(weights, Mapping):
            self.wrong("mapping")
            weights = {}
        for word in weights:
            if words and word not in words:
                self.found.append(Diagnostic("R405", {"word": word, "of": self.item.id}, self.span(), did_you_mean(str(word), words)))
        text = given.get("text", [])
        if not isinstance(text, list):
            self.wrong("list")
            text = []
        kind = self.item.type.kind
        return Recipe(
            self.item,
            0.0 if self.item.required else self.amount(given.get("empty", EMPTY), "empty"),
            {str(word): self.amount(weight, f"weights.{word}") for word, weight in weights.items()},
            self.tree(str(given["from"]), "from", "string" if kind == "string" else "number") if "from" in given else None,
            self.pair(given["spread"]) if "spread" in given else None,
            self.members(given["count"]) if "count" in given else (1, 3),
            tuple(str(word) for word in text),
        )

    def amount(self, value: Any, key: str) -> Amount:
        if isinstance(value, str):
            tree = self.tree(value, key, "number")
            return 0.0 if tree is None else tree
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            self.wrong("number")
            return 0.0
        return float(value)

    def pair(self, value: Any) -> tuple[float, float] | None:
        if isinstance(value, list) and len(value) == 2 and all(isinstance(end, (int, float)) and end > 0 for end in value) and value[0] <= value[1]:
            return float(value[0]), float(value[1])
        self.wrong("sample_pair")
        return None

    def members(self, value: Any) -> tuple[int, int]:
        if isinstance(value, list) and len(value) == 2 and all(isinstance(end, int) and end >= 0 for end in value) and value[0] <= value[1]:
            return value[0], value[1]
        self.wrong("sample_count")
        return 1, 1

    def tree(self, text: str, key: str, kind: str) -> Tree | None:
        source = Source(f"{self.span().source.name} {self.item.id}.sample.{key}", text)
        node, found = parse(text, source.span)
        tree = None
        if node is not None:
            tree, found = check(node, self.scope, source.span)
        if tree is not None and not found and tree.type.kind not in (kind, "null"):
            values = {"wanted": Word(kind), "text": text[:60], "got": Word(tree.type.kind)}
            found = [Diagnostic("R408", values, source.span(0, len(text)))]
        self.found += found
        return None if found else tree

    def wrong(self, word: str) -> None:
        self.found.append(Diagnostic("R203", {"wanted": Word(word)}, self.span()))

    def span(self) -> Span:
        return self.item.span or Source(self.item.id, "").span(0, 0)
