"""The shape of every rule file, as pydantic models: what a file may hold, before it means anything. The JSON Schemas are made from these, words included."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema


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
Expr = Annotated[str, BeforeValidator(_expression), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Plain = Annotated[str, BeforeValidator(_plain), WithJsonSchema({"type": ["string", "number"]})]
Policy = Literal["unique", "any", "first", "priority", "rule order", "output order", "collect"]
Cites = Annotated[list[str], Field(description="Sources that this rests on.", examples=[["seed:S14", "Sprout 2016"]])]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class Both(Shape):
    """A text in both languages. In sentences `{name}` is replaced by the value of that name."""

    en: Annotated[str, StringConstraints(min_length=1)] = Field(description="In English.")
    id: Annotated[str, StringConstraints(min_length=1)] = Field(description="In Indonesian.")


Label = Annotated[Both, Field(description="What users read instead of the id.", examples=[{"en": "Two teams", "id": "Dua Tim"}])]
Reason = Annotated[Both, Field(description="The reason that users read; `{name}` is replaced by that name's value.")]


class ProfileDoc(Shape):
    """Which inputs play a special part."""

    id: Id = Field(description="The input that identifies an organisation: a text, unique within a batch.", examples=["org_id"])
    name: Id | None = Field(default=None, description="The input with the organisation's name.", examples=["name"])
    currency: Id | None = Field(default=None, description="The input with the currency of the row's money.", examples=["currency"])
    existing_staff: str | None = Field(
        default=None, description="Prefix of the inputs that count today's people per role: `staff_` and the role.", examples=["staff_"]
    )


class StaffingDoc(Shape):
    """How roles become people: FEEL over inputs, parameters, decisions, `role.*` and the `staffing.*` facts."""

    wage_base: Expr = Field(description="FEEL: money a month that a wage multiple of 1 means.", examples=["wage_base"])
    employer_factor: Expr = Field(default="1", description="FEEL: what employing costs, as a multiple of the wage.", examples=["employer_factor"])
    units: Expr = Field(default="1", description="FEEL: how many units the team wants to reach.", examples=["units"])
    fragment: Expr = Field(default="0", description="FEEL: a post with less load than this (FTE) is a fragment of a job.", examples=["fragment_fte"])
    coordination: Expr = Field(default="0", description="FEEL: work (FTE) spent on agreeing.", examples=["coordination_per_pair * staffing.heads"])


class ThresholdsDoc(Shape):
    """Parameters that say how far apart two values on a criterion's scale from 0 to 1 must be, for methods that compare structures in pairs."""

    indifference: Id | None = Field(default=None, description="The parameter up to which a difference does not matter (q).", examples=["indifference"])
    preference: Id | None = Field(default=None, description="The parameter from which a difference matters fully (p).", examples=["full_preference"])
    spread: Id | None = Field(default=None, description="The parameter at which a difference matters by 39 percent (s).", examples=["preference_spread"])


class RankingDoc(Shape):
    """What the ranking looks at besides the scores."""

    budget: Id | None = Field(default=None, description="The input with the money a month; it may be null.", examples=["social_budget_month"])
    budget_slack: Expr = Field(default="0", description="FEEL: the share by which a structure may exceed the budget.", examples=[0.05])
    tie_tolerance: Expr = Field(default="0", description="FEEL: scores closer than this are called a tie.", examples=[0.01])
    robust_weight_change: Expr | None = Field(
        default=None,
        description="FEEL: a recommendation that no smaller (Euclidean) change of the weights would topple is called robust.",
        examples=["robust_weight_change"],
    )
    max_headcount: Expr | None = Field(default=None, description="FEEL: a structure with more heads is not eligible; may be null.", examples=["max_headcount"])
    thresholds: ThresholdsDoc = Field(default=ThresholdsDoc(), description="What `--method promethee-ii` compares with.")


class ConfidenceDoc(Shape):
    """The share of confidence that one assumption costs."""

    material: Expr = Field(default="0", description="FEEL: for an input that matters (`material: true`).", examples=["doubt_material"])
    other: Expr = Field(default="0", description="FEEL: for any other input.", examples=["doubt_other"])
    estimate: Expr = Field(default="0", description="FEEL: for a default that is a guess (`estimate: true`).", examples=["doubt_estimate"])


