"""Turn `susun evaluate ORGS -o OUT` into answers that go into the file while the rest is still being read."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from engine.commands.common import DONE, FOUND, finish, stop, to_stderr
from engine.commands.progress import Progress
from engine.outcome.sinks import SINKS, Sink
from engine.outcome.terminal import show_diagnostics, summary
from engine.outcome.write import beside, cannot
from engine.profiles.rejects import rejects_csv
from engine.profiles.sources.base import Refused
from engine.profiles.sources.opened import opened
from engine.stream import Asked, run
from engine.texts import say, shown

STDIN = "-"


def sink_of(output: str | None) -> type[Sink] | None:
    """What the output is written by, if it can be written in pieces."""
    if output is None:
        return None
    return SINKS[".csv"] if output == STDIN else SINKS.get(Path(output).suffix.lower())


def evaluate(asked: Asked, sink: type[Sink], orgs: str, page: str | None, output: str, rejects: str | None, strict: bool, progress: bool) -> int:
    """Decide a file or standard input piece by piece. Output and rejects appear together, whole or not at all. `progress`: show how far it is."""
    lang = asked.lang
    statuses: Counter[str] = Counter()
    try:
        with ExitStack() as stack:
            source = stack.enter_context(opened(orgs, page))
            out = stack.enter_context(_stdout() if output == "-" else beside(Path(output)))
            aside = stack.enter_context(beside(Path(rejects))) if rejects is not None else None
            so_far = stack.enter_context(Progress(source.size, lang, progress, output))
            to, before = sink(out), 0
            for piece, done in run(asked, source):
                if piece.number == 0:
                    show_diagnostics(done.found, lang)
                to.add(done.content)
                if aside is not None:
                    aside.write(rejects_csv(done.rejects, lang, header=piece.number == 0).encode())
                statuses += done.statuses
                so_far.step(source.done - before, done.read)
                before = source.done
            to.close()
    except Refused as error:
        raise stop(error.found, lang) from None
    except OSError as error:
        if output == "-":
            raise  # a closed pipe
        return finish([cannot(Path(output), error.strerror or str(error))], lang)
    read = sum(statuses.values())
    if output != "-":
        to_stderr(say("evaluate.written", lang, rows=shown.number(read, lang), file=output))
    to_stderr(summary(read, statuses, lang))
    if rejects is not None:
        to_stderr(say("evaluate.rejects_written", lang, file=rejects))
    if strict and statuses["rejected"]:
        to_stderr(say("strict.stopped", lang))
        return FOUND
    return DONE


@contextlib.contextmanager
def _stdout() -> Iterator[Any]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
