"""Turn a profile and a target into the nearest value of each number at which the target changes, and what is known of the values before it.

From today's value outward the allowed range is cut into boxes. What a box surely leaves as it is (`Field.settled`) is done with: that is a proof, not a
sample. The other boxes are cut again, and what changes at their ends is found by deciding there. The box in which the nearest change lies is cut until its
ends are neighbours: whole numbers, or doubles. Inclusion tests with bisection (Moore, 1966; Hansen and Walster, Global Optimization, 2004), all inputs in
one batch a round.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from engine.feel.numbers import at_least, round12
from engine.whatif.field import Boxes, Field

SECTIONS, POINTS = 160, 3000  # into how many the box with a nearest change is cut at least, and how many points of all such boxes are a round's work
TURNS = 4  # boxes are looked at in the first rounds, and once more when the nearest changes are found, which leave boxes beside them
PARTS, WIDE_PARTS = 100, 8  # into which a box that is not settled is cut: a narrow one at most, a wide one
BOXES = 3000  # of a round, of all inputs together
MOST = 40_000  # boxes of a search; what is left then is said not to be proved
NARROW = 0.1  # boxes relatively narrower than this are looked into: see `Looks`
FINEST = 1e-7  # a box relatively narrower than this is known by its ends


@dataclass(slots=True)
class Ray:
    """The values of one number from `start` to `end`. `near`, `far`: neighbours between which the target changes first, None where it does not.
    `cells`: what is not settled yet, nearest first. `proved`: whether all before `far` is settled."""

    name: str
    start: float
    end: float
    integer: bool
    apart: bool = False  # not bounded by the input's other ray: there is no value today that both begin at
    cells: list[tuple[float, float]] = field(default_factory=list)
    near: float | None = None
    far: float | None = None
    proved: bool = True

    @property
    def floor(self) -> float:
        """What is narrower than this holds nothing but its ends."""
        return FINEST * (abs(self.start) or 1e-2)

    @property
    def distance(self) -> float:
        return math.inf if self.far is None else abs(self.far - self.start)

    @property
    def narrow(self) -> bool:
        """Whether the change lies between neighbours."""
        if self.far is None or self.near is None:
            return True
        least = 0.0 if self.integer else 1e-3 * self.floor  # what is smaller is as good as zero
        return neighbours(self.near, self.far, self.integer) or max(abs(self.near), abs(self.far)) <= least

    def found(self, near: float, far: float) -> None:
        self.near, self.far = near, far

    def limit(self, distance: float) -> None:
        """Forget what lies further away than a change that is known; of the box with a change further away its nearer part is left."""
        if self.far is not None and self.distance > distance:
            assert self.near is not None
            edge = self.start + math.copysign(distance, self.end - self.start)
            if abs(self.near - self.start) < distance and edge != self.near:
                self.cells.append((self.near, edge))
            self.near = self.far = None
        self.cells = [cell for cell in self.cells if abs(cell[0] - self.start) < distance]


def search(field_: Field, rays: list[Ray], wanted: bool) -> None:
    """Settle every ray: the nearest value on it at which the target holds (`wanted`), or at which it does not. Rays of one input bound each other."""
    if not rays:
        return
    names = tuple(dict.fromkeys(ray.name for ray in rays))
    place = {name: i for i, name in enumerate(names)}

    def ask(values: list[list[float]]) -> list[np.ndarray]:
        which = np.repeat([place[ray.name] for ray in rays], [len(points) for points in values])
        flat = np.array([value for points in values for value in points], dtype=np.float64)
        holds = field_.points(names, which, flat) if len(flat) else np.zeros(0, dtype=bool)
        return np.split(holds == wanted, np.cumsum([len(points) for points in values])[:-1])

    grids = [_grid(ray) for ray in rays]
    for ray, points, changed in zip(rays, grids, ask(grids), strict=True):
        _walk(ray, points, changed)
    tried, turn = 0, 0
    while tried < MOST:
        _bound(rays)
        open_ = [ray for ray in rays if ray.cells or not ray.narrow]
        if not open_:
            break
        cuts: list[list[list[float]]] = [[] for _ in rays]
        if turn < TURNS or all(ray.narrow for ray in open_):
            most = max(1, BOXES // len(open_))
            tried += 1 + _settle(field_, rays, names, place, wanted, most)
            few = sum(_is_narrow(*cell) for ray in rays for cell in ray.cells[:most])
            parts = min(PARTS, max(4, BOXES // 4 // max(1, few)))
            cuts = [_some(ray, parts, most) for ray in rays]
        turn += 1
        sections = min(1024, max(SECTIONS, POINTS // max(1, sum(not ray.narrow for ray in rays))))
        last = [[] if ray.narrow else _sections(ray, sections) for ray in rays]
        asked = [[*(value for cut in each for value in cut[1:-1]), *end] for each, end in zip(cuts, last, strict=True)]
        for ray, each, end, points, changed in zip(rays, cuts, last, asked, ask(asked), strict=True):
            _refine(ray, each, end, dict(zip(points, changed.tolist(), strict=True)))
    for ray in rays:
        ray.proved = not ray.cells and ray.narrow


def _bound(rays: list[Ray]) -> None:
    best: dict[str, float] = {}
    for ray in rays:
        best[ray.name] = min(best.get(ray.name, math.inf), ray.distance)
    for ray in rays:
        limit = ray.distance if ray.apart else best[ray.name]
        if math.isfinite(limit):
            ray.limit(limit)


def _settle(field_: Field, rays: list[Ray], names: tuple[str, ...], place: dict[str, int], wanted: bool, most: int) -> int:
    """Drop, of each ray's nearest cells, those in which the target surely stays as it is, and those too narrow to hold anything but their ends. Returns how
    many cells were looked at."""
    for ray in rays:
        ray.cells = [cell for cell in ray.cells if not _known_by_ends(ray, *cell)]
    many = [(ray, cell) for ray in rays for cell in ray.cells[:most]]
    if not many:
        return 0
    low = np.array([min(cell) for _, cell in many])
    high = np.array([max(cell) for _, cell in many])
    narrow = np.array([_is_narrow(*cell) for _, cell in many])
    always, never = field_.settled(Boxes(names, np.array([place[ray.name] for ray, _ in many]), low, high), narrow)
    stays = never if wanted else always
    later = [ray.cells[most:] for ray in rays]
    for ray in rays:
        ray.cells = []
    for (ray, cell), done in zip(many, stays.tolist(), strict=True):
        if not done:
            ray.cells.append(cell)
    for ray, rest in zip(rays, later, strict=True):
        ray.cells += rest
    return len(many)


def _walk(ray: Ray, points: list[float], changed: np.ndarray) -> None:
    """From the first look: the cells before the first change, and the cell it lies in."""
    at = int(np.argmax(changed)) if changed.any() else len(points)
    if at < len(points):
        ray.found(points[max(0, at - 1)], points[at])
    ray.cells = list(zip(points[: max(0, at - 1)], points[1 : max(1, at)], strict=True)) if at else []


def _refine(ray: Ray, cuts: list[list[float]], last: list[float], changed: dict[float, bool]) -> None:
    """Cut cells take the place of those they were cut from, up to the first change."""
    later, ray.cells = ray.cells[len(cuts) :], []
    for cut in cuts:
        for near, far in zip(cut, cut[1:], strict=False):
            if changed.get(far, False):
                ray.found(near, far)
                return
            ray.cells.append((near, far))
    ray.cells += later
    if not last:
        return
    assert ray.near is not None and ray.far is not None
    before = ray.near
    for value in last:
        if changed[value]:
            ray.far = value
            break
        ray.near = value
    if before != ray.near:
        ray.cells.append((before, ray.near))


def neighbours(a: float, b: float, integer: bool) -> bool:
    return abs(b - a) <= 1 if integer else math.nextafter(a, b) == b or a == b


def _known_by_ends(ray: Ray, a: float, b: float) -> bool:
    return neighbours(a, b, ray.integer) or (not ray.integer and abs(b - a) <= max(ray.floor, FINEST * max(abs(a), abs(b))))


def _grid(ray: Ray) -> list[float]:
    """Where to look first: at distances from the start that double, up to the end."""
    length = abs(ray.end - ray.start)
    if length == 0:
        return [ray.start]
    step = 1.0 if ray.integer else min(length, 1.0) * 1e-6 if ray.start == 0 else abs(ray.start) * 1e-3
    points = [ray.start]
    sign = math.copysign(1.0, ray.end - ray.start)
    while step < length:
        points.append(ray.start + sign * step)
        step *= 2.0
    return [*dict.fromkeys([*points, ray.end])]


def _is_narrow(a: float, b: float) -> bool:
    return abs(b - a) <= NARROW * max(abs(a), abs(b))


def _some(ray: Ray, parts: int, most: int) -> list[list[float]]:
    """The ray's nearest cells, cut: wide ones so that their parts are narrow, narrow ones into many, for what is in the way there is a step."""
    cuts: list[list[float]] = []
    count = 0
    for cell in ray.cells:
        narrow = _is_narrow(*cell)
        cut = _cut(*cell, parts if narrow else WIDE_PARTS, ray.integer)
        if narrow and not ray.integer:
            low, high = min(cell), max(cell)
            inner = {value for value in (*cut, *_edges(_roundest(low, high))) if low < value < high}
            cut = [cell[0], *sorted(inner, reverse=cell[1] < cell[0]), cell[1]]
        cuts.append(cut)
        count += len(cuts[-1])
        if count > most:
            break
    return cuts


