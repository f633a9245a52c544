"""Turn what a profile states into every value that the model gives it, by the reference interpreter: what a question's answer is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.executors.interpret import Profile, effects, fit
from engine.feel.interpret import Lookup, interpret
from engine.feel.tree import Tree
from engine.model.plan import Plan, Structure
from engine.staffing.scalar import Team, staff


class Case:
    """One concrete profile. Knows the same names as a World."""

    def __init__(self, plan: Plan, stated: Mapping[str, Any]) -> None:
        self.plan = plan
        self.stated = {id_: fit(value, plan.inputs[id_].type) for id_, value in stated.items() if value is not None}
        self.profile = Profile(plan, self.stated, 0, effects(plan)).derived()
        self._teams: dict[str, Team] | None = None

    def value(self, name: str) -> Any:
        area, _, rest = name.partition(".")
        if area == "stated":
            return rest in self.stated
        if area == "rule":
            return self.profile.fired[rest]
        if area == "eligible":
            return self.eligible(rest)
        if area == "weight":
            return interpret(self.plan.criteria[rest].weight.tree, self.profile.value)
        if area == "staffing" and rest.count("."):
            structure, _, fact = rest.partition(".")
            return self.teams[structure].facts[f"staffing.{fact}"]
        return self.profile.value(name)

    def read(self, tree: Tree) -> Any:
        return interpret(tree, self.value)

    @property
    def teams(self) -> dict[str, Team]:
        if self._teams is None:
            self._teams = staff(self.plan, self.profile)[0]
        return self._teams

    def at(self, structure: str) -> Lookup:
        """Every name as it is for one structure."""
        facts = self.teams[structure].facts
        fixed = self.plan.structures[structure]

        def look(name: str) -> Any:
            if name in facts:
                return facts[name]
            return _fixed(fixed, name, self.value) if name.startswith("structure.") else self.value(name)

        return look

    def eligible(self, structure: str) -> bool:
        look = self.at(structure)
        most = self.plan.settings.max_headcount
        limit = interpret(most.tree, self.profile.value) if most is not None else None
        within = limit is None or not look("staffing.heads") > limit
        return within and all(interpret(item.needs.tree, look) is True for item in self.plan.structures[structure].eligible)


def _fixed(structure: Structure, name: str, value_of: Lookup) -> Any:
    """A `structure.*` name that no formula of the model asks for, so that staffing has not computed it."""
    short = name.removeprefix("structure.")
    if short.startswith("covers."):
        return any(short.removeprefix("covers.") in post.covers for post in structure.posts)
    return structure.id if short == "id" else interpret(structure.attributes[short].tree, value_of)
