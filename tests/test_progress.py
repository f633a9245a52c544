"""How far a run is: a bar on a terminal, now and then a line in a log, nothing for a short run."""

from __future__ import annotations

import pytest

from engine.commands import progress
from engine.commands.progress import Progress, duration


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes by hand, and what is written to a log."""
    time = [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: time[0])
    return time


def said(clock, capsys, total=1000, seconds=600, lang="en", before=0, **more):
    """The lines of a run of so many seconds that ends with the total, a step a second, 300 rows to each unit."""
    with Progress(total, lang, **more) as run:
        if before:
            run.begin(before, before * 300)
        each = ((total or 1000) - before) / seconds
        for second in range(seconds):
            clock[0] += 1
            done = int((second + 1) * each) - int(second * each)
            run.step(done, done * 300)
    return capsys.readouterr().err.splitlines()


def test_a_log_gets_a_full_sentence_now_and_then(clock, capsys):
    lines = said(clock, capsys)
    assert lines[0] == "4,800 rows decided (2%), 480 a second; about 10 min 15 s left."
    assert 15 <= len(lines) <= 60
    assert all(line.endswith(" left.") for line in lines)


def test_a_log_of_a_short_run_stays_empty(clock, capsys):
    assert said(clock, capsys, seconds=9) == []


def test_a_long_run_is_not_a_long_log(clock, capsys):
    lines = said(clock, capsys, total=10**6, seconds=36_000)
    assert 500 <= len(lines) <= 700, "about a line a minute"


def test_in_indonesian(clock, capsys):
    assert said(clock, capsys, lang="id")[0] == "4.800 baris telah diputuskan (2%), 480 per detik; sisa waktu sekitar 10 menit 15 detik."


def test_of_a_stream_nobody_knows_how_much_is_left(clock, capsys):
    assert said(clock, capsys, total=0)[0] == "4,800 rows decided, 480 a second."


def test_what_an_earlier_run_did_counts_for_the_rows_and_not_for_the_speed(clock, capsys):
    assert said(clock, capsys, before=500)[0] == "152,400 rows decided (51%), 240 a second; about 10 min 15 s left."


def test_nothing_is_said_to_who_does_not_want_it(clock, capsys):
    assert said(clock, capsys, wanted=False) == []


@pytest.mark.parametrize(
    ("seconds", "en", "id_"),
    [(0.2, "0 s", "0 detik"), (59.6, "1 min 0 s", "1 menit 0 detik"), (7384, "2 h 3 min", "2 jam 3 menit"), (4e6, "1,111 h 6 min", "1.111 jam 6 menit")],
)
def test_a_duration_reads_as_people_say_it(seconds, en, id_):
    assert (duration(seconds, "en"), duration(seconds, "id")) == (en, id_)
