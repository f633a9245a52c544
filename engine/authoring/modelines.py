"""Turn a folder of rule files into one whose files each name their schema in the first line, where editors look for it."""

from __future__ import annotations

import os
from pathlib import Path

from engine import shipped
from engine.authoring.schema import KINDS, text
from engine.diagnostics import Diagnostic
from engine.outcome.write import write_text
from engine.source import parse_yaml, read_file

SCHEMAS = shipped.RULES / "schema"
BESIDE = ".schema"  # where a copied model keeps its schemas, so that it needs nothing of ours
MARK = "# yaml-language-server: $schema="


def line(file: Path, kind: str, schemas: Path) -> str:
    """The first line of a rule file: its schema's path, relative to the file, with a line's end."""
    path = os.path.relpath(schemas / f"{kind}.json", file.parent)
    return f"{MARK}{Path(path).as_posix()}\n"


def write_schemas(folder: Path) -> list[Diagnostic]:
    """Write every schema to a folder."""
    return [item for kind in KINDS for item in write_text(text(kind), folder / f"{kind}.json")]


def stale(folder: Path) -> list[Path]:
    """The schema files of a folder that are missing or not what the shapes give."""
    paths = {folder / f"{kind}.json": text(kind) for kind in KINDS}
    return [path for path, wanted in paths.items() if not path.is_file() or path.read_bytes() != wanted.encode()]


def furnish(folder: Path) -> list[Diagnostic]:
    """Give a copied model schemas of its own, and point its files at them."""
    schemas = folder / BESIDE
    schemas.mkdir(exist_ok=True)
    for file, kind in kinds_of(folder).items():
        old = file.read_bytes().decode()
        if old.startswith(MARK):
            file.write_bytes((line(file, kind, schemas) + old.split("\n", 1)[1]).encode())
    return write_schemas(schemas)


def kinds_of(folder: Path) -> dict[Path, str]:
    """Every rule file of a model's own folder with its kind, as model.yaml lists them."""
    head = folder / "model.yaml"
    found = {head: "model"}
    source, _ = read_file(head)
    document = parse_yaml(source)[0] if source is not None else None
    files = document.data.get("files", {}) if document is not None and isinstance(document.data, dict) else {}
    found |= {folder / name: kind for kind, names in files.items() for name in names}
    if (folder / "claims.yaml").is_file():
        found[folder / "claims.yaml"] = "claims"
    return found
