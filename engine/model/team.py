"""Turn structures, criteria, KPIs and the model's settings into their compiled form: what stands downstream of the roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engine.diagnostics import Diagnostic, did_you_mean
from engine.feel.check import Scope
from engine.feel.types import Type
from engine.model import graph
from engine.model.context import Context, text_of
from engine.model.documents import CriterionDoc, KpiDoc, ModelDoc, PostDoc, StructureDoc
from engine.model.entries import Entry
from engine.model.facts import BEFORE_COORDINATION, POST_FACTS, STAFFING_FACTS, staffing_facts, structure_facts
from engine.model.lint import NAMES as LINT_NAMES
from engine.model.plan import NO_TEXT, Criterion, Formula, Kpi, Post, Requirement, Role, Settings, Structure, Text
from engine.texts import Word

Entries = dict[str, dict[str, Entry]]


def compile_structures(context: Context, entries: Entries, roles: Mapping[str, Role], places: Mapping[str, Any]) -> dict[str, Structure]:
    """Structures in id order. Eligibility may use the facts of staffing and of the structure itself."""
    built: dict[str, Structure] = {}
    for id_, entry in sorted(entries["structures"].items()):
        shape: StructureDoc = entry.shape
        posts = [_post(context, entry, post_id, post, roles, entries, places) for post_id, post in sorted(shape.posts.items())]
        attributes = {name: context.formula(entry, ("attributes", name), text, "number", context.scope()) for name, text in sorted(shape.attributes.items())}
        good = tuple(post for post in posts if post is not None)
        _reporting(context, entry, shape)
        _shares(context, entry, good)
        built[id_] = Structure(
            id_,
            text_of(shape.label),
            text_of(shape.summary),
            good,
            (),
            MappingProxyType({name: formula for name, formula in attributes.items() if formula is not None}),
            tuple(shape.cites),
            entry.id_span(),
        )
    _same_attributes(context, entries, built)
    all_attributes = {name: formula for structure in built.values() for name, formula in structure.attributes.items()}
    facts = {**staffing_facts(roles), **structure_facts(built, roles, all_attributes, places)}
    scope = context.scope(facts)
    return {id_: _with_eligibility(context, entries["structures"][id_], structure, scope) for id_, structure in built.items()}


def _with_eligibility(context: Context, entry: Entry, structure: Structure, scope: Scope) -> Structure:
    eligible = []
    for i, item in enumerate(entry.shape.eligible):
        needs = context.formula(entry, ("eligible", i, "needs"), item.needs, "boolean", scope, nullable=True)
        otherwise = context.template(entry, ("eligible", i, "otherwise"), item.otherwise, scope)
        if needs is not None:
            eligible.append(Requirement(needs, otherwise, tuple(item.cites)))
    return replace(structure, eligible=tuple(eligible))


def _post(context: Context, entry: Entry, id_: str, shape: PostDoc, roles: Mapping[str, Role], entries: Entries, places: Mapping[str, Any]) -> Post | None:
    path = ("posts", id_)
    for i, role in enumerate(shape.covers):
        if role not in entries["roles"] and role not in context.broken:
            hint = did_you_mean(role, entries["roles"])
            context.found.append(Diagnostic("R503", {"kind": Word("role"), "name": role}, entry.span((*path, "covers", i)), hint))
    for role in shape.share:
        if role not in shape.covers:
            context.found.append(
                Diagnostic("R503", {"kind": Word("role"), "name": role}, entry.key_span((*path, "share", role)), did_you_mean(role, shape.covers))
            )
    for i, place in enumerate(shape.sits_in):
        if place not in places and "placement" not in context.broken:
            context.found.append(Diagnostic("R503", {"kind": Word("place"), "name": place}, entry.span((*path, "sits_in", i)), did_you_mean(place, places)))
    scope = context.scope()

    def number(key: str, text: str, inner: Scope = scope) -> Formula | None:
        return context.formula(entry, (*path, *key.split(".")), text, "number", inner)

    share = {role: number(f"share.{role}", text) for role, text in shape.share.items()}
    parts = {key: number(key, getattr(shape, key)) for key in ("fte", "min", "productivity", "reaches")}
    fee = number("fee", shape.fee, context.scope(POST_FACTS))
    most = number("max", shape.max) if shape.max is not None else None
    grade = number("grade", shape.grade) if shape.grade is not None else None
    if any(part is None for part in (*share.values(), *parts.values(), fee)):
        return None
    if (shape.max is not None and most is None) or (shape.grade is not None and grade is None):
        return None
    chosen: dict[str, Formula] = {key: formula for key, formula in parts.items() if formula is not None}
    assert fee is not None
    return Post(
        id=id_,
        label=text_of(shape.label) or _labels(shape, roles),
        covers=tuple(sorted(role for role in set(shape.covers) if role in roles)),
        share=MappingProxyType({role: formula for role, formula in share.items() if formula is not None}),
        fte=chosen["fte"],
        step=shape.step,
        min=chosen["min"],
        max=most,
        productivity=chosen["productivity"],
        engaged=shape.engaged,
        fee=fee,
        grade=grade,
        sits_in=tuple(shape.sits_in),
        reports_to=shape.reports_to,
        reaches=chosen["reaches"],
        span=entry.key_span(path),
    )


def _labels(shape: PostDoc, roles: Mapping[str, Role]) -> Text:
    covered = [roles[role] for role in shape.covers if role in roles]
    return MappingProxyType({lang: " + ".join(role.label[lang] for role in covered) for lang in ("en", "id")}) if covered else NO_TEXT


def _reporting(context: Context, entry: Entry, shape: StructureDoc) -> None:
    for id_, post in shape.posts.items():
        if post.reports_to is not None and post.reports_to not in shape.posts:
            hint = did_you_mean(post.reports_to, shape.posts)
            context.found.append(Diagnostic("R503", {"kind": Word("post"), "name": post.reports_to}, entry.span(("posts", id_, "reports_to")), hint))
    _, rings = graph.order({id_: [post.reports_to] if post.reports_to else [] for id_, post in shape.posts.items()})
    for ring in rings:
        shown = " -> ".join([*ring, ring[0]])
        context.found.append(Diagnostic("R508", {"ring": shown}, entry.span(("posts", ring[0], "reports_to"))))


def _shares(context: Context, entry: Entry, posts: tuple[Post, ...]) -> None:
    """Stated shares of a role that all its posts state must add up to 1; where some don't, they take the rest."""
    for role in sorted({role for post in posts for role in post.covers}):
        covering = [post for post in posts if role in post.covers]
        stated = [post.share[role].tree.type for post in covering if role in post.share]
        if not stated or any(type_.low != type_.high for type_ in stated):
            continue
        total = sum(type_.low for type_ in stated)
        full = len(stated) == len(covering)
        if (full and abs(total - 1) > 1e-9) or total > 1 + 1e-9:
            first = next(post for post in covering if role in post.share)
            context.found.append(Diagnostic("R509", {"role": role, "total": f"{total:.6g}"}, entry.span(("posts", first.id, "share", role))))


