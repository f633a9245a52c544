"""Turn the arguments of `susun rules export-table` and `import-table` into a spreadsheet or YAML, and an exit code."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.authoring.table_files import as_csv, as_yaml, write_table, wrong_format
from engine.commands.common import DONE, FOUND, USAGE, finish, known, plan_of, refuse_output, stop, to_stderr
from engine.diagnostics import Diagnostic, Hint, errors
from engine.model.load import load_plan
from engine.model.plan import Decision, Plan, Table
from engine.model.table_files import read_table
from engine.outcome.terminal import show_diagnostics
from engine.outcome.write import write_text
from engine.texts import say


def run_export(decision: str, output: str, rules: str | None, lang: str) -> int:
    """A table as a spreadsheet; `-` is CSV on standard output."""
    plan = plan_of(rules, (), lang)
    item, table = _table(plan, decision, lang)
    if output == "-":
        sys.stdout.write(as_csv(table))
        return DONE
    path = Path(output)
    if (wrong := wrong_format(path)) is not None:
        raise stop([wrong], lang)
    refuse_output(path, map(Path, plan.files), lang)
    if (code := finish(write_table(item, table, path), lang)) == DONE:
        to_stderr(say("table.exported", lang, count=len(table.rows), name=decision, file=output))
    return code


def run_import(decision: str, file: str, output: str | None, rules: str | None, sheet: str | None, lang: str) -> int:
    """A spreadsheet as the YAML of a table that the model has. The rows are checked as those of the model would be."""
    plan = plan_of(rules, (), lang)
    _table(plan, decision, lang)
    document, found = read_table(Path(file), file, sheet)
    if document is None:
        raise stop(found, lang, USAGE if any(item.code in ("R101", "R112", "X203") for item in found) else FOUND)
    changed, found = load_plan(rules, tables={decision: document})
    if changed is None:
        raise stop(errors(found), lang, FOUND)
    show_diagnostics(found, lang)
    item, table = _table(changed, decision, lang)
    text = as_yaml(item, table, tuple(changed.places) if decision == "placement" else ())
    if output is None or output == "-":
        sys.stdout.write(text)
        return DONE
    refuse_output(Path(output), map(Path, [*plan.files, file]), lang)
    if (code := finish(write_text(text, Path(output)), lang)) == DONE:
        to_stderr(say("table.imported", lang, count=len(table.rows), name=decision, file=output))
    return code


def _table(plan: Plan, name: str, lang: str) -> tuple[Decision, Table]:
    """The decision and its table; or the command ends with what is there instead."""
    known("decision", name, plan.decisions, lang)
    item = plan.decisions[name]
    if item.table is None:
        tables = ", ".join(id_ for id_, other in plan.decisions.items() if other.table is not None)
        raise stop([Diagnostic("X221", {"name": name}, item.span, Hint("hint.known", {"names": tables or "-"}))], lang)
    return item, item.table
