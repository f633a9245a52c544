"""Turn the first rows of a sheet into the way in which each column's numbers are written, so that every piece of a file is read alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from engine.diagnostics import Diagnostic, Source
from engine.profiles.assemble import Inputs
from engine.profiles.fields import settled_words
from engine.profiles.numerals import FEW, LOCALES, Written, settled
from engine.profiles.sheet import Sheet

Locales = Mapping[str, Written]
SHOWN = 6  # columns named


def settle(sheet: Sheet, inputs: Inputs, matched: Mapping[str, str], declared: str | None = None) -> dict[str, Written]:
    """Input -> how its column is written, for numbers and for yes and no. `matched`: input -> column; `declared`: what holds for all, where it is said.
    Only the sheet's first rows are looked at (`numerals.SAMPLE`). A column that is written otherwise than most others of the
    file is not sure on the strength of few cells."""
    found: dict[str, Written] = {}
    told: dict[str, int] = {}
    for key, column in matched.items():
        item = inputs.all[key]
        if item.type.kind == "number":
            found[key], told[key] = (Written(declared), 0) if declared else settled(item, sheet.columns[column])
        elif item.type.kind == "boolean":
            found[key] = Written(declared) if declared else settled_words(sheet.columns[column])
    count = Counter(found[key].locale for key, cells in told.items() if cells)
    rarer = min(LOCALES, key=lambda locale: count[locale])
    if 0 < count[rarer] < max(count.values()):
        found |= {key: Written(rarer, False) for key, cells in told.items() if cells < FEW and found[key].locale == rarer}
    return found


def said(sheet: Sheet, inputs: Inputs, matched: Mapping[str, str], locales: Locales) -> list[Diagnostic]:
    """What to say about columns that turned out to be written with a decimal comma."""
    names = [matched[key] for key, written in locales.items() if written.locale == "id" and inputs.all[key].type.kind == "number"]
    shown = [f"`{name}`" for name in names[:SHOWN]] + ["..."] * (len(names) > SHOWN)
    return [Diagnostic("P117", {"names": ", ".join(shown)}, Source(sheet.name, "").span(0, 0))] if names else []
