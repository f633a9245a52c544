"""Turn a model's example files (`tests/*.yaml`) into examples with the place of each, or into diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from engine.diagnostics import Diagnostic, Span, did_you_mean
from engine.model.documents import Shape
from engine.model.entries import read_folder
from engine.model.plan import Plan
from engine.source import Document, parse_yaml, read_file
from engine.texts import Word

TOLERANCE = 0.001  # absolute, of numbers for which an example states none
Value = float | bool | str | list[str] | None
Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)]


class ExpectDoc(Shape):
    """What may be expected; what is left out is not looked at."""

    status: str | None = None
    roles: list[str] | None = None
    active: Names = ()
    inactive: Names = ()
    fired: Names = ()
    not_fired: Names = ()
    recommended: str | list[str] | None = None
    ranking: Names = ()
    placement: str | None = None
    notes: Names = ()
    values: dict[str, Value] = Field(default_factory=dict)
    staffing: dict[str, dict[str, float]] = Field(default_factory=dict)


class ExampleDoc(Shape):
    name: Annotated[str, StringConstraints(min_length=1)]
    given: dict[str, Any]
    expect: ExpectDoc = Field(default_factory=ExpectDoc)
    tolerance: float | Annotated[str, StringConstraints(pattern=r"^[0-9.]+ ?%$")] = TOLERANCE


@dataclass(frozen=True, slots=True)
class Example:
    """One example: a profile, and what is expected of its decision. `given` may leave out id and name."""

    name: str
    given: Mapping[str, Any]
    expect: ExpectDoc
    tolerance: float
    relative: bool
    span: Span

    def near(self, got: float, wanted: float) -> bool:
        return abs(got - wanted) <= self.tolerance * (abs(wanted) if self.relative else 1.0) + 1e-12


def example_files(model: Path) -> list[Path]:
    """The example files that a model's model.yaml lists, those of models that it extends first."""
    return read_folder(model).tests


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
        return None, [_wrong(document, i, problem) for problem in error.errors()]
    found = [
        Diagnostic("R503", {"kind": Word(kind), "name": name}, document.key_span((i, *where)), did_you_mean(name, known))
        for kind, name, known, where in _names(shape, plan)
        if name not in known
    ]
    if found:
        return None, found
    relative = isinstance(shape.tolerance, str)
    tolerance = float(str(shape.tolerance).rstrip("% ")) / 100 if relative else float(shape.tolerance)
    return Example(shape.name, shape.given, shape.expect, tolerance, relative, document.span((i, "name"))), []


def _wrong(document: Document, i: int, problem: Any) -> Diagnostic:
    path = (i, *problem["loc"])
    match problem["type"]:
        case "missing":
            return Diagnostic("R202", {"key": path[-1]}, document.span(path[:-1]))
        case "extra_forbidden":
            return Diagnostic("R201", {"key": path[-1]}, document.key_span(path), did_you_mean(str(path[-1]), _KEYS))
    return Diagnostic("R203", {"wanted": Word("value")}, document.span(path))


_KEYS = (*ExampleDoc.model_fields, *ExpectDoc.model_fields)


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
    yield from (("structure", name, plan.structures, ("expect", "staffing", name)) for name in expect.staffing)
    if expect.placement is not None:
        yield "place", expect.placement, plan.places, ("expect", "placement")
    yield from (("definition", name, plan.names, ("expect", "values", name)) for name in expect.values)
