"""The language's tests: every case of tests/cases/feel, run by every reader that can express it."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.feel import readers

FOLDER = Path(__file__).parent.parent / "cases" / "feel"
KEYS = {"name", "expr", "unary", "given", "types", "gives", "error", "errors", "underlined", "column", "says", "message", "hint", "may_be_null", "overflow"}
FINDING_KEYS = ("error", "underlined", "column", "says", "message", "hint")


@dataclass(frozen=True)
class Case:
    file: str
    line: int
    data: dict[str, Any]

    @property
    def unary(self) -> bool:
        return "unary" in self.data

    @property
    def subject(self) -> str:
        written = self.data["unary"] if self.unary else self.data["expr"]
        return written if isinstance(written, str) else build(**written)

    @property
    def given(self) -> dict[str, Any]:
        return self.data.get("given") or {}

    @property
    def types(self) -> dict[str, Any]:
        """The engine's type of every name: as stated, else as its value suggests."""
        inferred = {name: suggested(value) for name, value in self.given.items() if name not in self.data.get("types", {})}
        return {name: readers.parse_type(text) for name, text in {**inferred, **self.data.get("types", {})}.items()}

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.data.get("errors") or [{key: self.data[key] for key in FINDING_KEYS if key in self.data}]

    def __str__(self) -> str:
        written = self.data.get("name") or self.subject
        given = ", ".join(f"{name}={value}" for name, value in self.given.items())
        return f"{self.file}:{self.line} {written[:60]!r}{' ' + given[:60] if given else ''}"


def build(start: str = "", repeat: str = "", times: int = 0, middle: str = "", again: str = "", end: str = "") -> str:
    return start + repeat * times + middle + again * times + end


def suggested(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list() if inner := {suggested(item) for item in value if item is not None}:
            (kind,) = inner
            return f"list({kind}{'?' if None in value else ''})"
    raise ValueError(f"state the type of {value!r} under `types`")


def load() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        lines = [node.start_mark.line + 1 for node in yaml.compose(text).value]  # type: ignore[union-attr]
        for line, data in zip(lines, yaml.safe_load(text), strict=True):
            yield Case(path.stem, line, data)


CASES = list(load())
WITH_VALUE = [case for case in CASES if "gives" in case.data]
WITH_ERROR = [case for case in CASES if "error" in case.data or "errors" in case.data]
NULLABILITY = [case for case in CASES if "may_be_null" in case.data]


def each(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=str)


# -- comparing


def agrees(found: Any, wanted: Any) -> bool:
    """Whether a value is the one a case states: numbers in 12 significant digits, nothing coerced."""
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(agrees, found, wanted))
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return isinstance(found, float) and f"{found + 0.0:.11e}" == f"{wanted + 0.0:.11e}"
    return type(found) is type(wanted) and bool(found == wanted)


def exact(value: Any) -> Any:
    """The value with every float as its bits, so that == is exact; there is one zero."""
    if isinstance(value, list):
        return [exact(item) for item in value]
    return struct.pack("<d", value + 0.0) if isinstance(value, float) else (type(value).__name__, value)


# -- the readers


@each(WITH_VALUE)
def test_interpret_gives_the_value(case: Case) -> None:
    found = readers.run_interpret(case.subject, case.given, case.types, unary=case.unary)
    assert agrees(found, case.data["gives"]), found


@each(WITH_VALUE)
def test_columns_give_the_value_for_one_row(case: Case) -> None:
    (found,) = readers.run_columns(case.subject, [case.given], case.types, unary=case.unary)
    assert agrees(found, case.data["gives"]), found


@each(WITH_VALUE)
def test_columns_give_the_value_in_a_batch_and_agree_with_interpret_on_every_row(case: Case) -> None:
    types = {name: type_.with_null() for name, type_ in case.types.items()}
    rows = variants(case.given, types)
    found = readers.run_columns(case.subject, rows, types, unary=case.unary)
    assert agrees(found[0], case.data["gives"]), found[0]
    for row, value in zip(rows, found, strict=True):
        alone = readers.run_interpret(case.subject, row, types, unary=case.unary)
        assert exact(value) == exact(alone), f"columns {value!r}, interpret {alone!r} for {row}"


