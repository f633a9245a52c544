"""Turn changes into groups that can be made alone: each with those without which no model would come of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.authoring.diff.changes import Change, patched
from engine.diagnostics import Diagnostic, errors
from engine.model.compile import compile_plan
from engine.model.entries import Folder
from engine.model.plan import Plan

_WORD = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(slots=True)
class Group:
    """Changes that belong together. `alone`: the old model with only these; `without`: the new model without them."""

    changes: list[Change]
    alone: Plan | None = None
    without: Plan | None = None
    missing: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What to call it: its definitions, each once; a place in it where it is a single one."""
        if len(self.changes) == 1 and self.changes[0].path and self.changes[0].kind not in ("parameters", "rules"):
            return f"{self.changes[0].id}.{self.changes[0].place}"
        return ", ".join(dict.fromkeys(change.id for change in self.changes))


def groups(old: Folder, new: Folder, found: list[Change]) -> list[Group]:
    """The groups of all changes that touch a decision, in order."""
    todo = [Group([change]) for change in found if not change.wording]
    ready: list[Group] = []
    while todo:
        group = todo.pop(0)
        _compile(group, old, new)
        if group.alone is not None and group.without is not None:
            ready.append(group)
            continue
        others = [*todo, *ready]
        partners = _naming(others, group.missing, _names) or _naming(others, group.missing, _mentions) or others
        if not partners:
            return [*ready, group]  # all of them together: the old and the new model themselves
        for other in partners:
            (todo if other in todo else ready).remove(other)
        todo.insert(0, Group([*group.changes, *(change for other in partners for change in other.changes)]))
    order = {id(change): i for i, change in enumerate(found)}
    for group in ready:
        group.changes.sort(key=lambda change: order[id(change)])
    return sorted(ready, key=lambda group: order[id(group.changes[0])])


def _compile(group: Group, old: Folder, new: Folder) -> None:
    group.alone, wrong = compile_plan(patched(old, new, group.changes, forward=True))
    group.without, more = compile_plan(patched(new, old, group.changes, forward=False))
    group.missing = {word for item in errors([*wrong, *more]) for word in _said(item)}


def _said(item: Diagnostic) -> set[str]:
    words = {part for value in item.values.values() for part in _WORD.findall(str(value))}
    return words | (set(_WORD.findall(item.span.text)) if item.span is not None and len(item.span.text) < 200 else set())


def _naming(others: list[Group], missing: set[str], words: Callable[[Change], set[str]]) -> list[Group]:
    return [other for other in others if any(words(change) & missing for change in other.changes)]


def _mentions(change: Change) -> set[str]:
    """The words of what is written there, before and after."""
    return {word for value in (change.old, change.new) for word in _WORD.findall(str(value)) if not word[0].isdigit()}


def _names(change: Change) -> set[str]:
    return {change.id, *(part for part in change.path if isinstance(part, str) and part not in ("table", "rules", "when", "then"))}
