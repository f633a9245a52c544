"""The shape of a question: what must hold of one or two possible profiles, said once for terms and once for the interpreter; and of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.authoring.prove.case import Case
from engine.authoring.prove.solver import Term
from engine.authoring.prove.world import World
from engine.decide import Decisions
from engine.diagnostics import Span
from engine.model.plan import Text

PROVED, REFUTED, UNKNOWN = "proved", "refuted", "unknown"
Worlds = Mapping[str, World]
Cases = Mapping[str, Case]
Stated = Mapping[str, Mapping[str, Any]]  # profile -> input -> value


@dataclass(frozen=True, slots=True)
class Like:
    """A second profile that states what the first does, but for some inputs."""

    first: str
    second: str
    except_: frozenset[str]


@dataclass(frozen=True, slots=True)
class Goal:
    """One question. `what`: the part of the model it is about. `holds`: the term that must be true; `confirm`: whether it is, for concrete profiles.
    `violated`: the same for a batch of decided profiles, a mask of those for which it is not, where that can be told for many at once. `premise`: the
    term of the profiles that it speaks of, where that is not all of them. `typed`: settled when the model was loaded, so that nothing is left to ask."""

    what: str
    holds: Callable[[Worlds], Term]
    confirm: Callable[[Cases], bool]
    profiles: tuple[str, ...] = ("p",)
    like: Like | None = None
    typed: bool = False
    span: Span | None = None
    violated: Callable[[Mapping[str, Decisions]], Any] | None = None
    premise: Callable[[Worlds], Term] | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """What is claimed: it is proved when all its goals are."""

    id: str
    label: Text
    goals: tuple[Goal, ...]
    because: Text = field(default_factory=dict)
    builtin: bool = True
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one goal. `reason` (a key of the catalogue) says why it is unknown; `profiles`: the smallest refuting ones that were found;
    `abstracted`: what stood for something without a formula."""

    goal: Goal
    status: str
    seconds: float
    reason: str | None = None
    profiles: Stated | None = None
    abstracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a property."""

    item: Property
    answers: tuple[Answer, ...]

    @property
    def status(self) -> str:
        found = {answer.status for answer in self.answers}
        return REFUTED if REFUTED in found else UNKNOWN if UNKNOWN in found else PROVED

    @property
    def seconds(self) -> float:
        return sum(answer.seconds for answer in self.answers)

    @property
    def worst(self) -> Answer | None:
        """The answer that decided the status, where it is not `proved`."""
        return next((answer for answer in self.answers if answer.status == self.status and self.status != PROVED), None)