def _cut(a: float, b: float, parts: int, integer: bool) -> list[float]:
    """A cell in parts: evenly, or by equal ratios where its ends are of different size."""
    small, large = sorted((abs(a), abs(b)))
    if a * b >= 0 and large > 8 * small:
        least = max(small, large * 2.0**-parts) if small else large * 2.0**-parts
        sizes = least * (large / least) ** (np.arange(parts + 1) / parts)
        points = np.copysign(sizes, a + b)
        points = points if abs(b) > abs(a) else points[::-1]
    else:
        points = a + (b - a) * (np.arange(parts + 1) / parts)
    inner = np.rint(points[:-1] if small == 0 and abs(b) > abs(a) else points[1:]) if integer else points
    low, high = min(a, b), max(a, b)
    kept = dict.fromkeys(float(x) for x in inner if low < x < high)
    return [a, *kept, b]


def _sections(ray: Ray, parts: int) -> list[float]:
    """Points within the cell of the change, in order: even sections, and short decimals with their neighbours, where thresholds like to be."""
    assert ray.near is not None and ray.far is not None
    a, b = ray.near, ray.far
    inner = a + (b - a) * (np.arange(1, parts) / parts)
    found = set(np.rint(inner).tolist() if ray.integer else inner.tolist())
    if not ray.integer:
        low, high = min(a, b), max(a, b)
        found |= set(_short(low, high))
        if low * high <= 0:
            found |= {0.0, *(side * ray.floor * 10.0**power for side in (-1, 1) for power in range(-4, 9))}
    return sorted((x for x in found if min(a, b) < x < max(a, b)), reverse=bool(b < a))


