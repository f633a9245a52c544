"""Turn a source of profiles into pieces of answers, in order: reading, deciding and writing overlap, and only a few pieces are held at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from engine.api import inputs_of
from engine.batch import evaluate
from engine.cross_check import Difference, cross_check
from engine.diagnostics import Diagnostic, Hint, errors
from engine.executors.base import Executor
from engine.model.plan import Plan
from engine.outcome.group import addends
from engine.outcome.journal import Kept
from engine.parallel import keep_memory, processors, release, streamed
from engine.profiles.convert import convert, match
from engine.profiles.convert import locales_of as convert_locales
from engine.profiles.gather import repeated
from engine.profiles.locales import Locales
from engine.profiles.mapping import convert_mapped, used_columns
from engine.profiles.mapping import locales_of as mapped_locales
from engine.profiles.mapping_file import MappingFile
from engine.profiles.rejects import Written, written
from engine.profiles.seen import Seen, keys_of
from engine.profiles.sheet import Lines, Sheet
from engine.profiles.sources.base import Piece, Reader, Refused, Source
from engine.profiles.table import Profiles, Reject, without
from engine.scenarios.apply import changed
from engine.scenarios.changes import Change
from engine.scenarios.read import Scenario
from engine.scenarios.run import compare, moved, recommended
from engine.scenarios.totals import TOTALS, Answers
from engine.scoring.chosen import Chosen
from engine.scoring.robustness.samples import Sampling

SHOWN = 10  # rows of a scenario that are told of one by one


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every piece. `shape(table, first)`: the bytes that go into the output. `rejects`: rejected rows are wanted. `group_by`: totals are
    wanted instead of rows; "scenario" for the scenarios' alone."""

    plan: Plan
    name: str
    shape: Callable[[Any, bool], Any]
    mapping: MappingFile | None = None
    keep: tuple[str, ...] = ()
    top: int = 3
    form: str = "wide"
    lang: str = "en"
    method: Chosen | None = None
    sampling: Sampling | None = None
    locale: str | None = None
    executor: Executor | None = None
    changes: tuple[Change, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    group_by: str | None = None
    rejects: bool = True
    cross_check: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """One piece's answers. `keys`: of every row's id, 0 where it has none that counts. `found`: what is to be said of the columns; with errors there is no
    answer. `lines`: see `_lines`. `row`: rows before the piece. `reached`: bytes of the file that had been read when the piece had. `rejects`: by scenario, ""
    for the answers without one. `only`: how many rows only a scenario rejects, and the first of them. `addends`: for the totals by group; `answers`: for those
    of the scenarios. `moved`: see `scenarios.run.moved`. `differences`: of a cross-check."""

    read: int = 0
    content: Any = b""
    statuses: Counter[str] = field(default_factory=Counter)
    rejects: Mapping[str, Written] = field(default_factory=dict)
    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.uint64))
    found: tuple[Diagnostic, ...] = ()
    lines: np.ndarray | None = None
    row: int = 0
    reached: int = 0
    only: Mapping[str, tuple[int, tuple[Reject, ...]]] = field(default_factory=dict)
    addends: Any = None
    answers: Answers | None = None
    moved: tuple[int, int] = (0, 0)
    differences: tuple[Difference, ...] = ()

    def moved_on(self, rejects: tuple[Reject, ...]) -> tuple[Reject, ...]:
        """Rejects of the piece with their rows in the file."""
        return tuple(replace(item, row=item.row + self.row) for item in rejects)


class Changed(Exception):
    """The input is no longer what it was when its first pieces were answered."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What holds for all pieces: how to read one, and how the columns are written, by the first rows. `again`: pieces can be read again."""

    reader: Reader
    again: bool
    locales: Locales | None = None


