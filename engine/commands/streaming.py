"""Turn `susun evaluate ORGS -o OUT` into answers that go into the file while the rest is still being read."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands.common import DONE, FOUND, finish, no_group, stop, to_stderr
from engine.commands.progress import Progress
from engine.commands.resuming import Resume, changed, continued, damaged, left_behind
from engine.commands.scenarios import Outcome, after_all
from engine.cross_check import Difference
from engine.diagnostics import Diagnostic, Hint
from engine.interrupts import signal_of
from engine.outcome.group import added
from engine.outcome.journal import Damaged, Journal, Kept, folder_of
from engine.outcome.sinks import SINKS, TO, Sink, ending
from engine.outcome.terminal import show_diagnostics, summary
from engine.outcome.write import beside, cannot
from engine.profiles.read import STDIN
from engine.profiles.rejects import head_of
from engine.profiles.sources.base import Piece, Refused, Source
from engine.profiles.sources.opened import opened
from engine.profiles.table import Reject
from engine.scenarios.totals import TOTALS, Totals
from engine.stream import SHOWN, Asked, Changed, Done, run
from engine.texts import say, shown

MOST_DIFFERENCES = 20  # shown
LONG = 60.0  # seconds: who interrupts a run that took longer is told of `--resume`


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where from, where to, and what else the command line says. `page`: of a workbook. `changes`: as they were written. `progress`: show how far it is.
    `resume`: keep what is decided, so that it need not be decided again when the run is interrupted."""

    orgs: str
    page: str | None
    output: str
    rejects: str | None
    strict: bool
    changes: tuple[str, ...] = ()
    jobs: int | None = None
    progress: bool = True
    resume: Resume | None = None


def sink_of(output: str | None, to: str | None, lang: str) -> type[Sink] | None:
    """What the output is written by, if it can be written in pieces. `to`: the format for standard output."""
    if to is not None and output != STDIN:
        raise stop([Diagnostic("X113", {"option": "--to", "needed": "-o -"}, None, Hint("hint.output_name"))], lang)
    if output is None:
        return None
    return TO[to or "csv"] if output == STDIN else SINKS.get(ending(Path(output)))


class _Gathered:
    """What the answers of all pieces add up to. Memory grows with the groups, not with the rows."""

    def __init__(self, asked: Asked) -> None:
        self.statuses: Counter[str] = Counter()
        self.moved = (0, 0)
        self.differences: list[Difference] = []
        self.differing = 0
        self.only: dict[str, tuple[int, tuple[Reject, ...]]] = {}
        self._totals: Any = Totals(None if asked.group_by == TOTALS else asked.group_by) if asked.scenarios else None

    def add(self, done: Done) -> None:
        self.statuses += done.statuses
        self.moved = (self.moved[0] + done.moved[0], self.moved[1] + done.moved[1])
        self.differing += len(done.differences)
        self.differences += done.differences[: MOST_DIFFERENCES - len(self.differences)]
        for id_, (count, first) in done.only.items():
            known, shown_ = self.only.get(id_, (0, ()))
            self.only[id_] = (known + count, (*shown_, *done.moved_on(first))[:SHOWN])
        if done.answers is not None:
            self._totals.add(done.answers)
        elif done.addends is not None:
            self._totals = added(self._totals, done.addends)

    def totals(self) -> Any:
        return self._totals.table() if isinstance(self._totals, Totals) else self._totals


class _Rejects:
    """The file of rejected rows: those of the answers, and then those of each scenario, which wait aside."""

    def __init__(self, stream: Any, scenarios: list[str], stack: ExitStack) -> None:
        self._stream = stream
        self._aside = {id_: stack.enter_context(tempfile.TemporaryFile()) for id_ in scenarios}  # noqa: SIM115
        stream.write(head_of(bool(scenarios)))

    def add(self, done: Done) -> None:
        for id_, rejects in done.rejects.items():
            self._aside.get(id_, self._stream).write(rejects.text(done.row))

    def put(self, rejects: bytes) -> None:
        """Lines that are as they stand in the file."""
        self._stream.write(rejects)

    def close(self) -> None:
        for file in self._aside.values():
            file.seek(0)
            while block := file.read(1 << 20):
                self._stream.write(block)


class _Written:
    """Output and rejects, which appear together when all has been added, whole or not at all."""

    def __init__(self, asked: Asked, sink: type[Sink], wanted: Wanted, stack: ExitStack, durable: bool = False) -> None:
        self._asked, self._sink = asked, sink
        self._to = sink(stack.enter_context(_stdout() if wanted.output == STDIN else beside(Path(wanted.output), durable)))
        aside = None if wanted.rejects is None else stack.enter_context(beside(Path(wanted.rejects), durable))
        self._aside = None if aside is None else _Rejects(aside, [item.id for item in asked.scenarios], stack)

    def add(self, done: Done) -> None:
        self._to.add(done.content)
        if self._aside is not None:
            self._aside.add(done)

    def put(self, content: bytes, rejects: bytes) -> None:
        """The same of what was kept."""
        self._to.add(content)
        if self._aside is not None:
            self._aside.put(rejects)

    def close(self, found: _Gathered) -> None:
        if self._asked.group_by is not None:
            self._to.add(self._sink.shaped(found.totals(), True))
        self._to.close()
        if self._aside is not None:
            self._aside.close()


