"""Turn a goal into an answer: asked of the solver twice, with numbers that need not be whole and then exactly, and looked at by the interpreter."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from engine.authoring.prove.counterexample import profiles_of, refutes, smaller
from engine.authoring.prove.goals import PROVED, REFUTED, UNKNOWN, Answer, Goal, Stated
from engine.authoring.prove.search import search
from engine.authoring.prove.solver import SEED, Term, formula, opposite, z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Inexpressible
from engine.authoring.prove.world import World
from engine.model.plan import Plan

STOPPED = ("canceled", "interrupted", "interrupted from keyboard")
EARLY = 0.1  # seconds before its time is over that the solver never stops by itself
ROUNDS = 4  # models that are looked at before a claim is left unknown


@dataclass(slots=True)
class _Question:
    plan: Plan
    goal: Goal
    encoder: Encoder
    worlds: dict[str, World]
    violated: Term
    until: float

    def check(self, whole: bool, more: list[Term], share: float = 1.0, claim: Term | None = None) -> tuple[Any, Any]:
        """The solver's answer to whether the goal, or a claim in its place, can be violated; and, where it can, its model."""
        left = (self.until - time.monotonic()) * share
        if left <= 0:
            return z3.unknown, None
        solver = z3.SimpleSolver()
        solver.set("random_seed", SEED)
        solver.set("timeout", max(1, int(left * 1000)))
        solver.add(*self.encoder.facts(whole), formula(self.violated if claim is None else claim), *more)
        begun = time.monotonic()
        try:
            found = solver.check()
        except z3.Z3Exception:  # out of memory, or of what its arithmetic can do
            return z3.unknown, None
        if found == z3.unknown and solver.reason_unknown() in STOPPED and time.monotonic() - begun < left - EARLY:
            raise KeyboardInterrupt  # the solver takes the signal for itself, and only stops before its time
        return found, solver.model() if found == z3.sat else None

    def speaks_of_some(self) -> bool:
        """Whether there may be profiles that the goal speaks of."""
        return self.goal.premise is None or self.check(True, [], claim=self.goal.premise(self.worlds))[0] != z3.unsat

    def confirmed(self, model: Any) -> Stated | None:
        profiles = profiles_of(self.plan, self.worlds, self.encoder, model)
        return smaller(self.plan, self.goal, profiles) if refutes(self.plan, self.goal, profiles) else None


def ask(plan: Plan, goal: Goal, timeout: float) -> Answer:
    """What the solver says of a goal within `timeout` seconds."""
    started = time.monotonic()

    def answer(status: str, reason: str | None = None, profiles: Stated | None = None, abstracted: tuple[str, ...] = ()) -> Answer:
        return Answer(goal, status, time.monotonic() - started, reason, profiles, abstracted)

    if goal.typed:
        return answer(PROVED)
    encoder = Encoder()
    try:
        worlds = _worlds(plan, goal, encoder)
        violated = opposite(goal.holds(worlds))
    except Inexpressible as stop:
        return answer(UNKNOWN, "prove.inexpressible", abstracted=(stop.what,))
    question = _Question(plan, goal, encoder, worlds, violated, started + timeout)
    abstracted = tuple(sorted(encoder.abstracted))

    def proved() -> Answer:
        return answer(PROVED, abstracted=abstracted) if question.speaks_of_some() else answer(UNKNOWN, "prove.vacuous")

    found, model = (z3.unsat, None) if violated is False else question.check(False, [], 0.4)
    if found == z3.unsat:
        return proved()
    if model is not None and (profiles := question.confirmed(model)) is not None:
        return answer(REFUTED, profiles=profiles, abstracted=abstracted)
    looked = False
    for more in ([*_plain_texts(encoder)], []):
        for _ in range(ROUNDS):
            found, model = question.check(True, more, 0.5)
            if found == z3.unsat and not more:
                return proved()
            if model is None:
                break
            looked = True
            profiles = question.confirmed(model)
            if profiles is not None:
                return answer(REFUTED, profiles=profiles, abstracted=abstracted)
            learned = [learner.learn(encoder, model) for learner in encoder.learners.values()]
            if not any(learned):
                break
    if (profiles := search(plan, goal)) is not None:
        return answer(REFUTED, profiles=profiles, abstracted=abstracted)
    if looked:
        return answer(UNKNOWN, "prove.abstract" if abstracted else "prove.rounding", abstracted=abstracted)
    return answer(UNKNOWN, "prove.timeout" if goal.violated is None else "prove.timeout_tried", abstracted=abstracted)


def _worlds(plan: Plan, goal: Goal, encoder: Encoder) -> dict[str, World]:
    worlds: dict[str, World] = {}
    for name in goal.profiles:
        alike = goal.like is not None and name == goal.like.second
        worlds[name] = World(plan, encoder, name, worlds[goal.like.first], goal.like.except_) if alike and goal.like else World(plan, encoder, name)
    return worlds


def _plain_texts(encoder: Encoder) -> list[Term]:
    """Texts that nobody names are taken to have no upper and lower case. That leaves profiles out, so nothing is proved with it; it finds simple ones first."""
    found = []
    for _, (function, terms) in encoder.cased.items():
        for term in terms:
            named = z3.Or(*(term == code for code in encoder.texts.known.values()))
            found.append(z3.Or(named, function(term) == term))
    return found
