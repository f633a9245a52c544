"""Turn the arguments of `susun template` and `susun sample` into CSV, and an exit code."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.api import inputs_of
from engine.commands.common import DONE, finish, plan_of, to_stderr
from engine.outcome.terminal import console
from engine.outcome.write import stream_csv, write, write_text
from engine.profiles.template import describe, template
from engine.texts import say, shown


def run_template(output: str | None, describe: bool, rules: str | None, lang: str) -> int:
    """A CSV to fill in, or what each field means."""
    plan = plan_of(rules, (), lang)
    text = _described(plan, lang) if describe else template(plan.inputs)
    if output is None or output == "-":
        sys.stdout.write(text)
        return DONE
    return finish(write_text(text, Path(output)), lang)


def _described(plan: object, lang: str) -> str:
    return describe(inputs_of(plan), lang, console().width)  # type: ignore[arg-type]


def run_sample(rows: int, seed: int, output: str | None, rules: str | None, lang: str) -> int:
    """Generated profiles."""
    from engine.profiles.sample import sample

    plan = plan_of(rules, (), lang)
    table = sample(plan, rows, seed)
    if output is None or output == "-":
        stream_csv(table, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return DONE
    failed = finish(write(table, Path(output)), lang)
    if not failed:
        to_stderr(say("evaluate.written", lang, rows=shown.number(rows, lang), file=output))
    return failed
