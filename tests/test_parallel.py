"""Work spread over processes or threads: same results, same order, nothing lost."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from engine import parallel
from engine.parallel import in_order

PARENT = os.getpid()


@pytest.fixture
def forking(monkeypatch):
    """Processes, although the test runner may have threads of its own."""
    monkeypatch.setattr(parallel, "_may_fork", lambda: True)


def square(x: int) -> tuple[int, int]:
    return x * x, os.getpid()


def test_processes_give_the_results_in_order(forking):
    seen: list[int] = []
    found = in_order(square, range(50), 3, seen.append)
    assert [value for value, _ in found] == [x * x for x in range(50)]
    assert seen == list(range(50))
    assert PARENT not in {process for _, process in found}


def test_threads_are_taken_while_another_thread_runs():
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert {process for _, process in in_order(square, range(50), 3)} == {PARENT}
    finally:
        stop.set()
        other.join()


def test_one_worker_stays_in_this_thread(forking):
    found = in_order(lambda _: threading.get_ident(), range(9), 1)
    assert set(found) == {threading.get_ident()}


def test_what_is_raised_in_a_process_is_raised_here(forking):
    def fail(x: int) -> int:
        if x == 7:
            raise ValueError("seven")
        return x

    with pytest.raises(ValueError, match="seven"):
        in_order(fail, range(20), 2)


def test_a_process_that_dies_leaves_the_rest_to_this_one(forking):
    def die(x: int) -> int:
        if x == 5 and os.getpid() != PARENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return x

    seen: list[int] = []
    assert in_order(die, range(20), 2, seen.append) == list(range(20))
    assert seen == list(range(20))
