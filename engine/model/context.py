"""Turn the expressions and sentences of an entry into formulas and templates; what is wrong with them is gathered in one list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.diagnostics import Diagnostic, Span, did_you_mean
from engine.feel.check import Scope, check, require
from engine.feel.nodes import Node
from engine.feel.parse import parse
from engine.feel.tree import Const, Keys, Tree
from engine.feel.types import NULL, Type, union
from engine.model.documents import Both
from engine.model.entries import Entry
from engine.model.plan import NO_TEXT, Formula, Template, Text
from engine.source import Path_

_PLACEHOLDER = re.compile(r"\{([^{}\s]+)\}")


def text_of(both: Both | None) -> Text:
    return NO_TEXT if both is None else MappingProxyType({"en": both.en, "id": both.id})


@dataclass(slots=True)
class Context:
    """What compiling carries along: known names and their types, keys for equal trees, ids that are unusable, and the findings."""

    names: dict[str, Type] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    keys: Keys = field(default_factory=Keys)
    found: list[Diagnostic] = field(default_factory=list)
    parsed: dict[tuple[str, str, Path_], Node | None] = field(default_factory=dict)

    def scope(self, more: Mapping[str, Type] | None = None, loose_text: bool = False) -> Scope:
        return Scope({**self.names, **more} if more else self.names, self.keys, loose_text)

    def parse(self, entry: Entry, path: Path_, text: str) -> Node | None:
        """The syntax tree of an expression of an entry; parsed once, its diagnostics noted once."""
        key = (entry.kind, entry.id, path)
        if key not in self.parsed:
            node, found = parse(text, lambda start, end: entry.within(path, start, end))
            self.found += found
            self.parsed[key] = node
        return self.parsed[key]

    def formula(
        self, entry: Entry, path: Path_, text: str, kind: str | None, scope: Scope, nullable: bool = False, values: tuple[str, ...] | None = None
    ) -> Formula | None:
        """The typed formula at a path, or None when something is wrong with it. `kind` None takes any."""
        node = self.parse(entry, path, text)
        if node is None:
            return None

        def locate(start: int, end: int) -> Span:
            return entry.within(path, start, end)

        tree, found = check(node, scope, locate)
        if tree is not None and kind is not None and kind != "any":
            found = [*found, *require(tree, kind, locate, nullable)]
        if found:
            self.note(found)
            return None
        assert tree is not None
        return Formula(text, node, tree, entry.span(path))

    def note(self, found: list[Diagnostic]) -> None:
        """Keep findings, except unknown names whose definition is there but broken: that has been reported where it stands."""
        for item in found:
            name = str(item.values.get("name", ""))
            roots = {
                name,
                name.split(".")[1] if name.startswith(("role.", "staffing.coverage_of.", "assumed.")) and "." in name else name,
                name.rsplit(".", 1)[-1],
            }
            if item.code == "R401" and roots & self.broken:
                continue
            self.found.append(item)

    def template(self, entry: Entry, path: Path_, both: Both | None, scope: Scope) -> Template:
        """The sentence at a path; every placeholder is a name, checked in both languages."""
        if both is None:
            return Template(NO_TEXT, (), MappingProxyType({}), None)
        formulas: dict[str, Formula] = {}
        for lang in ("en", "id"):
            for match in _PLACEHOLDER.finditer(getattr(both, lang)):
                name = match.group(1)
                node, _ = parse(name)
                tree = check(node, scope)[0] if node is not None else None
                span = entry.within((*path, lang), match.start(), match.end())
                if tree is None:
                    hint = did_you_mean(name, scope.names)
                    self.note([Diagnostic("R411", {"name": name}, span, hint)] if name not in self.broken else [])
                elif node is not None:
                    formulas[name] = Formula(name, node, tree, span)
        return Template(text_of(both), tuple(sorted(formulas)), MappingProxyType(formulas), entry.span(path))


def joined(trees: list[Tree]) -> Type | None:
    """The type that holds all of them."""
    result = trees[0].type if trees else NULL
    for tree in trees[1:]:
        both = union(result, tree.type)
        if both is None:
            return None
        result = both
    words = [tree.value for tree in trees if isinstance(tree, Const) and isinstance(tree.value, str)]
    if result.kind == "string" and len(words) == len([tree for tree in trees if tree.type.kind != "null"]):
        return Type("string", result.nullable, values=tuple(dict.fromkeys(words)))
    return result
