"""Turn what needs what into places on a drawing: layers from left to right, few crossings, long links in lanes between the boxes.

Layers by longest path, links that would close a ring reversed; order within layers by barycentres (Sugiyama, Tagawa and Toda 1981); heights by
isotonic regression, so that boxes stand as near to their neighbours as their order allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SWEEPS = 16
LANE = 7.0  # between two lanes
Spot = tuple[str, int]  # a definition and a layer: its box, or its lane through a later layer


@dataclass(frozen=True, slots=True)
class Layout:
    """`spots`: height of the middle of every box and lane; `layers`: each box's layer; `links`: pairs of spots in neighbouring layers;
    `turned`: links (from, to) drawn against their direction."""

    spots: Mapping[Spot, float]
    layers: Mapping[str, int]
    links: tuple[tuple[Spot, Spot], ...]
    turned: frozenset[tuple[str, str]]


def layout(needs: Mapping[str, Sequence[str]], size: float, gap: float) -> Layout:
    """Places for boxes that are `size` high and at least `gap` apart; `needs`: what stands left of each."""
    edges, turned, order = _without_rings(needs)
    layers = _layers(needs, edges, order)
    links = _segments(edges, layers)
    columns = _columns(layers, links)
    left: dict[Spot, list[Spot]] = {spot: [] for column in columns for spot in column}
    right: dict[Spot, list[Spot]] = {spot: [] for spot in left}
    for a, b in links:
        right[a].append(b)
        left[b].append(a)
    _order(columns, left, right)
    return Layout(_heights(columns, left, right, layers, size, gap), layers, tuple(links), frozenset(turned))


def _without_rings(needs: Mapping[str, Sequence[str]]) -> tuple[set[tuple[str, str]], set[tuple[str, str]], list[str]]:
    """Edges (left, right) without a ring, those of them that run against what needs what, and the boxes, each after what stands left of it."""
    edges: set[tuple[str, str]] = set()
    turned: set[tuple[str, str]] = set()
    order: list[str] = []
    open_: dict[str, bool] = {}  # on the way, or done
    for start in sorted(needs):
        trail = [] if start in open_ else [(start, iter(sorted(needs[start])))]
        if trail:
            open_[start] = True
        while trail:
            name, others = trail[-1]
            other = next((item for item in others if item in needs and item != name), None)
            if other is None:
                open_[name] = False
                order.append(name)
                trail.pop()
            elif open_.get(other, False):
                edges.add((name, other))
                turned.add((name, other))
            else:
                edges.add((other, name))
                if other not in open_:
                    open_[other] = True
                    trail.append((other, iter(sorted(needs[other]))))
    return edges, turned, order


def _layers(needs: Mapping[str, Sequence[str]], edges: Iterable[tuple[str, str]], order: Sequence[str]) -> dict[str, int]:
    before: dict[str, list[str]] = {name: [] for name in needs}
    after: dict[str, list[str]] = {name: [] for name in needs}
    for a, b in edges:
        before[b].append(a)
        after[a].append(b)
    layers: dict[str, int] = {}

    def depth(name: str) -> int:
        return 1 + max((layers[other] for other in before[name]), default=-1)

    waiting = {name: len(before[name]) for name in order}
    ready = [name for name in order if not waiting[name]]
    for name in ready:  # grows while it is read
        layers[name] = depth(name)
        for other in after[name]:
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for name in order:  # what rests on nothing stands beside the first that uses it
        if not before[name] and after[name]:
            layers[name] = min(layers[other] for other in after[name]) - 1
    return layers


def _segments(edges: Iterable[tuple[str, str]], layers: Mapping[str, int]) -> list[tuple[Spot, Spot]]:
    """Links between neighbouring layers. All links of one box share its lane."""
    found: set[tuple[Spot, Spot]] = set()
    for a, b in edges:
        for layer in range(layers[a], layers[b] - 1):
            found.add(((a, layer), (a, layer + 1)))
        found.add(((a, layers[b] - 1), (b, layers[b])))
    return sorted(found)


def _columns(layers: Mapping[str, int], links: Iterable[tuple[Spot, Spot]]) -> list[list[Spot]]:
    spots = {(name, layer) for name, layer in layers.items()} | {spot for link in links for spot in link}
    columns: list[list[Spot]] = [[] for _ in range(1 + max(layers.values(), default=0))]
    for spot in sorted(spots):
        columns[spot[1]].append(spot)
    return columns


def _order(columns: list[list[Spot]], left: Mapping[Spot, list[Spot]], right: Mapping[Spot, list[Spot]]) -> None:
    at = {spot: i / max(1, len(column) - 1) for column in columns for i, spot in enumerate(column)}
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            beside = left if forward else right
            wanted = {spot: sum(at[other] for other in beside[spot]) / len(beside[spot]) if beside[spot] else at[spot] for spot in column}
            column.sort(key=lambda spot: (wanted[spot], at[spot]))
            at.update((spot, i / max(1, len(column) - 1)) for i, spot in enumerate(column))


def _heights(
    columns: Sequence[Sequence[Spot]], left: Mapping[Spot, list[Spot]], right: Mapping[Spot, list[Spot]], layers: Mapping[str, int], size: float, gap: float
) -> dict[Spot, float]:
    half = {spot: size / 2 if layers[spot[0]] == spot[1] else 0.0 for column in columns for spot in column}
    offsets: list[list[float]] = []
    for column in columns:
        found = [0.0]
        for a, b in zip(column, column[1:], strict=False):
            found.append(found[-1] + half[a] + half[b] + (gap if half[a] and half[b] else LANE))
        offsets.append(found)
    y = {spot: offset - found[-1] / 2 for column, found in zip(columns, offsets, strict=True) for spot, offset in zip(column, found, strict=False)}
    for sweep in range(SWEEPS):
        for i in range(len(columns)) if sweep % 2 == 0 else reversed(range(len(columns))):
            column, found = columns[i], offsets[i]
            wanted = []
            for spot, offset in zip(column, found, strict=False):
                beside = left[spot] + right[spot]
                wanted.append((sum(y[other] for other in beside) / len(beside) if beside else y[spot]) - offset)
            weights = [1.0 if half[spot] else 2.0 for spot in column]
            y.update((spot, value + offset) for spot, value, offset in zip(column, _rising(wanted, weights), found, strict=False))
    top = min((value - half[spot] for spot, value in y.items()), default=0.0)
    return {spot: value - top for spot, value in y.items()}


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest values, by weighted squares, that never fall: neighbours that would are pooled."""
    pools: list[tuple[float, float, int]] = []  # mean, weight, count
    for value, weight in zip(values, weights, strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, more, count = pools.pop()
            both = more + pool[1]
            pool = ((mean * more + pool[0] * pool[1]) / both, both, count + pool[2])
        pools.append(pool)
    return [mean for mean, _, count in pools for _ in range(count)]
