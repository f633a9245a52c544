"""Turn `susun evaluate ORGS -o OUT` into answers that go into the file while the rest is still being read."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from engine.commands.common import DONE, FOUND, finish, stop, to_stderr
from engine.commands.progress import Progress
from engine.outcome.sinks import SINKS, Sink
from engine.outcome.terminal import show_diagnostics, summary
from engine.outcome.write import beside, cannot
from engine.profiles.dialect import HEAD, is_plain
from engine.profiles.pieces import Behind
from engine.profiles.rejects import rejects_csv
from engine.stream import Asked, Refused, run
from engine.texts import say, shown

STDIN = "-"


def sink_of(orgs: str, output: str | None) -> type[Sink] | None:
    """What the output is written by, if this input can be read and this output written in pieces."""
    if output is None or not (_plain_stdin() if orgs == STDIN else _is_csv(Path(orgs))):
        return None
    return SINKS[".csv"] if output == "-" else SINKS.get(Path(output).suffix.lower())


def _is_csv(path: Path) -> bool:
    """A file that can be read, UTF-8 with commas; others are read whole."""
    if path.suffix.lower() not in (".csv", ".txt", "") or not path.is_file() or not os.access(path, os.R_OK):
        return False
    with path.open("rb") as stream:
        return is_plain(stream.read(HEAD))


def _plain_stdin() -> bool:
    """The same of standard input, of which what has been looked at is put back."""
    front = sys.stdin.buffer.read(HEAD)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(Behind(front, sys.stdin.buffer)))
    return is_plain(front)


def evaluate(asked: Asked, sink: type[Sink], orgs: str, output: str, rejects: str | None, strict: bool, progress: bool) -> int:
    """Decide a file or standard input piece by piece. Output and rejects appear together, whole or not at all. `progress`: show how far it is."""
    lang = asked.lang
    statuses: Counter[str] = Counter()
    try:
        with ExitStack() as stack:
            stream, size, reread = stack.enter_context(_opened(orgs))
            out = stack.enter_context(_stdout() if output == "-" else beside(Path(output)))
            aside = stack.enter_context(beside(Path(rejects))) if rejects is not None else None
            so_far = stack.enter_context(Progress(size, lang, progress, output))
            to = sink(out)
            for piece, done in run(asked, stream, reread=reread):
                if piece.number == 0:
                    show_diagnostics(done.found, lang)
                to.add(done.content)
                if aside is not None:
                    aside.write(rejects_csv(done.rejects, lang, header=piece.number == 0).encode())
                statuses += done.statuses
                so_far.step(len(piece.body), done.read)
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
def _opened(orgs: str) -> Iterator[tuple[BinaryIO, int, Callable[[int, int], bytes] | None]]:
    """The input, its size (0 where nobody knows), and how to read a part of it again."""
    if orgs == STDIN:
        yield sys.stdin.buffer, 0, None
        return
    path = Path(orgs)
    with path.open("rb") as stream, path.open("rb") as again:

        def reread(start: int, size: int) -> bytes:
            again.seek(start)
            return again.read(size)

        yield stream, path.stat().st_size, reread if stream.seekable() else None


@contextlib.contextmanager
def _stdout() -> Iterator[Any]:
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
