"""Rules that add nothing to another rule for the same role: the same condition, or one that only holds where the other holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Hint
from engine.feel.guards import Guard, guards
from engine.feel.tree import refs
from engine.model.lint.meaning import Meaning
from engine.model.plan import Plan, Rule


def twice(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    for group in _groups(plan):
        for i, rule in enumerate(group):
            first = next((other for other in group[:i] if other.when.tree.key == rule.when.tree.key), None)
            if first is not None:
                yield Diagnostic("L106", {"rule": rule.id, "other": first.id, "place": str(first.span)}, rule.when.span, Hint("hint.keep_one"))


def rules(plan: Plan, meaning: Meaning) -> Iterator[Diagnostic]:
    """A rule that fires only where another one for the same role fires too; of two with one condition, the later is said to be there twice."""
    for group in _groups(plan):
        names = {rule.id: frozenset(refs(rule.when.tree)) for rule in group}
        for narrow in group:
            for wide in group:
                if narrow.id == wide.id or narrow.when.tree.key == wide.when.tree.key or not names[narrow.id] & names[wide.id]:
                    continue
                if not meaning.possible(guards(narrow.when.tree), Guard(wide.when.tree, True, negated=True), whole=False) and meaning.possible(
                    guards(narrow.when.tree)
                ):
                    yield Diagnostic("L105", {"rule": narrow.id, "other": wide.id, "place": str(wide.span)}, narrow.when.span, Hint("hint.subsumed"))
                    break


def _groups(plan: Plan) -> Iterator[list[Rule]]:
    """Rules with one effect on one role, in the order of their ids; what notes say is each its own."""
    found: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in plan.rules.values():
        if rule.effect != "note":
            found[rule.effect, rule.target].append(rule)
    yield from found.values()
