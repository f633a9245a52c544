"""Turn a source of profiles, with or without a mapping file, into Profiles for a model, or into diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic
from engine.model.plan import Plan
from engine.profiles.assemble import Inputs
from engine.profiles.convert import convert
from engine.profiles.mapping import convert_mapped
from engine.profiles.mapping_file import read_mapping
from engine.profiles.read import read
from engine.profiles.table import Profiles


def load_profiles(
    source: Any, plan: Plan, mapping: str | Path | None = None, keep: Sequence[str] = (), name: str | None = None
) -> tuple[Profiles | None, list[Diagnostic]]:
    """The profiles of a source (see `read`) for a plan. `mapping`: path of a mapping file. `keep`: columns of the source to carry over.

    No profiles come with at least one error; rejected rows are no errors, they are in `Profiles.rejects`.
    """
    inputs = Inputs(plan.inputs, plan.settings.id, plan.settings.name)
    mapped, found = read_mapping(mapping) if mapping is not None else (None, [])
    sheet, more = read(source, name)
    found = [*found, *more]
    if sheet is None or (mapping is not None and mapped is None):
        return None, found
    profiles, more = convert(sheet, inputs, keep) if mapped is None else convert_mapped(sheet, mapped, inputs, keep)
    return profiles, [*found, *more]
