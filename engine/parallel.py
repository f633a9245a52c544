"""Turn items of work into their results, in order, on all processors: in processes that share this one's memory where that is safe, else on threads."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import Any

from engine.interrupts import SIGNALS, deferred
from engine.slots import Message, Slots

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # the names of these options in malloc.h, less their M_
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
MOST_WORKERS = 8
AHEAD = 1  # items that wait while every process is at work
FORK_FROM = 4  # items: fewer are done before a process has started

_work: Callable[[Any], Any] | None = None  # what a forked process is to do; it inherits this, so nothing has to be sent to it


def processors() -> int:
    """How many processors this process may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_WORKERS, allowed)


def in_order(work: Callable[[Any], Any], items: Sequence[Any], workers: int, done: Callable[[Any], None] | None = None) -> list[Any]:
    """`work(item)` for every item. `done(item)` is called here, in order, when a result has arrived. Results must bear pickling.

    Most of the time goes into NumPy calls that are too short for threads to gain from one another, so processes are taken where forking is safe: on
    Linux, while no other Python thread runs. A process that dies (for want of memory, say) leaves the rest of the work to this one.
    """
    found: list[Any] = []

    def take(results: Iterator[Any]) -> None:
        for result in results:
            found.append(result)
            if done is not None:
                done(items[len(found) - 1])

    if workers > 1 and len(items) >= FORK_FROM and _may_fork():
        try:
            with _forked(work, workers) as pool:
                take(pool.map(_run, items))
        except BrokenProcessPool:
            take(map(work, items[len(found) :]))
    elif workers > 1 and len(items) > 1:
        with ThreadPoolExecutor(workers) as threads:
            take(threads.map(work, items))
    else:
        take(map(work, items))
    return found


def streamed(work: Callable[[Any], Any], items: Iterator[Any], workers: int) -> Iterator[tuple[Any, Any]]:
    """(item, `work(item)`) for every item, in order; items are asked for only as fast as results are taken, so that a few at a time are held."""
    if workers < 2 or not _may_fork():
        for item in items:
            yield item, work(item)
        return
    slots = Slots(workers + AHEAD + 2)  # one of them holds what was given last
    with _forked(partial(_packed, slots, work), workers) as pool:
        waiting: deque[tuple[Any, int, Future[Message]]] = deque()
        for item in items:
            slot = slots.take()
            waiting.append((item, slot, _submitted(pool, (slot, item))))
            if len(waiting) > workers + AHEAD:
                yield _result(work, slots, *waiting.popleft())
        while waiting:
            yield _result(work, slots, *waiting.popleft())


def _packed(slots: Slots, work: Callable[[Any], Any], asked: tuple[int, Any]) -> Message:
    slot, item = asked
    return slots.pack(slot, work(item))


def _submitted(pool: ProcessPoolExecutor, asked: Any) -> Future[Any]:
    try:
        return pool.submit(_run, asked)
    except BrokenProcessPool as error:
        broken: Future[Any] = Future()
        broken.set_exception(error)
        return broken


def _result(work: Callable[[Any], Any], slots: Slots, item: Any, slot: int, future: Future[Message]) -> tuple[Any, Any]:
    """A process that died leaves its work to this one."""
    try:
        return item, slots.unpack(slot, future.result())
    except BrokenProcessPool:
        slots.give_back(slot)
        return item, work(item)


@cache
def keep_memory() -> None:
    """Let the C library (glibc) keep up to half a gigabyte of freed memory for what comes next, instead of returning it and asking for it again.

    The arrays of one chunk are freed together and the next chunk needs as many: without this some processes, by the chance of what lies at the end of
    their memory, spend a third of their time on page faults. Where there is no `mallopt`, nothing happens.
    """
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, 32 << 20)
        library.mallopt(_TRIM_THRESHOLD, 512 << 20)


def release() -> None:
    """Give back what the libraries hold of memory they no longer use, before processes are made that would inherit it."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()


def _may_fork() -> bool:
    return sys.platform.startswith("linux") and threading.active_count() == 1 and not multiprocessing.current_process().daemon


@contextmanager
def _forked(work: Callable[[Any], Any], workers: int) -> Iterator[ProcessPoolExecutor]:
    global _work
    _work = work
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin, (os.getpid(),))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of forking beside threads of libraries: those re-make theirs after a fork
            with deferred():
                pool.submit(int)  # with the first thing to do the processes begin
            yield pool
        pool.shutdown()
    finally:
        _work = None
        pool.shutdown(wait=False, cancel_futures=True)  # who is interrupted does not wait for what the processes have in hand


def _begin(parent: int) -> None:
    """In a new process: the one that began it is told of Ctrl-C and of the end of a terminal, and when it ends, however it does, so does this one; what it
    inherited is never garbage."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    gc.freeze()


def _run(item: Any) -> Any:
    assert _work is not None
    return _work(item)
