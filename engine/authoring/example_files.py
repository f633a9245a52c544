"""Turn a model's example files (`tests/*.yaml`) into examples with the place of each, or into diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from engine.diagnostics import Diagnostic, Span, did_you_mean
from engine.model.documents import Shape
from engine.model.entries import read_folder
from engine.model.facts import staffing_facts
from engine.model.plan import Plan
from engine.source import Document, parse_yaml, read_file
from engine.texts import Word

TOLERANCE = 0.001  # absolute, of numbers for which an example states none
WINNER = "recommended"  # in `staffing`, the recommended structure, whichever it is
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)] | Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)? ?%$")]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]


class NearDoc(Shape):
    """A number with a tolerance of its own."""

    number: float = Field(alias="is", description="The number.", examples=[6000000])
    within: Tolerance = Field(description="Absolute, or relative as a text with `%`.", examples=["5%", 0.01])


Value = float | bool | str | list[str] | NearDoc | None


class ExpectDoc(Shape):
    """What is expected; what is left out is not looked at."""

    status: Literal["ok", "assumed", "undecided", "rejected"] | None = Field(default=None, description="How the decision comes out.")
    roles: list[str] | None = Field(default=None, description="Exactly these roles are active.", examples=[["social_media_manager"]])
    active: Names = Field(default=(), description="These roles are active, others may be.", examples=[["care_manager"]])
    inactive: Names = Field(default=(), description="These roles are not active.", examples=[["care_agent"]])
    fired: Names = Field(default=(), description="These rules fire.", examples=[["officer-for-platforms"]])
    not_fired: Names = Field(default=(), description="These rules do not fire.", examples=[["care-for-service-goal"]])
    recommended: str | Annotated[list[str], Field(min_length=1)] | None = Field(
        default=None, description="The recommended structure, or several any of which will do.", examples=["duo"]
    )
    ranking: Names = Field(default=(), description="These structures come first, in this order.", examples=[["duo", "solo_generalist"]])
    placement: str | None = Field(default=None, description="Where the team sits.", examples=["pr"])
    notes: Names = Field(default=(), description="These notes are said.", examples=[["write-purpose"]])
    values: dict[str, Value] = Field(
        default_factory=dict,
        description="Values of names; `staffing.*`, `structure.*` and `ranking.*` are of the recommended structure.",
        examples=[{"size_class": "medium", "role.care_agent.fte": {"is": 2.5, "within": "5%"}}],
    )
    staffing: dict[str, dict[str, float | NearDoc]] = Field(
        default_factory=dict,
        description="Staffing facts of a structure, or of the `recommended` one.",
        examples=[{"recommended": {"cost_month": {"is": 6000000, "within": "5%"}, "people": 2}}],
    )


class ExampleDoc(Shape):
    """A profile and what is expected of its decision."""

    name: Annotated[str, StringConstraints(min_length=1)] = Field(description="What the example shows.", examples=["a campus unit with two goals"])
    given: dict[str, Any] = Field(description="The profile: inputs and their values.", examples=[{"sector": "school", "employees": 60, "goals": ["branding"]}])
    expect: ExpectDoc = Field(default_factory=ExpectDoc)
    tolerance: Tolerance = Field(default=TOLERANCE, description="Of every number: absolute, or relative as a text with `%`.", examples=[0.01, "5%"])


@dataclass(frozen=True, slots=True)
class Example:
    """One example: a profile, and what is expected of its decision. `given` may leave out id and name."""

    name: str
    given: Mapping[str, Any]
    expect: ExpectDoc
    tolerance: float | str
    span: Span

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.span.source.name}:{self.span.line}"

    def near(self, got: float, wanted: float, within: float | str | None = None) -> bool:
        """Whether a number is the one wanted, within a tolerance of its own or that of the example."""
        tolerance = self.tolerance if within is None else within
        size = float(tolerance.rstrip("% ")) / 100 * abs(wanted) if isinstance(tolerance, str) else tolerance
        return abs(got - wanted) <= size + 1e-12


def example_files(model: Path) -> list[Path]:
    """The example files that a model's own model.yaml lists. Those of a model that it extends say what that one decides."""
    here = model.resolve()
    return [path for path in read_folder(model).tests if path.resolve().is_relative_to(here)]


