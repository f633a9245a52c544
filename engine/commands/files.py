"""Turn the arguments of `susun template` and `susun sample` into CSV, and an exit code."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.commands.common import DONE, finish, plan_of, to_stderr
from engine.diagnostics import Diagnostic
from engine.outcome.terminal import console
from engine.outcome.write import write, write_text, write_with
from engine.profiles.sample import sample, write_sample
from engine.profiles.template import describe as described
from engine.profiles.template import template
from engine.texts import say, shown


def run_template(output: str | None, describe: bool, rules: str | None, lang: str) -> int:
    """A CSV to fill in, or what each field means."""
    plan = plan_of(rules, (), lang)
    text = described(plan, lang, console().width) if describe else template(plan.inputs)
    if output is None or output == "-":
        sys.stdout.write(text)
        return DONE
    return finish(write_text(text, Path(output)), lang)


def run_sample(rows: int, seed: int, output: str | None, rules: str | None, lang: str) -> int:
    """Generated profiles."""
    plan = plan_of(rules, (), lang)
    if output is None or output == "-":
        found = write_sample(plan, rows, seed, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return finish(found, lang)
    if output.lower().endswith(".csv"):
        wrong: list[Diagnostic] = []

        def fill(beside: str) -> None:
            with Path(beside).open("wb") as out:
                wrong.extend(write_sample(plan, rows, seed, out))

        failed = finish([*write_with(Path(output), fill), *wrong], lang)
    else:
        table, found = sample(plan, rows, seed)
        failed = finish(found or write(table, Path(output)), lang)
    if not failed:
        to_stderr(say("evaluate.written", lang, rows=shown.number(rows, lang), file=output))
    return failed
