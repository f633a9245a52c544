"""Turn a model's folder, and the models it extends, into entries by kind and id, each with the place of every key; or into diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine import shipped
from engine.diagnostics import Diagnostic, Hint, Span, did_you_mean
from engine.model.documents import ENTRY_SHAPES, FilesDoc, ModelDoc, Shape
from engine.model.table_files import read_table
from engine.source import Document, Path_, parse_yaml, read_file
from engine.texts import Word

KINDS = tuple(ENTRY_SHAPES)
LISTED = ("rules", "criteria")  # kinds whose files are lists of entries with an id
MERGED_KEYS = ("profile", "staffing", "ranking", "confidence", "attributes", "posts", "places", "values")


@dataclass(slots=True)
class Entry:
    """One definition: its data, and for each of its top keys the document and path where that key stands (an overlay may bring some of them)."""

    kind: str
    id: str
    data: Any
    home: tuple[Document, Path_]
    keys: dict[str, tuple[Document, Path_]] = field(default_factory=dict)
    shape: Any = None
    layer: int = 0  # 0 for the model at the bottom of an `extends` chain, 1 for what overlays it

    def _where(self, path: Path_) -> tuple[Document, Path_]:
        for size in (2, 1):
            joined = ".".join(str(part) for part in path[:size])
            if len(path) >= size and joined in self.keys:
                document, prefix = self.keys[joined]
                return document, prefix + path[size:]
        return self.home[0], self.home[1] + path

    def span(self, path: Path_ = ()) -> Span:
        document, full = self._where(path)
        return document.span(full)

    def key_span(self, path: Path_ = ()) -> Span:
        document, full = self._where(path)
        return document.key_span(full)

    def within(self, path: Path_, start: int, end: int) -> Span:
        document, full = self._where(path)
        return document.within(full, start, end)

    def id_span(self) -> Span:
        document, path = self.home
        return document.key_span(path) if path in document.keys else document.span((*path, "id"))


@dataclass(slots=True)
class Folder:
    """All entries of a model after overlaying, and what its model.yaml says."""

    model: ModelDoc | None = None
    head: Entry | None = None
    entries: dict[str, dict[str, Entry]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    tests: list[Path] = field(default_factory=list)
    properties: list[Path] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # ids of entries with a wrong shape: not missing, only unusable
    found: list[Diagnostic] = field(default_factory=list)
    layer: int = 0


def read_folder(path: Path) -> Folder:
    """Read a model's folder with everything it extends; every diagnostic of shape and source is in `found`."""
    folder = Folder()
    _read(path, folder, ())
    if folder.head is not None:
        folder.model = shaped(folder.head, ModelDoc, folder)
        for kind, entries in folder.entries.items():
            for entry in list(entries.values()):
                entry.shape = shaped(entry, ENTRY_SHAPES[kind], folder)
                if entry.shape is None:
                    folder.broken.add(entry.id)
                    del entries[entry.id]
    return folder


def _read(path: Path, folder: Folder, seen: tuple[Path, ...]) -> None:
    path = path.resolve()
    head = _document(path / "model.yaml", folder)
    if head is None:
        return
    data = head.data
    if not isinstance(data, dict):
        folder.found.append(Diagnostic("R203", {"wanted": Word("mapping")}, head.span(())))
        return
    if (base := data.get("extends")) is not None:
        target = _base(str(base), path)
        if target is None:
            shipped_names = ", ".join(shipped.models())
            folder.found.append(Diagnostic("R510", {"name": base}, head.span(("extends",)), Hint("hint.shipped_models", {"names": shipped_names})))
            return
        if target in (*seen, path):
            folder.found.append(Diagnostic("R502", {"ring": f"extends: {base}"}, head.span(("extends",))))
            return
        _read(target, folder, (*seen, path))
        folder.layer += 1
    _overlay(folder, "model", "model", data, (head, ()))
    for kind, names in _files(data, path, head, folder).items():
        for i, name in enumerate(names):
            file = path / name
            if not file.resolve().is_relative_to(path):
                folder.found.append(Diagnostic("R208", {"file": name}, head.span(("files", kind, i))))
            elif kind in ("tests", "properties"):
                (folder.tests if kind == "tests" else folder.properties).append(file)
            elif (document := _document(file, folder)) is not None:
                _entries(kind, document, folder, path)


