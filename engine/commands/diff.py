"""Turn the arguments of `susun rules diff` into what changed between two models and what that does, and an exit code."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Any

from engine.api import read_profiles
from engine.authoring.diff.changes import changes
from engine.authoring.diff.compare import Comparison, Difference, compare
from engine.authoring.diff.effects import FIELDS
from engine.authoring.diff.groups import groups
from engine.authoring.diff.revisions import folder_of
from engine.authoring.diff.rows import from_to, organisations, responsible, totals
from engine.authoring.diff.say import sentence
from engine.commands.common import DONE, FOUND, USAGE, finish, print_json, stop, to_stderr
from engine.diagnostics import errors
from engine.model.compile import compile_plan
from engine.model.entries import Folder, read_folder
from engine.model.plan import Plan
from engine.outcome.sinks import stream_csv
from engine.outcome.terminal import console, hanging, put_table, show_diagnostics, table
from engine.outcome.write import refused, write
from engine.texts import say, shown

SHOWN = 20


def run(old: str, new: str, orgs: str | None, output: str | None, mapping: str | None, as_json: bool, lang: str) -> int:
    """Compare two models, and what they decide about a file of organisations."""
    if output not in (None, "-") and orgs is not None and (failed := finish(refused(Path(str(output)), Path(orgs)), lang)):
        return failed
    with folder_of(old, new) as (first, found), folder_of(new, new) as (second, more):
        if first is None or second is None:
            raise stop([*found, *more], lang)
        was, now = _read(first, lang), _read(second, lang)
        difference, unread = _difference(was, now, orgs, mapping, lang)
    if as_json:
        print_json(_data(difference, unread, lang))
    elif output is not None and difference.comparison is not None:
        if failed := _written(difference, output, lang):
            return failed
    else:
        _show(difference, unread, lang)
    return DONE if difference.same and unread is None else FOUND


def _read(path: Path, lang: str) -> tuple[Folder, Plan]:
    folder = read_folder(path)
    plan, found = compile_plan(folder)
    if plan is None:
        raise stop(found, lang, USAGE if any(item.code == "R101" for item in found) else FOUND)
    return folder, plan


def _difference(was: tuple[Folder, Plan], now: tuple[Folder, Plan], orgs: str | None, mapping: str | None, lang: str) -> tuple[Difference, str | None]:
    """The difference, and which model alone can read the file (`old` or `new`), if only one can."""
    found = changes(was[0], now[0])
    tried = groups(was[0], now[0], found)
    if orgs is None:
        return Difference(was[1], now[1], found, tried, None), None
    before, missing = read_profiles(was[1], orgs, mapping)
    alike = not any(change.kind == "inputs" or change.path[:1] == ("profile",) for change in found)
    after, lacking = (before, missing) if alike else read_profiles(now[1], orgs, mapping)
    if before is None and after is None:
        raise stop(lacking, lang)
    if before is None or after is None:
        show_diagnostics(errors([*missing, *lacking]), lang)
        return Difference(was[1], now[1], found, tried, None), "old" if after is None else "new"
    show_diagnostics(lacking, lang)
    return Difference(was[1], now[1], found, tried, compare(was[1], now[1], tried, before, after)), None


def _show(difference: Difference, unread: str | None, lang: str) -> None:
    out = console()
    said = [change for change in difference.changes if not change.wording]
    wording = len(difference.changes) - len(said)
    if not said:
        out.print(say("diff.no_files", lang))
    else:
        out.print(say("diff.files", lang), style="bold")
        for change in said:
            hanging(out, sentence(change, difference.old, difference.new, lang), 2)
    if wording:
        out.print("  " + say("diff.wording", lang, count=wording))
    if unread is not None:
        out.print()
        out.print(say(f"diff.only_readable_{unread}", lang))
    if difference.comparison is not None:
        _effects(out, difference, difference.comparison, lang)


def _effects(out: Any, difference: Difference, found: Comparison, lang: str) -> None:
    count, changed = len(found.rows), len(found.at)
    out.print()
    out.print(say("diff.effect", lang, count=shown.number(count, lang)), style="bold")
    for side in ("old", "new"):
        refused_rows = getattr(found, f"only_{side}")
        if refused_rows:
            out.print("  " + say(f"diff.only_{side}", lang, count=shown.number(len(refused_rows), lang)))
    if not changed:
        out.print("  " + say("diff.none", lang))
        return
    out.print("  " + say("diff.some", lang, changed=shown.number(changed, lang), count=shown.number(count, lang), share=shown.percent(changed / count, lang)))
    kinds = [(say(f"diff.{field}", lang), int(found.different[field].sum())) for field in FIELDS]
    put_table(out, table([("", "left"), ("", "right")], [[f"  {what}", shown.number(number, lang)] for what, number in kinds if number]))
    out.print()
    out.print(say("diff.responsible", lang), style="bold")
    causes = [[f"  {name or say('diff.interaction', lang)}", shown.number(number, lang)] for name, number in responsible(difference)]
    put_table(out, table([("", "left"), ("", "right")], causes))
    labels: dict[Any, str] = {id_: item.label[lang] for plan in (difference.old, difference.new) for id_, item in plan.structures.items()}
    labels |= {f"role.{id_}": role.label[lang] for plan in (difference.old, difference.new) for id_, role in plan.roles.items()}
    labels[None] = say("diff.undecided", lang)
    pairs = from_to(found)
    if pairs:
        out.print()
        out.print(say("diff.from_to", lang), style="bold")
        cells = [[f"  {labels[a]}", labels[b], shown.number(number, lang)] for a, b, number in pairs]
        put_table(out, table([(f"  {say('diff.from', lang)}", "left"), (say("diff.to", lang), "left"), ("", "right")], cells, ((0, 1),), out.width))
    out.print()
    out.print(say("diff.totals", lang), style="bold")
    cells = []
    for currency, _, people_before, people_after, cost_before, cost_after in totals(found):
        unit = f" {currency}" if currency else ""
        cells.append([f"  {say('diff.total_people', lang)}{unit}", shown.number(people_before, lang), shown.number(people_after, lang)])
        cells.append([f"  {say('diff.total_cost', lang)}{unit}", shown.short_money(cost_before, None, lang), shown.short_money(cost_after, None, lang)])
    put_table(out, table([("", "left"), (say("diff.before", lang), "right"), (say("diff.after", lang), "right")], cells))
    out.print()
    out.print(say("diff.organisations", lang), style="bold")
    for row in islice(organisations(difference, lang), SHOWN):
        hanging(out, _organisation(row, labels, lang), 2)
    if changed > SHOWN:
        out.print("  " + say("diff.more", lang, count=shown.number(changed - SHOWN, lang)))


def _organisation(row: dict[str, Any], labels: dict[Any, str], lang: str) -> str:
    """One organisation on a line or two: team, roles, cost, and the cause."""
    parts = []
    if row["recommended_before"] != row["recommended_after"]:
        parts.append(f"{labels[row['recommended_before']]} -> {labels[row['recommended_after']]}")
    parts += [f"{sign}{labels[f'role.{role}']}" for sign, key in (("+", "roles_gained"), ("-", "roles_lost")) for role in row[key].split(";") if role]
    if "cost_month" in row["changes"].split(";"):
        parts.append(f"{_money(row['cost_month_before'], row, lang)} -> {_money(row['cost_month_after'], row, lang)}")
    if not parts:
        parts = [", ".join(say(f"diff.{field}", lang) for field in row["changes"].split(";"))]
    return f"{row['name'] or row['org_id']}: {'; '.join(parts)} ({row['responsible']})"


def _money(value: float | None, row: dict[str, Any], lang: str) -> str:
    return "-" if value is None else f"{row['currency'] or ''} {shown.short_money(value, None, lang)}".strip()


def _written(difference: Difference, output: str, lang: str) -> int:
    import pyarrow as pa

    rows = list(organisations(difference, lang))
    empty: dict[str, list[Any]] = {"org_id": [], "name": [], "changes": [], "responsible": []}
    found = pa.Table.from_pylist(rows) if rows else pa.table(empty)
    if output == "-":
        stream_csv(found, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return DONE
    failed = finish(write(found, Path(output)), lang)
    if not failed:
        to_stderr(say("evaluate.written", lang, rows=shown.number(found.num_rows, lang), file=output))
    return failed


def _data(difference: Difference, unread: str | None, lang: str) -> dict[str, Any]:
    found = difference.comparison
    data: dict[str, Any] = {
        "old": {"name": difference.old.name, "version": difference.old.version, "digest": difference.old.digest},
        "new": {"name": difference.new.name, "version": difference.new.version, "digest": difference.new.digest},
        "changes": [
            {
                "kind": change.kind,
                "id": change.id,
                "path": list(change.path),
                "what": change.what,
                "wording": change.wording,
                "override": change.override,
                "text": sentence(change, difference.old, difference.new, lang),
            }
            for change in difference.changes
        ],
        "groups": [{"name": group.name, "changes": [difference.changes.index(change) for change in group.changes]} for group in difference.groups],
        "readable_by": unread,
    }
    if found is not None:
        data["organisations"] = {"compared": len(found.rows), "changed": len(found.at), "only_old": len(found.only_old), "only_new": len(found.only_new)}
        data["fields"] = {field: int(found.different[field].sum()) for field in FIELDS}
        data["from_to"] = [{"from": a, "to": b, "organisations": number} for a, b, number in from_to(found)]
        data["responsible"] = [{"group": name, "organisations": number} for name, number in responsible(difference)]
        keys = ("currency", "organisations", "people_before", "people_after", "cost_month_before", "cost_month_after")
        data["totals"] = [dict(zip(keys, row, strict=True)) for row in totals(found)]
        data["changed"] = list(organisations(difference, lang))
    return data