def run(asked: Asked, source: Source, workers: int | None = None, before: Iterable[Kept] = ()) -> Iterator[tuple[Piece, Done]]:
    """Every piece with its answers, in order; the first one's say what is to be said of the whole input. `before`: the first pieces, which have been answered
    and are passed over.

    Raises Refused when the input, or a piece of it, can't be read, or rows were lost on the way, and Changed when the first pieces are others.
    """
    head, said = _settled(asked, source)
    release()
    keep_memory()
    seen, earlier, row = Seen(), _Earlier(asked, head, source), 0
    reached = deque[int]()
    pieces, first = _noted(source, reached), True
    for kept in before:
        passed = next(pieces, None)
        if passed is None or not kept.is_of(passed):
            raise Changed
        seen.add(kept.keys, row)
        earlier.add(row, passed, kept.lines)
        row += kept.read
        reached.popleft()
    known: set[str] = set()
    for piece, done in streamed(partial(answer, asked, head), pieces, workers or processors()):
        found = (*source.said, *done.found, *said) if first else done.found
        first = False
        if errors(found):
            raise Refused(found)
        again = seen.add(done.keys, row)
        if again and (twice := earlier.twice(again, piece)):
            done = answer(asked, head, piece, twice)
        new = tuple(item for item in found if f"{item.code} {item.values}" not in known)  # a key of a JSON file may come late
        known |= {f"{item.code} {item.values}" for item in new}
        yield piece, replace(done, row=row, found=new, reached=reached.popleft())
        earlier.add(row, piece, done.lines)
        row += done.read
    if source.rows not in (None, row):
        raise Refused([lost(source.rows, row)])
    if not row:
        raise Refused(source.nothing())


def _noted(source: Source, reached: deque[int]) -> Iterator[Piece]:
    """The pieces, and how far in the file each was read: some are read long before they are answered."""
    for piece in source.pieces():
        reached.append(source.done)
        yield piece


def lost(given: int | None, answered: int) -> Diagnostic:
    """What must never have to be said."""
    return Diagnostic("X240", {"given": given, "answered": answered}, None, Hint("hint.report"))


def answer(asked: Asked, head: _Head, piece: Piece, twice: Mapping[int, Diagnostic] | None = None) -> Done:
    """Read, decide and lay out one piece. `twice`: rows of it whose id an earlier piece has."""
    sheet, found = head.reader.sheet(piece)
    if sheet is None:
        return Done(found=tuple(found))
    profiles, more = _profiles(asked, head, sheet)
    found = [*found, *more]
    if profiles is None:
        return Done(found=tuple(found))
    keys = keys_of(profiles.labels["id"])
    keys[[item.row for item in sheet.broken]] = 0
    if twice:
        profiles = without(profiles, asked.plan.settings.id, twice, sheet.line_of)
    done = _decided(asked, profiles, piece.number == 0)
    given = head.reader.rows(piece)
    if given not in (None, done.read):
        found.append(lost(given, done.read))
    elif sum(done.statuses.values()) != done.read:
        found.append(lost(done.read, sum(done.statuses.values())))
    return replace(done, keys=keys, found=tuple(found), lines=None if head.again else _lines(sheet))


def _decided(asked: Asked, profiles: Profiles, first: bool) -> Done:
    """The answers of a piece, with whatever is asked besides."""
    plan, executor, method = asked.plan, asked.executor, asked.method
    totals_only = asked.group_by is not None
    before = recommended(plan, profiles, executor, method=method, workers=1) if asked.changes else None
    profiles = changed(plan, profiles, asked.changes)
    form = "wide" if totals_only else asked.form
    answered = evaluate(plan, profiles, executor, asked.top, form, asked.lang, None, totals_only, method, asked.sampling, workers=1)
    table, lang = answered.table, asked.lang
    if form != "long" and table.num_rows != answered.read:
        return Done(answered.read, statuses=Counter(lost=table.num_rows))
    done = Done(answered.read, statuses=answered.statuses)
    rejects = {"": written(answered.rejects, lang, "" if asked.scenarios else None)} if asked.rejects else {}
    if before is not None:
        done = replace(done, moved=moved(before, plan, profiles, answered, executor, method, workers=1))
    if asked.scenarios:
        group = None if asked.group_by == TOTALS else asked.group_by
        compared = compare(plan, profiles, answered, asked.scenarios, executor, asked.top, form, lang, group, None, method, asked.sampling, workers=1)
        table = compared.answer.table
        rejects |= {id_: written(each, lang, id_) for id_, each in compared.rejects.items()} if asked.rejects else {}
        only = {id_: (len(each), each[:SHOWN]) for id_, each in compared.rejects.items()}
        done = replace(done, only=only, answers=compared.answers.slim())
    elif asked.group_by is not None:
        done = replace(done, addends=addends(table, asked.group_by))
    if asked.cross_check:
        done = replace(done, differences=_checked(asked, profiles))
    return replace(done, rejects=rejects, content=b"" if totals_only else asked.shape(table, first))


