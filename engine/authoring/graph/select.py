"""Turn the links of a model into those around one definition: what it rests on and what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.authoring.graph.links import Links

MOST = 45  # definitions of a drawing around one, unless its direct neighbours are more


def whole(graph: Links) -> dict[str, list[str]]:
    return {key: list(needed) for key, needed in graph.needs.items() if needed or graph.users[key]}


def around(graph: Links, keys: Iterable[str]) -> tuple[dict[str, list[str]], int]:
    """What each definition needs, for the definitions within some steps up or down of `keys`, and how many steps; as many as fit in a clear drawing.
    Links that pass `keys` by, from what they need to what needs them, are left out."""
    up = down = frozenset(keys)
    steps = 0
    while True:
        more_up = up.union(other for key in up for other in graph.needs[key])
        more_down = down.union(other for key in down for other in graph.users[key])
        if (more_up, more_down) == (up, down) or (steps and len(more_up | more_down) > MOST):
            kept = {key: [other for other in graph.needs[key] if any(key in side and other in side for side in (up, down))] for key in up | down}
            return {key: kept[key] for key in sorted(kept)}, steps
        up, down, steps = more_up, more_down, steps + 1


def arrows(needs: Mapping[str, Iterable[str]]) -> int:
    return sum(1 for needed in needs.values() for _ in needed)
