"""Turn changes between two models into sentences: a number before and after, a condition that is stricter now, a cell of a table."""

from __future__ import annotations

from engine.authoring.diff.changes import ABSENT, Change
from engine.feel.check import Scope, check
from engine.feel.guards import All, Guard, guards
from engine.feel.parse import parse
from engine.feel.satisfy import TooHard, satisfy
from engine.feel.tree import Tree
from engine.feel.types import Type
from engine.model.plan import Plan
from engine.texts import Word, say

KINDS = {"roles": "role_", "structures": "structure_", "criteria": "criterion_"}
LONGEST = 90


def sentence(change: Change, old: Plan, new: Plan, lang: str) -> str:
    text = _sentence(change, old, new, lang)
    return f"{text} ({say('diff.override', lang)})" if change.override else text


def _sentence(change: Change, old: Plan, new: Plan, lang: str) -> str:
    values = {"kind": Word(KINDS.get(change.kind, change.kind)), "id": change.id, "old": shown(change.old), "new": shown(change.new)}
    if not change.path:
        return say(f"diff.{change.what}", lang, **values)
    if change.kind == "parameters" and change.path == ("value",):
        unit = new.parameters[change.id].unit if change.id in new.parameters else None
        return f"{_called(change, lang)}: {values['old']} -> {values['new']}" + (f" {unit}" if unit else "")
    if change.kind == "rules" and change.path == ("when",) and (how := tightened(str(change.old), str(change.new), old, new)) is not None:
        return say(f"diff.{how}", lang, **values)
    if change.old is not ABSENT and change.new is not ABSENT:
        return f"{_called(change, lang)}, {place(change, lang)}: {values['old']} -> {values['new']}"
    return say("diff.part_added" if change.old is ABSENT else "diff.part_removed", lang, **values, place=place(change, lang))


def _called(change: Change, lang: str) -> str:
    return f"{say(f'word.{KINDS.get(change.kind, change.kind)}', lang)} {change.id}"


def place(change: Change, lang: str) -> str:
    """Where in a definition: `row 3, cell 1`, `posts.lead.min`."""
    path = change.path
    if "rules" in path:
        at = path.index("rules")
        row = int(path[at + 1]) + 1
        if path[at + 2] == "when" and len(path) > at + 3:
            return say("diff.cell", lang, row=row, cell=int(path[at + 3]) + 1)
        return say("diff.row", lang, row=row, part=".".join(str(part) for part in path[at + 2 :]))
    return change.place or ".".join(str(part) for part in path)


def shown(value: object) -> str:
    """A value of a rule file on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    text = " ".join(str(value).split()) if not isinstance(value, (dict, list)) else ", ".join(map(str, value)) if isinstance(value, list) else "{...}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def tightened(was: str, now: str, old: Plan, new: Plan) -> str | None:
    """How a condition changed: `tightened` when it holds for fewer profiles, `loosened`, `rewritten` when it means the same; None when neither is sure."""
    names: dict[str, Type] = {**old.names, **new.names}
    names |= {name: old.names[name] for name in old.names.keys() & new.names.keys() if name not in new.parameters and old.names[name] != new.names[name]}
    scope = Scope(names)
    before, after = (_tree(text, scope) for text in (was, now))
    if before is None or after is None:
        return None
    fewer, more = _implies(after, before), _implies(before, after)
    return "rewritten" if fewer and more else "tightened" if fewer else "loosened" if more else None


def _tree(text: str, scope: Scope) -> Tree | None:
    node, _ = parse(text)
    return check(node, scope)[0] if node is not None else None


def _implies(a: Tree, b: Tree) -> bool:
    """Whether b is sure to hold wherever a holds."""
    try:
        return satisfy(All((guards(a), Guard(b, True, negated=True)))) is None
    except TooHard:
        return False
