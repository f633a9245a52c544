"""Turn a Sheet into Profiles by a mapping file: each input from its expression over the file's columns, checked like a cell that says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from engine.diagnostics import Diagnostic, Hint, Span, did_you_mean, errors
from engine.feel.arrays import Column, Num, Str, either, null_of
from engine.feel.check import Scope
from engine.feel.columns import Reader
from engine.feel.numbers import number_text
from engine.feel.tree import Tree, refs
from engine.feel.types import Type
from engine.feel.vector import pick
from engine.model.plan import Input, Text
from engine.profiles import cells, numerals
from engine.profiles.assemble import Estimates, Inputs, absent, assemble
from engine.profiles.cells import Wrong
from engine.profiles.convert import unknown_kept
from engine.profiles.fields import Field, decoded, from_cells
from engine.profiles.formulas import converted, shown_values, typed
from engine.profiles.locales import Locales, said, settle
from engine.profiles.mapping_file import Alternative, Declared, MappingFile
from engine.profiles.numerals import EN, Written
from engine.profiles.sheet import Sheet
from engine.profiles.table import Profiles

_KINDS = {"number": "number", "integer": "number", "boolean": "boolean", "text": "string"}


def convert_mapped(
    sheet: Sheet, mapping: MappingFile, inputs: Inputs, keep: Sequence[str] = (), locale: str | None = None, locales: Locales | None = None
) -> tuple[Profiles | None, list[Diagnostic]]:
    """The profiles of a sheet by a mapping. Spans of what is wrong with the mapping point into its file.

    `locale`: how numbers are written in columns of which the mapping does not say it. `locales`: column -> locale, when the sheet is a later piece.
    """
    found = [*_names(sheet, mapping, inputs), *unknown_kept(sheet, keep)]
    columns = {name: _as_input(name, mapping.columns.get(name)) for name in sheet.columns}
    scope = Scope({name: item.type for name, item in columns.items()})
    trees: dict[str, list[tuple[Alternative, Tree]]] = {}
    for key, alternatives in mapping.fields.items():
        if key in inputs.all:
            for alternative in alternatives:
                tree, wrong = _typed(mapping, scope, inputs.all[key], alternative)
                found += wrong
                if tree is not None:
                    trees.setdefault(key, []).append((alternative, tree))
    if errors(found):
        return None, found
    used = sorted({name for pairs in trees.values() for _, tree in pairs for name in refs(tree)})
    if locales is None:
        locales, more = _locales(sheet, mapping, {name: columns[name] for name in used}, locale)
        found += more
    read = _Columns(sheet, columns, mapping.columns, locales, {})
    others = [read.field(name) for name in used]
    fields: dict[str, Field] = {}
    masks: dict[str, np.ndarray] = {}
    reasons: dict[str, Text] = {}
    for key in (key for key in inputs.all if key in trees):
        fields[key], masks_of = _field(inputs.all[key], trees[key], read, sheet.size)
        assumed = [(item.assumed, mask) for (item, _), mask in zip(trees[key], masks_of, strict=True) if item.assumed is not None and mask.any()]
        if assumed:
            masks[key] = np.logical_or.reduce([mask for _, mask in assumed])
            reasons[key] = {lang: "; ".join(dict.fromkeys(text[lang] for text, _ in assumed)) for lang in ("en", "id")}
    return assemble(sheet, inputs, fields, keep, Estimates(masks, reasons), others), found


# -- what is wrong with the mapping


def locales_of(sheet: Sheet, mapping: MappingFile, inputs: Inputs, locale: str | None = None) -> tuple[Locales, list[Diagnostic]]:
    """How each column that the mapping reads is written, by the sheet's first rows, and what is to be said of that."""
    columns = {name: _as_input(name, mapping.columns.get(name)) for name in used_columns(sheet, mapping, inputs)}
    return _locales(sheet, mapping, columns, locale)


def used_columns(sheet: Sheet, mapping: MappingFile, inputs: Inputs) -> list[str]:
    """The columns that the mapping reads."""
    scope = Scope({name: _as_input(name, mapping.columns.get(name)).type for name in sheet.columns})
    fields = ((inputs.all[key], alternative) for key, alternatives in mapping.fields.items() if key in inputs.all for alternative in alternatives)
    trees = [tree for item, alternative in fields if (tree := _typed(mapping, scope, item, alternative)[0]) is not None]
    return sorted({name for tree in trees for name in refs(tree)})


def _locales(sheet: Sheet, mapping: MappingFile, columns: Mapping[str, Input], locale: str | None) -> tuple[Locales, list[Diagnostic]]:
    plain, same = Inputs(columns), {name: name for name in columns}
    found = settle(sheet, plain, same, locale or mapping.locale)
    found |= {name: Written(item.locale) for name, item in mapping.columns.items() if item.locale is not None}
    return found, said(sheet, plain, same, {name: each for name, each in found.items() if not _declared(name, mapping, locale)})


