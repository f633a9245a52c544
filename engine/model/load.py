"""Turn a path, or the name of a shipped model, into a Plan, or into diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine import shipped
from engine.diagnostics import Diagnostic, Hint
from engine.model.compile import compile_plan
from engine.model.entries import read_folder, replace_rows
from engine.model.plan import Plan
from engine.source import Document


def folder_of(path: str | Path | None) -> Path:
    """The folder of a model: a folder, the name of a shipped one, or None for the shipped default."""
    if path is None:
        return shipped.DEFAULT_MODEL
    shipped_one = shipped.RULES / str(path)
    return shipped_one if not Path(path).exists() and (shipped_one / "model.yaml").is_file() else Path(path)


def load_plan(
    path: str | Path | None = None, parameters: Mapping[str, float] | None = None, tables: Mapping[str, Document] | None = None
) -> tuple[Plan | None, list[Diagnostic]]:
    """Load a model. `path`: a folder, the name of a shipped model, or None for the shipped default. `parameters` replaces values for this plan,
    `tables` the inputs and rows of tables that the model has."""
    folder = folder_of(path)
    entries = read_folder(folder)
    for id_, document in (tables or {}).items():
        replace_rows(entries, id_, document)
    plan, found = compile_plan(entries, parameters)
    if any(item.code == "R101" for item in found) and not (folder / "model.yaml").is_file():
        hint = Hint("hint.shipped_models", {"names": ", ".join(shipped.models())})
        found = [Diagnostic(item.code, item.values, item.span, hint) if item.code == "R101" else item for item in found]
    return plan, found
