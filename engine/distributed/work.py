"""Turn the rows that a Spark task is given into answers: what is sent to every worker, once, and what a worker does with it."""

from __future__ import annotations

import base64
import copyreg
import io
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.api import SusunError, inputs_of
from engine.batch import Answer, evaluate
from engine.diagnostics import Diagnostic, errors
from engine.distributed.feeds import Feed
from engine.distributed.repeats import NO_REPEATS, Repeats
from engine.model.plan import Plan
from engine.outcome.sinks import Sink
from engine.profiles.assemble import Inputs
from engine.profiles.convert import convert
from engine.profiles.gather import MOST_REASONS
from engine.profiles.locales import Locales
from engine.profiles.mapping import convert_mapped
from engine.profiles.mapping_file import MappingFile
from engine.profiles.neutral import neutral_table
from engine.profiles.rejects import written
from engine.profiles.seen import keys_of
from engine.profiles.sheet import Sheet, no_lines
from engine.profiles.table import Profiles, Reject, shortened, without
from engine.scoring.chosen import Chosen, choose
from engine.scoring.robustness.samples import Sampling

ROW, PLACE, REJECTS = "input_row", "place", "_rejects"
STATUSES = ("ok", "assumed", "undecided", "rejected")
TWICE = ("P311", "P312")
TOLD = "susun-found"


@dataclass(frozen=True)
class Work:
    """What is asked of every row, wherever it is decided. It bears pickling; `method` is what was asked for. `id_source`: what the input calls its id.
    `schema`: of the answers, a pyarrow schema."""

    plan: Plan
    mapping: MappingFile | None = None
    keep: tuple[str, ...] = ()
    top: int = 3
    form: str = "wide"
    lang: str = "en"
    method: str | None = None
    sampling: Sampling | None = None
    locales: Locales | None = None
    id_source: str | None = None
    repeats: Repeats = NO_REPEATS
    schema: Any = None

    @cached_property
    def inputs(self) -> Inputs:
        return inputs_of(self.plan)

    @cached_property
    def chosen(self) -> Chosen | None:
        return None if self.method is None else choose(self.method, self.plan)

    def read(self, sheet: Sheet, locale: str | None = None) -> tuple[Profiles | None, list[Diagnostic]]:
        if self.mapping is None:
            return convert(sheet, self.inputs, self.keep, locale, self.locales)
        return convert_mapped(sheet, self.mapping, self.inputs, self.keep, locale, self.locales)

    def ids(self, sheet: Sheet) -> Any:
        """The id of every row as texts, null where it has none that counts. Of the inputs only the id is read."""
        inputs = Inputs({self.inputs.id: self.inputs.all[self.inputs.id]}, self.inputs.id, None)
        if self.mapping is None:
            profiles, found = convert(sheet, inputs, locales=self.locales)
        else:
            mapping = replace(self.mapping, fields={key: each for key, each in self.mapping.fields.items() if key == self.inputs.id})
            profiles, found = convert_mapped(sheet, mapping, inputs, locales=self.locales)
        if profiles is None:
            raise SusunError(errors(found))
        return profiles.labels["id"]

    def answered(self, sheet: Sheet, places: np.ndarray) -> Answer:
        """The answers to some rows, as `engine.batch.evaluate` gives them; of rejects the row counts from the input's first. `places`: (n,) int64."""
        profiles, found = self.read(sheet)
        if profiles is None:
            raise SusunError(errors(found))
        profiles = self._once(profiles, sheet, places)
        answer = evaluate(self.plan, profiles, None, self.top, self.form, self.lang, method=self.chosen, sampling=self.sampling, workers=1)
        return replace(answer, rejects=tuple(replace(item, row=int(places[item.row])) for item in answer.rejects))

    def _once(self, profiles: Profiles, sheet: Sheet, places: np.ndarray) -> Profiles:
        """Without the rows whose id an earlier row of the input has, wherever that stands."""
        twice = self.repeats.among(places, profiles.labels["id"])
        here = {item.row for item in profiles.rejects if item.diagnostic.code in TWICE}
        if not here <= twice.keys():
            raise SusunError([Diagnostic("X409", {"read": len(places), "found": len(places) - len(here)})])
        if not twice:
            return profiles
        rest = replace(profiles, rejects=tuple(item for item in profiles.rejects if item.diagnostic.code not in TWICE))
        found = without(rest, self.id_source or self.inputs.id, twice, sheet.line_of)
        return replace(found, rejects=tuple(_at_most(found.rejects, twice)))


def _at_most(rejects: tuple[Reject, ...], twice: Mapping[int, Any]) -> Iterator[Reject]:
    """As many reasons for a row as are ever given; long ids shortened."""
    seen: Counter[int] = Counter()
    for item in rejects:
        seen[item.row] += 1
        if item.row not in twice or seen[item.row] <= MOST_REASONS:
            yield replace(item, value=shortened(item.value)) if item.diagnostic.code in TWICE and item.value else item


# -- what a task does


@dataclass(frozen=True, slots=True)
class Task:
    """What one kind of task needs. `sink`: what shapes the answers; `said`: rejects and counts stand beside the answers; `plain`: safe for spreadsheets."""

    work: Work
    feed: Feed
    wanted: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    sink: type[Sink] | None = None
    said: bool = False
    plain: bool = False


