"""Inputs, parameters and decisions that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.diagnostics import Diagnostic, Hint
from engine.feel.tree import refs
from engine.model.lint.meaning import Meaning
from engine.model.plan import Formula, Plan, Row, Template

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)\}")


def inputs(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    settings = plan.settings
    taken = used(plan) | {settings.id, settings.name, settings.currency, settings.budget}
    for id_, item in plan.inputs.items():
        staff = settings.staff_prefix is not None and id_.startswith(settings.staff_prefix)
        if id_ not in taken and not staff:
            yield Diagnostic("L101", {"name": id_}, item.span, Hint("hint.remove_or_use"))


def parameters(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    taken = used(plan) | set(_sampled(plan)) | set(plan.settings.thresholds.values())
    for id_, item in plan.parameters.items():
        if id_ not in taken:
            yield Diagnostic("L102", {"name": id_}, item.span, Hint("hint.remove_or_use"))


def decisions(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    taken = used(plan) | {"placement"}
    for id_, item in plan.decisions.items():
        if id_ not in taken:
            yield Diagnostic("L103", {"name": id_}, item.span, Hint("hint.remove_or_use"))


def used(plan: Plan) -> set[str]:
    """Every name that a formula, a condition or a sentence of the model names."""
    found: set[str] = set()
    for field in fields(plan):
        if field.name not in ("names", "order", "digest", "files", "shared"):
            names_in(getattr(plan, field.name), found)
    return found


def names_in(value: Any, found: set[str]) -> None:
    """Add every name that a plan or a part of it names."""
    if isinstance(value, Formula):
        found.update(name.removeprefix("assumed.") for name in refs(value.tree))
    elif isinstance(value, Template):
        found.update(name.removeprefix("assumed.") for name in value.names)
        found.update(name for formula in value.formulas.values() for name in refs(formula.tree))
    elif isinstance(value, str):
        found.update(_PLACEHOLDER.findall(value))
    elif isinstance(value, Mapping):
        for part in value.values():
            names_in(part, found)
    elif isinstance(value, (tuple, list)):
        for part in value:
            names_in(part, found)
    elif is_dataclass(value):
        if isinstance(value, Row):
            found.update(name.removeprefix("assumed.") for name in refs(value.when))
        for field in fields(value):
            if field.name not in ("span", "type", "node", "sample"):
                names_in(getattr(value, field.name), found)


def _sampled(plan: Plan) -> Iterator[str]:
    """Words in the recipes for sample profiles, some of which are names."""
    for item in plan.inputs.values():
        for text in _texts(item.sample):
            yield from re.findall(r"[a-z][a-z0-9_]*", text)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, tuple, list)):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(part)
