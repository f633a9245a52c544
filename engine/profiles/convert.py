"""Turn a Sheet into Profiles: each input from the column of its name, every cell checked, each bad cell reported with its row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import parent_process

from engine.diagnostics import Diagnostic, Hint, Span, did_you_mean, errors
from engine.profiles.assemble import Inputs, assemble
from engine.profiles.currencies import with_currencies
from engine.profiles.fields import Field, folded, from_cells
from engine.profiles.locales import Locales, said, settle
from engine.profiles.numerals import EN
from engine.profiles.sheet import Sheet
from engine.profiles.table import Profiles

THREADS = 4
TITLES = 20  # rows among which column names are looked for that do not stand on top
MANY = 20_000  # rows from which threads pay


def convert(
    sheet: Sheet, inputs: Inputs, keep: Sequence[str] = (), locale: str | None = None, locales: Locales | None = None
) -> tuple[Profiles | None, list[Diagnostic]]:
    """The profiles of a sheet whose columns are named after inputs. `keep`: columns of the sheet to carry over.

    `locale`: how all numbers are written, where that is known. `locales`: what `settle` said of the first piece, when the sheet is a later one.
    """
    matched, found = match(sheet, inputs, keep)
    if any(item.code == "P203" for item in found) and (line := _header_below(sheet, inputs)) is not None:
        return None, [Diagnostic("P208", {"line": line}, _header(sheet), Hint("hint.remove_lines"))]
    found = [*found, *unknown_kept(sheet, keep)]
    if errors(found):
        return None, found
    order = [key for key in inputs.all if key in matched]
    if locales is None:
        locales, more = locales_of(sheet, inputs, locale)
        found += more
    written = locales

    def one(key: str) -> Field:
        return from_cells(inputs.all[key], sheet.columns[matched[key]], matched[key], written.get(key, EN))

    if sheet.size < MANY or parent_process() is not None:
        made = [one(key) for key in order]
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            made = list(pool.map(one, order))
    return assemble(sheet, inputs, with_currencies(dict(zip(order, made, strict=True)), inputs, sheet.size), keep), found


def locales_of(sheet: Sheet, inputs: Inputs, locale: str | None = None) -> tuple[Locales, list[Diagnostic]]:
    """How each input's column is written, by the sheet's first rows, and what is to be said of that."""
    matched, _ = match(sheet, inputs)
    found = settle(sheet, inputs, matched, locale)
    return found, said(sheet, inputs, matched, found) if locale is None else []


def match(sheet: Sheet, inputs: Inputs, keep: Sequence[str] = ()) -> tuple[Mapping[str, str], list[Diagnostic]]:
    """Which column gives which input: the one with its id, else the one with another of its names, spelled in any way."""
    found: list[Diagnostic] = []
    known = _known(inputs)
    matched = {key: key for key in inputs.all if key in sheet.columns}
    rest = [column for column in sheet.columns if column not in inputs.all]
    unknown: list[str] = []
    for column in rest:
        key = known.get(folded(column))
        if key is None:
            unknown.append(column)
        elif key not in matched:
            matched[key] = column
        elif column in keep:
            continue
        elif matched[key] == key:
            found.append(Diagnostic("P207", {"name": column, "input": key, "used": key}, sheet.span(column), Hint("hint.rename_column")))
        else:
            found.append(Diagnostic("P204", {"a": matched[key], "b": column, "name": key}, sheet.span(column), Hint("hint.rename_column")))
    missing = [key for key, item in inputs.all.items() if key not in matched]
    names = {**{alias: key for key in missing for alias in inputs.all[key].aliases}, **{key: key for key in missing}}
    for column in unknown:
        if column not in keep:
            found.append(Diagnostic("P202", {"name": column}, sheet.span(column), did_you_mean(column, names)))
    for key in missing:
        if inputs.all[key].required:
            near = did_you_mean(key, unknown)
            found.append(Diagnostic("P203", {"name": key}, _header(sheet), near or Hint("hint.columns_here", {"names": ", ".join([*sheet.columns][:12])})))
    found += [Diagnostic("P205", {"number": number}, _header(sheet)) for number in sheet.unnamed]
    return matched, found


def _known(inputs: Inputs) -> dict[str, str]:
    """Every folded name of a column, and the input that it means: its id, else one of its other names, else its label in a language."""
    labels = [(folded(label), key) for key, item in inputs.all.items() for label in set(item.label.values())]
    own = {label: key for label, key in labels if all(other == key for same, other in labels if same == label)}
    return {**own, **{folded(alias): key for key, item in inputs.all.items() for alias in item.aliases}, **{folded(key): key for key in inputs.all}}


def _header_below(sheet: Sheet, inputs: Inputs) -> int | None:
    """The line of a row near the top that looks like the column names: two of its cells, or more, are names of inputs;
    one is enough where columns without a name cannot be seen."""
    known = _known(inputs)
    broken = {item.row: re.split(r"[,;\t|]", item.text) for item in sheet.broken if item.row < TITLES}
    for row in range(min(TITLES, sheet.size)):
        cells = broken.get(row) or [column[row].as_py() for column in sheet.columns.values()]
        if sum(folded(str(cell)) in known for cell in cells if cell is not None) > (0 if sheet.unnamed else 1):
            return sheet.line_of([row])[0]
    return None


def unknown_kept(sheet: Sheet, keep: Sequence[str]) -> list[Diagnostic]:
    """What is wrong with the columns to carry over."""
    return [Diagnostic("P206", {"name": name}, sheet.source.span(0, 0), did_you_mean(name, sheet.columns)) for name in keep if name not in sheet.columns]


def _header(sheet: Sheet) -> Span:
    start = len(sheet.source.text) - len(sheet.source.text.lstrip("\n"))
    return sheet.source.span(start, len(sheet.source.text))