def read_examples(paths: Iterable[Path], plan: Plan) -> tuple[list[Example], list[Diagnostic]]:
    """Every example that can be run against the plan; whatever is wrong with the others is among the diagnostics."""
    examples: list[Example] = []
    found: list[Diagnostic] = []
    for path in paths:
        source, more = read_file(path, _shown(path))
        document, wrong = parse_yaml(source) if source is not None else (None, [])
        found += [*more, *wrong]
        if document is None or document.data is None:
            continue
        if not isinstance(document.data, list):
            found.append(Diagnostic("R203", {"wanted": Word("list")}, document.span(())))
            continue
        for i, data in enumerate(document.data):
            example, more = _example(document, i, data, plan)
            found += more
            if example is not None:
                examples.append(example)
    return examples, found


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _example(document: Document, i: int, data: Any, plan: Plan) -> tuple[Example | None, list[Diagnostic]]:
    try:
        shape = ExampleDoc.model_validate(data)
    except ValidationError as error:
        return None, list({(item.code, item.span): item for item in (_wrong(document, i, problem) for problem in error.errors())}.values())
    found = [
        Diagnostic("R503", {"kind": Word(kind), "name": name}, document.key_span((i, *where)), did_you_mean(name, known))
        for kind, name, known, where in _names(shape, plan)
        if name not in known
    ]
    if found:
        return None, found
    return Example(shape.name, shape.given, shape.expect, shape.tolerance, document.span((i, "name"))), []


def _wrong(document: Document, i: int, problem: Any) -> Diagnostic:
    path = (i, *problem["loc"])
    match problem["type"]:
        case "literal_error":
            span = document.span(path)
            words = re.findall(r"'(.*?)'", problem["ctx"]["expected"])
            values = ", ".join(f"`{word}`" for word in words)
            return Diagnostic("R204", {"text": span.text, "values": values}, span, did_you_mean(span.text, words))
        case "missing":
            return Diagnostic("R202", {"key": path[-1]}, document.span(path[:-1]))
        case "extra_forbidden":
            return Diagnostic("R201", {"key": path[-1]}, document.key_span(path), did_you_mean(str(path[-1]), _KEYS))
    return Diagnostic("R203", {"wanted": Word("value")}, document.span(path))


_KEYS = (*ExampleDoc.model_fields, *ExpectDoc.model_fields, "is", "within")


def _names(shape: ExampleDoc, plan: Plan) -> Iterator[tuple[str, str, Iterable[str], tuple[str | int, ...]]]:
    """Every name in an example: its kind, itself, the names known of that kind, and where it stands."""
    expect = shape.expect
    yield from (("input", name, plan.inputs, ("given", name)) for name in shape.given)
    for key in ("roles", "active", "inactive"):
        yield from (("role", name, plan.roles, ("expect", key, j)) for j, name in enumerate(getattr(expect, key) or ()))
    for key in ("fired", "not_fired", "notes"):
        yield from (("rule", name, plan.rules, ("expect", key, j)) for j, name in enumerate(getattr(expect, key)))
    recommended = [expect.recommended] if isinstance(expect.recommended, str) else expect.recommended or []
    yield from (("structure", name, plan.structures, ("expect", "recommended")) for name in recommended)
    yield from (("structure", name, plan.structures, ("expect", "ranking", j)) for j, name in enumerate(expect.ranking))
    yield from (("structure", name, (*plan.structures, WINNER), ("expect", "staffing", name)) for name in expect.staffing)
    facts = [fact.removeprefix("staffing.") for fact in staffing_facts(plan.roles)]
    yield from (("fact", name, facts, ("expect", "staffing", structure, name)) for structure in expect.staffing for name in expect.staffing[structure])
    if expect.placement is not None:
        yield "place", expect.placement, plan.places, ("expect", "placement")
    yield from (("definition", name, plan.names, ("expect", "values", name)) for name in expect.values)
