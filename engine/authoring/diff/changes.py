"""Turn the files of two models into the changes between them by meaning, each as small as it can be applied alone."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from engine.model.documents import ENTRY_SHAPES, ModelDoc
from engine.model.entries import KINDS, Entry, Folder

Path = tuple[str | int, ...]
HEAD = "model"
SAID = frozenset(
    ("because", "cites", "date", "duties", "example", "help", "label", "labels", "name", "otherwise", "sample", "source", "summary", "title", "unit", "version")
)
HARMLESS = SAID | {"aliases", "estimate", "range", "target", "languages", "lints", "optional"}  # in anything but an input
NESTED = {"posts": 2, "attributes": 1, "profile": 1, "staffing": 1, "ranking": 1, "confidence": 1, "places": 1, "values": 1}


class Absent:
    """There is nothing at this place."""

    def __repr__(self) -> str:
        return "-"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Change:
    """What stands at a place of one definition in either model: the whole definition where `path` is empty. `override`: an overlay of `extends` says it."""

    kind: str
    id: str
    path: Path
    old: Any
    new: Any
    override: bool = False

    @property
    def wording(self) -> bool:
        """Whether only what is said is touched, never what is decided."""
        harmless = SAID if self.kind == "inputs" else HARMLESS
        return bool(self.path) and (self.path[0] in harmless or self.path[-1] in harmless)

    @property
    def what(self) -> str:
        """added, removed or changed."""
        return "added" if self.old is ABSENT else "removed" if self.new is ABSENT else "changed"

    @property
    def place(self) -> str:
        """The place within the definition, as people would point at it; rows are counted from 1."""
        return ".".join(str(part + 1) if isinstance(part, int) else part for part in self.path if part not in ("table", "decide", "rules"))


def changes(old: Folder, new: Folder) -> list[Change]:
    """Every change, in the order of kinds and ids."""
    found: list[Change] = []
    for kind in (HEAD, *KINDS):
        before, after = _table(old, kind), _table(new, kind)
        for id_ in sorted(before.keys() | after.keys()):
            a, b = before.get(id_), after.get(id_)
            override = bool((b or a) and (b or a).layer)  # type: ignore[union-attr]
            if a is None or b is None:
                found.append(Change(kind, id_, (), ABSENT if a is None else a.data, ABSENT if b is None else b.data, override))
            else:
                found += [Change(kind, id_, path, x, y, override) for path, x, y in _within(a.data, b.data, ())]
    return [change for change in found if change.path[:1] not in (("files",), ("extends",))]


def _table(folder: Folder, kind: str) -> dict[str, Entry]:
    if kind != HEAD:
        return folder.entries[kind]
    return {HEAD: folder.head} if folder.head is not None else {}


def _within(a: Any, b: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """The places at which two definitions differ."""
    if not isinstance(a, dict) or not isinstance(b, dict):
        if a != b:
            yield path, a, b
        return
    for key in dict.fromkeys((*a, *b)):
        x, y = a.get(key, ABSENT), b.get(key, ABSENT)
        if x == y:
            continue
        at = (*path, key)
        if _opens(at, x, y):
            yield from _table_cells(x, y, at) if key in ("table", "decide") else _within(x, y, at)
        else:
            yield at, x, y


def _opens(path: Path, x: Any, y: Any) -> bool:
    """Whether parts of this place can be changed alone."""
    if not isinstance(x, dict) or not isinstance(y, dict):
        return False
    return path[-1] in ("table", "decide") or len(path) <= NESTED.get(str(path[0]), 0)


def _table_cells(a: dict[str, Any], b: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Cell by cell where a table keeps its columns and the number of its rows, else the table as a whole."""
    rows, others = a.get("rules"), b.get("rules")
    same = a.get("inputs") == b.get("inputs") and isinstance(rows, list) and isinstance(others, list) and len(rows) == len(others)
    if not same or not all(isinstance(row, dict) for row in (*(rows or ()), *(others or ()))):
        yield path, a, b
        return
    yield from _within({k: v for k, v in a.items() if k != "rules"}, {k: v for k, v in b.items() if k != "rules"}, path)
    for i, (row, other) in enumerate(zip(rows or (), others or (), strict=True)):
        if isinstance(row.get("when"), list) and isinstance(other.get("when"), list) and len(row["when"]) == len(other["when"]):
            for j, (cell, changed) in enumerate(zip(row["when"], other["when"], strict=True)):
                if cell != changed:
                    yield (*path, "rules", i, "when", j), cell, changed
            row, other = ({key: value for key, value in each.items() if key != "when"} for each in (row, other))
        yield from _within(row, other, (*path, "rules", i))


# -- applying


def patched(folder: Folder, other: Folder, some: list[Change], forward: bool) -> Folder:
    """A copy of `folder` with some changes made (`forward`: to what they are in the new model) and nothing else. `other` is the model on the other side."""
    tables = {kind: dict(table) for kind, table in folder.entries.items()}
    result = replace(folder, entries=tables, tests=list(folder.tests), properties=list(folder.properties), files=list(folder.files), found=[])
    result.broken = set(folder.broken)
    touched: dict[tuple[str, str], Entry] = {}
    for change in some:
        value = change.new if forward else change.old
        table = _table(result, change.kind) if change.kind == HEAD else result.entries[change.kind]
        if not change.path:
            if value is ABSENT:
                table.pop(change.id, None)
            else:
                table[change.id] = _table(other, change.kind)[change.id]
            continue
        key = (change.kind, change.id)
        if key not in touched:
            entry = table[change.id]
            touched[key] = Entry(entry.kind, entry.id, deepcopy(entry.data), entry.home, dict(entry.keys), entry.shape, entry.layer)
            if change.kind == HEAD:
                result.head = touched[key]
            else:
                table[change.id] = touched[key]
        _put(touched[key].data, change.path, value)
    for entry in touched.values():
        _reshape(entry, result)
    return result


def _put(data: Any, path: Path, value: Any) -> None:
    for part in path[:-1]:
        data = data.setdefault(part, {}) if isinstance(data, dict) else data[part]
    if value is ABSENT:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def _reshape(entry: Entry, folder: Folder) -> None:
    """Shape a patched definition; one that has no shape any more is left out, and what needs it then says so."""
    from pydantic import ValidationError

    try:
        if entry.kind == HEAD:
            folder.model = ModelDoc.model_validate(entry.data)
        else:
            entry.shape = ENTRY_SHAPES[entry.kind].model_validate(entry.data)
    except ValidationError:
        if entry.kind == HEAD:
            folder.model = None
        else:
            del folder.entries[entry.kind][entry.id]
