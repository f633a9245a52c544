"""Turn a folder's entries into a Plan, or into diagnostics that say why not: names, types, order, digest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from engine.diagnostics import Diagnostic, did_you_mean, errors
from engine.feel.check import Scope
from engine.feel.nodes import Node, names
from engine.feel.parse import parse_cell
from engine.feel.tree import Op, subtrees
from engine.feel.types import BOOLEAN, number
from engine.model import graph
from engine.model.context import Context, text_of
from engine.model.documents import DecisionDoc, RoleDoc, RuleDoc, TableDoc
from engine.model.entries import Entry, Folder
from engine.model.facts import RANKING_FACTS, staffing_facts, structure_facts
from engine.model.fields import compile_default, compile_input, compile_parameter, parameter_type
from engine.model.plan import Decision, Formula, Input, Plan, Role, Rule
from engine.model.tables import compile_table, with_sentences
from engine.model.team import compile_criteria, compile_kpis, compile_settings, compile_structures
from engine.source import Path_
from engine.texts import Word

T = TypeVar("T")
MISSING = frozenset({"R401", "R411", "R503", "R505", "R511"})
WINNER_PREFIXES = ("staffing.", "structure.", "ranking.")


def compile_plan(folder: Folder, parameters: Mapping[str, float] | None = None) -> tuple[Plan | None, list[Diagnostic]]:
    """The plan of a folder's entries. `parameters` replaces values for this plan. Everything wrong is reported in one run."""
    context = Context(broken=set(folder.broken), found=list(folder.found))
    if folder.model is None or folder.head is None:
        return None, context.found
    plan = _compile(folder, parameters or {}, context)
    if any(item.code.startswith("R1") for item in folder.found):  # a file that could not be read may define what seems to be missing
        context.found = [item for item in context.found if item.code not in MISSING]
    if errors(context.found) or plan is None:
        return None, context.found
    return plan, context.found


def _compile(folder: Folder, overrides: Mapping[str, float], context: Context) -> Plan | None:
    assert folder.model is not None and folder.head is not None
    entries = folder.entries
    for kind in ("inputs", "roles", "structures", "criteria"):
        if not entries[kind] and kind != "inputs" and not context.found:
            context.found.append(
                Diagnostic(
                    "R505",
                    {"kind": Word(kind)},
                    folder.head.span(("files", kind)) if kind in (folder.head.data.get("files") or {}) else folder.head.span(("name",)),
                )
            )
    _unique_names(entries, context)
    inputs = {id_: compile_input(context, entry) for id_, entry in entries["inputs"].items()}
    parameters = {id_: compile_parameter(context, entry, overrides) for id_, entry in sorted(entries["parameters"].items())}
    for name in sorted(set(overrides) - set(parameters)):
        context.found.append(Diagnostic("R503", {"kind": Word("parameter"), "name": name}, None, did_you_mean(name, parameters)))
    context.names.update({id_: parameter_type(p) for id_, p in parameters.items()})
    context.names.update({id_: item.type for id_, item in inputs.items()})
    context.names.update({f"assumed.{id_}": BOOLEAN for id_ in inputs})
    context.names.update({f"role.{id_}.active": BOOLEAN for id_ in entries["roles"]})
    places = entries["placement"]["placement"].shape.places if "placement" in entries["placement"] else {}
    context.broken |= {f"role.{id_}" for id_ in folder.broken}

    order, rings = graph.order(_needs(context, entries))
    for ring in rings:
        _ring(context, entries, ring)
    if rings:
        return None
    built = _Built({}, {}, {}, inputs)
    for name in order:
        _define(name, entries, context, built, places)
    _sentences(context, entries, built)
    decisions, roles, rules = built.decisions, built.roles, built.rules
    roles_order = {id_: roles[id_] for id_ in sorted(roles)}

    settings = compile_settings(context, folder.head, folder.model, parameters)
    structures = compile_structures(context, entries, roles_order, places)
    attributes = next(iter(structures.values())).attributes if structures else {}
    facts = {**staffing_facts(roles_order), **structure_facts(structures, roles_order, attributes, places)}
    criteria = compile_criteria(context, entries, facts)
    kpis = compile_kpis(context, entries)
    for id_, entry in sorted(entries["rules"].items()):
        if id_ in built.winner:
            rule = _rule(context, entry, context.scope({**facts, **RANKING_FACTS}), "winner", entries)
            if rule is not None:
                rules[id_] = rule
    if errors(context.found) or settings is None:
        return None
    plan = Plan(
        name=folder.model.name,
        version=folder.model.version,
        title=text_of(folder.model.title),
        digest=_digest(folder, overrides),
        inputs=MappingProxyType(built.inputs),
        parameters=MappingProxyType(parameters),
        decisions=MappingProxyType(dict(sorted(decisions.items()))),
        roles=MappingProxyType(roles_order),
        rules=MappingProxyType(dict(sorted(rules.items()))),
        structures=MappingProxyType(structures),
        criteria=MappingProxyType(criteria),
        kpis=MappingProxyType(kpis),
        places=MappingProxyType({id_: text_of(place.label) for id_, place in places.items()}),
        settings=settings,
        order=tuple(name for name in order if not name.startswith("rule:") or name[5:] not in built.winner),
        names=MappingProxyType({**context.names, **facts, **RANKING_FACTS}),
        shared=frozenset(),
        files=tuple(folder.files),
        lints=MappingProxyType(dict(folder.model.lints)),
    )
    return replace(plan, shared=_shared(plan))


