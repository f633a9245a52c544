"""A run that is asked to end, or is killed: no half file, no process and no litter stays behind, and the exit code is the one shells expect."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.interrupts import Interrupted, deferred, listen, signal_of
from engine.parallel import processors
from tests.program import SAMPLE, Started, run

SLOW = ("--robustness", "--samples", "200000")  # the sample takes many seconds


def under_way(folder: Path) -> tuple[Started, list[psutil.Process]]:
    """A run that has begun to decide, and the processes that it began."""
    (folder / "orgs.csv").write_bytes(SAMPLE.read_bytes())
    (folder / "out.csv").write_text("older\n", encoding="utf-8")
    program = Started(folder, "evaluate", "orgs.csv", "-o", "out.csv", "--rejects", "bad.csv", *SLOW)
    eventually(lambda: len(list(folder.glob(".out.csv.*"))) == 1 and len(list(folder.glob(".bad.csv.*"))) == 1)
    return program, eventually(lambda: psutil.Process(program.pid).children()) if processors() > 1 else []


def eventually(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What `look` gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end
        time.sleep(0.005)
    return found


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def files(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


@pytest.mark.parametrize(("number", "tell"), [(signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill), (signal.SIGHUP, os.killpg)])
def test_a_run_that_is_asked_to_end_puts_everything_away(tmp_path, number, tell):
    program, workers = under_way(tmp_path)
    tell(program.pid, number)
    done = program.end()
    assert done.code == 128 + number
    assert done.err.strip() == "interrupted; no output was written"
    assert files(tmp_path) == ["orgs.csv", "out.csv"]
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "older\n"
    eventually(lambda: not any(map(alive, workers)))


def test_a_run_that_is_killed_takes_its_processes_along_and_the_next_one_clears_up(tmp_path):
    program, workers = under_way(tmp_path)
    os.kill(program.pid, signal.SIGKILL)
    assert program.end().code == -signal.SIGKILL
    eventually(lambda: not any(map(alive, workers)))
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "older\n"
    assert len(files(tmp_path)) == 4
    done = run(tmp_path, "evaluate", "orgs.csv", "-o", "out.csv", "--rejects", "bad.csv")
    assert done.code == 0
    assert files(tmp_path) == ["bad.csv", "orgs.csv", "out.csv"]


def test_what_another_run_is_writing_is_left_alone(tmp_path):
    program, _ = under_way(tmp_path)
    assert run(tmp_path, "evaluate", "orgs.csv", "-o", "out.csv").code == 0
    assert len(files(tmp_path)) == 4
    os.killpg(program.pid, signal.SIGTERM)
    assert program.end().code == 143
    assert files(tmp_path) == ["orgs.csv", "out.csv"]


@pytest.fixture
def handlers():
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    before, hook = [signal.getsignal(number) for number in numbers], sys.unraisablehook
    yield
    sys.unraisablehook = hook
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_a_second_signal_does_not_disturb_the_putting_away(handlers, monkeypatch):
    monkeypatch.setattr("engine.interrupts.time.monotonic", lambda: now)
    now = 100.0
    listen()
    with pytest.raises(Interrupted) as first:
        signal.raise_signal(signal.SIGTERM)
    now = 101.0
    signal.raise_signal(signal.SIGTERM)
    now = 103.0
    with pytest.raises(Interrupted):
        signal.raise_signal(signal.SIGINT)
    assert signal_of(first.value) == signal.SIGTERM
    assert signal_of(KeyboardInterrupt()) == signal.SIGINT


def test_what_is_done_whole_is_interrupted_after_it(handlers):
    listen()
    done = []
    with pytest.raises(Interrupted) as found, deferred():
        with deferred():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.01)
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"] and found.value.number == signal.SIGTERM


def test_an_exception_that_python_passes_over_is_raised_again(handlers):
    class Last:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    listen()
    with pytest.raises(Interrupted) as found:
        _ = Last()
        del _
        time.sleep(5)
    assert found.value.number == signal.SIGTERM


def test_what_a_shell_wants_ignored_stays_ignored(handlers):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    listen()
    signal.raise_signal(signal.SIGHUP)
