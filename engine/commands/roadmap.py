"""Turn the arguments of `susun roadmap` into the stages of one team, a plan along a path, or every organisation's next hire and its price."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.api import row_columns
from engine.commands.common import DONE, finish, known, plan_of, print_json, profiles_of, refuse_output, row_of, stop
from engine.commands.organisation import decided
from engine.diagnostics import Diagnostic
from engine.explain.case import Case
from engine.feel.arrays import to_values
from engine.model.plan import Plan
from engine.outcome.fill import outward, value_text
from engine.outcome.sinks import stream_csv
from engine.outcome.terminal import console, hanging, put_folded
from engine.outcome.write import write
from engine.profiles.table import Profiles
from engine.roadmap import Stage, next_hires, plan_for, reach, roadmap
from engine.texts import say, shown
from engine.whatif import movable, not_to_vary

STEPS = ("now", "half_year", "year")
SHOWN_ROWS = 200


def run(
    orgs: str, org: str | None, along: str | None, low: float | None, high: float | None, path: str | None, output: str | None, rules: str | None,
    params: Sequence[str], mapping: str | None, as_json: bool, lang: str, locale: str | None = None, sheet: str | None = None,
) -> int:  # fmt: skip
    plan = plan_of(rules, params, lang)
    along = _along(plan, along, lang)
    values = _path(plan, along, path, lang) if path is not None else []
    if output is not None and output != "-":
        refuse_output(Path(output), [Path(orgs)], lang)
    profiles = profiles_of(plan, orgs, mapping, (), lang, None, locale, sheet)
    if org is None:
        if path is not None or low is not None or high is not None or along != plan.settings.budget:
            raise stop([Diagnostic("X126", {})], lang)
        return _all(plan, profiles, output, as_json, lang)
    row = row_of(plan, profiles, org, lang)
    case = decided(plan, profiles, row, lang)
    columns = row_columns(plan, profiles, row)
    least, most = reach(plan, columns, along)
    least, most = (least if low is None else low), (most if high is None else high)
    if high is None and most <= least:
        most = min(plan.inputs[along].type.high, 4 * least)
    type_ = plan.inputs[along].type
    if not type_.low <= least < most <= type_.high:
        limits = {"name": along, "low": shown.number(type_.low, lang), "high": shown.number(type_.high, lang)}
        raise stop([Diagnostic("X125", limits)], lang)
    planned = plan_for(plan, columns, along, values) if values else ()
    found = None if values else roadmap(plan, columns, along, least, most)
    if as_json:
        print_json(found.data if found is not None else {"along": along, "plan": [{"when": when, **asdict(s)} for when, s in zip(STEPS, planned, strict=True)]})
        return DONE
    out = console()
    name = case.value(plan.settings.name) if plan.settings.name else None
    hanging(out, say("explain.title", lang, name=name or org, id=org), 0, style="bold")
    label = plan.inputs[along].label[lang]
    if found is None:
        hanging(out, say("roadmap.plan", lang, input=label), 0)
        out.print()
        _put(case, along, planned, [say(f"roadmap.{when}", lang) for when in STEPS], lang)
        return DONE
    today = say("whatif.not_stated", lang) if found.today is None else value_text(plan, along, found.today, lang, case.currency)
    span = {"low": value_text(plan, along, least, lang, case.currency), "high": value_text(plan, along, most, lang, case.currency)}
    hanging(out, say("roadmap.grows_assumed" if found.assumed and found.today is not None else "roadmap.grows", lang, input=label, today=today, **span), 0)
    out.print()
    _put(case, along, found.stages, None, lang)
    out.print()
    hanging(out, _next(case, along, found.stages, lang), 0)
    if not found.proved:
        hanging(out, say("roadmap.not_proved", lang), 0)
    return DONE


def _along(plan: Plan, along: str | None, lang: str) -> str:
    name = along if along is not None else plan.settings.budget
    if name is None:
        raise stop([Diagnostic("X126", {})], lang)
    known("input", name, plan.inputs, lang)
    if wrong := not_to_vary(plan, [name]):
        raise stop(wrong, lang)
    if plan.inputs[name].type.kind != "number":
        numbers = [id_ for id_ in movable(plan) if plan.inputs[id_].type.kind == "number"]
        raise stop([Diagnostic("X124", {"name": name, "names": ", ".join(numbers)})], lang)
    return name


def _path(plan: Plan, along: str, path: str, lang: str) -> list[float]:
    parts = [part.strip() for part in path.split(",")]
    type_ = plan.inputs[along].type
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if len(values) != len(STEPS) or not all(type_.low <= value <= type_.high and (not type_.integer or value == int(value)) for value in values):
        raise stop([Diagnostic("X127", {"text": path, "name": along})], lang)
    return values


# -- one organisation


def _put(case: Case, along: str, stages: Sequence[Stage], titles: Sequence[str] | None, lang: str) -> None:
    plan, out = case.plan, console()
    headers = [(say("roadmap.when", lang), "left")] if titles else []
    headers += [(plan.inputs[along].label[lang] if titles else say("roadmap.from", lang), "right"), (say("table.team", lang), "left")]
    headers += [(say("table.people", lang), "right"), (say("table.cost", lang), "right")]
    hiring = any(stage.hires is not None for stage in stages)
    headers += [(say("table.hires", lang), "right")] if hiring else []
    headers.append((say("roadmap.new", lang), "left"))
    rows = []
    for i, stage in enumerate(stages):
        at = stage.at if titles or i == 0 else outward(plan, along, stage.at, 1)
        line = [titles[i]] if titles else []
        line += [value_text(plan, along, at, lang, case.currency), _team(case, stage, lang), shown.number(stage.after.people, lang)]
        line.append(shown.money(stage.after.cost_month, case.currency, lang))
        line += ["-" if stage.hires is None else shown.number(stage.hires, lang)] if hiring else []
        rows.append([*line, _news(case, stage, i, lang)])
    texts = {i for i, (_, justify) in enumerate(headers) if justify == "left"} | ({1} if titles else set())
    put_folded(out, headers, rows, texts)


def _team(case: Case, stage: Stage, lang: str) -> str:
    id_ = stage.after.recommended
    return say("whatif.no_team", lang) if id_ is None else case.plan.structures[id_].label[lang]


def _news(case: Case, stage: Stage, place: int, lang: str) -> str:
    """What a stage brings: the posts that gain or lose people; of a new structure, all of its posts; the roles that come and go."""
    plan = case.plan
    if stage.after.recommended is None:
        return ""
    labels = {post.id: post.label[lang] for post in plan.structures[stage.after.recommended].posts}
    parts = []
    for gain in stage.gains:
        amount = shown.number(abs(gain.people), lang)
        sign = "" if stage.new_structure else "+" if gain.people > 0 else "-"
        kind = "" if gain.engaged == "employee" else f" ({say(f'roadmap.{gain.engaged}', lang)})"
        parts.append(f"{sign}{amount} {labels[gain.post]}{kind}")
    said = ", ".join(parts)
    if stage.new_structure and place:
        said = say("roadmap.another", lang, posts=said)
    roles = []
    for key, ids in (("come", stage.roles_came), ("go", stage.roles_went)):
        if ids:
            roles.append(say(f"whatif.roles_{key}", lang, roles=shown.listed((plan.roles[id_].label[lang] for id_ in ids), lang)))
    return "; ".join([*([said] if said else []), *roles])


def _next(case: Case, along: str, stages: Sequence[Stage], lang: str) -> str:
    """The first stage in which someone comes, in one sentence."""
    first = stages[0].after
    for i, stage in enumerate(stages[1:], start=1):
        if stage.after.people > first.people + 1e-9 or stage.roles_came:
            at = value_text(case.plan, along, outward(case.plan, along, stage.at, 1), lang, case.currency)
            values = {"at": at, "team": _team(case, stage, lang), "people": shown.number(stage.after.people, lang), "before": shown.number(first.people, lang)}
            key = "roadmap.next_role" if values["people"] == values["before"] else "roadmap.next"
            return say(key, lang, **values, news=_news(case, stage, i, lang), cost=shown.money(stage.after.cost_month, case.currency, lang))
    return say("roadmap.none", lang)


# -- every organisation


def _all(plan: Plan, profiles: Profiles, output: str | None, as_json: bool, lang: str) -> int:
    import pyarrow as pa

    answers = next_hires(plan, profiles.columns, profiles.size)
    ids = to_values(profiles.columns[plan.settings.id], profiles.size)
    names = to_values(profiles.columns[plan.settings.name], profiles.size) if plan.settings.name else ids
    rows = []
    for id_, name, (today, budget, price, then) in zip(ids, names, answers, strict=True):
        came = [role for role in then.roles if role not in today.roles] if then is not None else []
        row = {"org_id": id_, "name": name, "budget": budget, "recommended": today.recommended, "people": today.people, "next_budget": price}
        row |= {"more_a_month": None if price is None or budget is None else price - budget, "next_recommended": then.recommended if then else None}
        rows.append(row | {"next_people": then.people if then else None, "next_roles": ";".join(came), "next_cost_month": then.cost_month if then else None})
    if as_json:
        print_json(rows)
        return DONE
    if output is not None:
        kinds = {key: pa.string() if key in ("org_id", "name", "recommended", "next_recommended", "next_roles") else pa.float64() for key in _columns()}
        made = pa.table({key: pa.array([row[key] for row in rows], kind) for key, kind in kinds.items()})
        if output == "-":
            stream_csv(made, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return DONE
        return finish(write(made, Path(output)), lang)
    _show_all(plan, rows, lang)
    return DONE


def _columns() -> tuple[str, ...]:
    return (
        "org_id",
        "name",
        "budget",
        "recommended",
        "people",
        "next_budget",
        "more_a_month",
        "next_recommended",
        "next_people",
        "next_roles",
        "next_cost_month",
    )


def _show_all(plan: Plan, rows: Sequence[dict[str, Any]], lang: str) -> None:
    out = console()
    hanging(out, say("roadmap.all", lang), 0)
    out.print()
    headers = [(say("table.organisation", lang), "left"), (say("table.team", lang), "left"), (say("table.people", lang), "right")]
    headers += [(say("roadmap.budget", lang), "right"), (say("roadmap.next_from", lang), "right"), (say("roadmap.then", lang), "left")]
    cells = []
    for row in rows[:SHOWN_ROWS]:
        team = plan.structures[row["recommended"]].label[lang] if row["recommended"] else "-"
        line = [
            row["name"] or row["org_id"],
            team,
            shown.number(row["people"], lang),
            "-" if row["budget"] is None else shown.short_money(row["budget"], None, lang),
        ]
        if row["next_budget"] is None:
            line += ["-", say("roadmap.unlimited" if row["budget"] is None else "roadmap.nothing_more", lang)]
        else:
            after = plan.structures[row["next_recommended"]].label[lang]
            line.append(shown.number(row["next_budget"], lang, 0))
            line += [say("roadmap.then_team", lang, team=after, people=shown.number(row["next_people"], lang))]
        cells.append(line)
    put_folded(out, headers, cells, {0, 1, 5})
    if len(rows) > SHOWN_ROWS:
        out.print(say("evaluate.more", lang, count=shown.number(len(rows) - SHOWN_ROWS, lang)))
