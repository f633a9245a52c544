"""Rules that can never fire and roles that can never be active, whatever the profile."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.feel.guards import Any_, Guard, guards
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan


def rules(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for rule in plan.rules.values():
        if not meaning.possible(guards(rule.when.tree)):
            yield Diagnostic("L104", {"rule": rule.id}, rule.when.span, Hint("hint.never"))


def roles(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for id_, (activate, exclude) in meaning.effects.items():
        if not activate:
            yield Diagnostic("L111", {"role": id_}, plan.roles[id_].span, Hint("hint.no_activation", {"role": id_}))
        elif not meaning.possible(Any_(tuple(guards(when) for when in activate)), *(Guard(when, True, negated=True) for when in exclude)):
            yield Diagnostic("L111", {"role": id_}, plan.roles[id_].span, Hint("hint.never_active"))