def _same_attributes(context: Context, entries: Entries, built: Mapping[str, Structure]) -> None:
    names = {name for entry in entries["structures"].values() for name in entry.shape.attributes}
    for id_ in built:
        for name in sorted(names - set(entries["structures"][id_].shape.attributes)):
            context.found.append(Diagnostic("R511", {"name": name, "structure": id_}, entries["structures"][id_].id_span()))


def compile_criteria(context: Context, entries: Entries, facts: Mapping[str, Type]) -> dict[str, Criterion]:
    built: dict[str, Criterion] = {}
    for id_, entry in sorted(entries["criteria"].items()):
        shape: CriterionDoc = entry.shape
        weight = context.formula(entry, ("weight",), shape.weight, "number", context.scope())
        value = context.formula(entry, ("value",), shape.value, "number", context.scope(facts))
        if shape.scale.worst == shape.scale.best:
            context.found.append(Diagnostic("R518", {"name": id_}, entry.span(("scale",))))
        if weight is not None and value is not None:
            built[id_] = Criterion(
                id_, text_of(shape.label), text_of(shape.help), weight, value, shape.scale.worst, shape.scale.best, tuple(shape.cites), entry.id_span()
            )
    weights = [item.weight.tree.type for item in built.values()]
    if weights and all(type_.low == type_.high == 0 for type_ in weights):
        first = next(iter(built.values()))
        context.found.append(Diagnostic("R514", {}, first.weight.span))
    for item in built.values():
        if item.weight.tree.type.high < 0:
            context.found.append(Diagnostic("R519", {"name": item.id}, item.weight.span))
    return built