class FilesDoc(Shape):
    """Every file of the model by kind; paths are relative to the model's folder."""

    inputs: list[str] = Field(default=[], description="What an organisation tells.", examples=[["inputs.yaml"]])
    parameters: list[str] = Field(default=[], description="Named numbers.", examples=[["parameters.yaml", "parameters/wages.yaml"]])
    decisions: list[str] = Field(default=[], description="Derived values and tables.", examples=[["decisions/size.yaml"]])
    roles: list[str] = Field(default=[], description="Kinds of work.", examples=[["roles.yaml"]])
    rules: list[str] = Field(default=[], description="Rules that activate or exclude roles, or say something.", examples=[["activation.yaml", "notes.yaml"]])
    structures: list[str] = Field(default=[], description="Alternative teams.", examples=[["structures.yaml"]])
    criteria: list[str] = Field(default=[], description="How structures are judged.", examples=[["criteria.yaml"]])
    kpis: list[str] = Field(default=[], description="What is measured.", examples=[["kpis.yaml"]])
    placement: list[str] = Field(default=[], description="Where the team sits.", examples=[["placement.yaml"]])
    tests: list[str] = Field(default=[], description="Examples that `susun rules test` runs.", examples=[["tests/worked_checks.yaml"]])
    properties: list[str] = Field(default=[], description="What is to hold for every profile: `susun rules prove`.", examples=[["properties.yaml"]])


class ModelDoc(Shape):
    """The head of a model: its name, its files, and what holds for the model as a whole."""

    name: str = Field(description="The model's name.", examples=["social_media_team"])
    version: Plain = Field(default="0", description="The model's version.", examples=["1.0.0"])
    extends: str | None = Field(
        default=None, description="A shipped model or a relative path: this folder holds only what differs.", examples=["social_media_team"]
    )
    title: Both | None = Field(default=None, description="The model's title.", examples=[{"en": "Social media team", "id": "Tim media sosial"}])
    languages: list[Literal["en", "id"]] = Field(default=["en", "id"], description="The languages that texts are written in.")
    files: FilesDoc = FilesDoc()
    profile: ProfileDoc
    staffing: StaffingDoc
    ranking: RankingDoc = RankingDoc()
    confidence: ConfidenceDoc = ConfidenceDoc()
    kpi_limit: Expr = Field(default="5", description="FEEL: how many KPIs are shown.", examples=["kpi_limit"])
    lints: dict[str, Literal["off", "info", "warning", "error"]] = Field(
        default={}, description="What `susun rules check` finds beside errors: its severity, or `off`.", examples=[{"unused-parameter": "off"}]
    )


class InputDoc(Shape):
    """A field of the profile: its type, what may stand in it, and what is assumed when it is empty."""

    type: Literal["number", "integer", "boolean", "string", "set", "ranking"] = Field(
        description="A `ranking` is an ordered list of words without repeats, a `set` has no order; both need `values`."
    )
    label: Label
    help: Both | None = Field(default=None, description="What to fill in, in one sentence.")
    unit: str | None = Field(
        default=None,
        description="The unit of a number. Cells of `money` may carry a currency, those of `share` a percent sign.",
        examples=["person", "inquiry/day", "money"],
    )
    range: Expr | None = Field(default=None, description="A FEEL range of allowed numbers.", examples=["(0..3000000]", ">= 0"])
    values: dict[Value, Both] | None = Field(
        default=None, description="The allowed words, each with its label.", examples=[{"pr": {"en": "PR", "id": "Humas"}}]
    )
    required: bool = Field(default=False, description="Every row states it.")
    default: Expr | None = Field(
        default=None, description="FEEL over other inputs and parameters: assumed when the field is empty.", examples=["employees / 10", '"IDR"']
    )
    because: Both | None = Field(default=None, description="What the default assumes, said when it is used.")
    material: bool = Field(default=False, description="Its absence makes the decision an assumption worth saying.")
    estimate: bool = Field(default=False, description="The default is a guess: it costs more confidence.")
    example: Plain | bool | None = Field(default=None, description="What the template shows.", examples=["university"])
    cites: Cites = []
    aliases: list[str] = Field(default=[], description="Other names of the column that are understood.", examples=[["staff", "headcount"]])
    value_aliases: dict[Value, list[str]] = Field(
        default={}, description="Other ways to write the allowed words, beside the words and their labels.", examples=[{"pr": ["corporate communications"]}]
    )
    sample: dict[str, Any] | None = Field(
        default=None,
        description="How `susun sample` draws it: `empty`, `weights`, `from`, `spread`, `step`, `count`, `text`.",
        examples=[{"empty": 0.3, "weights": {"pr": 2}}, {"from": "employees", "spread": [0.5, 2], "step": 5}],
    )


