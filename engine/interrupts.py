"""Turn the signals that ask a process to end into an exception, so that what was begun is put away first."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

GRACE = 2.0  # seconds after a signal in which another does not disturb the putting away
AGAIN = 0.02  # seconds until an exception that was passed over is raised again
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupted(KeyboardInterrupt):
    """The process is asked to end. `number`: by which signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def listen() -> None:
    """From now on Ctrl-C, SIGTERM and a closed terminal (SIGHUP) raise Interrupted. What whoever began the process wants ignored (`nohup`) stays so."""
    last = -GRACE

    def heard(number: int, _: FrameType | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < GRACE:
            return
        last = now
        if _DEFERRED.depth:
            _DEFERRED.heard = number
        else:
            raise Interrupted(number)

    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, heard)
    if hasattr(signal, "setitimer"):
        _raise_what_is_lost()


def _raise_what_is_lost() -> None:
    """Python passes over an exception in a destructor or a callback. If it is ours, it is raised again where it can be heard."""
    before = sys.unraisablehook
    lost: int = signal.SIGINT

    def passed_over(found: Any) -> None:
        nonlocal lost
        if isinstance(found.exc_value, Interrupted):
            lost = found.exc_value.number
            signal.setitimer(signal.ITIMER_REAL, AGAIN)
        else:
            before(found)

    def again(_: int, __: FrameType | None) -> None:
        if _DEFERRED.depth:
            _DEFERRED.heard = lost
        else:
            raise Interrupted(lost)

    sys.unraisablehook = passed_over
    signal.signal(signal.SIGALRM, again)


@contextmanager
def deferred() -> Iterator[None]:
    """What is done within is done whole: who asks to end meanwhile is heard after it, and in a process that is forked within not at all.

    Blocking the signals of this thread would not do: the system gives them to another one, and Python lets this one hear of it.
    """
    _DEFERRED.depth += 1
    try:
        yield
    finally:
        _DEFERRED.depth -= 1
        if not _DEFERRED.depth and (number := _DEFERRED.heard):
            _DEFERRED.heard = 0
            raise Interrupted(number)


class _Deferred:
    """Signals belong to the process, and so does this."""

    depth = 0
    heard = 0


_DEFERRED = _Deferred()


def signal_of(error: BaseException) -> int:
    """By which signal the process is asked to end; `error` is Interrupted, was caused by it, or is a plain KeyboardInterrupt."""
    cause = error if isinstance(error, Interrupted) else error.__cause__
    return cause.number if isinstance(cause, Interrupted) else signal.SIGINT