# -- what needs what


def _needs(context: Context, entries: dict[str, dict[str, Entry]]) -> dict[str, list[str]]:
    needs: dict[str, list[str]] = {}
    for id_, entry in entries["inputs"].items():
        needs[id_] = _names(context, entry, ("default",), entry.shape.default)
    for id_, entry in entries["decisions"].items():
        shape: DecisionDoc = entry.shape
        needs[id_] = _names(context, entry, ("value",), shape.value) if shape.table is None else _table_names(context, entry, ("table",), shape.table)
    for entry in entries["placement"].values():
        needs["placement"] = _table_names(context, entry, ("decide",), entry.shape.decide)
    for id_, entry in entries["roles"].items():
        needs[f"role.{id_}.active"] = []
        needs[f"role.{id_}.fte"] = [
            f"role.{id_}.active",
            *_names(context, entry, ("fte",), entry.shape.fte),
            *_names(context, entry, ("wage",), entry.shape.wage),
        ]
    for id_, entry in entries["rules"].items():
        rule: RuleDoc = entry.shape
        needs[f"rule:{id_}"] = _names(context, entry, ("when",), rule.when)
        role = rule.activate or rule.exclude
        if role is not None and f"role.{role}.active" in needs:
            needs[f"role.{role}.active"].append(f"rule:{id_}")
    return needs


def _names(context: Context, entry: Entry, path: Path_, text: str | None) -> list[str]:
    node: Node | None = context.parse(entry, path, text) if text is not None else None
    return [] if node is None else [name.text.removeprefix("assumed.") for name in names(node)]


def _table_names(context: Context, entry: Entry, path: Path_, table: TableDoc) -> list[str]:
    found = [name for i, text in enumerate(table.inputs) for name in _names(context, entry, (*path, "inputs", i), text)]
    if table.default is not None:
        found += _names(context, entry, (*path, "default"), table.default)
    for i, row in enumerate(table.rules):
        found += _names(context, entry, (*path, "rules", i, "then"), row.then)
        for cell in row.when:
            tests, _ = parse_cell(cell)
            found += [name.text.removeprefix("assumed.") for test in tests or () for name in names(test)]
    return found


def _ring(context: Context, entries: dict[str, dict[str, Entry]], ring: list[str]) -> None:
    shown = " -> ".join([*ring, ring[0]]).replace("rule:", "")
    first = ring[0]
    key = first.split(".")[1] if first.startswith("role.") else first.removeprefix("rule:")
    entry = next((entries[kind][key] for kind in ("decisions", "inputs", "roles", "rules") if key in entries[kind]), None)
    context.found.append(Diagnostic("R502", {"ring": shown}, entry.id_span() if entry else None))