class ParameterDoc(Shape):
    """A named number that a user may want to change."""

    value: Annotated[float, Field(allow_inf_nan=False, description="The number.", examples=[60])]
    unit: str | None = Field(default=None, description="Its unit.", examples=["inquiry/day", "share", "person"])
    source: str | None = Field(default=None, description="Where the number comes from.", examples=["liveagent.ph + mytotalretail.com"])
    estimate: bool = Field(default=False, description="The number has no source: it is our estimate.")
    range: Annotated[list[float], Field(min_length=2, max_length=2)] | None = Field(
        default=None, description="The least and the most that is possible.", examples=[[40, 80]]
    )
    date: Plain | None = Field(default=None, description="Since when the number holds.", examples=["2025-01-01"])
    label: Both | None = Field(default=None, description="What users read instead of the id.")


class RowDoc(Shape):
    """A row of a decision table."""

    when: list[Expr] = Field(description="A unary test for each input.", examples=[["< 10", "-"], ['"pr","marketing"', "[10..50)"]])
    then: Expr = Field(description="The output: FEEL, or a bare word that names nothing in the model.", examples=["small"])
    because: Both | None = Field(default=None, description="The reason that users read.")
    cites: Cites = []


def _rows_or_file(schema: dict[str, Any]) -> None:
    """A table says its rows, or where they are."""
    schema.pop("required", None)
    schema["anyOf"] = [{"required": ["inputs", "rules"]}, {"required": ["file"]}]


class TableDoc(Shape):
    """A decision table. Its rows stand here, or in a spreadsheet beside the model."""

    model_config = ConfigDict(json_schema_extra=_rows_or_file)

    file: str | None = Field(default=None, description="A CSV or .xlsx file that holds `inputs` and `rules`.", examples=["bands.csv"])
    sheet: str | None = Field(default=None, description="The workbook's sheet; its first by default.", examples=["Bands"])
    hit_policy: Policy = Field(default="unique", alias="hit policy", description="What happens when several rows match.", examples=["first"])
    aggregate: Literal["list", "sum", "min", "max", "count"] | None = Field(default=None, description="What `collect` makes of the outputs.")
    inputs: Annotated[list[Expr], Field(min_length=1)] = Field(description="What the rows test: FEEL, usually names.", examples=[["employees"]])
    values: list[str] | None = Field(default=None, description="The allowed outputs; their order is the priority.", examples=[["micro", "small"]])
    rules: Annotated[list[RowDoc], Field(min_length=1)] = Field(description="The rows.", examples=[[{"when": ["< 10"], "then": "micro"}]])
    default: Expr | None = Field(default=None, description="The output when no row matches.", examples=["micro"])


class DecisionDoc(Shape):
    """A named value derived from inputs, parameters and other decisions: either a `value` or a `table`."""

    value: Expr | None = Field(default=None, description="FEEL.", examples=["peer_team_scale * (employees / 1000) ** 0.5"])
    table: TableDoc | None = Field(default=None, description="A decision table.")
    unit: str | None = Field(default=None, description="The unit of a number.", examples=["FTE"])
    label: Both | None = Field(default=None, description="What users read instead of the id.")
    cites: Cites = []


class RoleDoc(Shape):
    """A kind of work. It makes the names `role.<id>.active` and `role.<id>.fte`."""

    label: Label
    duties: list[Both] = Field(default=[], description="What the role does.")
    kpis: list[str] = Field(default=[], description="Ids of the KPIs that the role answers for.", examples=[["reach"]])
    fte: Expr = Field(description="FEEL: the work in FTE when the role is active; may name other roles' `fte`.", examples=["inquiries_per_day / care_rate"])
    wage: Expr = Field(default="1", description="FEEL: the wage as a multiple of the wage base.", examples=["wage_care_agent"])
    optional: bool = Field(default=False, description="Outside the core roles: shown apart.")
    cites: Cites = []


class RuleDoc(Shape):
    """A rule: `when` a condition holds, `activate` or `exclude` a role, or `note` something; one of the three."""

    id: RuleId = Field(description="Lowercase words joined by `-` or `_`.", examples=["care-for-service-goal"])
    when: Expr = Field(
        description="A FEEL condition; the rule fires only when it is true.", examples=['"service" in goals and inquiries_per_day >= 20', "true"]
    )
    activate: str | None = Field(default=None, description="The role that becomes active.", examples=["care_manager"])
    exclude: str | None = Field(default=None, description="The role that stays inactive, whatever else fires.", examples=["care_manager"])
    note: Literal["info", "task", "warning"] | None = Field(default=None, description="How loudly `because` is said beside the decision.")
    because: Reason
    cites: Cites = []
    priority: float = Field(default=0.0, description="Of a note: larger is said earlier within its level.", examples=[10])


