"""Turn a plan, or one of its definitions, into a page for reading: texts in both languages, formulas, sources, what it rests on and what uses it."""

from __future__ import annotations

from typing import Any

from engine.authoring.graph.links import Links, Node
from engine.authoring.pages import page_data
from engine.commands.show_parts import Page
from engine.model.plan import Decision, Parameter, Plan, Rule
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
            return item.label.get(lang, "") or say("show.table", lang)
    return str(item.label.get(lang, ""))


def _effect(plan: Plan, rule: Rule, lang: str) -> str:
    if rule.effect == "note":
        return say("show.note", lang, level=rule.target)
    return say(f"show.{rule.effect}", lang, role=plan.roles[rule.target].label[lang])


def page(plan: Plan, graph: Links, node: Node, lang: str) -> None:
    """One definition in full."""
    data = page_data(plan, graph, node)
    out = Page(plan, lang)
    out.title(node)
    out.field("kind", say(f"one.{node.kind}", lang))
    if node.place:
        out.field("where", node.place)
    out.field("source", "; ".join(data.get("cites", ())))
    match node.kind:
        case "rules":
            out.written("condition", data["when"])
            out.field("then", _effect(plan, node.item, lang))
            out.both("because", data.get("because"))
            out.field("priority", _number(data.get("priority"), lang))
        case "parameters":
            out.field("value", f"{_number(data['value'], lang)} {data.get('unit', '')}".strip())
            out.field("range", " - ".join(_number(end, lang) for end in data.get("range", ())))
            out.field("source", data.get("source") or say("show.estimate", lang))
            out.field("date", data.get("date", ""))
        case "decisions":
            out.field("unit", data.get("unit", ""))
            out.written("value", data.get("value"))
            if "table" in data:
                out.decision_table(data["table"])
        case "inputs":
            _input(out, data)
        case "roles":
            _role(out, data)
        case "structures":
            _structure(out, data)
        case "criteria":
            out.both("help", data.get("help"))
            out.written("value", data["value"])
            out.written("weight", data["weight"])
            out.field("scale", say("show.scale_of", lang, worst=_number(data["scale"]["worst"], lang), best=_number(data["scale"]["best"], lang)))
        case "kpis":
            out.written("condition", data["when"])
            out.written("priority", data["priority"])
            out.both("target", data.get("target"))
    out.flush()
    out.definitions("depends_on", graph, graph.needs[node.key])
    if data["facts"]:
        out.field("facts", ", ".join(data["facts"]))
        out.flush()
    out.definitions("used_by", graph, graph.users[node.key])


def _number(value: float | None, lang: str) -> str:
    return "" if value is None else shown.number(value, lang)


def _input(out: Page, data: dict[str, Any]) -> None:
    out.both("help", data.get("help"))
    out.field("type", say(f"word.{data['type']}", out.lang))
    out.field("unit", data.get("unit", ""))
    out.field("range", data.get("range", ""))
    for word, label in data.get("values", {}).items():
        out.field("values", f"{word}: {' / '.join(label[lang] for lang in out.languages)}" if label else word)
    out.written("default", data.get("default"))
    out.both("because", data.get("because"))
    for flag in ("required", "material", "estimate"):
        if data.get(flag):
            out.field("remark", say(f"show.is_{flag}", out.lang))
    out.field("example", str(data.get("example", "")))
    out.field("aliases", ", ".join(data.get("aliases", ())))


def _role(out: Page, data: dict[str, Any]) -> None:
    for duty in data.get("duties", ()):
        out.both("duties", duty)
    out.written("work", data["fte"])
    out.written("wage", data["wage"])
    if data.get("optional"):
        out.field("remark", say("show.is_optional", out.lang))
    for kpi in data.get("kpis", ()):
        out.field("kpis", f"{kpi}: {out.plan.kpis[kpi].label[out.lang]}" if kpi in out.plan.kpis else kpi)
    for effect in ("activated_by", "excluded_by"):
        for rule in data.get(effect, ()):
            out.field(effect, f"{rule['rule']}: {' '.join(rule['when'].split())}")
    out.flush()
    rows = [[item["post"], item["structure"], f"{item['file']}:{item['line']}"] for item in data.get("covered_by", ())]
    out.listed("covered_by", rows, ("post", "structure", "where"))


def _structure(out: Page, data: dict[str, Any]) -> None:
    out.both("summary", data.get("summary"))
    for requirement in data.get("requirements", ()):
        out.written("eligible", requirement["needs"])
        out.both("otherwise", requirement["otherwise"])
        out.field("source", "; ".join(requirement["cites"]))
    for name, text in data.get("attributes", {}).items():
        out.field("attributes", f"{name} = {text}")
    out.flush()
    rows, more = [], []
    for post in data["posts"]:
        label = post.get("label", {}).get(out.lang, "")
        covers = ", ".join(out.plan.roles[role].label[out.lang] for role in post.get("covers", ()))
        seats = ", ".join(post.get("sits_in", ["-"]))
        rows.append([post["post"], label, covers or "-", say(f"engaged.{post['engaged']}", out.lang), post.get("reports_to", "-"), seats])
        terms = [
            f"{name} {' '.join(str(post[name]).split())}" for name in ("step", "fte", "min", "max", "productivity", "fee", "grade", "reaches") if name in post
        ]
        more.append((post["post"], ", ".join([*terms, *(f"share.{role} {text}" for role, text in post.get("share", {}).items())])))
    out.listed("posts", rows, ("post", "label", "covers", "engaged", "reports_to", "sits_in"))
    for name, text in more:
        out.field("terms", f"{name}: {text}")
    out.flush()