def _checked(asked: Asked, profiles: Profiles) -> tuple[Difference, ...]:
    """Where other ways of deciding differ, without scenarios and with each."""
    each = [(asked.plan, profiles), *((item.plan, changed(item.plan, profiles, item.changes)) for item in asked.scenarios)]
    return tuple(found for plan, some in each if some.size for found in cross_check(plan, some.columns, some.size))


def _profiles(asked: Asked, head: _Head, sheet: Sheet) -> tuple[Profiles | None, list[Diagnostic]]:
    inputs = inputs_of(asked.plan)
    if asked.mapping is None:
        return convert(sheet, inputs, asked.keep, locales=head.locales)
    return convert_mapped(sheet, asked.mapping, inputs, asked.keep, locales=head.locales)


def _settled(asked: Asked, source: Source) -> tuple[_Head, list[Diagnostic]]:
    """What the first rows say of how numbers are written: all pieces are read by that. Columns that nothing is made of are not read any further."""
    sheet = source.sample()
    if sheet is None:
        return _Head(source.reader, source.twice), []
    inputs = inputs_of(asked.plan)
    if asked.mapping is None:
        locales, said = convert_locales(sheet, inputs, asked.locale)
        used = set(match(sheet, inputs)[0].values())
    else:
        locales, said = mapped_locales(sheet, asked.mapping, inputs, asked.locale)
        used = set(used_columns(sheet, asked.mapping, inputs))
    source.use(used | set(asked.keep))
    return _Head(source.reader, source.twice, locales), said


def _lines(sheet: Sheet) -> np.ndarray | None:
    """(n,) how far each row's line is from where it would be if every row was one line; None where each is there, or where there are no lines."""
    lines = sheet.line_of(range(sheet.size))
    if lines[0] is None:
        return None
    found = np.array(lines, dtype=np.int32) - np.arange(sheet.size, dtype=np.int32)
    return found if len(found) and (found != found[0]).any() else found[:1]


class _Earlier:
    """Where each piece begins, to find the row that had an id first; and the ids of the pieces asked for last."""

    def __init__(self, asked: Asked, head: _Head, source: Source) -> None:
        self._asked, self._head, self._source = asked, head, source
        self._rows: list[int] = []
        self._pieces: list[Piece] = []
        self._lines: list[np.ndarray | None] = []
        self._known = lru_cache(maxsize=4)(self._ids)

    def add(self, row: int, piece: Piece, lines: np.ndarray | None) -> None:
        self._rows.append(row)
        self._pieces.append(replace(piece, body=None))
        self._lines.append(lines)

    def twice(self, again: Mapping[int, int], piece: Piece) -> dict[int, Diagnostic]:
        """`again`: rows of the piece -> the row of the file with the same key. What is to be said of those whose ids are the same."""
        mine, _ = self._labels(piece)
        found: dict[int, Diagnostic] = {}
        for position, row in again.items():
            text = mine[position].as_py()
            number = bisect_right(self._rows, row) - 1
            there = row - self._rows[number]
            if not self._head.again:
                found[position] = repeated(text, self._line(number, there), row)
                continue
            ids, line_of = self._known(number)
            if ids[there].as_py() == text:
                found[position] = repeated(text, line_of([there])[0], row)
        return found

    def _line(self, number: int, there: int) -> int | None:
        lines = self._lines[number]
        return None if lines is None else int(lines[there if len(lines) > 1 else 0]) + there

    def _ids(self, number: int) -> tuple[Any, Lines]:
        return self._labels(self._source.again(self._pieces[number]))

    def _labels(self, piece: Piece) -> tuple[Any, Lines]:
        sheet, _ = self._head.reader.sheet(piece)
        assert sheet is not None
        profiles = _profiles(self._asked, self._head, sheet)[0]
        assert profiles is not None
        return profiles.labels["id"], sheet.line_of
