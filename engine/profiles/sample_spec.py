"""Turn the `sample` entries of a model's inputs into a typed recipe for generated profiles, or into diagnostics."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeGuard

from engine.diagnostics import Diagnostic, Hint, Source, Span, did_you_mean
from engine.feel.check import Scope, check
from engine.feel.parse import parse
from engine.feel.tree import Const, Op, Ref, Tree, refs
from engine.feel.types import NUMBER, Type
from engine.model.plan import Input, Plan
from engine.texts import Word

KEYS = ("empty", "weights", "from", "spread", "step", "count", "text")
EMPTY = 0.35  # share of empty cells of an input that says nothing
LARGEST = 1e6  # generic numbers without an upper bound
Amount = float | Tree


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one input is drawn. `empty`: share of empty cells. `weights`: of words. `base`: FEEL over the other inputs. `spread`: factor on the base,
    log-uniform. `step`: numbers are multiples of it. `count`: least and most members of a set or ranking. `text`: words of a free text.
    Amounts are numbers or FEEL; that of `empty` may name the input itself."""

    input: Input
    empty: Amount
    weights: Mapping[str, Amount] = field(default_factory=dict)
    base: Tree | None = None
    spread: tuple[float, float] | None = None
    step: float | None = None
    count: tuple[int, int] = (1, 3)
    text: tuple[str, ...] = ()


def recipes(plan: Plan) -> tuple[list[Recipe], list[Diagnostic]]:
    """A recipe for each input, each after those that it names. Expressions may name inputs, as they are before some are left empty, and parameters.
    Equal parts of them have equal keys."""
    names: dict[str, Type] = dict.fromkeys(plan.parameters, NUMBER)
    names |= {key: item.type.with_null(not item.required) for key, item in plan.inputs.items()}
    found: list[Diagnostic] = []
    scope = Scope(names)
    made = {key: _Reader(item, scope, found).recipe() for key, item in plan.inputs.items()}
    needs = {key: [name for name in _named(recipe) if name in made] for key, recipe in made.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        ring = error.args[1]
        span = plan.inputs[ring[0]].span
        return [], [*found, Diagnostic("R502", {"ring": " → ".join(ring)}, span)]
    return [made[key] for key in order], found


def _named(recipe: Recipe) -> set[str]:
    """The names that must be drawn before; an input's own share of empty cells may depend on what was drawn for it."""
    drawn_by = {name for amount in (recipe.base, *recipe.weights.values()) if _is_tree(amount) for name in refs(amount)}
    return drawn_by | (set(refs(recipe.empty)) - {recipe.input.id} if _is_tree(recipe.empty) else set())


def _is_tree(amount: Amount | None) -> TypeGuard[Tree]:
    return isinstance(amount, (Const, Ref, Op))


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
            self.step(given["step"]) if "step" in given else None,
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

    def step(self, value: Any) -> float | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf:
            return float(value)
        self.wrong("number")
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
