"""The shape of every rule file, as pydantic models: what a file may hold, before it means anything. The JSON Schemas are made from these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _expression(value: Any) -> Any:
    """An expression may be written as a YAML number or boolean."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value) if value >= 0 else f"-{-value!r}"
    return value


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=80)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=80)]
Expr = Annotated[str, BeforeValidator(_expression)]
Plain = Annotated[str, BeforeValidator(_plain)]
Policy = Literal["unique", "any", "first", "priority", "rule order", "output order", "collect"]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class Both(Shape):
    """A text in both languages."""

    en: Annotated[str, StringConstraints(min_length=1)]
    id: Annotated[str, StringConstraints(min_length=1)]


class ProfileDoc(Shape):
    id: Id
    name: Id | None = None
    currency: Id | None = None
    existing_staff: str | None = None


class StaffingDoc(Shape):
    wage_base: Expr
    employer_factor: Expr = "1"
    units: Expr = "1"
    fragment: Expr = "0"
    coordination: Expr = "0"


class RankingDoc(Shape):
    budget: Id | None = None
    budget_slack: Expr = "0"
    tie_tolerance: Expr = "0"
    max_headcount: Expr | None = None


class ConfidenceDoc(Shape):
    material: Expr = "0"
    other: Expr = "0"
    estimate: Expr = "0"


class FilesDoc(Shape):
    inputs: list[str] = []
    parameters: list[str] = []
    decisions: list[str] = []
    roles: list[str] = []
    rules: list[str] = []
    structures: list[str] = []
    criteria: list[str] = []
    kpis: list[str] = []
    placement: list[str] = []
    tests: list[str] = []
    properties: list[str] = []


class ModelDoc(Shape):
    name: str
    version: Plain = "0"
    extends: str | None = None
    title: Both | None = None
    languages: list[Literal["en", "id"]] = ["en", "id"]
    files: FilesDoc = FilesDoc()
    profile: ProfileDoc
    staffing: StaffingDoc
    ranking: RankingDoc = RankingDoc()
    confidence: ConfidenceDoc = ConfidenceDoc()
    kpi_limit: Expr = "5"


class InputDoc(Shape):
    type: Literal["number", "integer", "boolean", "string", "set", "ranking"]
    label: Both
    help: Both | None = None
    unit: str | None = None
    range: Expr | None = None
    values: dict[Value, Both] | None = None
    required: bool = False
    default: Expr | None = None
    because: Both | None = None
    material: bool = False
    estimate: bool = False
    example: Plain | bool | None = None
    cites: list[str] = []
    aliases: list[str] = []
    sample: dict[str, Any] | None = None


class ParameterDoc(Shape):
    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: str | None = None
    source: str | None = None
    estimate: bool = False
    range: Annotated[list[float], Field(min_length=2, max_length=2)] | None = None
    date: Plain | None = None
    label: Both | None = None


class RowDoc(Shape):
    when: list[Expr]
    then: Expr
    because: Both | None = None
    cites: list[str] = []


class TableDoc(Shape):
    hit_policy: Policy = Field("unique", alias="hit policy")
    aggregate: Literal["list", "sum", "min", "max", "count"] | None = None
    inputs: Annotated[list[Expr], Field(min_length=1)]
    values: list[str] | None = None
    rules: Annotated[list[RowDoc], Field(min_length=1)]
    default: Expr | None = None


class DecisionDoc(Shape):
    value: Expr | None = None
    table: TableDoc | None = None
    unit: str | None = None
    label: Both | None = None
    cites: list[str] = []


class RoleDoc(Shape):
    label: Both
    duties: list[Both] = []
    kpis: list[str] = []
    fte: Expr
    wage: Expr = "1"
    optional: bool = False
    cites: list[str] = []


class RuleDoc(Shape):
    id: RuleId
    when: Expr
    activate: str | None = None
    exclude: str | None = None
    note: Literal["info", "task", "warning"] | None = None
    because: Both
    cites: list[str] = []
    priority: float = 0.0


class RequirementDoc(Shape):
    needs: Expr
    otherwise: Both
    cites: list[str] = []


class PostDoc(Shape):
    label: Both | None = None
    covers: list[str] = []
    share: dict[str, Expr] = {}
    fte: Expr = "0"
    step: Annotated[float, Field(gt=0)] = 0.5
    min: Expr = "0"
    max: Expr | None = None
    productivity: Expr = "1"
    engaged: Literal["employee", "borrowed", "volunteer", "vendor"] = "employee"
    fee: Expr = "0"
    grade: Expr | None = None
    sits_in: list[str] = []
    reports_to: str | None = None
    reaches: Expr = "0"


class StructureDoc(Shape):
    label: Both
    summary: Both | None = None
    posts: Annotated[dict[Id, PostDoc], Field(min_length=1)]
    eligible: list[RequirementDoc] = []
    attributes: dict[Id, Expr] = {}
    cites: list[str] = []


class ScaleDoc(Shape):
    worst: float = 0.0
    best: float = 1.0


class CriterionDoc(Shape):
    id: Id
    label: Both
    help: Both | None = None
    weight: Expr
    value: Expr
    scale: ScaleDoc = ScaleDoc()
    cites: list[str] = []


class KpiDoc(Shape):
    label: Both
    when: Expr = "true"
    priority: Expr = "0"
    target: Both | None = None
    cites: list[str] = []


class PlaceDoc(Shape):
    label: Both


class PlacementDoc(Shape):
    places: dict[Id, PlaceDoc]
    decide: TableDoc


ENTRY_SHAPES: dict[str, type[Shape]] = {
    "inputs": InputDoc,
    "parameters": ParameterDoc,
    "decisions": DecisionDoc,
    "roles": RoleDoc,
    "rules": RuleDoc,
    "structures": StructureDoc,
    "criteria": CriterionDoc,
    "kpis": KpiDoc,
    "placement": PlacementDoc,
}
