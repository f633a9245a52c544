"""Turn rows on Spark into answers on Spark: what the local run settles from the first rows is settled here, and sent along with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.api import Model, SusunError, inputs_of, load_model, ranked_by, unfit
from engine.diagnostics import Diagnostic, Hint, errors
from engine.distributed.repeats import MOST, Repeats, repeats_of
from engine.distributed.sources import Rows, rows_of
from engine.distributed.work import PLACE, REJECTS, ROW, STATUSES, TWICE, Task, Work, candidates, hashes, pieces, rows, sent
from engine.model.plan import Plan
from engine.outcome.sinks import Sink
from engine.profiles.convert import locales_of as convert_locales
from engine.profiles.convert import match
from engine.profiles.mapping import locales_of as mapped_locales
from engine.profiles.mapping_file import MappingFile, read_mapping
from engine.profiles.sheet import Sheet, no_lines
from engine.scoring.robustness.samples import SAMPLES, SEED

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

KINDS = {"string": "string", "double": "double", "int64": "long", "bool": "boolean"}  # Arrow's name of a type -> Spark's


def evaluate_spark(
    df: DataFrame,
    model: Model | Plan | str | Path | None = None,
    *,
    order: str | None = None,
    mapping: str | Path | MappingFile | None = None,
    locale: str | None = None,
    keep: Sequence[str] = (),
    top: int = 3,
    form: str = "wide",
    lang: str = "en",
    method: str | None = None,
    robustness: bool = False,
    samples: int = SAMPLES,
    seed: int = SEED,
) -> DataFrame:
    """The answers that `Model.evaluate` gives, as a Spark DataFrame, decided by Spark's workers when it is asked for them.

    Cell by cell the same: columns, types, nulls, rejected rows with their reason. `input_row` (int64, from 1) says which row of the input an answer
    belongs to; with `form="long"`, `place` says which of its structures comes when. Sorted by these, the table is the local one.

    `order`: a column whose values are all different and order the rows. Without it they are taken as Spark reads them, which must be the same each
    time: so it is for files and for tables in memory, and what comes out of a shuffle is refused. `mapping`, `locale`, `keep`, ...: as in
    `engine.api`. Spark's jobs that run at once: counting rows, fetching the first 10,000 (they settle how numbers are written), finding ids that
    occur twice. Raises SusunError for what the local run would refuse.
    """
    if wrong := unfit(top, form, lang, method, samples, seed, None, locale):
        raise SusunError(wrong)
    plan = model.plan if isinstance(model, Model) else model if isinstance(model, Plan) else load_model(model).plan
    if mapping is not None and not isinstance(mapping, MappingFile):
        mapping, wrong = read_mapping(mapping)
        if mapping is None:
            raise SusunError(errors(wrong))
    chosen, sampling, found = ranked_by(plan, method, robustness, samples, seed)
    if found:
        raise SusunError(found)
    asked = prepared(rows_of(df, order=order), Work(plan, mapping, tuple(keep), top, form, lang, None if chosen is None else method, sampling), locale)
    return asked.answers()


@dataclass(frozen=True, slots=True)
class Asked:
    """An input, all that its workers have to know, and what is to be said of its columns."""

    rows: Rows
    work: Work
    found: tuple[Diagnostic, ...]

    def answers(self, said: bool = False, plain: bool = False) -> Any:
        """A Spark DataFrame of the answers. `said`: with what is counted beside them, to be taken away by `engine.distributed.run`."""
        extra = {f"_{status}": "long" for status in STATUSES} | {REJECTS: "string"} if said else {}
        places = {PLACE: "long"} if self.work.form == "long" else {}
        columns = {**_types(self.work, self.rows), **places, ROW: "long", **extra}
        return self.rows.frame.mapInArrow(sent(Task(self.work, self.rows.feed, said=said, plain=plain), rows), _schema(columns))

    def pieces(self, sink: type[Sink]) -> Any:
        """A Spark DataFrame of pieces of the output file, in order, with rejects and counts."""
        columns = {"first": "long", "read": "long", "content": "binary", REJECTS: "string", **{f"_{status}": "long" for status in STATUSES}}
        return self.rows.frame.mapInArrow(sent(Task(self.work, self.rows.feed, sink=sink), pieces), _schema(columns))


def prepared(source: Rows, work: Work, locale: str | None = None) -> Asked:
    """What is settled before any row is decided: how numbers are written, the columns of the answers, which ids occur twice. Raises SusunError."""
    inputs = inputs_of(work.plan)
    profiles, found = work.read(source.first, locale)
    if profiles is None:
        raise SusunError(errors(found))
    if work.mapping is None:
        locales, _ = convert_locales(source.first, inputs, locale)
    else:
        locales, _ = mapped_locales(source.first, work.mapping, inputs, locale)
    work = replace(work, locales=locales)
    one = _part(source.first, np.zeros(1, dtype=np.int64))
    work = replace(work, id_source=_id_source(work, source.first), schema=work.answered(one, np.zeros(1, dtype=np.int64)).table.schema)
    return Asked(source, replace(work, repeats=_repeats(source, work)), tuple(found))


def _part(sheet: Sheet, at: np.ndarray) -> Sheet:
    """Some rows of a sheet, as if they were all."""
    import pyarrow as pa

    return replace(sheet, columns={name: column.take(pa.array(at)) for name, column in sheet.columns.items()}, size=len(at), broken=(), line_of=no_lines)


def _id_source(work: Work, first: Sheet) -> str | None:
    """What a reject of a repeated id calls the id's column: the reader is asked, by two rows that are the same."""
    named = np.flatnonzero(work.ids(first).is_valid().to_numpy(zero_copy_only=False))
    if not len(named):
        return None
    profiles, _ = work.read(_part(first, named[[0, 0]]))
    return next((item.column for item in profiles.rejects if item.diagnostic.code in TWICE), None) if profiles is not None else None