def _names(sheet: Sheet, mapping: MappingFile, inputs: Inputs) -> list[Diagnostic]:
    document = mapping.document
    found = []
    for name in mapping.columns:
        if name not in sheet.columns:
            hint = did_you_mean(name, sheet.columns) or Hint("hint.columns_here", {"names": ", ".join([*sheet.columns][:12])})
            found.append(Diagnostic("P404", {"name": name}, document.key_span(("columns", name)), hint))
    for key in mapping.fields:
        if key not in inputs.all:
            hint = did_you_mean(key, inputs.all) or Hint("hint.inputs")
            found.append(Diagnostic("P401", {"name": key}, document.key_span(("fields", key)), hint))
    for key, item in inputs.all.items():
        if item.required and key not in mapping.fields:
            found.append(Diagnostic("P403", {"name": key}, document.key_span(("fields",))))
    return found


def _typed(mapping: MappingFile, scope: Scope, item: Input, alternative: Alternative) -> tuple[Tree | None, list[Diagnostic]]:
    """The typed tree of an expression, of a kind that the input takes."""

    def locate(start: int, end: int) -> Span:
        return mapping.document.within(alternative.path, start, end)

    def declare(tree: Tree) -> Hint | None:
        names = set(refs(tree))
        return Hint("hint.declare_type", {"name": min(names), "kind": item.type.kind}) if len(names) == 1 and item.type.kind in ("number", "boolean") else None

    return typed(item, alternative.text, scope, locate, declare)


# -- the file's columns


def _declared(name: str, mapping: MappingFile, locale: str | None) -> bool:
    return name not in mapping.columns or (locale or mapping.locale or mapping.columns[name].locale) is not None


def _as_input(name: str, declared: Declared | None) -> Input:
    """A column of the file as if it were an input, so that its cells are read in the same way."""
    kind = declared.type if declared else "text"
    return Input(name, Type(_KINDS[kind], nullable=True, integer=kind == "integer"), {})


@dataclass(slots=True)
class _Columns:
    """The file's columns as they are used in expressions; each is read once."""

    sheet: Sheet
    inputs: Mapping[str, Input]
    declared: Mapping[str, Declared]
    locales: Locales
    made: dict[str, tuple[Field, Column]] = field(default_factory=dict)

    def field(self, name: str) -> Field:
        return self._made(name)[0]

    def column(self, name: str) -> Column:
        return self._made(name)[1]

    def _made(self, name: str) -> tuple[Field, Column]:
        if name not in self.made:
            given = from_cells(self.inputs[name], self._without_missing(name), name, self.locales.get(name, EN))
            given = replace(given, shown=partial(cells.at, self.sheet.columns[name]))
            column = given.column() if callable(given.column) else given.column
            if isinstance(column, Num) and given.wrongs:  # what cannot be read is unknown to every expression
                gone = np.zeros(self.sheet.size, dtype=bool)
                gone[np.concatenate([wrong.rows for wrong in given.wrongs])] = True
                column = Num(column.values, either(column.null, gone))
            self.made[name] = given, column
        return self.made[name]

    def _without_missing(self, name: str) -> Any:
        """The column with its missing codes made null: texts as they are written, numbers by value."""
        import pyarrow as pa
        import pyarrow.compute as pc

        column = self.sheet.columns[name]
        codes = self.declared[name].missing if name in self.declared else ()
        if not codes:
            return column
        texts = cells.trimmed(cells.texts(column))
        gone = pc.is_in(texts, value_set=pa.array([number_text(code) if isinstance(code, float) else code for code in codes], pa.string()))
        read = numerals.numbers(self.inputs[name], texts, self.locales.get(name, EN))
        named = np.isin(read.values, [code for code in codes if isinstance(code, float)])
        if read.null is not None:
            named &= ~read.null
        named[read.not_numbers] = False
        named[read.too_large] = False
        named[read.two_ways] = False
        return pc.if_else(pc.or_(gone, pa.chunked_array([pa.array(named)])), None, texts)


# -- an input's values


def _field(item: Input, trees: list[tuple[Alternative, Tree]], read: _Columns, size: int) -> tuple[Field, list[np.ndarray]]:
    """The input's values for all rows, and where each alternative gave them."""
    names = {name for _, tree in trees for name in refs(tree)}
    source = min(names) if len(names) == 1 else item.id
    shown = read.field(source).shown if len(names) == 1 else None
    result: Column | None = None
    free = np.ones(size, dtype=bool)  # rows that no alternative has given yet
    wrongs: list[Wrong] = []
    masks: list[np.ndarray] = []
    for _, tree in trees:
        gives = np.zeros(size, dtype=bool)
        masks.append(gives)
        if tree.type.kind == "null":
            continue
        with np.errstate(all="ignore"):
            column = Reader(read.column).read(tree)
        made, bad = converted(item, column, size, shown)
        null = null_of(made)
        gives |= free if null is None else free & ~null
        for wrong in bad:  # a value that is given but cannot stand rejects its row; no later alternative mends it
            here = free[wrong.rows]
            gives[wrong.rows[here]] = True
            wrongs.append(Wrong(wrong.rows[here], wrong.which[here], wrong.findings))
        result = made if result is None else pick(gives, made, result)
        free = free & ~gives
    final = absent(item, size) if result is None else result
    text = decoded(final) if isinstance(final, Str) and item.type.values is None else None
    return Field(final, free if free.any() else None, tuple(wrongs), source, shown or partial(shown_values, final), text), masks
