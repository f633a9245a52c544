"""Turn the arguments of `susun whatif` into a table of the smallest changes, or of scenarios beside today's, and an exit code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from engine.api import row_columns
from engine.commands.common import DONE, plan_of, print_json, profiles_of, row_of, stop
from engine.commands.organisation import changed_row, decided
from engine.decide import decide
from engine.diagnostics import Diagnostic
from engine.explain.case import Case
from engine.model.plan import Plan
from engine.outcome.fill import value_text
from engine.outcome.terminal import console, hanging, put_folded
from engine.profiles.table import Profiles
from engine.texts import say, shown
from engine.whatif import Change, Outcome, Step, Target, WhatIf, Without, not_to_vary, outcomes, read_target, whatif

NARROW, WIDE = 96, 118
MOST_SHOWN = 12
_BETWEEN = re.compile(r",(?=\s*\w+\s*=)")


def run(
    orgs: str, org: str, want: str | None, vary: Sequence[str], pairs: bool, scenarios: Sequence[str], rules: str | None, params: Sequence[str],
    mapping: str | None, as_json: bool, lang: str, locale: str | None = None, sheet: str | None = None,
) -> int:  # fmt: skip
    if want is None and not scenarios:
        raise stop([Diagnostic("X123", {})], lang)
    plan = plan_of(rules, params, lang)
    target, found = read_target(plan, want) if want is not None else (None, [])
    if found or (found := not_to_vary(plan, vary)):
        raise stop(found, lang)
    profiles = profiles_of(plan, orgs, mapping, (), lang, None, locale, sheet)
    row = row_of(plan, profiles, org, lang)
    case = decided(plan, profiles, row, lang)
    beside = _scenarios(plan, profiles, row, scenarios, target, lang)
    answer = whatif(plan, row_columns(plan, profiles, row), target, vary or None, pairs) if target is not None else None
    today = (_outcome(plan, profiles, row, target), None if answer is None else answer.holds)
    if as_json:
        data: dict[str, Any] = {} if answer is None else answer.data
        print_json({**data, "today": asdict(today[0]), **({"scenarios": [_data(*each) for each in beside]} if scenarios else {})})
        return DONE
    out = console()
    name = case.value(plan.settings.name) if plan.settings.name else None
    hanging(out, say("explain.title", lang, name=name or org, id=org), 0, style="bold")
    if answer is not None:
        _show(case, answer, f"susun explain {shlex.quote(orgs)} --org {shlex.quote(org)}", lang)
    if beside:
        out.print()
        _side_by_side(case, [(say("whatif.today", lang), *today), *beside], want, lang)
    return DONE


# -- scenarios


def _scenarios(plan: Plan, profiles: Profiles, row: int, texts: Sequence[str], target: Target | None, lang: str) -> list[tuple[str, Outcome, bool | None]]:
    """(what is set, what comes of it, whether the target holds) for each `--set`, whose changes stand between commas."""
    found = []
    for text in texts:
        parts = [part.strip() for part in _BETWEEN.split(text)]
        one = changed_row(plan, profiles, row, parts, lang)
        decided(plan, one, 0, lang)
        decisions = decide(plan, row_columns(plan, one, 0), 1, depth=len(plan.structures), facts=target.facts if target else ())
        found.append((", ".join(parts), outcomes(decisions)[0], None if target is None else bool(target.holds(decisions)[0])))
    return found


def _outcome(plan: Plan, profiles: Profiles, row: int, target: Target | None) -> Outcome:
    return outcomes(decide(plan, row_columns(plan, profiles, row), 1, depth=len(plan.structures), facts=target.facts if target else ()))[0]


def _data(text: str, after: Outcome, holds: bool | None) -> dict[str, Any]:
    return {"set": text, "holds": holds, **asdict(after)}


def _side_by_side(case: Case, rows: Sequence[tuple[str, Outcome, bool | None]], want: str | None, lang: str) -> None:
    """One line for each scenario, then the roles that come and go in each."""
    out = console()
    headers = [(say("whatif.scenario", lang), "left"), (say("table.team", lang), "left"), (say("table.score", lang), "right")]
    headers += [(say("table.people", lang), "right"), (say("table.cost", lang), "right")]
    if want is not None:
        headers.append((say("whatif.holds", lang), "left"))
    cells = []
    for text, after, holds in rows:
        line = [text, _team(case, after, lang), _score(after, lang), shown.number(after.people, lang), shown.money(after.cost_month, case.currency, lang)]
        cells.append(line if want is None else [*line, say(f"whatif.{'yes' if holds else 'no'}", lang)])
    put_folded(out, headers, cells, range(2))
    today = rows[0][1]
    for text, after, _ in rows[1:]:
        if said := _roles(case, today, after, lang):
            hanging(out, f"{text}: {said}", 0)


def _roles(case: Case, today: Outcome, after: Outcome, lang: str) -> str:
    """`comes: Care agent; goes: Unit liaison`."""
    roles = case.plan.roles
    parts = []
    for key, ids in (("come", set(after.roles) - set(today.roles)), ("go", set(today.roles) - set(after.roles))):
        if ids:
            parts.append(say(f"whatif.roles_{key}", lang, roles=shown.listed((roles[id_].label[lang] for id_ in roles if id_ in ids), lang)))
    return "; ".join(parts)


# -- the smallest changes


def _show(case: Case, answer: WhatIf, explain: str, lang: str) -> None:
    out = console()
    today = {"want": answer.want, "team": _team(case, answer.today, lang), "cost": shown.money(answer.today.cost_month, case.currency, lang)}
    today |= {"score": _score(answer.today, lang), "people": shown.number(answer.today.people, lang)}
    hanging(out, say("whatif.wanted", lang, want=answer.want), 0)
    hanging(out, say("whatif.holds_today" if answer.holds else "whatif.not_today", lang, **today), 0)
    for title, changes in (("whatif.alone", answer.changes), ("whatif.together", answer.pairs)):
        if changes:
            out.print()
            out.print(say(f"{title}_ends" if answer.holds else title, lang), style="bold")
            _put(case, answer, changes[:MOST_SHOWN], lang)
            if len(changes) > MOST_SHOWN:
                out.print(say("whatif.more", lang, count=len(changes) - MOST_SHOWN))
    if not answer.changes and not answer.pairs:
        out.print()
        hanging(out, say("whatif.nothing_ends" if answer.holds else "whatif.nothing", lang), 0)
    _without(case, answer.without, lang)
    best = min((*answer.changes, *answer.pairs), key=lambda change: change.size, default=None)
    if best is None:
        return
    out.print()
    hanging(out, _sentence(case, answer, best, lang), 0)
    settings = " ".join(f"--set {shlex.quote(f'{step.input}={_typed(step)}')}" for step in best.steps if step.value is not None)
    if settings:
        hanging(out, say("whatif.see", lang, command=f"{explain} {settings}"), 0)
    if not all(change.proved for change in answer.changes) or not all(item.proved for item in answer.without):
        hanging(out, say("whatif.not_proved", lang), 0)


def _put(case: Case, answer: WhatIf, changes: Sequence[Change], lang: str) -> None:
    """Two lines for a pair, the second without what both lead to."""
    out = console()
    headers = [
        (say("whatif.input", lang), "left"),
        (say("whatif.today", lang), "left"),
        (say("whatif.needed", lang), "left"),
        (say("whatif.change", lang), "left"),
    ]
    headers += [(say("whatif.then", lang), "left"), (say("table.score", lang), "right"), (say("table.cost", lang), "right")]
    cells = []
    for change in changes:
        for i, step in enumerate(change.steps):
            line = [
                _label(case, step.input, lang),
                _today(case, step.today, step.assumed, step.input, lang),
                _needed(case, step, lang),
                _moved(case, step, lang),
            ]
            after = change.after
            led = [_team(case, after, lang), _score(after, lang), shown.money(after.cost_month, case.currency, lang)] if i == 0 else ["", "", ""]
            cells.append([*line, *led])
    kept = range(5 if out.width < NARROW else 6 if out.width < WIDE else 7)
    put_folded(out, [headers[i] for i in kept], [[row[i] for i in kept] for row in cells], range(5))


def _without(case: Case, without: Sequence[Without], lang: str) -> None:
    """Which inputs alone do nothing, and within what ranges."""
    if not without:
        return
    out = console()
    out.print()
    names = []
    for item in without:
        text = _label(case, item.input, lang)
        if item.low is not None and item.high is not None:
            low = value_text(case.plan, item.input, item.low, lang, case.currency)
            open_end = item.high >= 1e15
            high = "" if open_end else value_text(case.plan, item.input, item.high, lang, case.currency)
            text += " " + (say("whatif.from", lang, low=low) if open_end else say("whatif.range", lang, low=low, high=high))
        names.append(text)
    hanging(out, say("whatif.none", lang, names="; ".join(names)), 0)


def _sentence(case: Case, answer: WhatIf, best: Change, lang: str) -> str:
    """The cheapest way, in one sentence."""
    steps = []
    for step in best.steps:
        label = _label(case, step.input, lang)
        values = {"input": label, "today": _today(case, step.today, step.assumed, step.input, lang), "needed": _needed(case, step, lang)}
        key = "step_clear" if step.value is None else "step_state" if step.today is None else "step"
        steps.append(say(f"whatif.{key}", lang, **values))
    team, cost = _team(case, best.after, lang), shown.money(best.after.cost_month, case.currency, lang)
    text = say("whatif.best_ends" if answer.holds else "whatif.best", lang, steps=shown.listed(steps, lang))
    same = best.after.recommended == answer.today.recommended
    text += " " + say("whatif.leads_same" if same else "whatif.leads", lang, team=team, cost=cost)
    roles = _roles(case, answer.today, best.after, lang)
    return f"{text} {say('whatif.roles', lang, roles=roles)}" if roles else text


def _label(case: Case, name: str, lang: str) -> str:
    return case.plan.inputs[name].label[lang]


def _team(case: Case, after: Outcome, lang: str) -> str:
    if not after.decided:
        return say("whatif.undecided", lang)
    return say("whatif.no_team", lang) if after.recommended is None else case.plan.structures[after.recommended].label[lang]


def _score(after: Outcome, lang: str) -> str:
    return "-" if after.recommended is None else shown.number(after.score, lang, 3)


def _today(case: Case, value: Any, assumed: bool, name: str, lang: str) -> str:
    if value is None:
        return say("whatif.not_stated", lang)
    text = value_text(case.plan, name, value, lang, case.currency)
    return say("whatif.assumed", lang, value=text) if assumed else text


def _needed(case: Case, step: Step, lang: str) -> str:
    if step.value is None:
        return say("whatif.left_out", lang)
    text = value_text(case.plan, step.input, step.value if step.handy is None else step.handy, lang, case.currency)
    return say("whatif.stated", lang, value=text) if step.assumed and step.value == step.today else text


def _moved(case: Case, step: Step, lang: str) -> str:
    """How far: by how much and what share of today's value; or which words come and go."""
    plan = case.plan
    if step.value is None or step.today is None:
        return ""
    if isinstance(step.value, tuple):
        signs = [("+", word) for word in step.value if word not in step.today] + [("-", word) for word in step.today if word not in step.value]
        said = ", ".join(f"{sign} {value_text(plan, step.input, word, lang)}" for sign, word in signs)
        return said or ("" if step.value == step.today else say("whatif.order", lang))
    if not isinstance(step.value, float) or step.value == step.today:
        return ""
    value = step.value if step.handy is None else step.handy
    sign = "+" if value > step.today else "-"
    text = f"{sign}{value_text(plan, step.input, abs(value - step.today), lang, case.currency)}"
    return f"{text} ({sign}{shown.percent(abs(value - step.today) / abs(step.today), lang)})" if step.today else text


def _typed(step: Step) -> str:
    """The value as `--set` takes it."""
    value = step.value if step.handy is None else step.handy
    if isinstance(value, tuple):
        return ";".join(value) or "-"
    return ("yes" if value else "no") if isinstance(value, bool) else repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
