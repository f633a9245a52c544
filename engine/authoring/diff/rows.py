"""Turn a comparison of two models into rows: one for each organisation that changes, and the totals before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.authoring.diff.compare import Comparison, Difference
from engine.authoring.diff.effects import FIELDS, role_set
from engine.texts import say


def organisations(difference: Difference, lang: str) -> Iterator[dict[str, Any]]:
    """Plain data of each changed organisation, in the order of the file; `responsible`: names of groups of changes, or an interaction of them."""
    found = difference.comparison
    assert found is not None
    names = found.names
    for i, at in enumerate(found.at.tolist()):
        before, after = found.before[at], found.after[at]
        was, now = role_set(before, names), role_set(after, names)
        groups = [group.name for group, mine in zip(difference.groups, found.responsible[:, i], strict=True) if mine]
        yield {
            "org_id": found.ids[i],
            "name": found.labels[i],
            "changes": ";".join(field for field in FIELDS if found.different[field][at]),
            "recommended_before": _name(names.structures, before["recommended"]),
            "recommended_after": _name(names.structures, after["recommended"]),
            "roles_gained": ";".join(sorted(now - was)),
            "roles_lost": ";".join(sorted(was - now)),
            "people_before": _number(before["people"]),
            "people_after": _number(after["people"]),
            "cost_month_before": _number(before["cost_month"]),
            "cost_month_after": _number(after["cost_month"]),
            "currency": _currency(after),
            "placement_before": _name(names.places, before["placement"]),
            "placement_after": _name(names.places, after["placement"]),
            "ranking_before": _ranking(names.structures, before["ranking"]),
            "ranking_after": _ranking(names.structures, after["ranking"]),
            "responsible": "; ".join(groups) or say("diff.interaction", lang),
        }


def from_to(found: Comparison) -> list[tuple[str | None, str | None, int]]:
    """(structure before, after, organisations) where the recommendation changes, the most frequent first."""
    moved = found.different["recommended"]
    pairs = Counter(zip(found.before["recommended"][moved].tolist(), found.after["recommended"][moved].tolist(), strict=True))
    return [(_name(found.names.structures, a), _name(found.names.structures, b), count) for (a, b), count in sorted(pairs.items(), key=lambda item: -item[1])]


def responsible(difference: Difference) -> list[tuple[str | None, int]]:
    """(group, organisations for whose change it is responsible), the most frequent first; None: changes that only act together."""
    found = difference.comparison
    assert found is not None
    counts: list[tuple[str | None, int]] = [(group.name, int(mine.sum())) for group, mine in zip(difference.groups, found.responsible, strict=True)]
    alone = int((~found.responsible.any(axis=0)).sum())
    counts += [(None, alone)] if alone else []
    return sorted(counts, key=lambda item: -item[1])


def totals(found: Comparison) -> list[tuple[str | None, int, float, float, float, float]]:
    """(currency, organisations, people before, after, cost before, after) of those that both models decide."""
    both = found.before["decided"] & found.after["decided"]
    rows = []
    code = np.ascontiguousarray(found.after["currency"]).view(np.uint64)  # the eight bytes as a number: quicker to tell apart
    for each in np.unique(code[both]):
        at = both & (code == each)
        currency = each.tobytes().rstrip(b"\0")
        sums = [float(np.nansum(side[field][at])) for field in ("people", "cost_month") for side in (found.before, found.after)]
        rows.append((currency.decode() or None, int(at.sum()), sums[0], sums[1], sums[2], sums[3]))
    return sorted(rows, key=lambda row: -row[1])


def _currency(record: np.ndarray) -> str | None:
    return bytes(record["currency"]).rstrip(b"\0").decode() or None


def _name(names: tuple[str, ...], index: int) -> str | None:
    return None if index < 0 else names[index]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _ranking(names: tuple[str, ...], places: np.ndarray) -> str:
    return ";".join(names[place] for place in places.tolist() if place >= 0)
