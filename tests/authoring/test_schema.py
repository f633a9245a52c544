"""The JSON Schemas: up to date, valid draft 7, right about every shipped file and about broken ones, of one mind with the program, and found by every file."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pydantic import ValidationError

from engine import shipped
from engine.authoring.modelines import MARK, SCHEMAS, kinds_of
from engine.authoring.schema import KINDS
from engine.diagnostics import Source
from engine.model.documents import ENTRY_SHAPES
from engine.model.entries import LISTED
from engine.source import parse_yaml, read_file, walk
from tests.program import ROOT, run

CASES = ROOT / "tests" / "cases"
MODELS = [shipped.RULES / name for name in shipped.models()]
FILES = {file: kind for model in MODELS for file, kind in kinds_of(model).items()}
FILES |= dict.fromkeys(sorted((shipped.DATASETS / "mappings").glob("*.yaml")), "mapping")
FILES |= dict.fromkeys(sorted((shipped.DATASETS / "scenarios").glob("*.yaml")), "scenarios")


@cache
def validator(kind: str) -> Draft7Validator:
    return Draft7Validator(json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8")))


def data_of(file: Path) -> Any:
    source, _ = read_file(file)
    assert source is not None
    document, found = parse_yaml(source)
    assert document is not None, found
    return document.data


def complaints(kind: str, data: Any) -> list[str]:
    """Where the schema finds something wrong: paths joined by dots, the deepest ones that are told."""
    found = []
    errors = list(validator(kind).iter_errors(data))
    while errors:
        error = errors.pop()
        inner = [item for item in error.context or () if item.validator != "type" or item.validator_value != "null"]
        if inner and error.validator in ("anyOf", "allOf", "if"):
            errors += inner
        else:
            found.append(".".join(str(part) for part in error.absolute_path))
    return found


# -- the files


def test_the_schemas_are_up_to_date(tmp_path):
    done = run(tmp_path, "rules", "schema", "--check")
    assert done.code == 0, done.said
    assert sorted(path.stem for path in SCHEMAS.iterdir()) == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_valid_draft_7(kind):
    schema = validator(kind).schema
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    for path, value in walk(schema):
        assert path[-1:] not in (("$defs",), ("prefixItems",), ("$anchor",)) or path[-2:-1] == ("properties",)
        assert not isinstance(value, dict) or "$ref" not in value or len(value) == 1, "draft 7 reads nothing beside a $ref"


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, value in walk(schema):
        if path[-2:-1] == ("properties",) and path[-3:-2] != ("properties",) and not {"examples", "if", "else"} & set(path):
            yield ".".join(map(str, path)), value


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_and_every_example_is_right(kind):
    schema = validator(kind).schema
    found = list(properties(schema))
    assert found
    described = {name for name, definition in schema.get("definitions", {}).items() if "description" in definition}
    silent = [name for name, item in found if "description" not in item and item.get("$ref", "").rpartition("/")[2] not in described]
    assert silent == []
    for name, item in found:
        for example in item.get("examples", ()):
            one = Draft7Validator({**item, "definitions": schema.get("definitions", {})})
            assert not list(one.iter_errors(example)), f"{name}: {example}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(shipped.ROOT)))
def test_a_shipped_file_is_right_and_finds_its_schema(file):
    assert complaints(FILES[file], data_of(file)) == []
    first = file.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith(MARK)
    assert (file.parent / first.removeprefix(MARK)).resolve() == (SCHEMAS / f"{FILES[file]}.json").resolve()


def test_every_shipped_rule_file_has_a_kind():
    assert [path for folder in (shipped.RULES, shipped.DATASETS) for path in folder.rglob("*.yaml") if path not in FILES] == []


# -- what it says of files


@pytest.mark.parametrize("case", data_of(CASES / "schema.yaml"), ids=lambda case: case["name"])
def test_a_file_is_judged_where_it_is_wrong(case):
    found = complaints(case["kind"], case["file"])
    assert (case["wrong"] in found) if "wrong" in case else found == []


@pytest.mark.parametrize("case", data_of(CASES / "profiles" / "mappings.yaml"), ids=lambda case: case["name"])
def test_a_mapping_file_is_wrong_in_shape_when_the_program_says_so(case):
    file = {key: case[key] for key in ("title", "columns", "fields") if key in case}
    shape = any(item["code"].startswith("R2") for item in case["found"])
    assert bool(complaints("mapping", file)) == shape


@pytest.mark.parametrize("case", data_of(CASES / "scenarios.yaml"), ids=lambda case: case["name"])
def test_a_scenario_file_is_wrong_in_shape_when_the_program_says_so(case):
    document, _ = parse_yaml(Source("x", case["file"]))
    shape = any(item["code"].startswith("R2") for item in case["found"])
    assert document is None or bool(complaints("scenarios", document.data)) == shape


VALUES: tuple[Any, ...] = (None, True, 3, -0.5, "text", "Two Words", [], {}, ["text"], [1, 2], {"text": 1}, {"en": "a", "id": "b"})


def accepted(kind: str, entry: Any) -> bool:
    try:
        ENTRY_SHAPES[kind].model_validate(entry)
    except ValidationError:
        return False
    return True


def merged(path: tuple[Any, ...]) -> bool:
    """Members that an overlay may remove with null."""
    return len(path) == 2 and path[0] in ("posts", "attributes", "values", "places")


def partial(path: tuple[Any, ...], value: Any) -> bool:
    """What only an overlay may hold: a member that goes, no post at all."""
    return (value is None and merged(path)) or (value == {} and path == ("posts",))


@pytest.mark.parametrize("kind", ENTRY_SHAPES)
def test_schema_and_program_are_of_one_mind(kind):
    """Every value of the first entries of every file is replaced by values of every sort: both accept the entry, or neither does."""
    differ, tried = [], 0
    for file in (file for file in FILES if FILES[file] == kind):
        data = data_of(file)
        entries = {"": data} if kind == "placement" else {item["id"]: item for item in data} if kind in LISTED else data
        for id_, entry in list(entries.items())[:2]:
            for path, _ in list(walk(entry))[1:25]:
                for value in VALUES:
                    if kind in LISTED and path == ("id",):
                        continue
                    changed = copy.deepcopy(entry)
                    place = changed
                    for part in path[:-1]:
                        place = place[part]
                    place[path[-1]] = value
                    whole = changed if kind == "placement" else [changed] if kind in LISTED else {id_: changed}
                    tried += 1
                    if not partial(path, value) and (not validator(kind).is_valid(whole)) == accepted(kind, changed):
                        differ.append(f"{id_}.{'.'.join(map(str, path))} = {value!r}")
    assert tried > 100
    assert differ == []


# -- the command, and copies of a model


@pytest.mark.parametrize("arguments", [(), ("--extends",)], ids=["copy", "overlay"])
def test_the_files_of_a_new_model_find_their_schemas(tmp_path, arguments):
    assert run(tmp_path, "rules", "new", "models/mine", *arguments).code == 0
    mine = tmp_path / "models" / "mine"
    files = kinds_of(mine)
    assert set(files) == set(mine.rglob("*.yaml"))
    for file, kind in files.items():
        first = file.read_text(encoding="utf-8").split("\n", 1)[0]
        target = file.parent / first.removeprefix(MARK)
        assert target.resolve().is_relative_to(mine), "a copy needs nothing outside its folder"
        assert json.loads(target.read_text(encoding="utf-8")) == validator(kind).schema
        assert complaints(kind, data_of(file)) == []
    assert run(tmp_path, "rules", "schema", "-o", mine / ".schema", "--check").code == 0
    assert run(tmp_path, "rules", "check", mine).code == 0


def test_a_copy_differs_from_the_shipped_model_only_in_the_first_lines(tmp_path):
    assert run(tmp_path, "rules", "new", "mine").code == 0
    for file in shipped.DEFAULT_MODEL.rglob("*.yaml"):
        copied = tmp_path / "mine" / file.relative_to(shipped.DEFAULT_MODEL)
        assert copied.read_bytes().split(b"\n", 1)[1] == file.read_bytes().split(b"\n", 1)[1]


def test_stale_and_missing_schemas_are_named(tmp_path):
    assert run(tmp_path, "rules", "schema", "-o", "s").code == 0
    (tmp_path / "s" / "roles.json").write_text("{}")
    (tmp_path / "s" / "kpis.json").unlink()
    done = run(tmp_path, "rules", "schema", "-o", "s", "--check")
    assert done.code == 1
    assert done.err.count("X211") == 2
    assert "roles.json" in done.err and "kpis.json" in done.err and "susun rules schema -o s" in done.err


@pytest.mark.parametrize("kind", ["roles", "mapping"])
def test_one_schema_is_printed(tmp_path, kind):
    done = run(tmp_path, "rules", "schema", kind)
    assert (done.code, json.loads(done.out)) == (0, validator(kind).schema)


def test_without_arguments_the_kinds_are_listed_in_either_language(tmp_path):
    for lang, word in (("en", "kinds of work"), ("id", "jenis pekerjaan")):
        done = run(tmp_path, "rules", "schema", "--lang", lang)
        assert done.code == 0 and word in done.out
        assert all(f"\n{kind} " in done.out for kind in KINDS)


@pytest.mark.parametrize(("arguments", "code"), [(("role",), "X206"), (("-o", "file/in/it"), "X201")])
def test_wrong_use_is_said(tmp_path, arguments, code):
    (tmp_path / "file").write_text("")
    done = run(tmp_path, "rules", "schema", *arguments)
    assert done.code == 2 and code in done.err


def test_a_wrong_text_is_no_yaml_trick():
    """The cases are read as rule files are: `no` and dates are texts."""
    document, _ = parse_yaml(Source("x", "a: no\nb: 2025-01-01\n"))
    assert document is not None and document.data == {"a": "no", "b": "2025-01-01"}


def test_a_table_says_its_rows_or_the_file_that_has_them():
    def table(**keys: Any) -> Any:
        return {"kind": {"table": {"hit policy": "first", **keys}}}

    assert complaints("decisions", table(file="bands.csv")) == []
    assert complaints("decisions", table(inputs=["employees"], rules=[{"when": ["-"], "then": "1"}])) == []
    assert complaints("decisions", table(inputs=["employees"])) != []
