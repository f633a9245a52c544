"""Turn profiles and changes of their inputs into other profiles: all rows at once, defaults left to follow, rows that cannot stand rejected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.diagnostics import Diagnostic
from engine.executors.base import Activations, given
from engine.executors.columnar import Columnar
from engine.executors.stages import trees
from engine.feel.arrays import Bool, Column, Mask, either, null_of, take
from engine.feel.columns import Reader, constant_column
from engine.feel.tree import refs
from engine.feel.types import NUMBER
from engine.model.plan import Plan
from engine.profiles.cells import Wrong
from engine.profiles.formulas import converted
from engine.profiles.table import Profiles, Reject, shortened
from engine.scenarios.changes import Change


def changed(plan: Plan, profiles: Profiles, changes: Sequence[Change]) -> Profiles:
    """The profiles with some inputs set otherwise, all at once: expressions see the values before, stated or assumed; what is still assumed follows.

    What is set counts as stated, unless it is worked out from something assumed, or from a mapping's estimate: then it stays what that was.
    A row with a value that cannot stand (out of range, not whole, required and missing) is rejected with the reason."""
    size = profiles.size
    if not changes or not size:
        return profiles
    columns, estimated, reasons = given(plan, profiles.columns), dict(profiles.estimated), dict(profiles.estimate_reasons)
    before = _before(plan, columns, size, {name.removeprefix("assumed.") for change in changes for name in change.names})
    wrongs: list[tuple[str, Wrong]] = []
    for change in changes:
        id_ = change.item.id
        columns[id_], bad = _values(plan, change, before, size)
        null = null_of(columns[id_])
        wrongs += [(id_, item) for item in bad]
        if change.item.required and null is not None:
            rows = np.flatnonzero(null)
            wrongs.append((id_, Wrong(rows, np.zeros(rows.size, dtype=np.int64), ((None, Diagnostic("P303", {"input": id_})),))))
        columns.pop(f"assumed.{id_}", None)
        estimated.pop(id_, None)
        if (rests := _any(before.assumed, change.names, null)) is not None:
            columns[f"assumed.{id_}"] = Bool(rests)
        if (guessed := _any(profiles.estimated, change.names, null)) is not None:
            sources = [profiles.estimate_reasons[name] for name in sorted(change.names & set(profiles.estimated))]
            estimated[id_] = guessed
            reasons[id_] = {lang: "; ".join(dict.fromkeys(text[lang] for text in sources)) for lang in ("en", "id")}
    found = replace(profiles, columns=columns, estimated=estimated, estimate_reasons={id_: reasons[id_] for id_ in estimated})
    return _without(found, wrongs) if wrongs else found


def only(profiles: Profiles, row: int) -> Profiles:
    """One accepted row as profiles of its own."""
    return Profiles(
        1,
        {name: take(column, np.array([row])) for name, column in profiles.columns.items()},
        np.array([0]),
        1,
        estimated={name: mask[row : row + 1] for name, mask in profiles.estimated.items()},
        estimate_reasons=profiles.estimate_reasons,
    )


def _before(plan: Plan, columns: Mapping[str, Column], size: int, names: set[str]) -> Activations:
    """The named inputs as they are, stated or assumed: what their defaults need is derived, and nothing else."""
    wanted, order = set(names), []
    for name in reversed(plan.order):
        if name in wanted:
            order.append(name)
            wanted.update(ref.removeprefix("assumed.") for tree in trees(plan, name) for ref in refs(tree))
            if name.startswith("role."):
                role = name.split(".")[1]
                wanted.update((f"role.{role}.active", *(f"rule:{rule.id}" for rule in plan.rules.values() if rule.target == role)))
    return Columnar().activate(replace(plan, order=tuple(reversed(order))), columns, size)


def _values(plan: Plan, change: Change, before: Activations, size: int) -> tuple[Column, tuple[Wrong, ...]]:
    """(size,) what the input is set to, and where that cannot stand."""
    if change.tree is None:
        assert change.value is not None
        return take(change.value, np.zeros(size, dtype=np.int64)), ()

    def column_of(name: str) -> Column:
        if name in plan.parameters:
            return constant_column(plan.parameters[name].value, NUMBER)
        return Bool(before.assumed[name.removeprefix("assumed.")]) if name.startswith("assumed.") else before.columns[name]

    with np.errstate(all="ignore"):
        return converted(change.item, Reader(column_of).read(change.tree), size, None)


def _any(masks: Mapping[str, np.ndarray], names: Iterable[str], null: Mask) -> np.ndarray | None:
    """The rows in which one of the names is marked and there is a value; None when there is no such row."""
    found: Mask = None
    for name in names:
        found = either(found, masks.get(name))
    if found is None:
        return None
    here = np.asarray(found if null is None else found & ~null)
    return here if here.any() else None


def _without(profiles: Profiles, wrongs: Sequence[tuple[str, Wrong]]) -> Profiles:
    """The profiles without the rows in which something cannot stand, each rejected with every reason."""
    labels = profiles.labels.get("id")
    rejects: list[Reject] = []
    bad = np.zeros(profiles.size, dtype=bool)
    for id_, item in wrongs:
        bad[item.rows] = True
        for row, which in zip(profiles.rows[item.rows].tolist(), item.which.tolist(), strict=True):
            text, why = item.findings[which]
            name = labels[row].as_py() if labels is not None else None
            rejects.append(Reject(row, None, name, id_, None if text is None else shortened(text), why))
    stay = np.flatnonzero(~bad)
    return replace(
        profiles,
        size=int(stay.size),
        columns={name: take(column, stay) for name, column in profiles.columns.items()},
        rows=profiles.rows[stay],
        rejects=tuple(sorted((*profiles.rejects, *rejects), key=lambda reject: reject.row)),
        estimated={name: mask[stay] for name, mask in profiles.estimated.items()},
    )