class RequirementDoc(Shape):
    """What a structure needs to be eligible; unknown is not met."""

    needs: Expr = Field(description="A FEEL condition.", examples=["role.care_agent.fte >= separate_care_fte"])
    otherwise: Both = Field(description="What users read when it is not met.")
    cites: Cites = []


class PostDoc(Shape):
    """A position in a structure: the roles it covers, how it is engaged, how many people."""

    label: Both | None = Field(default=None, description="What it is called; else the labels of its roles.")
    covers: list[str] = Field(default=[], description="The roles whose work it does.", examples=[["social_media_manager", "social_analyst"]])
    share: dict[str, Expr] = Field(default={}, description="FEEL: its share of a role that another post covers as well.", examples=[{"care_agent": 0.5}])
    fte: Expr = Field(default="0", description="FEEL: work (FTE) that exists only in this structure.", examples=["0.1 * units"])
    step: Annotated[float, Field(gt=0)] = Field(default=0.5, description="People come in steps of this size.", examples=[1])
    min: Expr = Field(default="0", description="FEEL: the least people.", examples=[1])
    max: Expr | None = Field(default=None, description="FEEL: the most people.", examples=[3])
    productivity: Expr = Field(default="1", description="FEEL: what a person gets done, in FTE.", examples=[0.7])
    engaged: Literal["employee", "borrowed", "volunteer", "vendor"] = Field(default="employee", description="How its people are engaged.")
    fee: Expr = Field(default="0", description="FEEL: money a month on top; may name `post.load`, `post.people`.", examples=["agency_fee"])
    grade: Expr | None = Field(default=None, description="FEEL: the post's wage multiple; else its roles' wages weighted by their work.", examples=[2.5])
    sits_in: list[str] = Field(default=[], description="Places where it may sit; the first that fits the placement.", examples=[["pr", "marketing"]])
    reports_to: str | None = Field(default=None, description="A post of the same structure.", examples=["lead"])
    reaches: Expr = Field(default="0", description="FEEL: units that one person of this post keeps in touch with.", examples=[5])


class StructureDoc(Shape):
    """An alternative team: its posts and the requirements it needs to be eligible."""

    label: Label
    summary: Both | None = Field(default=None, description="One sentence on what it is.")
    posts: Annotated[dict[Id, PostDoc], Field(min_length=1)] = Field(description="The posts by id.", examples=[{"lead": {"covers": ["social_media_manager"]}}])
    eligible: list[RequirementDoc] = Field(default=[], description="What must be true for it to be ranked.")
    attributes: dict[Id, Expr] = Field(default={}, description="FEEL numbers that criteria read as `structure.<name>`.", examples=[{"consistency": 0.7}])
    cites: Cites = []


class ScaleDoc(Shape):
    """The fixed scale that a criterion's value is placed on and clamped to."""

    worst: float = Field(default=0.0, description="The value that counts 0.")
    best: float = Field(default=1.0, description="The value that counts 1.")


class CriterionDoc(Shape):
    """One way to judge a structure."""

    id: Id = Field(description="Lowercase words joined by `_`.", examples=["budget_fit"])
    label: Label
    help: Both | None = Field(default=None, description="What it judges, in one sentence.")
    weight: Expr = Field(description="FEEL, 0 or more: its importance; weights are normalised for each profile.", examples=["weight_budget_fit"])
    value: Expr = Field(description="FEEL: the number that is placed on the scale.", examples=["min(1, staffing.coverage)"])
    scale: ScaleDoc = ScaleDoc()
    cites: Cites = []


class KpiDoc(Shape):
    """Something to measure."""

    label: Label
    when: Expr = Field(default="true", description="FEEL: when it is worth measuring.", examples=['"branding" in goals'])
    priority: Expr = Field(default="0", description="FEEL: the highest are shown.", examples=['rank weight(goals, "branding")'])
    target: Both | None = Field(default=None, description="What to reach for.")
    cites: Cites = []


class PlaceDoc(Shape):
    """A place where a team may sit."""

    label: Label


class PlacementDoc(Shape):
    """Where the team sits. It makes the name `placement`."""

    places: dict[Id, PlaceDoc] = Field(description="The places by id.", examples=[{"pr": {"label": {"en": "Public relations", "id": "Humas"}}}])
    decide: TableDoc = Field(description="A decision table whose outputs are place ids.")


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
