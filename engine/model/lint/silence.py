"""Rules that compare an input which may be missing and then silently do not fire."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.feel.tree import Op, Ref, Tree, subtrees
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan


def inputs(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for rule in plan.rules.values():
        asked = set(_asked(rule.when.tree))
        missing = sorted({ref.name for ref in subtrees(rule.when.tree) if isinstance(ref, Ref) and ref.name in plan.inputs and ref.type.nullable} - asked)
        for name in missing:
            yield Diagnostic("L116", {"rule": rule.id, "name": name}, rule.when.span, Hint("hint.say_if_missing", {"name": name}))


def _asked(tree: Tree) -> Iterator[str]:
    """Names of which the condition asks whether they are there."""
    for part in subtrees(tree):
        if isinstance(part, Op) and part.name in ("is_null", "is_defined") and isinstance(part.args[0], Ref):
            yield part.args[0].name
        if isinstance(part, Ref) and part.name.startswith("assumed."):
            yield part.name.removeprefix("assumed.")