def _base(name: str, path: Path) -> Path | None:
    for candidate in (shipped.RULES / name, path / name):
        if (candidate / "model.yaml").is_file():
            return candidate.resolve()
    return None


def _files(data: dict[str, Any], path: Path, head: Document, folder: Folder) -> dict[str, list[str]]:
    if "files" not in data:
        return {kind: [f"{kind}.yaml"] for kind in (*KINDS, "properties") if (path / f"{kind}.yaml").is_file()}
    entry = Entry("files", "files", data["files"], (head, ("files",)))
    shape = shaped(entry, FilesDoc, folder)
    return shape.model_dump() if shape else {}


def _document(path: Path, folder: Folder) -> Document | None:
    source, found = read_file(path, _shown(path))
    folder.found += found
    if source is None:
        return None
    folder.files.append(source.name)
    document, found = parse_yaml(source)
    folder.found += found
    return document


def _shown(path: Path) -> str:
    """Paths are shown from the working folder when they lie in it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _entries(kind: str, document: Document, folder: Folder, path: Path) -> None:
    data = document.data
    if data is None:
        return
    if kind == "placement":
        _overlay(folder, kind, "placement", data, (document, ()))
        _table_file(folder, folder.entries[kind].get("placement"), "decide", path)
        return
    if kind in LISTED:
        if not isinstance(data, list):
            folder.found.append(Diagnostic("R203", {"wanted": Word("list")}, document.span(())))
            return
        seen: set[str] = set()
        for i, item in enumerate(data):
            id_ = item.get("id") if isinstance(item, dict) else None
            if not isinstance(id_, str):
                folder.found.append(Diagnostic("R202", {"key": "id"}, document.span((i,))))
                continue
            if id_ in seen:
                folder.found.append(Diagnostic("R501", {"name": id_}, document.span((i, "id"))))
                continue
            seen.add(id_)
            _overlay(folder, kind, id_, item, (document, (i,)))
        return
    if not isinstance(data, dict):
        folder.found.append(Diagnostic("R203", {"wanted": Word("mapping")}, document.span(())))
        return
    for id_, item in data.items():
        _overlay(folder, kind, id_, item, (document, (id_,)))
        if kind == "decisions":
            _table_file(folder, folder.entries[kind].get(id_), "table", path)


def _table_file(folder: Folder, entry: Entry | None, key: str, path: Path) -> None:
    """Put the rows of a table that is kept as a spreadsheet where its YAML would have them; every cell is found at its place in the spreadsheet."""
    table = entry.data.get(key) if entry is not None and isinstance(entry.data, dict) else None
    if entry is None or not isinstance(table, dict) or not isinstance(table.get("file"), str) or entry.layer != folder.layer:
        return
    name, sheet = table["file"], table.get("sheet")
    file = path / name
    if not file.resolve().is_relative_to(path):
        folder.found.append(Diagnostic("R208", {"file": name}, entry.span((key, "file"))))
        return
    if "inputs" in table or "rules" in table:
        folder.found.append(Diagnostic("R206", {"keys": "`file`, `rules`"}, entry.key_span((key, "rules" if "rules" in table else "inputs"))))
        return
    document, found = read_table(file, _shown(file), sheet if isinstance(sheet, str) else None)
    folder.found += found
    folder.files.append(_shown(file))
    if document is None:
        folder.broken.add(entry.id)
        del folder.entries[entry.kind][entry.id]
        return
    _put_rows(entry, key, document)


def _put_rows(entry: Entry, key: str, document: Document) -> None:
    entry.data = {**entry.data, key: {**{part: value for part, value in entry.data[key].items() if part not in ("file", "sheet")}, **document.data}}
    for part in ("inputs", "rules"):
        entry.keys[f"{key}.{part}"] = (document, (part,))


def replace_rows(folder: Folder, id_: str, document: Document) -> None:
    """Let a table of the folder (a decision's, or the placement's) have the rows of a spreadsheet."""
    kind, key = ("placement", "decide") if id_ == "placement" else ("decisions", "table")
    entry = folder.entries[kind][id_]
    _put_rows(entry, key, document)
    entry.shape = shaped(entry, ENTRY_SHAPES[kind], folder)
    if entry.shape is None:
        folder.broken.add(id_)
        del folder.entries[kind][id_]


def _overlay(folder: Folder, kind: str, id_: str, data: Any, home: tuple[Document, Path_]) -> None:
    """Add an entry, or merge it key by key over the one that an extended model has."""
    table = folder.entries.get(kind)
    known = folder.head if table is None else table.get(id_)
    if known is not None and known.layer == folder.layer and kind != "model":
        folder.found.append(Diagnostic("R501", {"name": id_}, home[0].key_span(home[1])))
        return
    if table is not None and data is None and known is not None:
        del table[id_]
        return
    if known is None or not isinstance(known.data, dict) or not isinstance(data, dict):
        entry = Entry(kind, id_, data, home)
    else:
        entry = Entry(kind, id_, dict(known.data), known.home, dict(known.keys))
        if kind == "model":
            entry.home = home
            entry.keys = {key: (known.home[0], (*known.home[1], key)) for key in known.data if key not in data} | entry.keys
        _merge(entry, data, home)
    entry.layer = folder.layer
    if table is None:
        folder.head = entry
    else:
        table[id_] = entry


def _merge(entry: Entry, data: dict[str, Any], home: tuple[Document, Path_]) -> None:
    document, path = home
    for key, value in data.items():
        old = entry.data.get(key)
        if key in MERGED_KEYS and isinstance(old, dict) and isinstance(value, dict):
            merged = dict(old)
            for inner, item in value.items():
                if item is None:
                    merged.pop(inner, None)
                else:
                    merged[inner] = item
                    entry.keys[f"{key}.{inner}"] = (document, (*path, key, inner))
            entry.data[key] = merged
        else:
            entry.data[key] = value
            entry.keys[key] = (document, (*path, key))


# -- shapes


def shaped(entry: Entry, shape: type[Shape], folder: Folder) -> Any:
    """The entry's data in its shape, or None with what is wrong among the folder's findings."""
    try:
        return shape.model_validate(entry.data)
    except ValidationError as error:
        folder.found += [_shape_diagnostic(entry, shape, problem) for problem in error.errors()]
        return None


_WANTED = {"string": "string", "float": "number", "int": "integer", "bool": "boolean", "list": "list", "dict": "mapping", "model": "mapping"}


def _shape_diagnostic(entry: Entry, shape: type[Shape], problem: Mapping[str, Any]) -> Diagnostic:
    loc: Path_ = tuple(part for part in problem["loc"] if part != "[key]")
    kind = problem["type"]
    if kind == "missing":
        both = loc[-1] in ("en", "id") and len(loc) > 1
        return Diagnostic("R202", {"key": ".".join(str(p) for p in loc[-2:]) if both else loc[-1]}, entry.key_span(loc[:-1]))
    if kind == "extra_forbidden":
        return Diagnostic("R201", {"key": loc[-1]}, entry.key_span(loc), did_you_mean(str(loc[-1]), _keys_at(shape, loc[:-1])))
    span = entry.span(loc)
    if kind == "literal_error":
        values = problem["ctx"]["expected"].replace("'", "`").replace(" or ", ", ")
        return Diagnostic("R204", {"text": span.text, "values": values}, span)
    if kind == "string_pattern_mismatch":
        at_key = "[key]" in problem["loc"]
        return Diagnostic("R205", {"text": loc[-1] if at_key else span.text}, entry.key_span(loc) if at_key else span)
    wanted = _WANTED.get(kind.split("_")[0], "value")
    if wanted == "mapping" and problem.get("ctx", {}).get("class_name") == "Both":
        wanted = "both_languages"
    return Diagnostic("R203", {"wanted": Word(wanted)}, span)


def _keys_at(shape: Any, path: Path_) -> list[str]:
    """The keys that may stand at a path of a shape."""
    for part in path:
        if isinstance(shape, type) and issubclass(shape, Shape):
            field_ = next((f for name, f in shape.model_fields.items() if part in (name, f.alias)), None)
            if field_ is None:
                return []
            shape = _inner(field_.annotation)
    if isinstance(shape, type) and issubclass(shape, Shape):
        return [f.alias or name for name, f in shape.model_fields.items()]
    return []


def _inner(annotation: Any) -> Any:
    """The Shape within `X | None`, `list[X]`, `dict[str, X]`, `Annotated[X, ...]`."""
    if isinstance(annotation, type) and not hasattr(annotation, "__origin__"):
        return annotation
    for arg in getattr(annotation, "__args__", ()):
        found = _inner(arg)
        if isinstance(found, type) and issubclass(found, Shape):
            return found
    return annotation
