"""Turn the arguments of `susun rules test` into a run of a model's examples, again after each save with `--watch`, and an exit code."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.authoring.examples import Result, as_data
from engine.authoring.junit import junit
from engine.authoring.suite import State, Suite, Watch, run_suite, watch
from engine.commands.common import DONE, FOUND, USAGE, parameters, print_json, to_stderr
from engine.diagnostics import Diagnostic, Hint
from engine.interrupts import signal_of
from engine.model.load import folder_of
from engine.outcome.terminal import clean, console, hanging, show_diagnostics
from engine.outcome.write import write_text
from engine.texts import say

POLL, SETTLED = 0.25, 0.1  # seconds between looks at the files; a file that changed must rest this long


def run(
    model: str | None, params: Sequence[str], chosen: str | None, as_json: bool, report: str | None, again: bool, verbose: bool, lang: str,
) -> int:  # fmt: skip
    """Run the examples once, or after each save until Ctrl-C."""
    changes = parameters(params, lang)

    def once() -> int:
        return _run(model, changes, chosen, as_json, report, verbose, lang)

    if not again:
        return once()
    if not (folder_of(model) / "model.yaml").is_file():
        return once()  # nothing to wait for: it says that there is no such model
    try:
        while True:
            files = watch(model)
            before = files.state()
            once()
            sys.stdout.flush()
            to_stderr(say("test.waiting", lang, count=len(before)))
            _wait(files, before)
    except KeyboardInterrupt as error:
        return 128 + signal_of(error)


def _run(model: str | None, changes: Mapping[str, float], chosen: str | None, as_json: bool, report: str | None, verbose: bool, lang: str) -> int:
    begun = time.perf_counter()
    suite = run_suite(model, chosen, changes, lang)
    seconds = time.perf_counter() - begun
    show_diagnostics(suite.found, lang)
    if report is not None:
        name = suite.plan.name if suite.plan is not None else str(folder_of(model))
        written = write_text(junit(name, suite.results, suite.found, seconds, lang), Path(report))
        if written:
            show_diagnostics(written, lang)
            return USAGE
    if as_json:
        print_json(_data(suite, lang))
    elif suite.plan is not None:
        _show(suite, verbose, lang)
    if _unread(suite):
        return USAGE
    if suite.plan is not None and chosen is not None and suite.known and not suite.results:
        show_diagnostics([Diagnostic("X212", {"text": chosen}, None, Hint("hint.all_examples"))], lang)
        return USAGE
    return FOUND if suite.failed or suite.wrong else DONE


def _unread(suite: Suite) -> bool:
    """Whether a file could not be read, or an argument names a parameter that is not there."""
    found = suite.found
    return any(item.code == "R101" or (suite.plan is None and item.code in ("R503", "R515") and item.span is None) for item in found)


def _show(suite: Suite, verbose: bool, lang: str) -> None:
    """A line for each failed example (with `verbose` for all), what failed and why below it, and the sum."""
    out = console()
    shown = [result for result in suite.results if verbose or not result.passed]
    words = {True: say("test.ok", lang), False: say("test.failed", lang)}
    mark = max(map(len, words.values()))
    place = max((len(result.example.place) for result in shown), default=0)
    for result in shown:
        _line(out, f"{words[result.passed]:<{mark}}  {result.example.place:<{place}}  {result.example.name}", "bold" if not result.passed else None)
        _details(out, result, lang)
    if not suite.known:
        if not suite.wrong:
            _line(out, say("test.none", lang, name=suite.plan.name if suite.plan else ""))
        return
    if not suite.results:
        return
    failed, rest = len(suite.failed), suite.known - len(suite.results)
    key = "test.sum_chosen" if rest else "test.sum"
    _line(out, say(key, lang, passed=len(suite.results) - failed, failed=failed, rest=rest), "bold")


def _details(out: Any, result: Result, lang: str) -> None:
    for failure in result.failures:
        hanging(out, failure.said(lang), 2, 4)
        for text in failure.why:
            hanging(out, text.strip(), 4 + len(text) - len(text.lstrip()), style="dim")


def _line(out: Any, text: str, style: str | None = None) -> None:
    out.print(clean(text), style=style, soft_wrap=True)


def _data(suite: Suite, lang: str) -> dict[str, Any]:
    plan = suite.plan
    return {
        "model": None if plan is None else {"name": plan.name, "version": plan.version, "digest": plan.digest},
        "passed": len(suite.results) - len(suite.failed),
        "failed": len(suite.failed),
        "examples": [as_data(result, lang) for result in suite.results],
        "diagnostics": [item.to_json(lang) for item in suite.found],
    }


def _wait(files: Watch, before: State) -> None:
    """Until a file changes, appears or goes, and then until nothing changes any more: editors write in several steps."""
    while (now := files.state()) == before:
        time.sleep(POLL)
    while True:
        time.sleep(SETTLED)
        if (later := files.state()) == now:
            return
        now = later
