"""Turn `susun evaluate ORGS -o OUT` into answers that go into the file while the rest is still being read."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from engine.commands.common import DONE, FOUND, finish, stop, to_stderr
from engine.commands.progress import Progress
from engine.commands.resuming import Resume, changed, continued, damaged, left_behind
from engine.interrupts import signal_of
from engine.outcome.journal import Damaged, Journal, Kept, folder_of
from engine.outcome.sinks import SINKS, Sink
from engine.outcome.terminal import show_diagnostics, summary
from engine.outcome.write import beside, cannot
from engine.profiles.rejects import rejects_csv
from engine.profiles.sources.base import Piece, Refused, Source
from engine.profiles.sources.opened import opened
from engine.stream import Asked, Changed, Done, run
from engine.texts import say, shown

STDIN = "-"
LONG = 60.0  # seconds: who interrupts a run that took longer is told of `--resume`
Put = Callable[[bytes, bytes], None]


def sink_of(output: str | None) -> type[Sink] | None:
    """What the output is written by, if it can be written in pieces."""
    if output is None:
        return None
    return SINKS[".csv"] if output == STDIN else SINKS.get(Path(output).suffix.lower())


def evaluate(
    asked: Asked, sink: type[Sink], orgs: str, page: str | None, output: str, rejects: str | None, strict: bool, progress: bool, resume: Resume | None = None
) -> int:
    """Decide a file or standard input piece by piece. Output and rejects appear together, whole or not at all. `progress`: show how far it is.
    `resume`: keep what is decided, so that it need not be decided again when the run is interrupted."""
    lang, begun = asked.lang, time.monotonic()
    try:
        with ExitStack() as stack:
            source = stack.enter_context(opened(orgs, page))
            how_far = stack.enter_context(Progress(source.size, lang, progress, output))
            if resume is not None:
                kept = stack.enter_context(continued(resume, source, orgs, Path(output), lang))
                statuses = _kept(asked, sink, source, output, rejects, how_far, kept)
            else:
                left = None if output == STDIN else left_behind(Path(output), lang)
                with written(sink, output, rejects) as put:
                    statuses = _put(asked, source, how_far, put)
                if left is not None:
                    shutil.rmtree(left, ignore_errors=True)
    except Refused as error:
        raise stop(error.found, lang) from None
    except KeyboardInterrupt as error:
        _interrupted(output, resume, lang, time.monotonic() - begun)
        raise stop([], lang, 128 + signal_of(error)) from None
    except OSError as error:
        if output == STDIN:
            raise  # a closed pipe
        return finish([cannot(Path(output), error.strerror or str(error))], lang)
    read = sum(statuses.values())
    if output != STDIN:
        to_stderr(say("evaluate.written", lang, rows=shown.number(read, lang), file=output))
    to_stderr(summary(read, statuses, lang))
    if rejects is not None:
        to_stderr(say("evaluate.rejects_written", lang, file=rejects))
    if strict and statuses["rejected"]:
        to_stderr(say("strict.stopped", lang))
        return FOUND
    return DONE


def _put(asked: Asked, source: Source, how_far: Progress, put: Put) -> Counter[str]:
    """Decide everything, into the output. How many organisations have which status."""
    statuses: Counter[str] = Counter()
    for piece, done in _decided(asked, source, how_far):
        put(done.content, rejects_csv(done.rejects, asked.lang, header=piece.number == 0).encode())
        statuses += done.statuses
    return statuses


def _kept(asked: Asked, sink: type[Sink], source: Source, output: str, rejects: str | None, how_far: Progress, kept: Journal) -> Counter[str]:
    """The same into a journal, and when all is decided from there into the output."""
    try:
        for piece, done in _decided(asked, source, how_far, kept):
            aside = rejects_csv(done.rejects, asked.lang, header=piece.number == 0).encode() if rejects is not None else b""
            kept.add(piece, done.read, done.statuses, done.keys, done.lines, done.content, aside)
        kept.end_part()
        with written(sink, output, rejects, durable=True) as put:
            for content, aside in kept.contents():
                put(content, aside)
    except Changed:
        raise changed(Path(output), say("resume.input", asked.lang), kept.rows, asked.lang) from None
    except Damaged:
        raise damaged(Path(output), asked.lang) from None
    kept.remove()
    return kept.statuses


def _decided(asked: Asked, source: Source, how_far: Progress, kept: Journal | None = None) -> Iterator[tuple[Piece, Done]]:
    """What is not decided yet, piece by piece; what there is to say is said, and how far it is."""
    for piece, done in run(asked, source, before=() if kept is None else _passed(kept, source, how_far)):
        show_diagnostics(done.found, asked.lang)
        yield piece, done
        how_far.step(source.done - how_far.done, done.read)


def _passed(kept: Journal, source: Source, how_far: Progress) -> Iterator[Kept]:
    """What is decided."""
    yield from kept.kept()
    how_far.begin(source.done, kept.rows)


def _interrupted(output: str, resume: Resume | None, lang: str, seconds: float) -> None:
    """Say what is left of a run that was interrupted."""
    with contextlib.suppress(OSError):  # the terminal may be gone
        if output == STDIN:
            to_stderr(say("interrupted.stream", lang))
        elif resume is not None and (folder := folder_of(Path(output))).exists():
            to_stderr(say("interrupted.kept", lang, folder=folder))
        else:
            to_stderr(say("interrupted", lang))
            if seconds >= LONG and resume is None:
                to_stderr(say("interrupted.resume", lang))


@contextlib.contextmanager
def written(sink: type[Sink], output: str, rejects: str | None, durable: bool = False) -> Iterator[Put]:
    """`put(content, rejects)` adds to the output and to the rejects, which appear when all has been put."""
    with ExitStack() as stack:
        to = sink(stack.enter_context(_stdout() if output == STDIN else beside(Path(output), durable)))
        aside = None if rejects is None else stack.enter_context(beside(Path(rejects), durable))

        def put(content: bytes, more: bytes) -> None:
            to.add(content)
            if aside is not None:
                aside.write(more)

        yield put
        to.close()


@contextlib.contextmanager
def _stdout() -> Iterator[Any]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