def compile_kpis(context: Context, entries: Entries) -> dict[str, Kpi]:
    built: dict[str, Kpi] = {}
    for id_, entry in sorted(entries["kpis"].items()):
        shape: KpiDoc = entry.shape
        when = context.formula(entry, ("when",), shape.when, "boolean", context.scope(), nullable=True)
        priority = context.formula(entry, ("priority",), shape.priority, "number", context.scope())
        if when is not None and priority is not None:
            built[id_] = Kpi(id_, text_of(shape.label), when, priority, text_of(shape.target), tuple(shape.cites), entry.id_span())
    return built


def compile_settings(context: Context, head: Entry, model: ModelDoc, parameters: Collection[str]) -> Settings | None:
    before = {name: STAFFING_FACTS[name] for name in BEFORE_COORDINATION}

    def number(path: tuple[str, ...], text: str, scope: Scope | None = None, nullable: bool = False) -> Formula | None:
        return context.formula(head, path, text, "number", scope or context.scope(), nullable)

    staffing = {key: number(("staffing", key), getattr(model.staffing, key)) for key in ("wage_base", "employer_factor", "units", "fragment")}
    coordination = number(("staffing", "coordination"), model.staffing.coordination, context.scope(before))
    slack = number(("ranking", "budget_slack"), model.ranking.budget_slack)
    tie = number(("ranking", "tie_tolerance"), model.ranking.tie_tolerance)
    most = None if model.ranking.max_headcount is None else number(("ranking", "max_headcount"), model.ranking.max_headcount, nullable=True)
    doubts = {key: number(("confidence", key), getattr(model.confidence, key)) for key in ("material", "other", "estimate")}
    limit = number(("kpi_limit",), model.kpi_limit)
    for section, key, name in (
        ("profile", "id", model.profile.id),
        ("profile", "name", model.profile.name),
        ("profile", "currency", model.profile.currency),
        ("ranking", "budget", model.ranking.budget),
    ):
        if name is not None and name not in context.names and name not in context.broken:
            hint = did_you_mean(name, context.names)
            context.found.append(Diagnostic("R503", {"kind": Word("input"), "name": name}, head.span((section, key)), hint))
    thresholds = {key: name for key, name in model.ranking.thresholds.model_dump().items() if name is not None}
    for key, name in thresholds.items():
        if name not in parameters and name not in context.broken:
            hint = did_you_mean(name, parameters)
            context.found.append(Diagnostic("R503", {"kind": Word("parameter"), "name": name}, head.span(("ranking", "thresholds", key)), hint))
    for name in sorted(set(model.lints) - set(LINT_NAMES)):
        context.found.append(Diagnostic("R503", {"kind": Word("lint"), "name": name}, head.key_span(("lints", name)), did_you_mean(name, LINT_NAMES)))
    parts = [*staffing.values(), coordination, slack, tie, *doubts.values(), limit]
    if any(part is None for part in parts) or (model.ranking.max_headcount is not None and most is None):
        return None
    formulas: dict[str, Formula] = {key: part for key, part in staffing.items() if part is not None}
    assert coordination and slack and tie and limit
    return Settings(
        id=model.profile.id,
        name=model.profile.name,
        currency=model.profile.currency,
        staff_prefix=model.profile.existing_staff,
        coordination=coordination,
        budget=model.ranking.budget,
        budget_slack=slack,
        tie_tolerance=tie,
        max_headcount=most,
        thresholds=MappingProxyType(thresholds),
        doubts=MappingProxyType({key: part for key, part in doubts.items() if part is not None}),
        kpi_limit=limit,
        **formulas,
    )
