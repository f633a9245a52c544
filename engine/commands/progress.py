"""Turn how much of a run is done into a bar on a terminal, or into a line now and then in a log: rows, rows a second, time left."""

from __future__ import annotations

import os
import sys
import time
from contextlib import AbstractContextManager
from typing import Any

from engine.commands.common import to_stderr
from engine.outcome.terminal import console
from engine.texts import say, shown

APPEARS = 0.7  # seconds until a bar appears: a shorter run needs none
EVERY, AT_MOST = 10.0, 60.0  # seconds between lines of a log, at first and later on
SLOWER = 20  # ... a line each 20th of the time so far
WITH_BAR = 76  # columns: a narrower terminal has room for the words only


class Progress(AbstractContextManager["Progress"]):
    """How far a run is. `total`: of whatever `step` counts, bytes or rows; 0 where nobody knows. `output`: where the rows go.

    It has no thread of its own, since the work may be done in forked processes: it is only brought up to date by `step`.
    """

    def __init__(self, total: int, lang: str, wanted: bool = True, output: str | None = None) -> None:
        self._total, self._lang = total, lang
        self.done = self._rows = self._done_before = self._rows_before = 0
        self._begun = self._said = time.monotonic()
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._wanted = wanted and not (output == "-" and self._terminal and sys.stdout.isatty())  # a bar between the rows of the output
        self._bar: Any = None

    def begin(self, done: int, rows: int) -> None:
        """What was done before this run counts for how far it is, not for how fast."""
        self.done = self._done_before = done
        self._rows = self._rows_before = rows
        self._begun = self._said = time.monotonic()

    def step(self, done: int, rows: int | None = None) -> None:
        """So much more is done; `rows` of it, where it is not counted in rows."""
        self.done += done
        self._rows += done if rows is None else rows
        if not self._wanted:
            return
        now = time.monotonic()
        if self._terminal:
            if now - self._begun >= APPEARS:
                self._draw(now - self._begun)
        elif now - self._said >= min(AT_MOST, max(EVERY, (now - self._begun) / SLOWER)):
            self._said = now
            to_stderr(self._text("line", now - self._begun))

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _draw(self, seconds: float) -> None:
        if self._bar is None:
            self._bar = _bar()
            self._task = self._bar.add_task("", total=self._total or None)
            self._bar.start()
        self._bar.update(self._task, completed=self.done, description=self._text("bar", seconds))
        self._bar.refresh()

    def _text(self, form: str, seconds: float) -> str:
        rate = float(f"{(self._rows - self._rows_before) / max(seconds, 1e-9):.3g}")  # three digits: the others change all the time
        known = {"rows": shown.number(self._rows, self._lang, 0), "rate": shown.number(rate, self._lang, 0 if rate >= 10 else None)}
        new = self.done - self._done_before
        if not self._total or not new:
            return say(f"progress.{form}_open", self._lang, **known)
        share = shown.percent(min(1.0, self.done / self._total), self._lang)
        left = duration(seconds * max(0, self._total - self.done) / new, self._lang)
        return say(f"progress.{form}", self._lang, **known, share=share, left=left)


def duration(seconds: float, lang: str) -> str:
    """`40 s`, `2 min 10 s`, `3 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return say("duration.seconds", lang, s=whole)
    if whole < 3600:
        return say("duration.minutes", lang, m=whole // 60, s=whole % 60)
    return say("duration.hours", lang, h=shown.number(whole // 3600, lang, 0), m=whole % 3600 // 60)


def _bar() -> Any:
    from rich.progress import BarColumn, Progress, TextColumn

    out = console(sys.stderr)
    text = TextColumn("{task.description}", markup=False)
    columns = [text, BarColumn(None)] if out.width >= WITH_BAR else [text]
    return Progress(*columns, console=out, transient=True, auto_refresh=False, expand=True)