def _repeats(source: Rows, work: Work) -> Repeats:
    """The rows whose id an earlier row has. Of all ids only 64 bits are compared; then those that are the same, whole."""
    if work.mapping is None:
        column = match(source.first, work.inputs)[0].get(work.inputs.id)
        source = source if column is None else source.only(column)
    small = replace(work, keep=(), schema=None)
    found = source.frame.mapInArrow(sent(Task(small, source.feed), hashes), "hash bigint").groupBy("hash").count().where("`count` > 1")
    shared = found.limit(MOST + 1).toArrow()
    if not shared.num_rows:
        return work.repeats
    count = int(np.sum(shared.column("count").to_numpy()))
    if count > MOST:
        raise SusunError([Diagnostic("X408", {"count": f"{count:,}", "limit": f"{MOST:,}"}, None, Hint("hint.own_id"))])
    wanted = np.sort(shared.column("hash").to_numpy().view(np.uint64))
    return repeats_of(source.frame.mapInArrow(sent(Task(small, source.feed, wanted), candidates), "row bigint, line bigint, id string").toArrow())


def _types(work: Work, source: Rows) -> dict[str, Any]:
    """The columns of the answers and their types; columns that are kept have their own."""
    own = {each.name: each.dataType for each in source.frame.schema.fields}
    names = getattr(source.feed, "names", ())
    kept = dict(zip(work.schema.names[len(work.schema.names) - len(work.keep) :], work.keep, strict=True))
    return {
        each.name: own[f"c{names.index(kept[each.name])}"] if each.name in kept and kept[each.name] in names else KINDS[str(each.type)] for each in work.schema
    }


def _schema(columns: dict[str, Any]) -> Any:
    from pyspark.sql.types import StructType

    schema = StructType()
    for name, kind in columns.items():
        schema = schema.add(name, kind)
    return schema