@each(WITH_VALUE)
def test_guards_give_the_value_of_a_boolean(case: Case) -> None:
    types = {name: type_.with_null() for name, type_ in case.types.items()}
    if readers.kind_of(case.subject, types, unary=case.unary) != "boolean":
        pytest.skip("not a boolean expression")
    assert readers.run_guards(case.subject, case.given, case.types, unary=case.unary) is case.data["gives"]
    for row in variants(case.given, types):
        alone = readers.run_interpret(case.subject, row, types, unary=case.unary)
        assert readers.run_guards(case.subject, row, types, unary=case.unary) is alone, row


@each([case for case in CASES if "expr" in case.data or "unary" in case.data])
def test_what_is_rendered_is_read_as_the_same_tree(case: Case) -> None:
    if any(finding["error"] in ("R", "R3") for finding in case.findings if finding):
        pytest.skip("not an expression")
    tree, text, again = readers.render_round_trip(case.subject, unary=case.unary)
    assert again == tree, text


@each(WITH_VALUE)
def test_what_is_null_was_said_to_be_nullable(case: Case) -> None:
    """Except for results beyond float64: inputs are bounded, so the checker leaves those to be met, and rejected, at run time."""
    if case.data["gives"] is None and not case.data.get("overflow"):
        assert readers.may_be_null(case.subject, case.types, unary=case.unary)


@each(NULLABILITY)
def test_the_checker_knows_what_may_be_null(case: Case) -> None:
    assert readers.may_be_null(case.subject, case.types) is case.data["may_be_null"]


@each(WITH_ERROR)
def test_a_mistake_is_found_underlined_and_explained(case: Case) -> None:
    found = readers.diagnose(case.subject, case.types, unary=case.unary)
    assert len(found) == len(case.findings), found
    for finding, wanted in zip(found, case.findings, strict=True):
        assert finding.code.startswith(wanted["error"]), finding
        assert finding.underlined == wanted.get("underlined", finding.underlined), finding
        assert finding.column == wanted.get("column", finding.column), finding
        assert wanted.get("message", "") in finding.message, finding
        assert all(word in finding.message for word in wanted.get("says", [])), finding
        assert wanted.get("hint", "") in (finding.hint or ""), finding
        assert finding.message[:1] == finding.message[:1].lower(), finding


def variants(given: dict[str, Any], types: dict[str, Any]) -> list[dict[str, Any]]:
    """The case's own row first, then rows with nulls, with values of the same type exchanged, and with values near by."""
    names = list(given)
    rows = [dict(given)]
    rows += [{**given, name: None} for name in names]
    rows += [dict.fromkeys(names)] if names else [{}, {}]
    for a, b in itertools.combinations(names, 2):
        if types[a] == types[b]:
            rows.append({**given, a: given[b], b: given[a]})
    for name in names:
        rows += [{**given, name: other} for other in near(given[name], types[name])]
    return rows


def near(value: Any, type_: Any) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int() | float() if type_.integer:
            return [-value, value + 1, 0]
        case int() | float():
            return [-value, value + 1, 0, value * (1 + 3e-13), value * (1 - 3e-13), value * (1 + 3e-11), value * (1 - 3e-11)]
        case str() if type_.values:
            return list(type_.values)
        case str():
            return ["", value + "s", value[:-1], value.upper()]
        case list():
            return [[], value[::-1], value[:1], value[1:]]
    return []


# -- the cases themselves


def test_every_case_is_well_formed() -> None:
    assert len(CASES) >= 320
    seen: dict[str, str] = {}
    for case in CASES:
        assert set(case.data) <= KEYS, case
        assert ("expr" in case.data) != ("unary" in case.data), case
        assert sum(key in case.data for key in ("gives", "error", "errors", "may_be_null")) == 1, case
        assert set(case.types) >= set(case.given), case
        for name, value in case.given.items():
            assert value is not None or case.types[name].nullable, f"{case}: {name} is null, so its type needs a `?`"
        same = repr((case.subject, case.unary, case.given, sorted(case.data.get("types", {}).items())))
        key = same + str("may_be_null" in case.data)
        assert key not in seen, f"{case} repeats {seen[key]}"
        seen[key] = str(case)
