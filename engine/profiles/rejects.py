"""Turn rejected rows into a CSV for mending them, and into one paragraph for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.profiles.csv_text import cells_of, header_text, lines_text
from engine.profiles.neutral import neutral_table
from engine.profiles.table import Profiles, Reject
from engine.texts import say
from engine.texts.profiles import TEXTS

COLUMNS = ("line", "row", "org_id", "column", "value", "reason", "hint", "code")
SHOWN = 3  # rows told in full
KINDS = 5  # reasons counted apart


@dataclass(frozen=True, slots=True)
class Written:
    """Rejects as lines of a CSV, each but for its row, which is known only when all rows before have been counted. Arrays of pyarrow, one item a reason.
    `lines`, `rows`: numbers; `rests`: what follows them."""

    lines: Any
    rows: Any
    rests: Any

    def text(self, before: int = 0) -> bytes:
        """The lines of the CSV; `before`: rows before the first."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not len(self.rows):
            return b""
        rows = pc.add(self.rows, before).cast(pa.string())
        return lines_text(pc.binary_join_element_wise(self.lines.cast(pa.string()).fill_null(""), rows, self.rests, ","))


def written(rejects: Sequence[Reject], lang: str, scenario: str | None = None) -> Written:
    """`scenario`: what stands in a last column, if there is one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lines, rows = (pa.array(numbers, pa.int64()) for numbers in ([item.line for item in rejects], [item.row + 1 for item in rejects]))
    said = [item.diagnostic for item in rejects]
    texts = [
        [item.org_id for item in rejects],
        [item.column for item in rejects],
        [item.value for item in rejects],
        [item.message(lang) for item in said],
        [item.hint.text(lang) if item.hint else None for item in said],
        [item.code for item in said],
        *([] if scenario is None else [[scenario] * len(rejects)]),
    ]
    table = neutral_table(pa.table([pa.array(each, pa.string()) for each in texts], [str(i) for i in range(len(texts))]))
    return Written(lines, rows, pc.binary_join_element_wise(*cells_of(table, pa.string()), ","))


def head_of(scenarios: bool) -> bytes:
    """The line of column names."""
    return header_text((*COLUMNS, "scenario") if scenarios else COLUMNS)


def rejects_csv(rejects: Sequence[Reject], lang: str = "en", scenarios: Mapping[str, Sequence[Reject]] = MappingProxyType({})) -> str:
    """One line a reason, below a header. `line` and `row` count from 1; `line` is empty where the source has none.
    `scenarios`: what only they reject, in a last column."""
    parts = [written(rejects, lang, "" if scenarios else None), *(written(each, lang, id_) for id_, each in scenarios.items())]
    return b"".join([head_of(bool(scenarios)), *(part.text() for part in parts)]).decode()


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
