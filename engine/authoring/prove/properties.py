"""Turn a model's `properties.yaml` into properties, or into diagnostics with their places: unknown names, wrong kinds, a `same` where it cannot stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.authoring.other_files import PropertyDoc
from engine.authoring.prove.case import Case
from engine.authoring.prove.encode import Reader
from engine.authoring.prove.goals import Goal, Like, Property
from engine.authoring.prove.search import column, not_true
from engine.authoring.prove.solver import Term, either, opposite
from engine.decide import Decisions
from engine.diagnostics import Diagnostic, did_you_mean
from engine.feel.arrays import Column
from engine.feel.check import Scope, check, require
from engine.feel.columns import Reader as Columns
from engine.feel.interpret import interpret
from engine.feel.nodes import Apply, Literal, Name, Node, children
from engine.feel.parse import parse
from engine.feel.tree import Tree
from engine.feel.types import BOOLEAN, Type
from engine.model.context import text_of
from engine.model.entries import Entry, Folder, shaped
from engine.model.facts import staffing_facts
from engine.model.plan import Plan
from engine.source import Path_, parse_yaml, read_file
from engine.texts import Word

_EXCEPT = re.compile(r"(\bsame\s*\(\s*\w+\s*,\s*\w+\s*,\s*)(except)\b")
_NOT_OF_PROFILES = ("staffing.", "structure.", "ranking.")


@dataclass(frozen=True, slots=True)
class Claim:
    """A property as it is read: conditions and consequence typed, `same` taken out of the conditions."""

    when: Tree
    then: Tree
    like: Like | None


def read_properties(paths: Iterable[Path], plan: Plan) -> tuple[list[Property], list[Diagnostic]]:
    """Every property that can be asked; whatever is wrong with the others is among the diagnostics. A later file's property replaces an earlier one's
    of the same id, as an overlay's does."""
    folder = Folder()
    found: dict[str, Property] = {}
    for path in paths:
        source, more = read_file(path, _shown(path))
        folder.found += more
        document, wrong = parse_yaml(source) if source is not None else (None, [])
        folder.found += wrong
        if document is None or document.data is None:
            continue
        if not isinstance(document.data, list):
            folder.found.append(Diagnostic("R203", {"wanted": Word("list")}, document.span(())))
            continue
        here: set[str] = set()
        for i, data in enumerate(document.data):
            entry = Entry("properties", str(i), data, (document, (i,)))
            shape = shaped(entry, PropertyDoc, folder)
            if shape is None:
                continue
            if shape.id in here:
                folder.found.append(Diagnostic("R501", {"name": shape.id}, entry.span(("id",))))
                continue
            here.add(shape.id)
            claim, wrong = _claim(entry, shape, plan)
            folder.found += wrong
            if claim is not None:
                found[shape.id] = _property(entry, shape, claim)
    return list(found.values()), folder.found


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def known_names(plan: Plan, profiles: Iterable[str]) -> dict[str, Type]:
    """The names that a property may use: each profile's, and the parameters as they are."""
    of_one = {name: type_ for name, type_ in plan.names.items() if not name.startswith(_NOT_OF_PROFILES) and name not in plan.parameters}
    of_one |= {f"eligible.{id_}": BOOLEAN for id_ in plan.structures}
    of_one |= {f"weight.{id_}": criterion.weight.tree.type for id_, criterion in plan.criteria.items()}
    facts = staffing_facts(plan.roles)
    of_one |= {f"staffing.{id_}.{name.removeprefix('staffing.')}": type_ for id_ in plan.structures for name, type_ in facts.items()}
    parameters = {name: plan.names[name] for name in plan.parameters}
    return parameters | {f"{profile}.{name}": type_ for profile in profiles for name, type_ in of_one.items()}


# -- one property