def evaluate(asked: Asked, sink: type[Sink], wanted: Wanted) -> int:
    """Decide a file or standard input piece by piece. Output and rejects appear together, whole or not at all."""
    lang, output, begun = asked.lang, wanted.output, time.monotonic()
    try:
        with ExitStack() as stack:
            source = stack.enter_context(opened(wanted.orgs, wanted.page))
            how_far = stack.enter_context(Progress(source.size, lang, wanted.progress, output))
            if wanted.resume is not None:
                kept = stack.enter_context(continued(wanted.resume, source, wanted.orgs, Path(output), lang))
                found = _kept(asked, sink, wanted, source, how_far, kept)
            else:
                found = _put(asked, sink, wanted, source, how_far)
    except Refused as error:
        wrong = [no_group(item, wanted.orgs) if item.code == "P206" and item.values["name"] == asked.group_by else item for item in error.found]
        raise stop(wrong, lang, FOUND if any(item.code == "X240" for item in wrong) else 2) from None
    except KeyboardInterrupt as error:
        _interrupted(wanted, lang, time.monotonic() - begun)
        raise stop([], lang, 128 + signal_of(error)) from None
    except OSError as error:
        if output == STDIN:
            raise  # a closed pipe
        return finish([cannot(Path(output), error.strerror or str(error))], lang)
    return _told(asked, wanted, found)


def _put(asked: Asked, sink: type[Sink], wanted: Wanted, source: Source, how_far: Progress) -> _Gathered:
    """Decide everything, into the output."""
    found = _Gathered(asked)
    left = None if wanted.output == STDIN else left_behind(Path(wanted.output), asked.lang)
    with ExitStack() as stack:
        to = _Written(asked, sink, wanted, stack)
        for _, done in _decided(asked, wanted, source, how_far):
            found.add(done)
            to.add(done)
        to.close(found)
    if left is not None:
        shutil.rmtree(left, ignore_errors=True)
    return found


def _kept(asked: Asked, sink: type[Sink], wanted: Wanted, source: Source, how_far: Progress, kept: Journal) -> _Gathered:
    """The same into a journal, and when all is decided from there into the output."""
    found = _Gathered(asked)
    try:
        for piece, done in _decided(asked, wanted, source, how_far, kept):
            kept.add(piece, done, b"".join(rejects.text(done.row) for rejects in done.rejects.values()))
        kept.end_part()
        with ExitStack() as stack:
            to = _Written(asked, sink, wanted, stack, durable=True)
            for content, rejects in kept.contents():
                to.put(content, rejects)
            to.close(found)
    except Changed:
        raise changed(Path(wanted.output), say("resume.input", asked.lang), kept.rows, asked.lang) from None
    except Damaged:
        raise damaged(Path(wanted.output), asked.lang) from None
    kept.remove()
    found.statuses, found.moved = kept.statuses, kept.moved
    return found


def _decided(asked: Asked, wanted: Wanted, source: Source, how_far: Progress, kept: Journal | None = None) -> Iterator[tuple[Piece, Done]]:
    """What is not decided yet, piece by piece; what there is to say is said, and how far it is."""
    for piece, done in run(asked, source, wanted.jobs, () if kept is None else _passed(kept, source, how_far)):
        show_diagnostics(done.found, asked.lang)
        yield piece, done
        how_far.step(done.reached - how_far.done, done.read)


def _passed(kept: Journal, source: Source, how_far: Progress) -> Iterator[Kept]:
    """What is decided."""
    yield from kept.kept()
    how_far.begin(source.done, kept.rows)


def _interrupted(wanted: Wanted, lang: str, seconds: float) -> None:
    """Say what is left of a run that was interrupted."""
    with contextlib.suppress(OSError):  # the terminal may be gone
        if wanted.output == STDIN:
            to_stderr(say("interrupted.stream", lang))
        elif wanted.resume is not None and (folder := folder_of(Path(wanted.output))).exists():
            to_stderr(say("interrupted.kept", lang, folder=folder))
        else:
            to_stderr(say("interrupted", lang))
            if seconds >= LONG and wanted.resume is None and wanted.orgs != STDIN:
                to_stderr(say("interrupted.resume", lang))


def _told(asked: Asked, wanted: Wanted, found: _Gathered) -> int:
    """What is said when all is done, and the exit code."""
    lang, grouped = asked.lang, asked.group_by is not None
    code = DONE
    read = sum(found.statuses.values())
    totals = found.totals() if grouped or asked.scenarios else None
    if wanted.output != STDIN:
        rows = read if totals is None or not grouped else totals.num_rows
        to_stderr(say("evaluate.written", lang, rows=shown.number(rows, lang), file=wanted.output))
    to_stderr(summary(read, found.statuses, lang))
    if wanted.rejects is not None:
        to_stderr(say("evaluate.rejects_written", lang, file=wanted.rejects))
    if asked.cross_check:
        code = _checked(found, read, lang)
    outcome = Outcome(totals, found.only) if asked.scenarios else None
    after_all(wanted.changes, found.moved if wanted.changes else None, outcome, asked.scenarios, True, grouped, lang)
    if wanted.strict and (found.statuses["rejected"] or any(count for count, _ in found.only.values())):
        to_stderr(say("strict.stopped", lang))
        return FOUND
    return code


def _checked(found: _Gathered, read: int, lang: str) -> int:
    if not found.differing:
        decided = read - found.statuses["rejected"]
        to_stderr(say("evaluate.agree", lang, rows=shown.number(decided, lang), executors="columnar, interpret, durable"))
        return DONE
    to_stderr(Diagnostic("X301", {"count": found.differing}).render(lang))
    for item in found.differences:
        to_stderr(f"  {item}")
    return FOUND


@contextlib.contextmanager
def _stdout() -> Iterator[Any]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
