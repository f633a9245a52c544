"""Turn the `--set` and `--scenario` of `susun evaluate` into changes and scenarios, and what came of them into totals, sentences and rejected rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.batch import Answer
from engine.commands.common import DONE, finish, parameters, stop, to_stderr
from engine.diagnostics import errors
from engine.model.load import load_plan
from engine.model.plan import Plan
from engine.outcome.sinks import stream_csv
from engine.outcome.terminal import console, hanging, put_table, show_diagnostics, table
from engine.outcome.write import write
from engine.profiles.rejects import rejects_csv
from engine.profiles.table import Reject
from engine.scenarios.changes import Change, read_changes
from engine.scenarios.read import BASE, Scenario, read_scenarios
from engine.scenarios.run import Compared
from engine.scenarios.totals import NUMBERS
from engine.texts import say, shown

SHOWN_REJECTS = 10


def changes_of(plan: Plan, texts: Sequence[str], lang: str) -> list[Change]:
    """The changes of `--set`."""
    changes, found = read_changes(plan, texts)
    if errors(found):
        raise stop(found, lang)
    return changes


def scenarios_of(plan: Plan, file: str | None, rules: str | None, params: Sequence[str], lang: str) -> list[Scenario]:
    """The scenarios of `--scenario`; their parameters win over those of `--param`."""
    if file is None:
        return []
    chosen = parameters(params, lang)
    scenarios, found = read_scenarios(file, plan, lambda values: load_plan(rules, {**chosen, **values}))
    if errors(found):
        raise stop(found, lang)
    show_diagnostics(found, lang)
    return scenarios


def passes(changes: Sequence[Change], scenarios: Sequence[Scenario], form: str) -> int:
    """How often every profile is decided."""
    return 1 + bool(changes) + len(scenarios) * (2 if form == "long" else 1) + bool(scenarios and form == "long")


def all_rejects(answer: Answer, compared: Compared | None, lang: str) -> str:
    """The rejected rows as a CSV, with those that only a scenario rejects."""
    return rejects_csv(answer.rejects, lang, {} if compared is None else compared.rejects)


def put_totals(totals: Any, scenarios: Sequence[Scenario], output: str | None, lang: str, as_json: bool) -> int:
    """The totals instead of rows: as a table, a file or JSON."""
    if output == "-":
        stream_csv(totals, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif output is not None:
        failed = finish(write(totals, Path(output)), lang)
        if failed:
            return failed
        to_stderr(say("evaluate.written", lang, rows=shown.number(totals.num_rows, lang), file=output))
    elif as_json:
        for row in totals.to_pylist():
            print(json.dumps(row, ensure_ascii=False, default=str))
    else:
        show_totals(totals, scenarios, console(), lang)
    return DONE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told of scenarios when all is done. `only`: how many rows only a scenario rejects, and the first of them."""

    totals: Any
    only: Mapping[str, tuple[int, tuple[Reject, ...]]]


def outcome_of(compared: Compared, group_by: str | None) -> Outcome:
    return Outcome(compared.totals(group_by), {id_: (len(each), each) for id_, each in compared.rejects.items()})


def after_all(
    changes: Sequence[str],
    counts: tuple[int, int] | None,
    found: Outcome | None,
    scenarios: Sequence[Scenario],
    aside: bool,
    grouped: bool,
    lang: str,
) -> None:
    """What the changes and the scenarios made of the answers: below them, or on standard error when standard output is for programs. `counts`: see `moved`."""
    if counts is None and found is None:
        return
    out = console(sys.stderr) if aside else console()
    if counts is not None:
        values = {"changes": ", ".join(changes), "count": shown.number(counts[0], lang), "all": shown.number(counts[1], lang)}
        hanging(out, say("scenarios.moved", lang, **values), 0)
    if found is None:
        return
    if not grouped:
        if not aside:
            out.print()
        show_totals(found.totals, scenarios, out, lang)
    _show_rejects(found, scenarios, out, lang)


