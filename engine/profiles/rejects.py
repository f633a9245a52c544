"""Turn rejected rows into a CSV for mending them, and into one paragraph for the terminal."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from engine.profiles.neutral import neutral
from engine.profiles.table import Profiles, Reject
from engine.texts import say
from engine.texts.profiles import TEXTS

COLUMNS = ("line", "row", "org_id", "column", "value", "reason", "hint", "code")
SHOWN = 3  # rows told in full
KINDS = 5  # reasons counted apart


def rejects_csv(rejects: Sequence[Reject], lang: str = "en", scenarios: Mapping[str, Sequence[Reject]] = MappingProxyType({}), header: bool = True) -> str:
    """One line a reason, below a `header`. `line` and `row` count from 1; `line` is empty where the source has none.
    `scenarios`: what only they reject, in a last column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow((*COLUMNS, "scenario") if scenarios else COLUMNS)
    for scenario, item in [("", item) for item in rejects] + [(id_, item) for id_, each in scenarios.items() for item in each]:
        hint = item.diagnostic.hint.text(lang) if item.diagnostic.hint else ""
        cells = (item.line, item.row + 1, item.org_id, item.column, item.value, item.diagnostic.message(lang), hint, item.diagnostic.code)
        written = [neutral(cell) if isinstance(cell, str) else cell for cell in cells]
        writer.writerow((*written, scenario) if scenarios else written)
    return out.getvalue()


def summary(profiles: Profiles, lang: str = "en") -> str:
    """How many rows were rejected, the reasons counted, the first few in full. Empty when every row stands."""
    if not profiles.rejects:
        return ""
    counts = Counter(item.diagnostic.code for item in profiles.rejects)
    kinds: Counter[str] = Counter()
    for code, count in counts.items():
        kinds[say(f"reject.{code}" if f"reject.{code}" in TEXTS else "reject.other", lang)] += count
    order = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    if len(order) > KINDS:
        order = [*order[: KINDS - 1], (say("reject.other", lang), sum(count for _, count in order[KINDS - 1 :]))]
    counted = ", ".join(f"{kind} ({count})" for kind, count in order)
    head = say("reject.summary", lang, rejected=profiles.read - profiles.size, read=profiles.read, counts=counted)
    first: dict[int, Reject] = {}
    for item in profiles.rejects:
        first.setdefault(item.row, item)
        if len(first) == SHOWN:
            break
    examples = "; ".join(_example(item, lang) for item in first.values())
    rest = profiles.read - profiles.size - len(first)
    return f"{head} {say('reject.first', lang, examples=examples + (' ' + say('reject.more', lang, count=rest) if rest > 0 else ''))}"


def _example(item: Reject, lang: str) -> str:
    place = say("reject.line", lang, line=item.line) if item.line is not None else say("reject.row", lang, row=item.row + 1)
    names = ", ".join(name for name in (item.org_id, item.column) if name)
    return f"{place}{f' ({names})' if names else ''}: {item.diagnostic.message(lang)}"
