"""How time grows with rows and with rules: straight lines through measured times, and how far the times are from them."""

from __future__ import annotations

import gc
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import files
from benchmarks.profiles import made
from benchmarks.whole import decide_all
from engine.executors.columnar import Columnar
from engine.feel.arrays import take
from engine.model.load import load_plan
from engine.model.plan import Plan
from engine.parallel import keep_memory

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LARGE = 10_000_000
RULES = (10, 100, 500, 1_000, 2_000, 5_000)
PROFILES = 32_768  # decided with each number of rules
SLACK = 0.15


@dataclass(frozen=True, slots=True)
class Curve:
    """Seconds of processor time for each size, and the line `start + slope * size` through them."""

    what: str
    unit: str  # of the sizes: organisation, rule
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    start: float
    slope: float

    @property
    def bend(self) -> float:
        """How far the time that is farthest from the line is from it, as a share of the line."""
        return max(abs(taken / (self.start + self.slope * size) - 1) for size, taken in zip(self.sizes, self.seconds, strict=True))


def line(what: str, unit: str, sizes: Sequence[int], seconds: Sequence[float]) -> Curve:
    """Least squares of relative distances, so that small sizes count as much as large ones; neither part below zero."""
    taken = np.array(seconds)
    parts = np.stack([1 / taken, np.array(sizes) / taken], axis=1)
    start, slope = np.linalg.lstsq(parts, np.ones(len(taken)), rcond=None)[0]
    if start < 0:
        start, slope = 0.0, float((parts[:, 1]).sum() / (parts[:, 1] ** 2).sum())
    return Curve(what, unit, tuple(sizes), tuple(seconds), float(start), float(slope))


def rows_in_memory(plan: Plan, sizes: Sequence[int]) -> Curve:
    """The whole decision on one processor. Sizes of more than a million are the million repeated."""
    most = min(max(sizes), SIZES[-1])
    columns = made(plan, most)
    seconds = []
    for size in sizes:
        rows = slice(0, size) if size <= most else np.arange(size) % most
        part = {name: take(column, rows) for name, column in columns.items()}
        seconds.append(_shortest(lambda p=part, n=size: decide_all(plan, p, n, workers=1), max(size, 100_000), time.process_time))  # type: ignore[misc]
    return line("whole decision, in memory", "organisation", sizes, seconds)


def rows_in_files(sizes: Sequence[int]) -> Curve:
    """The whole command from CSV to CSV, processor time of all its processes. Sizes of more than a million are the million repeated."""
    seconds = []
    with files.folder(max(sizes)) as here:
        for size in sizes:
            source = files.organisations(min(size, SIZES[-1]), here / "in.csv")
            if size > SIZES[-1]:
                source = files.repeated(source, size // SIZES[-1], here / "many.csv")
            seconds.append(_shortest(lambda s=source: files.evaluate(s, here / "out.csv"), max(size, 300_000), _children))  # type: ignore[misc]
    return line("whole command, CSV to CSV", "organisation", sizes, seconds)


def rules(plan: Plan, counts: Sequence[int], size: int = PROFILES) -> tuple[Curve, Curve]:
    """(deriving and activating, loading) the shipped model with generated rules besides its own, for a fixed number of profiles."""
    columns = made(plan, size)
    activate, load = [], []
    keep_memory()  # as the engine does before it decides
    with files.folder(size) as here:
        for count in counts:
            larger = write_model(plan, here / f"rules-{count}", count)
            model = _loaded(larger)
            if sum(id_.startswith("generated-") for id_ in model.rules) != count:
                raise SystemExit(f"the generated model has not {count} generated rules")
            activate.append(_shortest(lambda m=model: Columnar().activate(m, columns, size), size, time.process_time))  # type: ignore[misc]
            load.append(_shortest(lambda f=larger: _loaded(f), 200 * count, time.process_time))  # type: ignore[misc]
    return line(f"activation, {size:,} organisations", "rule", counts, activate), line("loading the model", "rule", counts, load)


def write_model(plan: Plan, folder: Path, count: int) -> Path:
    """A model that extends the shipped one by `count` rules over its number inputs, of the kinds that it has itself: one to three comparisons."""
    chance = random.Random(count)
    fields = [field for field in plan.inputs.values() if field.type.kind == "number"]
    optional = [role.id for role in plan.roles.values() if role.optional] or list(plan.roles)
    texts = []
    for number in range(count):
        tests = [
            f"{field.id} {chance.choice(('>=', '<'))} {_threshold(chance, field.type.low, field.type.high)}"
            for field in chance.sample(fields, chance.randint(1, 3))
        ]
        when, effect = chance.choice((" and ", " or ")).join(tests), chance.choice(("activate", "exclude"))
        texts.append(f"- id: generated-{number}\n  when: '{when}'\n  {effect}: {chance.choice(optional)}\n  because: {{en: No., id: Tidak.}}\n")
    folder.mkdir()
    per_file = 2_000  # a file may have a megabyte
    names = []
    for first in range(0, count, per_file):
        names.append(f"rules-{first}.yaml")
        (folder / names[-1]).write_text("".join(texts[first : first + per_file]), encoding="utf-8")
    (folder / "model.yaml").write_text(f"name: larger\nversion: 1.0.0\nextends: {plan.name}\nfiles: {{rules: [{', '.join(names)}]}}\n", encoding="utf-8")
    return folder


def _threshold(chance: random.Random, low: float, high: float) -> str:
    least, most = max(low, 1.0), min(high, 1e6)
    return f"{least * (most / least) ** chance.random() if most > least else low:.4g}"


def _loaded(folder: Path) -> Plan:
    plan, found = load_plan(folder)
    if plan is None:
        raise SystemExit("\n".join(item.render() for item in found[:5]))
    return plan


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _shortest(work: Callable[[], object], size: int, clock: Callable[[], float]) -> float:
    """The shortest of 1 to 7 runs, more the less there is to do."""
    best = float("inf")
    for _ in range(min(7, max(2 if size < LARGE else 1, 700_000 // size))):
        gc.collect()
        start = clock()
        work()
        best = min(best, clock() - start)
    return best