def show_totals(totals: Any, scenarios: Sequence[Scenario], out: Any, lang: str) -> None:
    """A line per scenario, with what it changes; a block for each group and currency, and before them one for all currencies of the group."""
    labels = {BASE: say("scenarios.base", lang), **{item.id: item.label[lang] for item in scenarios}}
    rows = totals.to_pylist()
    group = next((name for name in totals.column_names if name not in ("currency", "scenario", *NUMBERS)), None)
    headers = [(say("scenarios.scenario", lang), "left"), (say("table.decided", lang), "right"), (say("scenarios.changed", lang), "right")]
    headers += [(say("table.people", lang), "right"), ("+/-", "right"), (say("scenarios.cost", lang), "right"), ("+/-", "right")]
    cells: list[list[str]] = []
    for value in dict.fromkeys(row[group] if group else None for row in rows):
        mine = [row for row in rows if not group or row[group] == value]
        blocks = [[row for row in mine if row["currency"] == currency] for currency in dict.fromkeys(row["currency"] for row in mine)]
        cells += [] if group is None else [["-" if value is None else str(value), *[""] * 6]]
        if len(blocks) > 1:
            cells += [*[[*_line(row, labels, lang)[:5], "", ""] for row in _added(blocks)], [""] * 7]
        for block in blocks:
            cells += [*[_line(row, labels, lang) for row in block], [""] * 7]
    found = table(headers, cells[:-1], ((0,),), out.width)
    found.columns[0].no_wrap, found.columns[0].overflow = False, "fold"  # a scenario's label is a few words
    put_table(out, found)
    if any(row["decided"] != base["decided"] for row, base in _with_base(rows)):
        hanging(out, say("scenarios.both", lang), 0)


def _added(blocks: Sequence[Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What can be added up over currencies, for each scenario."""
    return [{**each[0], **{name: sum(row[name] for row in each) for name in NUMBERS}} for each in zip(*blocks, strict=True)]


def _with_base(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every row with the unchanged answers of its block."""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for row in rows:
        found.append((row, row if row["scenario"] == BASE else found[-1][1]))
    return found


def _line(row: dict[str, Any], labels: dict[str, str], lang: str) -> list[str]:
    currency = row["currency"] or ""
    base = row["scenario"] == BASE
    cost = f"{currency} {shown.short_money(row['cost_month'], None, lang)}".strip()
    return [
        labels[row["scenario"]],
        shown.number(row["decided"], lang),
        "" if base else shown.number(row["changed"], lang),
        shown.number(row["people"], lang),
        "" if base else _signed(row["people_difference"], shown.number(abs(row["people_difference"]), lang)),
        cost,
        "" if base else _signed(row["cost_month_difference"], shown.short_money(abs(row["cost_month_difference"]), None, lang)),
    ]


def _signed(value: float, text: str) -> str:
    return "0" if text == "0" else f"{'+' if value > 0 else '-'}{text}"


def _show_rejects(outcome: Outcome, scenarios: Sequence[Scenario], out: Any, lang: str) -> None:
    """The rows that a scenario cannot decide, a few of them with the reason."""
    labels = {item.id: item.label[lang] for item in scenarios}
    found = [(labels[id_], reject) for id_, (_, rejects) in outcome.only.items() for reject in rejects]
    count = sum(count for count, _ in outcome.only.values())
    if not found:
        return
    out.print()
    out.print(say("scenarios.rejected", lang), style="bold")
    for label, reject in found[:SHOWN_REJECTS]:
        hanging(out, f"{label}: {_place(reject, lang)}: {reject.diagnostic.message(lang)}", 2)
    if count > SHOWN_REJECTS:
        out.print("  " + say("evaluate.more_rejected", lang, count=shown.number(count - SHOWN_REJECTS, lang)))


def _place(reject: Reject, lang: str) -> str:
    names = ", ".join(filter(None, (reject.org_id, reject.column)))
    return say("reject.row", lang, row=reject.row + 1) + (f" ({names})" if names else "")