def _claim(entry: Entry, shape: PropertyDoc, plan: Plan) -> tuple[Claim | None, list[Diagnostic]]:
    scope = Scope(known_names(plan, shape.for_all))
    found: list[Diagnostic] = []
    like: Like | None = None
    trees: dict[str, Tree] = {}
    for key in ("when", "then"):
        text = _EXCEPT.sub(lambda match: match.group(1) + " " * len(match.group(2)), getattr(shape, key))

        def locate(start: int, end: int, path: Path_ = (key,)) -> Any:
            return entry.within(path, start, end)

        node, wrong = parse(text, locate)
        found += wrong
        if node is None:
            continue
        parts = _conjuncts(node)
        alike = [part for part in parts if isinstance(part, Apply) and part.op == "same"] if key == "when" else []
        rest = [part for part in parts if part not in alike]
        if alike:
            like, wrong = _like(alike[0], shape, plan, locate)
            found += wrong
            node = Literal(True, node.span) if not rest else rest[0] if len(rest) == 1 else Apply("and", tuple(rest), node.span)
        misplaced = next(_sames(node), None) or (alike[1] if len(alike) > 1 else None)
        if misplaced is not None:
            found.append(Diagnostic("R531", {}, locate(*misplaced.span)))
            continue
        tree, wrong = check(node, scope, locate)
        if tree is not None:
            wrong = [*wrong, *require(tree, "boolean", locate, nullable=True)]
        found += wrong
        if tree is not None:
            trees[key] = tree
    if found or len(trees) < 2:
        return None, found
    return Claim(trees["when"], trees["then"], like), []


def _conjuncts(node: Node) -> list[Node]:
    if isinstance(node, Apply) and node.op == "and":
        return [part for arg in node.args for part in _conjuncts(arg)]
    return [node]


def _sames(node: Any) -> Iterator[Apply]:
    if isinstance(node, Apply) and node.op == "same":
        yield node
    for child in children(node):
        yield from _sames(child)


def _like(node: Apply, shape: PropertyDoc, plan: Plan, locate: Callable[[int, int], Any]) -> tuple[Like | None, list[Diagnostic]]:
    found: list[Diagnostic] = []
    names = [arg.text if isinstance(arg, Name) else "" for arg in node.args]
    if len(names) < 2 or len(shape.for_all) < 2:
        return None, [Diagnostic("R531", {}, locate(*node.span))]
    for arg, name in zip(node.args[:2], names[:2], strict=True):
        if name not in shape.for_all:
            found.append(Diagnostic("R401", {"name": name or "?"}, locate(*arg.span), did_you_mean(name, shape.for_all)))
    for arg, name in zip(node.args[2:], names[2:], strict=True):
        if name not in plan.inputs:
            found.append(Diagnostic("R503", {"kind": Word("input"), "name": name or "?"}, locate(*arg.span), did_you_mean(name, plan.inputs)))
    if found:
        return None, found
    return Like(shape.for_all[0], shape.for_all[1], frozenset({*names[2:], plan.settings.id})), []


def _property(entry: Entry, shape: PropertyDoc, claim: Claim) -> Property:
    def read(tree: Tree, worlds: Mapping[str, Any]) -> Term:
        first = next(iter(worlds.values()))
        return Reader(first.encoder, lambda name: _resolve(name, worlds)).read(tree).true

    def holds(worlds: Mapping[str, Any]) -> Term:
        return either(opposite(read(claim.when, worlds)), read(claim.then, worlds))

    def confirm(cases: Mapping[str, Case]) -> bool:
        def look(name: str) -> Any:
            return _resolve(name, cases)

        return interpret(claim.when, look) is not True or interpret(claim.then, look) is True

    def violated(decisions: Mapping[str, Decisions]) -> Any:
        size = next(iter(decisions.values())).size
        reader = Columns(lambda name: _column(name, decisions))
        return ~not_true(reader.read(claim.when), size) & not_true(reader.read(claim.then), size)

    goal = Goal(
        "", holds, confirm, tuple(shape.for_all), claim.like, span=entry.span(("then",)), violated=violated, premise=lambda worlds: read(claim.when, worlds)
    )
    return Property(shape.id, text_of(shape.label), (goal,), text_of(shape.because), builtin=False, span=entry.span(("id",)))


def _resolve(name: str, profiles: Mapping[str, Any]) -> Any:
    """A name of a profile by its first part; a parameter is the same for all."""
    first, _, rest = name.partition(".")
    return profiles[first].value(rest) if rest and first in profiles else next(iter(profiles.values())).value(name)


def _column(name: str, decisions: Mapping[str, Decisions]) -> Column:
    first, _, rest = name.partition(".")
    return column(decisions[first], rest) if rest and first in decisions else column(next(iter(decisions.values())), name)
