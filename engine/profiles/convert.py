"""Turn a Sheet into Profiles: each input from the column of its name, every cell checked, each bad cell reported with its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import parent_process

from engine.diagnostics import Diagnostic, Hint, Span, did_you_mean, errors
from engine.profiles.assemble import Inputs, assemble
from engine.profiles.fields import folded, from_cells
from engine.profiles.sheet import Sheet
from engine.profiles.table import Profiles

THREADS = 4
MANY = 20_000  # rows from which threads pay


def convert(sheet: Sheet, inputs: Inputs, keep: Sequence[str] = ()) -> tuple[Profiles | None, list[Diagnostic]]:
    """The profiles of a sheet whose columns are named after inputs. `keep`: columns of the sheet to carry over."""
    matched, found = match(sheet, inputs, keep)
    found = [*found, *unknown_kept(sheet, keep)]
    if errors(found):
        return None, found
    order = [key for key in inputs.all if key in matched]
    with ThreadPoolExecutor(THREADS if sheet.size >= MANY and parent_process() is None else 1) as pool:
        made = list(pool.map(lambda key: from_cells(inputs.all[key], sheet.columns[matched[key]], matched[key]), order))
    return assemble(sheet, inputs, dict(zip(order, made, strict=True)), keep), found


def match(sheet: Sheet, inputs: Inputs, keep: Sequence[str] = ()) -> tuple[Mapping[str, str], list[Diagnostic]]:
    """Which column gives which input: the one with its id, else the one with another of its names, spelled in any way."""
    found: list[Diagnostic] = []
    known = {**{folded(alias): key for key, item in inputs.all.items() for alias in item.aliases}, **{folded(key): key for key in inputs.all}}
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


def unknown_kept(sheet: Sheet, keep: Sequence[str]) -> list[Diagnostic]:
    """What is wrong with the columns to carry over."""
    return [Diagnostic("P206", {"name": name}, sheet.source.span(0, 0), did_you_mean(name, sheet.columns)) for name in keep if name not in sheet.columns]


def _header(sheet: Sheet) -> Span:
    start = len(sheet.source.text) - len(sheet.source.text.lstrip("\n"))
    return sheet.source.span(start, len(sheet.source.text))
