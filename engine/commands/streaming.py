"""Turn `susun evaluate ORGS -o OUT` into answers that go into the file while the rest is still being read."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands.common import DONE, FOUND, finish, no_group, stop, to_stderr
from engine.commands.scenarios import Outcome, after_all
from engine.cross_check import Difference
from engine.diagnostics import Diagnostic, Hint
from engine.outcome.group import added
from engine.outcome.sinks import SINKS, TO, Sink, ending
from engine.outcome.terminal import show_diagnostics, summary
from engine.outcome.write import beside, cannot
from engine.profiles.read import STDIN
from engine.profiles.rejects import head_of
from engine.profiles.sources.base import Refused
from engine.profiles.sources.opened import opened
from engine.profiles.table import Reject
from engine.scenarios.totals import TOTALS, Totals
from engine.stream import SHOWN, Asked, Done, run
from engine.texts import say, shown

MOST_DIFFERENCES = 20  # shown
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where from, where to, and what else the command line says. `page`: of a workbook. `changes`: as they were written."""

    orgs: str
    page: str | None
    output: str
    rejects: str | None
    strict: bool
    changes: tuple[str, ...] = ()
    jobs: int | None = None


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

    def close(self) -> None:
        for file in self._aside.values():
            file.seek(0)
            while block := file.read(1 << 20):
                self._stream.write(block)


def evaluate(asked: Asked, sink: type[Sink], wanted: Wanted, bar: Callable[[int], AbstractContextManager[Progress | None]]) -> int:
    """Decide a file or standard input piece by piece. Output and rejects appear together, whole or not at all. `bar(bytes)`: shows how much has been read."""
    lang, output, rejects = asked.lang, wanted.output, wanted.rejects
    found = _Gathered(asked)
    try:
        with ExitStack() as stack:
            source = stack.enter_context(opened(wanted.orgs, wanted.page))
            out = stack.enter_context(_stdout() if output == STDIN else beside(Path(output)))
            aside = None if rejects is None else _Rejects(stack.enter_context(beside(Path(rejects))), [item.id for item in asked.scenarios], stack)
            step = stack.enter_context(bar(source.size))
            to, before = sink(out), 0
            for _, done in run(asked, source, wanted.jobs):
                show_diagnostics(done.found, lang)
                found.add(done)
                to.add(done.content)
                if aside is not None:
                    aside.add(done)
                if step is not None:
                    step(source.done - before)
                    before = source.done
            if asked.group_by is not None:
                to.add(sink.shaped(found.totals(), True))
            to.close()
            if aside is not None:
                aside.close()
    except Refused as error:
        wrong = [no_group(item, wanted.orgs) if item.code == "P206" and item.values["name"] == asked.group_by else item for item in error.found]
        raise stop(wrong, lang, FOUND if any(item.code == "X240" for item in wrong) else 2) from None
    except OSError as error:
        if output == STDIN:
            raise  # a closed pipe
        return finish([cannot(Path(output), error.strerror or str(error))], lang)
    return _told(asked, wanted, found)


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
