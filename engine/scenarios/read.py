"""Turn a scenario file, or the same as plain data, into Scenarios with their changes typed and their models compiled; or into diagnostics."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic, Hint, Source, Span, did_you_mean, errors
from engine.model.context import text_of
from engine.model.entries import Entry, Folder, shaped
from engine.model.plan import Input, Plan, Text
from engine.scenarios.changes import Change, settable, worded
from engine.scenarios.document import ScenarioDoc
from engine.source import Document, Path_, parse_yaml, read_file
from engine.texts import Word

BASE = "base"  # what answers without a scenario are called
Variant = Callable[[Mapping[str, float]], tuple[Plan | None, list[Diagnostic]]]  # the model with some parameters set otherwise


@dataclass(frozen=True, slots=True)
class Scenario:
    """`plan`: the model with the scenario's parameters. `changes`: of the inputs, typed for that plan."""

    id: str
    label: Text
    plan: Plan
    changes: tuple[Change, ...]


def read_scenarios(source: str | Path | Mapping[str, Any], plan: Plan, variant: Variant) -> tuple[list[Scenario], list[Diagnostic]]:
    """The scenarios of a file, or of plain data: either as in a file, or id -> `set`, `parameters`, `label`. Everything wrong is reported in one run."""
    text, found = _text(source)
    if text is None:
        return [], found
    document, found = parse_yaml(text)
    if document is None:
        return [], found
    folder = Folder()
    shapes = [
        shaped(Entry("scenarios", str(i), item, (document, ("scenarios", i))), ScenarioDoc, folder) for i, item in enumerate(_listed(document, folder.found))
    ]
    reader = _Reader(document, plan, variant, folder.found)
    made: dict[str, Scenario] = {}
    for i, shape in enumerate(shapes):
        if shape is not None:
            reader.check(i, shape, made)
            made[shape.id] = reader.scenario(i, shape)
    return ([] if errors(reader.found) else [*made.values()]), reader.found


def _listed(document: Document, found: list[Diagnostic]) -> list[Any]:
    """What stands under `scenarios`; what is wrong around it is added to `found`."""
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        found.append(Diagnostic("R203", {"wanted": Word("mapping")}, document.span(())))
        return []
    for key in data:
        if key != "scenarios":
            found.append(Diagnostic("R201", {"key": key}, document.key_span((key,)), did_you_mean(key, ("scenarios",))))
    if "scenarios" not in data:
        found.append(Diagnostic("R202", {"key": "scenarios"}, document.span(())))
    listed = data.get("scenarios", [])
    if not isinstance(listed, list) or not (listed or found):
        found.append(Diagnostic("R203", {"wanted": Word("scenario_list")}, document.span(("scenarios",))))
        return []
    return listed


def _text(source: str | Path | Mapping[str, Any]) -> tuple[Source | None, list[Diagnostic]]:
    if not isinstance(source, Mapping):
        return read_file(Path(source), str(source))
    listed = source if "scenarios" in source else {"scenarios": [{"id": id_, **dict(item)} for id_, item in source.items()]}
    return Source("scenarios", json.dumps(listed, ensure_ascii=False, default=str)), []


@dataclass(slots=True)
class _Reader:
    document: Document
    plan: Plan
    variant: Variant
    found: list[Diagnostic]

    def check(self, i: int, shape: ScenarioDoc, before: Collection[str]) -> None:
        """What is wrong with a scenario's name, and whether it is about anything."""
        span = self.document.span(("scenarios", i, "id"))
        if shape.id == BASE:
            self.found.append(Diagnostic("X143", {"name": BASE}, span))
        if shape.id in before:
            self.found.append(Diagnostic("R501", {"name": shape.id}, span))
        if not shape.set and not shape.parameters:
            self.found.append(Diagnostic("X144", {"name": shape.id}, span))

    def scenario(self, i: int, shape: ScenarioDoc) -> Scenario:
        path: Path_ = ("scenarios", i)
        plan = self.with_parameters(path, shape.parameters)
        changes = [self.change(plan, (*path, "set", name), text) for name, text in shape.set.items()]
        label = text_of(shape.label) if shape.label is not None else {"en": shape.id, "id": shape.id}
        return Scenario(shape.id, label, plan, tuple(change for change in changes if change is not None))

    def with_parameters(self, path: Path_, values: Mapping[str, float]) -> Plan:
        """The model with these parameters, or as it is when something is wrong with them."""
        wrong: list[Diagnostic] = []
        for name, value in values.items():
            known = self.plan.parameters.get(name)
            if known is None:
                hint = did_you_mean(name, self.plan.parameters) or Hint("hint.show")
                wrong.append(Diagnostic("R503", {"kind": Word("parameter"), "name": name}, self.document.key_span((*path, "parameters", name)), hint))
            elif known.range is not None and not known.range[0] <= value <= known.range[1]:
                low, high = (f"{bound:.12g}" for bound in known.range)
                wrong.append(Diagnostic("R506", {"name": name, "low": low, "high": high}, self.document.span((*path, "parameters", name))))
        if not wrong and values:
            plan, found = self.variant(values)
            if plan is not None:
                return plan
            wrong = [Diagnostic("X142", {}, self.document.key_span((*path, "parameters"))), *errors(found)]
        self.found += wrong
        return self.plan

    def change(self, plan: Plan, path: Path_, text: str) -> Change | None:
        item, wrong = settable(plan, str(path[-1]), self.document.key_span(path))
        if item is None:
            self.found += wrong
            return None

        def locate(start: int, end: int) -> Span:
            return self.document.within(path, start, end)

        change, wrong = worded(plan, item, text, locate)
        self.found += [_advised(finding, item) for finding in wrong]
        return change


def _advised(finding: Diagnostic, item: Input) -> Diagnostic:
    """What is wrong with a text that may have been meant as it stands."""
    free = item.type.kind == "string" and item.type.values is None
    return replace(finding, hint=Hint("hint.double_quotes")) if free and finding.hint is None else finding
