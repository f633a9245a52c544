"""Turn the arguments of `susun rules coverage` into what examples or organisations reach of a model, and an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.authoring.coverage.measure import Coverage, measure
from engine.authoring.coverage.obligations import text_of
from engine.authoring.coverage.page import page, totals
from engine.authoring.coverage.suggest import as_yaml, suggest
from engine.authoring.example_files import example_files, read_examples
from engine.authoring.examples import profiles_of as example_profiles
from engine.commands.common import DONE, FOUND, USAGE, finish, plan_of, print_json, profiles_of, stop, to_stderr
from engine.diagnostics import errors
from engine.model.load import folder_of
from engine.model.plan import Plan
from engine.outcome.terminal import console, hanging
from engine.outcome.write import write_text
from engine.profiles.table import Profiles
from engine.texts import say, shown

SHOWN = 25


def run(model: str | None, orgs: str | None, fail_under: float | None, html: str | None, suggested: str | None, as_json: bool, lang: str) -> int:
    """Measure what the model's examples reach, or the organisations of a file."""
    plan = plan_of(model, (), lang)
    profiles = _examples(plan, model, lang) if orgs is None else profiles_of(plan, orgs, None, (), lang)
    if profiles is None:
        to_stderr(say("coverage.none", lang))
        return USAGE
    coverage = measure(plan, {name: profiles.columns[name] for name in plan.inputs if name in profiles.columns}, profiles.size)
    if html is not None and (failed := finish(write_text(page(coverage, lang), Path(html)), lang)):
        return failed
    if suggested is not None and (failed := _suggested(coverage, suggested, lang)):
        return failed
    if as_json:
        print_json(_data(coverage))
    elif suggested != "-":
        _show(coverage, lang)
    if fail_under is not None and 100 * coverage.share < fail_under:
        to_stderr(say("coverage.below", lang, share=shown.percent(int(1000 * coverage.share) / 1000, lang), wanted=shown.percent(fail_under / 100, lang)))
        return FOUND
    return DONE


def _examples(plan: Plan, model: str | None, lang: str) -> Profiles | None:
    examples, found = read_examples(example_files(folder_of(model)), plan)
    if errors(found):
        raise stop(found, lang, FOUND)
    return example_profiles(plan, examples)[0] if examples else None


def _suggested(coverage: Coverage, file: str, lang: str) -> int:
    found, beyond = suggest(coverage)
    if not found:
        to_stderr(say("coverage.nothing_open", lang) if not beyond else say("coverage.wrote", lang, count=0, file=file, met=0, open=len(beyond)))
        return DONE
    text = as_yaml(coverage, found, lang)
    if file == "-":
        print(text, end="")
        return DONE
    failed = finish(write_text(text, Path(file)), lang)
    if not failed:
        met = sum(len(item.meets) for item in found)
        to_stderr(say("coverage.wrote", lang, count=len(found), file=file, met=met, open=met + len(beyond)))
    return failed


def _show(coverage: Coverage, lang: str) -> None:
    out = console()
    plan = coverage.plan
    out.print(say("coverage.title", lang, name=plan.name, version=plan.version, count=shown.number(coverage.profiles, lang)), style="bold")
    for line in totals(coverage, lang):
        hanging(out, line, 2)
    _list(out, "coverage.never_fired", [f"{id_} ({plan.rules[id_].span})" for id_, count in coverage.fired.items() if not count], lang)
    _list(out, "coverage.always_fired", [f"{id_} ({plan.rules[id_].span})" for id_, count in coverage.silent.items() if not count], lang)
    rows = [say("coverage.row", lang, table=id_, row=number) for (id_, number), count in coverage.rows.items() if not count]
    _list(out, "coverage.never_matched", rows, lang)
    _list(out, "coverage.open", [_open(coverage, i, lang) for i in coverage.missing()], lang)


def _open(coverage: Coverage, i: int, lang: str) -> str:
    obligation = coverage.obligations[i]
    condition = coverage.conditions[obligation.condition]
    key = "coverage.never_true" if obligation.holds else "coverage.never_false"
    return f"{say(key, lang, id=condition.id, text=text_of(condition, obligation.guard))} ({condition.span})"


def _list(out: Any, title: str, items: list[str], lang: str) -> None:
    if not items:
        return
    out.print()
    out.print(say(title, lang), style="bold")
    for item in items[:SHOWN]:
        hanging(out, item, 2)
    if len(items) > SHOWN:
        out.print("  " + say("coverage.more", lang, count=len(items) - SHOWN))


def _data(coverage: Coverage) -> dict[str, Any]:
    return {
        "profiles": coverage.profiles,
        "share": coverage.share,
        "rules": {id_: {"fired": fired, "not_fired": coverage.silent[id_]} for id_, fired in coverage.fired.items()},
        "rows": [{"table": id_, "row": number, "matched": count} for (id_, number), count in coverage.rows.items()],
        "comparisons": [
            {
                "kind": coverage.conditions[each.condition].kind,
                "id": coverage.conditions[each.condition].id,
                "text": text_of(coverage.conditions[each.condition], each.guard),
                "file": str(coverage.conditions[each.condition].span),
                "outcome": "true" if each.holds else "not true",
                "met": int(coverage.hits[i]),
                "possible": bool(coverage.possible[i]),
            }
            for i, each in enumerate(coverage.obligations)
        ],
    }
