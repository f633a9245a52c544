"""Turn a plan, or one of its definitions, into a page for reading: text, condition, source, and what uses it."""

from __future__ import annotations

from typing import Any

from engine.feel.tree import refs
from engine.model.compile import formulas
from engine.model.plan import Criterion, Decision, Input, Kpi, Parameter, Plan, Role, Rule, Structure, Template
from engine.outcome.terminal import console, put_table, table
from engine.texts import say, shown


def overview(plan: Plan, lang: str) -> None:
    """The model's definitions by kind, with their labels."""
    out = console()
    out.print(say("show.overview", lang, title=plan.title.get(lang, plan.name), version=plan.version), style="bold")
    for kind in ("roles", "structures", "criteria", "rules", "decisions", "parameters", "inputs", "kpis"):
        items: dict[str, Any] = dict(getattr(plan, kind))
        out.print()
        out.print(f"{say(f'kind.{kind}', lang)} ({len(items)})", style="bold")
        rows = [["  " + id_, _short(plan, item, lang)] for id_, item in items.items()]
        put_table(out, table([("", "left"), ("", "left")], rows, ((1,), (0,)), out.width))


def _short(plan: Plan, item: Any, lang: str) -> str:
    match item:
        case Parameter():
            source = item.source or say("show.estimate", lang)
            return f"{shown.number(item.value, lang)} {item.unit or ''} ({source})"
        case Rule():
            return _effect(plan, item, lang)
        case Decision() if item.table is None and item.formula is not None:
            return " ".join(item.formula.text.split())
        case Decision():
            return item.label.get(lang, "") or say("show.table", lang, policy=item.table.policy if item.table else "")
    return str(item.label.get(lang, ""))


def _effect(plan: Plan, rule: Rule, lang: str) -> str:
    if rule.effect == "note":
        return say("show.note", lang, level=rule.target)
    return say(f"show.{rule.effect}", lang, role=plan.roles[rule.target].label[lang])


def page(plan: Plan, item: Any, lang: str) -> None:
    """One definition in full."""
    rows: list[tuple[str, str]] = []
    label = getattr(item, "label", {})
    title = f"{item.id}: {label[lang]}" if label else item.id

    def add(key: str, text: str) -> None:
        if text:
            rows.append((say(f"show.{key}", lang), text))

    match item:
        case Rule():
            add("condition", " ".join(item.when.text.split()))
            add("then", _effect(plan, item, lang))
            _both(rows, item.because, lang)
        case Parameter():
            add("value", f"{shown.number(item.value, lang)} {item.unit or ''}".strip())
            add("range", f"{shown.number(item.range[0], lang)} - {shown.number(item.range[1], lang)}" if item.range else "")
            add("source", item.source or say("show.estimate", lang))
        case Role():
            for duty in item.duties:
                add("duties", duty[lang])
            add("kpis", ", ".join(plan.kpis[id_].label[lang] for id_ in item.kpis))
            add("work", " ".join(item.fte.text.split()))
            add("wage", " ".join(item.wage.text.split()))
            add("activated_by", ", ".join(r.id for r in plan.rules.values() if r.effect == "activate" and r.target == item.id))
            add("excluded_by", ", ".join(r.id for r in plan.rules.values() if r.effect == "exclude" and r.target == item.id))
        case Structure():
            add("then", item.summary.get(lang, ""))
            for post in item.posts:
                add("posts", f"{post.label.get(lang, post.id)}: {', '.join(plan.roles[role].label[lang] for role in post.covers) or '-'} ({post.engaged})")
            for requirement in item.eligible:
                add("eligible", " ".join(requirement.needs.text.split()))
        case Decision():
            add("value", " ".join(item.formula.text.split()) if item.formula else "")
            add("unit", item.unit or "")
            if item.table is not None:
                heads = ", ".join(" ".join(formula.text.split()) for formula in item.table.inputs)
                rows.append((say("show.table", lang, policy=item.table.policy), heads))
                rows += [(f"  {row.number}", f"{' | '.join(row.texts)} -> {row.then.text}") for row in item.table.rows]
                add("default", item.table.default.text if item.table.default else "")
        case Input():
            add("value", ", ".join(item.type.values or ()) or item.type.kind)
            add("unit", item.unit or "")
            add("default", " ".join(item.default.text.split()) if item.default else "")
            if item.because is not None:
                _both(rows, item.because, lang)
        case Criterion():
            add("then", item.help.get(lang, ""))
            add("value", " ".join(item.value.text.split()))
            add("weight", " ".join(item.weight.text.split()))
        case Kpi():
            add("condition", item.when.text)
            add("value", item.target.get(lang, ""))
    add("source", "; ".join(getattr(item, "cites", ())))
    if item.span is not None:
        add("where", f"{item.span.source.name}:{item.span.line}")
    add("used_by", ", ".join(users(plan, item)))
    out = console()
    out.print(title, style="bold")
    found = table([("", "left"), ("", "left")], rows)
    found.columns[1].no_wrap, found.columns[1].max_width, found.columns[1].min_width = False, None, None
    put_table(out, found)


def _both(rows: list[tuple[str, str]], template: Template, lang: str) -> None:
    for language in (lang, "id" if lang == "en" else "en"):
        rows.append((f"{say('show.because', lang)} ({language})", template.texts.get(language, "")))


def users(plan: Plan, item: Any) -> list[str]:
    """Ids of the definitions whose expressions or sentences name this one."""
    if isinstance(item, Role):
        wanted = {f"role.{item.id}.active", f"role.{item.id}.fte", f"staffing.coverage_of.{item.id}"}
    else:
        wanted = {item.id, f"assumed.{item.id}"}
    found = []
    for kind in ("inputs", "decisions", "rules", "roles", "structures", "criteria", "kpis"):
        for id_, other in getattr(plan, kind).items():
            named = {name for formula in formulas(other) for name in refs(formula.tree)}
            if isinstance(other, Decision) and other.table is not None:
                named |= {name for row in other.table.rows for name in refs(row.when)}
            covers = isinstance(item, Role) and isinstance(other, Structure) and any(item.id in post.covers for post in other.posts)
            if (named & wanted or covers) and other is not item:
                found.append(id_)
    if wanted & {name for formula in formulas(plan.settings) for name in refs(formula.tree)}:
        found.append("model.yaml")
    return found
