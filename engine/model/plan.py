"""The compiled model: frozen, typed, in an order in which everything can be computed, with a digest. Nothing here reads files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.diagnostics import Span
from engine.feel.nodes import Node, Test
from engine.feel.tree import Tree
from engine.feel.types import Type

Text = Mapping[str, str]  # {"en": ..., "id": ...}
NO_TEXT: Text = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of the model: as written, as a syntax tree, typed, and where it stands."""

    text: str
    node: Node
    tree: Tree
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with `{name}` placeholders, per language; `names` are the model names it shows."""

    texts: Text
    names: tuple[str, ...]
    formulas: Mapping[str, Formula]
    span: Span | None


@dataclass(frozen=True, slots=True)
class Input:
    """A profile field. `low`, `high`: bounds of a number, closed unless `low_open`, `high_open`."""

    id: str
    type: Type
    label: Text
    help: Text = field(default_factory=lambda: NO_TEXT)
    unit: str | None = None
    low_open: bool = False
    high_open: bool = False
    value_labels: Mapping[str, Text] = field(default_factory=dict)
    required: bool = False
    default: Formula | None = None
    because: Template | None = None
    material: bool = False
    estimate: bool = False
    example: str | None = None
    cites: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    value_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sample: Mapping[str, Any] | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    id: str
    value: float
    unit: str | None
    source: str | None
    estimate: bool
    range: tuple[float, float] | None
    label: Text
    date: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row: `cells` as written, `when` their conjunction, typed."""

    number: int
    cells: tuple[tuple[Test, ...], ...]
    texts: tuple[str, ...]
    when: Tree
    then: Formula
    because: Template | None
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    policy: str  # unique, any, first, priority, rule order, output order, collect
    aggregate: str | None  # list, sum, min, max, count
    inputs: tuple[Formula, ...]
    values: tuple[str, ...] | None
    rows: tuple[Row, ...]
    default: Formula | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A named value: `formula` or `table`."""

    id: str
    label: Text
    unit: str | None
    type: Type
    formula: Formula | None
    table: Table | None
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    label: Text
    duties: tuple[Text, ...]
    kpis: tuple[str, ...]
    fte: Formula
    wage: Formula
    optional: bool
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Rule:
    """`effect`: activate, exclude or note; `target`: the role, or the note's level. `stage`: profile, or winner for notes about the recommended structure."""

    id: str
    when: Formula
    effect: str
    target: str
    because: Template
    cites: tuple[str, ...]
    priority: float
    stage: str
    span: Span


@dataclass(frozen=True, slots=True)
class Requirement:
    needs: Formula
    otherwise: Template
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    id: str
    label: Text
    covers: tuple[str, ...]
    share: Mapping[str, Formula]
    fte: Formula
    step: float
    min: Formula
    max: Formula | None
    productivity: Formula
    engaged: str  # employee, borrowed, volunteer, vendor
    fee: Formula
    grade: Formula | None
    sits_in: tuple[str, ...]
    reports_to: str | None
    reaches: Formula
    span: Span


@dataclass(frozen=True, slots=True)
class Structure:
    id: str
    label: Text
    summary: Text
    posts: tuple[Post, ...]  # in id order
    eligible: tuple[Requirement, ...]
    attributes: Mapping[str, Formula]
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Criterion:
    id: str
    label: Text
    help: Text
    weight: Formula
    value: Formula
    worst: float
    best: float
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Kpi:
    id: str
    label: Text
    when: Formula
    priority: Formula
    target: Text
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Settings:
    """What `model.yaml` says of the model as a whole; formulas over the model's names."""

    id: str
    name: str | None
    currency: str | None
    staff_prefix: str | None
    wage_base: Formula
    employer_factor: Formula
    units: Formula
    fragment: Formula
    coordination: Formula
    budget: str | None
    budget_slack: Formula
    tie_tolerance: Formula
    robust_weight_change: Formula | None
    max_headcount: Formula | None
    thresholds: Mapping[str, str]  # indifference, preference, spread: parameters
    doubts: Mapping[str, Formula]  # material, other, estimate
    kpi_limit: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Everything that decides. Mappings are in id order; `order` lists what is computed per profile, each after what it needs:
    inputs (their defaults), decisions, `placement`, `rule:<id>`, `role.<id>.active`, `role.<id>.fte`."""

    name: str
    version: str
    title: Text
    digest: str
    inputs: Mapping[str, Input]  # in file order, as the template shows them
    parameters: Mapping[str, Parameter]
    decisions: Mapping[str, Decision]
    roles: Mapping[str, Role]
    rules: Mapping[str, Rule]
    structures: Mapping[str, Structure]
    criteria: Mapping[str, Criterion]
    kpis: Mapping[str, Kpi]
    places: Mapping[str, Text]
    settings: Settings
    order: tuple[str, ...]
    names: Mapping[str, Type]  # every name and its type
    shared: frozenset[int]  # keys of trees that stand in more than one place
    files: tuple[str, ...]
    lints: Mapping[str, str] = field(default_factory=dict)  # lint -> off, info, warning or error, where the model says so