def _unique_names(entries: dict[str, dict[str, Entry]], context: Context) -> None:
    taken: set[str] = {"placement"}
    for kind in ("inputs", "parameters", "decisions"):
        for id_, entry in entries[kind].items():
            if id_ in taken:
                context.found.append(Diagnostic("R501", {"name": id_}, entry.id_span()))
            taken.add(id_)


# -- definitions, in order


class _Built:
    """What has been compiled so far."""

    def __init__(self, decisions: dict[str, Decision], roles: dict[str, Role], rules: dict[str, Rule], inputs: dict[str, Input]) -> None:
        self.decisions, self.roles, self.rules, self.inputs = decisions, roles, rules, inputs
        self.winner: set[str] = set()


def _define(name: str, entries: dict[str, dict[str, Entry]], context: Context, built: _Built, places: Mapping[str, Any]) -> None:
    if name.startswith("rule:"):
        entry = entries["rules"][name[5:]]
        if entry.shape.note is not None and _mentions_winner(context, entry):
            built.winner.add(entry.id)
            return
        rule = _rule(context, entry, context.scope(), "profile", entries)
        if rule is not None:
            built.rules[entry.id] = rule
    elif name.startswith("role."):
        id_, part = name.split(".")[1:]
        if part == "fte":
            _role(context, entries["roles"][id_], built, entries)
    elif name in entries["inputs"]:
        built.inputs[name] = compile_default(context, entries["inputs"][name], built.inputs[name])
        context.names[name] = built.inputs[name].type
    elif name == "placement":
        entry = entries["placement"]["placement"]
        table = entry.shape.decide.model_copy(update={"values": list(places)} if entry.shape.decide.values is None else {})
        _decision(context, entry, "placement", None, ("decide",), table, built)
    else:
        entry = entries["decisions"][name]
        _decision(context, entry, name, entry.shape, ("table",), entry.shape.table, built)


def _decision(context: Context, entry: Entry, id_: str, shape: DecisionDoc | None, path: Path_, table: TableDoc | None, built: _Built) -> None:
    formula, compiled, type_ = None, None, None
    if shape is not None and (shape.value is None) == (shape.table is None):
        context.found.append(Diagnostic("R206", {"keys": "`value`, `table`"}, entry.id_span()))
    elif table is not None:
        result = compile_table(context, entry, path, table)
        if result is not None:
            compiled, type_ = result
    elif shape is not None and shape.value is not None:
        formula = context.formula(entry, ("value",), shape.value, None, context.scope())
        type_ = formula.tree.type if formula else None
    if type_ is None:
        context.broken.add(id_)
        return
    context.names[id_] = type_
    label = text_of(shape.label) if shape else {}
    unit, cites = (shape.unit, tuple(shape.cites)) if shape else (None, ())
    built.decisions[id_] = Decision(id_, label, unit, type_, formula, compiled, cites, entry.id_span())


def _role(context: Context, entry: Entry, built: _Built, entries: dict[str, dict[str, Entry]]) -> None:
    shape: RoleDoc = entry.shape
    scope = context.scope()
    fte = context.formula(entry, ("fte",), shape.fte, "number", scope)
    wage = context.formula(entry, ("wage",), shape.wage, "number", scope)
    for i, kpi in enumerate(shape.kpis):
        if kpi not in entries["kpis"]:
            context.note([Diagnostic("R503", {"kind": Word("kpi"), "name": kpi}, entry.span(("kpis", i)), did_you_mean(kpi, entries["kpis"]))])
    if fte is None or wage is None:
        context.broken |= {entry.id, f"role.{entry.id}.fte"}
        return
    type_ = fte.tree.type
    context.names[f"role.{entry.id}.fte"] = number(min(0.0, type_.low), max(0.0, type_.high))
    built.roles[entry.id] = Role(
        entry.id,
        text_of(shape.label),
        tuple(text_of(duty) for duty in shape.duties),
        tuple(shape.kpis),
        fte,
        wage,
        shape.optional,
        tuple(shape.cites),
        entry.id_span(),
    )


