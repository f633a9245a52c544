"""How long a full `whatif` takes: every input, one target, one organisation of the shipped sample, the model being loaded. `python -m benchmarks.whatif`."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from engine.api import load_model, row_columns
from engine.whatif import read_target, whatif

SAMPLE = Path(__file__).resolve().parent.parent / "datasets" / "sample_organisations.csv"
WANTED = (
    "recommended = two_teams", "recommended = hub_and_spoke", "recommended in (duo, solo_generalist)", "cost_month < 50000000",
    "role.care_manager.active", "people >= 3", "margin < 0.02", "score > 0.8", "coverage > 0.95", "recommended = agency_led",
    "role.social_analyst.active", "recommended = core_three",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each question. `pairs`: with pairs, of one."""

    seconds: tuple[float, ...]
    proved: int
    pairs: float

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(repeat: int = 2) -> Measured:
    """A dozen organisations, each asked one target; the shorter of some runs, since other programs are about."""
    model = load_model()
    plan, profiles = model.plan, model.profiles(str(SAMPLE))
    seconds: list[float] = []
    proved = 0
    for i, want in enumerate(WANTED):
        target, _ = read_target(plan, want)
        assert target is not None
        columns = row_columns(plan, profiles, (i * 6 + 1) % profiles.size)
        best = float("inf")
        for _ in range(repeat):
            start = time.perf_counter()
            answer = whatif(plan, columns, target)
            best = min(best, time.perf_counter() - start)
        seconds.append(best)
        proved += all(change.proved for change in answer.changes) and all(item.proved for item in answer.without)
    target, _ = read_target(plan, WANTED[0])
    assert target is not None
    start = time.perf_counter()
    whatif(plan, row_columns(plan, profiles, 1), target, pairs=True)
    return Measured(tuple(seconds), proved, time.perf_counter() - start)


if __name__ == "__main__":
    found = measure()
    print(
        f"whatif, {len(found.seconds)} organisations and targets: median {found.median:.2f} s, worst {max(found.seconds):.2f} s; {found.proved} wholly proved"
    )
    print(f"... with pairs, one of them: {found.pairs:.2f} s")
