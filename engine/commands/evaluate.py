"""Turn the arguments of `susun evaluate` into a table on the terminal or a file, and an exit code."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.batch import Answer, decide_chunks, evaluate
from engine.commands import on_spark, resuming, streaming
from engine.commands.common import DONE, FOUND, finish, mapping_of, plan_of, profiles_of, stop, to_stderr
from engine.commands.methods import method_of
from engine.commands.progress import Progress
from engine.commands.robust import sampling_of
from engine.commands.scenarios import after_all, all_rejects, changes_of, outcome_of, passes, put_totals, scenarios_of
from engine.cross_check import cross_check
from engine.diagnostics import Diagnostic, Hint
from engine.distributed.work import Work
from engine.executors.base import Executor
from engine.executors.durable import Durable
from engine.model.plan import Plan
from engine.outcome import parts
from engine.outcome.group import grouped
from engine.outcome.sinks import stream_csv
from engine.outcome.tables import WIDE
from engine.outcome.terminal import console, hanging, put_table, show_answer, show_long, summary, table
from engine.outcome.write import refused, write, write_text
from engine.profiles.table import Profiles
from engine.scenarios.apply import changed
from engine.scenarios.run import compare, moved, recommended
from engine.scenarios.totals import TOTALS
from engine.scoring.chosen import Chosen
from engine.stream import Asked
from engine.texts import Word, say, shown


def run(
    orgs: str,
    output: str | None,
    rules: str | None,
    params: Sequence[str],
    changes: Sequence[str],
    scenario: str | None,
    mapping: str | None,
    locale: str | None,
    sheet: str | None,
    top: int,
    form: str,
    keep: Sequence[str],
    group_by: str | None,
    engine: str,
    method: str | None,
    cross_check: bool,
    lang: str,
    rejects: str | None,
    strict: bool,
    as_json: bool,
    robustness: bool = False,
    samples: int | None = None,
    seed: int | None = None,
    to: str | None = None,
    jobs: int | None = None,
    place: str | None = None,
    master: str | None = None,
    no_progress: bool = False,
    resume: bool = False,
    restart: bool = False,
) -> int:
    """Evaluate a file of organisations."""
    if place is not None:
        here_only = {
            "--set": changes,
            "--scenario": scenario,
            "--group-by": group_by,
            "--cross-check": cross_check,
            "--json": as_json,
            "--sheet": sheet,
            "--to": to,
            "--jobs": jobs,
            "--resume": resume or restart,
        }
        if found := on_spark.refused(orgs, output, {**here_only, "--engine durable": engine != "columnar"}):
            raise stop(found, lang)
        plan = plan_of(rules, params, lang)
        chosen = method_of(method, plan, lang)
        sampling = sampling_of(plan, robustness, samples, seed, "--method" if chosen is not None else None, lang)
        work = Work(plan, mapping_of(mapping, lang), tuple(keep), top, form, lang, None if chosen is None else method, sampling)
        return on_spark.run(work, orgs, str(output), rejects, strict, locale, master)
    if master is not None:
        raise stop([Diagnostic("X113", {"option": "--master", "needed": "--on spark"})], lang)
    if failed := _refused(output, rejects, orgs, lang) or (scenario is not None and _refused(output, rejects, scenario, lang)):
        return failed
    plan = plan_of(rules, params, lang)
    settings = changes_of(plan, changes, lang)
    scenarios = scenarios_of(plan, scenario, rules, params, lang)
    chosen = method_of(method, plan, lang)
    beside = "--group-by" if group_by is not None else "--method" if chosen is not None else None
    sampling = sampling_of(plan, robustness, samples, seed, beside, lang)
    per_scenario = scenario is not None and group_by == TOTALS
    executor = _executor(engine)
    sink = streaming.sink_of(output, to, lang)
    again = None
    if resume or restart:
        summed = {"--scenario": scenario, "--group-by": group_by, "--cross-check": cross_check}
        whole = None if sink is not None else Path(str(output)).suffix
        resuming.refused(orgs, output, next((name for name, given in summed.items() if given), whole), lang)
        options = {"--param": params, "--set": changes, "--locale": locale, "--sheet": sheet, "--top": top, "--format": form, "--keep": keep}
        options |= {"--engine": engine, "--method": method, "--robustness": robustness, "--samples": samples, "--seed": seed}
        options |= {"--rejects": rejects is not None, "--lang": lang}
        again = resuming.resume_of(plan, restart, options, {"--mapping": mapping})
    apart = scenarios and form == "long" and group_by is None  # the rows of each scenario follow those of the one before
    if sink is not None and output is not None and not apart and (scenarios or scenario is None):
        kept = (*keep, group_by) if group_by is not None and group_by not in (*keep, *WIDE) and not per_scenario else tuple(keep)
        columns = mapping_of(mapping, lang)
        asked = Asked(plan, orgs, sink.shaped, columns, kept, top, form, lang, chosen, sampling, locale)
        asked = replace(asked, executor=executor, changes=tuple(settings), scenarios=tuple(scenarios), group_by=group_by)
        asked = replace(asked, rejects=rejects is not None, cross_check=cross_check)
        wanted = streaming.Wanted(orgs, sheet, output, rejects, strict, tuple(changes), jobs, not no_progress, again)
        return streaming.evaluate(asked, sink, wanted)
    profiles = profiles_of(plan, orgs, mapping, keep, lang, group_by if group_by not in WIDE and not per_scenario else None, locale, sheet)
    form = "wide" if group_by is not None else form
    with Progress(profiles.size * passes(settings, scenarios, form), lang, not no_progress, output) as progress:
        step = progress.step
        before = recommended(plan, profiles, executor, step, chosen) if settings else None
        profiles = changed(plan, profiles, settings)
        answer = evaluate(plan, profiles, executor, top, form, lang, step, with_hires=group_by is not None, method=chosen, sampling=sampling)
        group = None if per_scenario else group_by
        compared = compare(plan, profiles, answer, scenarios, executor, top, form, lang, group, step, chosen, sampling) if scenarios else None
    code = DONE
    if cross_check:
        for each in [(plan, profiles), *((item.plan, changed(item.plan, profiles, item.changes)) for item in scenarios)]:
            code = _checked_by_all(*each, lang) or code
    if rejects is not None:
        failed = finish(write_text(all_rejects(answer, compared, lang), Path(rejects)), lang)
        if failed:
            return failed
        to_stderr(say("evaluate.rejects_written", lang, file=rejects))
    if compared is not None and group_by is not None:
        code = put_totals(compared.totals(group), scenarios, output, lang, as_json) or code
    elif group_by is not None:
        code = _grouped(answer, group_by, output, lang, as_json) or code
    else:
        same = [orgs, *_same_model(rules, params, mapping, locale, sheet)]
        next_: tuple[str, str] | None = ("evaluate.next", shlex.join(["susun", "explain", *same, *(word for text in changes for word in ("--set", text))]))
        if chosen is not None:  # `explain` speaks of the default ranking, and `compare` of the organisation as it is
            next_ = None if changes else ("evaluate.next_method", shlex.join(["susun", "compare", *same, "--method", chosen.text]))
        written = answer if compared is None or (output is None and not as_json) else compared.answer
        code = _put(plan, written, profiles, output, next_, lang, as_json, chosen) or code
    counts = None if before is None else moved(before, plan, profiles, answer, executor, chosen)
    outcome = None if compared is None else outcome_of(compared, group)
    after_all(changes, counts, outcome, scenarios, output is not None or as_json, group_by is not None, lang)
    if strict and (answer.rejects or (compared is not None and any(compared.rejects.values()))):
        to_stderr(say("strict.stopped", lang))
        return FOUND
    return code


def _refused(output: str | None, rejects: str | None, orgs: str, lang: str) -> int:
    """Exit code 2 when an output could not be written, said before the work begins."""
    found = [] if output in (None, "-") else refused(Path(str(output)), Path(orgs))
    if rejects is not None:
        found += refused(Path(rejects), Path(orgs), any_format=True)
        if output is not None and Path(rejects).resolve() == Path(output).resolve():
            found.append(Diagnostic("X201", {"file": rejects, "why": Word("written_twice")}, None, Hint("hint.writable")))
    return finish(found, lang)


def _same_model(rules: str | None, params: Sequence[str], mapping: str | None, locale: str | None, sheet: str | None) -> list[str]:
    """The options with which another command decides the same."""
    chosen = [("--rules", rules), *(("--param", text) for text in params), ("--mapping", mapping), ("--locale", locale), ("--sheet", sheet)]
    return [word for option, value in chosen if value is not None for word in (option, value)]


def _executor(engine: str) -> Executor | None:
    if engine == "durable":
        return Durable()
    return None


def _put(
    plan: Plan, answer: Answer, profiles: Profiles, output: str | None, next_: tuple[str, str] | None, lang: str, as_json: bool, method: Chosen | None
) -> int:
    if output == "-":
        stream_csv(answer.table, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        to_stderr(summary(answer.read, answer.statuses, lang))
    elif output is not None:
        failed = finish(write(answer.table, Path(output)), lang)
        if failed:
            return failed
        to_stderr(say("evaluate.written", lang, rows=shown.number(answer.table.num_rows, lang), file=output))
        to_stderr(summary(answer.read, answer.statuses, lang))
    elif as_json:
        for row in answer.table.to_pylist():
            print(json.dumps(row, ensure_ascii=False, default=str))
    elif "recommended" not in answer.table.column_names:
        show_long(plan, answer, lang)
    else:
        show_answer(plan, answer, _warnings(plan, profiles, lang, method), next_, lang)
    return DONE


def _warnings(plan: Plan, profiles: Profiles, lang: str, method: Chosen | None) -> list[tuple[str, str]]:
    """(organisation, sentence) of the loudest warning of each organisation, in input order."""

    def use(start: int, decisions: Any) -> list[tuple[str, str]]:
        names = parts.texts(decisions, plan.settings.name or plan.settings.id).to_pylist()
        said = parts.notes(decisions, lang, ("warning",))
        return [(name or "-", texts[0]) for name, texts in zip(names, said, strict=True) if texts]

    if not profiles.size:
        return []
    return [item for found in decide_chunks(plan, profiles.columns, min(profiles.size, 20_000), use, method=method) for item in found]


def _grouped(answer: Answer, column: str, output: str | None, lang: str, as_json: bool) -> int:
    totals = grouped(answer.table, column)
    if output == "-":
        stream_csv(totals, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        to_stderr(summary(answer.read, answer.statuses, lang))
    elif output is not None:
        failed = finish(write(totals, Path(output)), lang)
        if failed:
            return failed
        to_stderr(say("evaluate.written", lang, rows=shown.number(totals.num_rows, lang), file=output))
        to_stderr(summary(answer.read, answer.statuses, lang))
    elif as_json:
        for row in totals.to_pylist():
            print(json.dumps(row, ensure_ascii=False, default=str))
    else:
        titles = {"currency": "currency", "organisations": "count", "decided": "decided", "people": "people", "cost_month": "cost", "hires": "hires"}
        headers = [
            (say(f"table.{titles[name]}", lang) if name in titles else name, "right" if name in titles and name != "currency" else "left")
            for name in totals.column_names
        ]
        rows = [[_cell(name, value, row["currency"], lang) for name, value in row.items()] for row in totals.to_pylist()]
        out = console()
        put_table(out, table(headers, rows, ((0,),), out.width))
        out.print()
        hanging(out, summary(answer.read, answer.statuses, lang), 0)
    return DONE


def _cell(name: str, value: Any, currency: str | None, lang: str) -> str:
    if value is None:
        return "-"
    if name == "cost_month":
        return shown.money(value, currency, lang)
    return shown.number(float(value), lang, 1) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _checked_by_all(plan: Plan, profiles: Profiles, lang: str) -> int:
    found = cross_check(plan, profiles.columns, profiles.size)
    if found:
        to_stderr(Diagnostic("X301", {"count": len(found)}).render(lang))
        for item in found[:20]:
            to_stderr(f"  {item}")
        return FOUND
    to_stderr(say("evaluate.agree", lang, rows=shown.number(profiles.size, lang), executors="columnar, interpret, durable"))
    return DONE