def _rule(context: Context, entry: Entry, scope: Scope, stage: str, entries: dict[str, dict[str, Entry]]) -> Rule | None:
    shape: RuleDoc = entry.shape
    chosen = [(effect, value) for effect in ("activate", "exclude", "note") if (value := getattr(shape, effect)) is not None]
    if len(chosen) != 1:
        context.found.append(Diagnostic("R206", {"keys": "`activate`, `exclude`, `note`"}, entry.id_span()))
        return None
    effect, target = chosen[0]
    if effect != "note" and target not in entries["roles"]:
        if target not in context.broken:
            hint = did_you_mean(target, entries["roles"])
            context.found.append(Diagnostic("R503", {"kind": Word("role"), "name": target}, entry.span((effect,)), hint))
        return None
    when = context.formula(entry, ("when",), shape.when, "boolean", scope, nullable=True)
    because = context.template(entry, ("because",), shape.because if stage == "winner" else None, scope)
    if when is None:
        return None
    return Rule(entry.id, when, effect, target, because, tuple(shape.cites), shape.priority, stage, entry.id_span())


def _sentences(context: Context, entries: dict[str, dict[str, Entry]], built: _Built) -> None:
    """Add the sentences of rules, rows and defaults, which may show any name, also one that is defined after them."""
    scope = context.scope()
    for id_, rule in built.rules.items():
        entry = entries["rules"][id_]
        built.rules[id_] = replace(rule, because=context.template(entry, ("because",), entry.shape.because, scope))
    for id_, item in built.inputs.items():
        entry = entries["inputs"][id_]
        if item.default is not None and entry.shape.because is not None:
            built.inputs[id_] = replace(item, because=context.template(entry, ("because",), entry.shape.because, scope))
    for id_, decision in built.decisions.items():
        entry, key = (entries["placement"]["placement"], "decide") if id_ == "placement" else (entries["decisions"][id_], "table")
        if decision.table is not None:
            table = with_sentences(context, entry, (key,), getattr(entry.shape, key), decision.table)
            built.decisions[id_] = replace(decision, table=table)


def _mentions_winner(context: Context, entry: Entry) -> bool:
    used = _names(context, entry, ("when",), entry.shape.when)
    texts = (entry.shape.because.en, entry.shape.because.id)
    return any(name.startswith(WINNER_PREFIXES) for name in used) or any("{" + prefix in text for text in texts for prefix in WINNER_PREFIXES)


# -- the whole


def _digest(folder: Folder, overrides: Mapping[str, float]) -> str:
    """SHA-256 of what the files mean: independent of the order of files and entries, of comments and layout, and of where a table's rows stand."""
    assert folder.head is not None
    data = {kind: {id_: _meant(entry) for id_, entry in entries.items()} for kind, entries in folder.entries.items()}
    head = {key: value for key, value in folder.head.data.items() if key not in ("files", "extends")}
    canonical = json.dumps({"model": head, "entries": data, "parameters": dict(overrides)}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _meant(entry: Entry) -> Any:
    """An entry's data. Of a table, what a spreadsheet can say as well: cells are texts without blanks around them, defaults are left out."""
    key = {"decisions": "table", "placement": "decide"}.get(entry.kind, "")
    table = getattr(entry.shape, key, None)
    if not isinstance(table, TableDoc):
        return entry.data
    plain = table.model_dump(by_alias=True, exclude_defaults=True)
    plain["inputs"] = [text.strip() for text in table.inputs]
    for row, doc in zip(plain["rules"], table.rules, strict=True):
        row |= {"when": [text.strip() for text in doc.when], "then": doc.then.strip()}
    return {**entry.data, key: plain}


def _shared(plan: Plan) -> frozenset[int]:
    """Keys of operator trees that stand in more than one place of the model."""
    counts: Counter[int] = Counter()
    for formula in formulas(plan):
        counts.update(tree.key for tree in subtrees(formula.tree) if isinstance(tree, Op))
    for decision in plan.decisions.values():
        for row in decision.table.rows if decision.table else ():
            counts.update(tree.key for tree in subtrees(row.when) if isinstance(tree, Op))
    return frozenset(key for key, count in counts.items() if count > 1)


def formulas(value: Any) -> Iterator[Formula]:
    """Every formula in a plan or a part of it."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from formulas(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from formulas(item)
    elif is_dataclass(value) and type(value).__module__ == Plan.__module__:
        for part in fields(value):
            yield from formulas(getattr(value, part.name))
