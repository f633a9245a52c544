"""Turn a model's folder into what became of each of its properties, the built-in ones first: proved, refuted with a profile, or unknown with the reason."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from engine.authoring.prove.ask import ask
from engine.authoring.prove.builtins import builtins
from engine.authoring.prove.goals import REFUTED, Answer, Outcome, Property
from engine.authoring.prove.properties import read_properties
from engine.diagnostics import Diagnostic
from engine.model.entries import read_folder
from engine.model.load import folder_of
from engine.model.plan import Plan, Text
from engine.texts import LANGUAGES, say

TIMEOUT = 5.0  # seconds a property may take: the shipped model's answers come well within a minute
BUILTINS = (
    "one-row",
    "no-division-by-zero",
    "fte-is-a-number",
    "some-structure-is-eligible",
    "weights-are-not-negative",
    "some-weight-is-positive",
    "active-roles-are-covered",
)


def properties_of(plan: Plan, model: str | None) -> tuple[list[Property], list[Diagnostic]]:
    """The built-in properties, then the model's own; and what is wrong with those."""
    own, found = read_properties(read_folder(folder_of(model)).properties, plan)
    labels: dict[str, Text] = {id_: {lang: say(f"prove.{id_}", lang) for lang in LANGUAGES} for id_ in BUILTINS}
    return [*builtins(plan, labels), *own], found


def prove(plan: Plan, properties: Iterable[Property], timeout: float = TIMEOUT) -> Iterator[Outcome]:
    """What became of each property, in order. `timeout`: seconds for each."""
    for item in properties:
        yield Outcome(item, tuple(_answers(plan, item, timeout)))


def _answers(plan: Plan, item: Property, timeout: float) -> Iterator[Answer]:
    """The answers to a property's goals until one is refuted; the goals share the property's time."""
    until = time.monotonic() + timeout
    for goal in item.goals:
        answer = ask(plan, goal, until - time.monotonic())
        yield answer
        if answer.status == REFUTED:
            return