Batches = Iterator[Any]


def sent(task: Task, kind: Callable[[Task, Batches], Batches]) -> Callable[[Batches], Batches]:
    """A function for `mapInArrow` that does one kind of work: `rows`, `pieces`, `hashes` or `candidates`."""
    payload, name = pickled(task), kind.__name__

    def run(batches: Batches) -> Batches:
        try:
            yield from KINDS[name](_loaded(payload), batches)
        except SusunError as error:
            raise RuntimeError(f"{TOLD}<{base64.b64encode(pickled(error.diagnostics)).decode()}>") from None

    return run


def told(text: str) -> list[Diagnostic]:
    """What a task found wrong, out of the text in which Spark reports that it failed."""
    found = re.search(rf"{TOLD}<([A-Za-z0-9+/=]+)>", text)
    return [] if found is None else pickle.loads(base64.b64decode(found.group(1)))


def pickled(value: Any) -> bytes:
    """Pickled, read-only mappings included."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = copyreg.dispatch_table.copy()
    pickler.dispatch_table[MappingProxyType] = lambda mapping: (_read_only, (dict(mapping),))
    pickler.dump(value)
    return out.getvalue()


def _read_only(content: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(content)


@lru_cache(maxsize=2)
def _loaded(payload: bytes) -> Task:
    """Once in the life of a worker, however many tasks it is given."""
    found: Task = pickle.loads(payload)
    return found


def rows(task: Task, batches: Batches) -> Batches:
    """The answers, a row each (with `long`, one for each structure), and the row of the input that they belong to."""
    import pyarrow as pa

    for sheet, places in task.feed.sheets(batches):
        answer = task.work.answered(sheet, places)
        table = answer.table.cast(task.work.schema)
        if task.plain:
            table = neutral_table(table)
        lost = np.isin(places, [item.row for item in answer.rejects])
        at = places
        if task.work.form == "long":
            per = len(task.work.plan.structures)
            at = np.repeat(places[~lost], per)
            table = table.append_column(PLACE, pa.array(np.tile(np.arange(1, per + 1), len(at) // per)))
        table = table.append_column(ROW, pa.array(at + 1))
        if task.said:
            table = _with_said(table, answer, task.work.lang)
        yield from table.combine_chunks().to_batches()


def _with_said(table: Any, answer: Answer, lang: str) -> Any:
    """The rejects and the counts of the whole table on its first row, which is an empty one if there is no other."""
    import pyarrow as pa

    size = table.num_rows
    if size == 0:
        table = pa.table({each.name: pa.nulls(1, each.type) for each in table.schema}, schema=table.schema)
    first = pa.array(np.zeros(max(size, 1)), mask=np.arange(max(size, 1)) > 0)
    for status in STATUSES:
        table = table.append_column(f"_{status}", pa.array([answer.statuses[status]], pa.int64()).take(first.cast(pa.int64())))
    text = written(answer.rejects, lang).text().decode() or None
    return table.append_column(REJECTS, pa.array([text], pa.string()).take(first.cast(pa.int64())))


def pieces(task: Task, batches: Batches) -> Batches:
    """What goes into the output file, in pieces; each with what was rejected and the counts."""
    import pyarrow as pa

    assert task.sink is not None
    for sheet, places in task.feed.sheets(batches):
        answer = task.work.answered(sheet, places)
        first = int(places[0]) if len(places) else 0
        found = {
            "first": pa.array([first], pa.int64()),
            "read": pa.array([answer.read], pa.int64()),
            "content": pa.array([bytes(task.sink.shaped(answer.table.cast(task.work.schema), first == 0))], pa.binary()),
            REJECTS: pa.array([written(answer.rejects, task.work.lang).text().decode()], pa.string()),
        }
        yield pa.record_batch({**found, **{f"_{status}": pa.array([answer.statuses[status]], pa.int64()) for status in STATUSES}})


def hashes(task: Task, batches: Batches) -> Batches:
    """64 bits of every id."""
    import pyarrow as pa

    for sheet, _ in task.feed.sheets(batches):
        keys = _keys(task.work.ids(sheet), sheet)
        yield pa.record_batch({"hash": pa.array(keys[keys != 0].view(np.int64))})


def candidates(task: Task, batches: Batches) -> Batches:
    """The rows whose id may be that of another row, with the line on which each begins, if the input has lines."""
    import pyarrow as pa

    for sheet, places in task.feed.sheets(batches):
        ids = task.work.ids(sheet)
        at = np.flatnonzero(np.isin(_keys(ids, sheet), task.wanted))
        lines = sheet.line_of(at.tolist()) if sheet.line_of is not no_lines else [None] * len(at)
        yield pa.record_batch({"row": pa.array(places[at]), "line": pa.array(lines, pa.int64()), "id": ids.take(pa.array(at)).cast(pa.string())})


def _keys(ids: Any, sheet: Sheet) -> np.ndarray:
    keys = keys_of(ids)
    keys[[item.row for item in sheet.broken]] = 0
    return keys


KINDS: Mapping[str, Callable[[Task, Batches], Batches]] = {each.__name__: each for each in (rows, pieces, hashes, candidates)}
