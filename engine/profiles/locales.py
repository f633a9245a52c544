"""Turn the first rows of a sheet into the way in which each column's numbers are written, so that every piece of a file is read alike."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagnostics import Diagnostic, Source
from engine.profiles.assemble import Inputs
from engine.profiles.fields import settled_words
from engine.profiles.numerals import Locale, settled
from engine.profiles.sheet import Sheet

Locales = Mapping[str, Locale]


def settle(sheet: Sheet, inputs: Inputs, matched: Mapping[str, str], declared: Locale = None) -> dict[str, Locale]:
    """Input -> how its column is written, for numbers and for yes and no. `matched`: input -> column; `declared`: what holds for all, where it is said.
    Only the sheet's first rows are looked at (`numerals.SAMPLE`)."""
    found: dict[str, Locale] = {}
    for key, column in matched.items():
        item = inputs.all[key]
        if item.type.kind == "number":
            found[key] = declared or settled(item, sheet.columns[column])
        elif item.type.kind == "boolean":
            found[key] = declared or settled_words(sheet.columns[column])
    return found


def said(sheet: Sheet, inputs: Inputs, matched: Mapping[str, str], locales: Locales) -> list[Diagnostic]:
    """What to say about columns that turned out to be written with a decimal comma."""
    names = [matched[key] for key, locale in locales.items() if locale == "id" and inputs.all[key].type.kind == "number"]
    return [Diagnostic("P117", {"names": ", ".join(f"`{name}`" for name in names)}, Source(sheet.name, "").span(0, 0))] if names else []
