"""One decided profile with everything an explanation asks of it: values by name, labels, where a definition stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.decide import Decisions, at_order
from engine.diagnostics import Span
from engine.feel.arrays import Column, to_values
from engine.model.plan import Plan, Template
from engine.outcome import parts
from engine.outcome.fill import fill_one, value_text
from engine.texts import say


@dataclass(slots=True)
class Case:
    """A batch of one. `lang`: the language of every sentence."""

    decisions: Decisions
    lang: str
    currency: str | None
    estimate_reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.decisions.plan

    @property
    def winner(self) -> int:
        """Position of the structure listed first."""
        return int(self.decisions.ranked.order[0, 0])

    def value(self, name: str, k: int | None = None) -> Any:
        """A name's value; `staffing.*` and `structure.*` of the structure at `k` (the winner when None)."""
        return to_values(self.column(name, self.winner if k is None else k), 1)[0]

    def column(self, name: str, k: int) -> Column:
        if name.startswith(("staffing.", "structure.")):
            return at_order(self.decisions.staffing.reader.column_of(name), np.array([k]), 1)
        return parts.column_of(self.decisions, name)

    def shown(self, name: str, value: Any) -> str:
        return value_text(self.plan, name, value, self.lang, self.currency)

    def fill(self, template: Template, k: int | None = None) -> str:
        return fill_one(self.plan, template, self.lang, lambda name: self.value(name, k), self.currency)

    def label(self, name: str) -> str:
        """What a name is called: its label, or the name itself."""
        plan, lang = self.plan, self.lang
        for table in (plan.inputs, plan.decisions, plan.parameters):
            item = table.get(name)
            if item is not None and item.label:
                return str(item.label[lang])
        if name.startswith("role."):
            _, role, part = name.split(".")
            return say(f"label.role_{part}", lang, role=plan.roles[role].label[lang])
        if name.startswith("staffing.coverage_of."):
            return say("label.coverage_of", lang, role=plan.roles[name.split(".")[2]].label[lang])
        if name == "placement":
            return say("label.placement", lang)
        key = f"label.{name}"
        try:
            return say(key, lang)
        except KeyError:
            return name

    def unit(self, name: str) -> str:
        item = self.plan.inputs.get(name) or self.plan.decisions.get(name)
        return item.unit or "" if item is not None else ""


def cited(cites: tuple[str, ...], span: Span | None, id_: str | None = None) -> str:
    """`rule-id, rules/x.yaml:12; seed:S14, Sprout 2016`: where a sentence comes from."""
    place = [part for part in (id_, f"{span.source.name}:{span.line}" if span else None) if part]
    return "; ".join(part for part in (", ".join(place), ", ".join(cites)) if part)
