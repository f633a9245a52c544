"""Turn the arguments of `susun rules prove` into a page, or JSON, of what was proved, and an exit code."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Sequence
from typing import Any

from engine.authoring.prove import solver
from engine.authoring.prove.goals import PROVED, REFUTED, UNKNOWN, Outcome, Stated
from engine.authoring.prove.run import properties_of, prove
from engine.commands.common import DONE, FOUND, USAGE, plan_of, print_json, stop
from engine.diagnostics import Diagnostic, Hint, errors
from engine.model.plan import Plan
from engine.outcome.terminal import console, show_diagnostics
from engine.texts import say, shown

WIDTH = 140


def run_prove(model: str | None, timeout: float, only: str | None, strict: bool, as_json: bool, lang: str) -> int:
    """Ask every property of a model; 1 when one is refuted (or, under `strict`, unknown)."""
    if not solver.installed():
        raise stop([Diagnostic("X231", {}, None, Hint("hint.install_z3"))], lang)
    plan = plan_of(model, (), lang)
    properties, found = properties_of(plan, model)
    if only is not None:
        properties = [item for item in properties if only.lower() in f"{item.id} {item.label.get(lang, '')}".lower()]
    if not as_json:
        show_diagnostics(found, lang)
    started = time.monotonic()
    outcomes = []
    for outcome in prove(plan, properties, timeout):
        outcomes.append(outcome)
        if not as_json:
            _show(plan, outcome, lang)
    if as_json:
        print_json({"diagnostics": [item.to_json(lang) for item in found], "properties": [_json(outcome, lang) for outcome in outcomes]})
    else:
        _summary(outcomes, time.monotonic() - started, lang)
    if only is not None and not outcomes:
        return USAGE
    statuses = {outcome.status for outcome in outcomes}
    return FOUND if errors(found) or REFUTED in statuses or (strict and UNKNOWN in statuses) else DONE


def _show(plan: Plan, outcome: Outcome, lang: str) -> None:
    item, worst = outcome.item, outcome.worst
    done = sum(answer.status == PROVED for answer in outcome.answers)
    parts = f" ({say('prove.parts', lang, done=done, all=len(item.goals))})" if len(item.goals) > 1 else ""
    lines = [f"{say(f'prove.{outcome.status}', lang):9} {item.id}: {item.label.get(lang, '')}{parts}"]
    if worst is not None:
        if worst.goal.what or not item.builtin:
            place = str(worst.goal.span) if worst.goal.span else ""
            lines.append(say("prove.about", lang, what=worst.goal.what or item.id, place=place))
        if worst.profiles is not None:
            plain = (plan.settings.id, plan.settings.name)
            lines += said_profiles({name: {k: v for k, v in stated.items() if k not in plain or v != k} for name, stated in worst.profiles.items()}, lang)
        if worst.reason is not None:
            lines.append(say(worst.reason, lang, what=", ".join(worst.abstracted)))
    out = console()
    for i, line in enumerate(lines):
        out.print("\n".join(textwrap.wrap(line, WIDTH, initial_indent=" " * 10 if i else "", subsequent_indent=" " * (12 if i else 10))))


def said_profiles(profiles: Stated, lang: str) -> list[str]:
    """A line per profile; the second says only how it differs, where most is the same."""
    first: dict[str, Any] | None = None
    lines = []
    for name, stated in profiles.items():
        if first is None:
            parts = [f"{field} = {_text(value)}" for field, value in stated.items()]
            lines.append(say("prove.profile", lang, name=name, stated="; ".join(parts) or say("prove.nothing", lang)))
            first = dict(stated)
            continue
        changed = [f"{field} = {_text(value)}" for field, value in stated.items() if first.get(field) != value]
        changed += [say("prove.left_out", lang, field=field) for field in first if field not in stated]
        lines.append(say("prove.like", lang, name=name, stated="; ".join(changed)))
    return lines


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(value) or "-"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _summary(outcomes: Sequence[Outcome], seconds: float, lang: str) -> None:
    out = console()
    if not outcomes:
        out.print(say("prove.none", lang))
        return
    used = sorted({what for outcome in outcomes for answer in outcome.answers for what in answer.abstracted})
    if used:
        out.print(say("prove.abstracted", lang, what=", ".join(used)))
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in (PROVED, REFUTED, UNKNOWN)}
    out.print(say("prove.summary", lang, seconds=shown.number(round(seconds, 1), lang), **counts))


def _json(outcome: Outcome, lang: str) -> dict[str, Any]:
    item, worst = outcome.item, outcome.worst
    found: dict[str, Any] = {"id": item.id, "label": item.label.get(lang), "builtin": item.builtin, "status": outcome.status}
    found |= {"seconds": round(outcome.seconds, 3), "parts": len(item.goals), "proved": sum(answer.status == PROVED for answer in outcome.answers)}
    if worst is not None:
        found |= {"about": worst.goal.what or item.id, "place": str(worst.goal.span) if worst.goal.span else None}
        found |= {"profiles": worst.profiles, "reason": say(worst.reason, lang, what=", ".join(worst.abstracted)) if worst.reason else None}
    return found | {"abstracted": sorted({what for answer in outcome.answers for what in answer.abstracted})}
