"""Work spread over processes or threads: same results, same order, nothing lost."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest

from engine import parallel
from engine.parallel import in_order, streamed
from engine.slots import Slots

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


def block(x: int) -> tuple[int, np.ndarray, int]:
    return x, np.full(10_000 + x, x), os.getpid()


def test_large_results_of_a_stream_stay_as_they_were_while_they_are_held(forking):
    held = [result for _, result in streamed(block, iter(range(60)), 3)]
    assert [x for x, _, _ in held] == list(range(60))
    assert all(len(values) == 10_000 + x and (values == x).all() for x, values, _ in held)
    assert PARENT not in {process for _, _, process in held}


def test_a_stream_goes_on_when_a_process_dies(forking):
    def die(x: int) -> tuple[int, np.ndarray]:
        if x == 5 and os.getpid() != PARENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return x, np.full(1000, x)

    found = [(item, x, values.sum()) for item, (x, values) in streamed(die, iter(range(20)), 2)]
    assert found == [(x, x, 1000 * x) for x in range(20)]


def test_a_slot_is_not_given_again_before_what_was_read_from_it_is_gone():
    slots = Slots(1, size=1 << 16)
    first = slots.take()
    held = slots.unpack(first, slots.pack(first, [np.arange(100), np.arange(5.0)]))
    assert slots.take() == -1
    inside = slots.unpack(-1, slots.pack(-1, np.zeros(7)))
    assert (held[0] == np.arange(100)).all() and (held[1] == np.arange(5.0)).all() and len(inside) == 7
    del held
    assert slots.take() == first


def test_what_does_not_fit_into_a_slot_travels_in_the_message():
    slots = Slots(1, size=1 << 12)
    slot = slots.take()
    small, large = slots.unpack(slot, slots.pack(slot, (np.arange(9), np.arange(5000))))
    assert (small == np.arange(9)).all() and (large == np.arange(5000)).all()