def _roundest(low: float, high: float) -> float:
    """The decimal of fewest digits between two values: where a threshold or a step is likely to be."""
    for power in range(math.floor(math.log10(max(abs(low), abs(high)))) + 1, -13, -1):
        unit = 10.0**power
        value = round12((math.floor(low / unit) + 1) * unit)
        if low < value < high:
            return value
    return (low + high) / 2


def _edges(value: float) -> list[float]:
    """A decimal, with the doubles at which 12 digits begin and end to be it, and their neighbours."""
    edge = at_least(value)
    past = 2 * value - edge
    return [value, edge, math.nextafter(edge, -math.inf), past, math.nextafter(past, math.inf)]


def _short(low: float, high: float) -> list[float]:
    """Decimals of few digits between two values, each with the doubles at which 12 digits begin and end to be it."""
    found: list[float] = []
    width = high - low
    exponent = math.floor(math.log10(width)) + 1
    for power in (exponent, exponent - 1):
        unit = 10.0**power
        first = math.floor(low / unit) + 1
        for k in range(first, first + 12):
            value = round12(k * unit)
            if not low < value < high:
                continue
            found += _edges(value)
    return found


def shortest(near: float, far: float) -> float:
    """The decimal of fewest digits from `far` on, away from `near`, that is `far` on 12 digits."""
    away = 1 if far > near else -1
    exact, limit = Decimal(far), Decimal(far) + away * abs(Decimal(far)) * Decimal("2e-12")
    for digits in range(1, 18):
        unit = Decimal(1).scaleb(exact.adjusted() - digits + 1) if exact else Decimal(1)
        found = float((exact / unit).to_integral_value(ROUND_CEILING if away > 0 else ROUND_FLOOR) * unit)
        if Decimal(found) * away <= limit * away and found * away >= far * away:
            return found
    return far
