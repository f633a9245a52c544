"""Turn the shapes of rule files into JSON Schemas (draft 7), one for each kind of file, with which editors complete and check."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from engine.authoring.example_files import ExampleDoc
from engine.authoring.other_files import ClaimsDoc, MappingDoc, PropertyDoc
from engine.model.documents import ENTRY_SHAPES, Id, ModelDoc, Shape, Value
from engine.model.entries import LISTED, MERGED_KEYS
from engine.scenarios.document import ScenariosDoc

DRAFT = "http://json-schema.org/draft-07/schema#"
OVERLAY = (
    "In a folder whose model.yaml says `extends`, an entry may hold only the keys that differ, and null in place of an entry removes it;"
    " so no key is required here. `susun rules check` says which ones a new entry lacks."
)
OVERLAY_LISTED = (
    "In a folder whose model.yaml says `extends`, an entry may hold only its id and the keys that differ; so no other key is required here."
    " `susun rules check` says which ones a new entry lacks."
)
OVERLAY_MODEL = "With `extends`, all keys may be left out, and null in `profile`, `staffing`, `ranking` or `confidence` removes what the extended model says."
ABOUT = {
    "model": "model.yaml, the head of a model.",
    "inputs": "Inputs: fields of the profile by name.",
    "parameters": "Parameters: named numbers.",
    "decisions": "Decisions: derived values and tables by name.",
    "roles": "Roles by id.",
    "rules": "Rules that activate or exclude roles, and notes.",
    "structures": "Structures: alternative teams by id.",
    "placement": "Placement: where the team sits.",
    "criteria": "Criteria: how structures are judged.",
    "kpis": "KPIs by id.",
    "tests": "Examples that `susun rules test` runs.",
    "properties": "Properties that `susun rules prove` proves for every profile.",
    "claims": "Claims: what the marks in the files stand for.",
    "mapping": "Mapping file: how the columns of another file become profiles.",
    "scenarios": "Scenario file: named sets of changed inputs and parameters.",
}
KINDS = tuple(ABOUT)
Schema = dict[str, Any]


def schema(kind: str) -> Schema:
    """The schema of one kind of file."""
    match kind:
        case "model":
            found = _model(_made(ModelDoc))
        case "tests":
            found = _made(list[ExampleDoc]) | {"type": ["array", "null"]}
        case "properties":
            found = _made(list[PropertyDoc]) | {"type": ["array", "null"]}
        case "claims":
            found = _made(ClaimsDoc)
        case "mapping":
            found = _made(MappingDoc)
        case "scenarios":
            found = _made(ScenariosDoc)
        case _:
            found = _entries(kind, ENTRY_SHAPES[kind])
    definitions = found.pop("definitions", {})
    more = found.pop("description", "")
    about = f"{ABOUT[kind]} {more}" if kind == "model" or kind in ENTRY_SHAPES else ABOUT[kind]
    return {"$schema": DRAFT, "title": f"Susun: {kind}", "description": about} | found | ({"definitions": definitions} if definitions else {})


def text(kind: str) -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"


# -- the shapes of overlays


def _entries(kind: str, shape: type[Shape]) -> Schema:
    """A file of entries; each may be partial, since the file may overlay another model's."""
    made = _made(shape)
    definitions = made.pop("definitions", {})
    entry = _partial(made, definitions)
    if kind == "placement":
        return {**entry, "type": ["object", "null"], "description": OVERLAY, "definitions": definitions}
    if kind in LISTED:
        definitions["entry"] = entry | {"required": ["id"]}
        return {"description": OVERLAY_LISTED, "type": ["array", "null"], "items": {"$ref": "#/definitions/entry"}, "definitions": definitions}
    definitions["entry"] = entry
    names = Value if kind == "inputs" else Id
    return {
        "description": OVERLAY,
        "type": ["object", "null"],
        "propertyNames": {key: value for key, value in _made(names).items() if key != "type"},
        "additionalProperties": {"anyOf": [{"$ref": "#/definitions/entry"}, {"type": "null"}]},
        "definitions": definitions,
    }


def _partial(shape: Schema, definitions: dict[str, Schema]) -> Schema:
    """A shape as an overlay may write it: nothing is required, and null removes a member of what is merged key by key."""
    properties = dict(shape["properties"])
    for key in set(MERGED_KEYS) & set(properties):
        properties[key] = _nullable_members(properties[key], definitions)
    return {**{key: value for key, value in shape.items() if key != "required"}, "properties": properties}


def _nullable_members(shape: Schema, definitions: dict[str, Schema]) -> Schema:
    for way in ("anyOf", "allOf"):
        if way in shape:
            return shape | {way: [_nullable_members(item, definitions) for item in shape[way]]}
    members = shape.get("additionalProperties")
    if isinstance(members, dict):
        return {key: value for key, value in shape.items() if key != "minProperties"} | {"additionalProperties": {"anyOf": [members, {"type": "null"}]}}
    name = shape.get("$ref", "").rpartition("/")[2]
    if name and name != "both":
        definition = definitions[name]
        nullable = {key: _nullable(value) for key, value in definition["properties"].items()}
        definitions[name] = {key: value for key, value in definition.items() if key != "required"} | {"properties": nullable}
    return shape


def _nullable(shape: Schema) -> Schema:
    """A shape that takes null as well."""
    types = shape.get("type")
    if {"type": "null"} in shape.get("anyOf", ()):
        return shape
    if types is None or "enum" in shape or "pattern" in shape:
        about = {key: value for key, value in shape.items() if key in ("description", "examples", "default")}
        return about | {"anyOf": [{key: value for key, value in shape.items() if key not in about}, {"type": "null"}]}
    return shape | {"type": list(dict.fromkeys([*([types] if isinstance(types, str) else types), "null"]))}


def _model(made: Schema) -> Schema:
    """model.yaml requires what it does unless it extends another model."""
    definitions = made["definitions"]
    within = {
        key: {"required": definitions[name]["required"]}
        for key, value in made["properties"].items()
        if key in MERGED_KEYS and (name := _referred(value)) in definitions and "required" in definitions[name]
    }
    partial = _partial(made, definitions)
    extends = {"required": ["extends"], "properties": {"extends": {"type": "string"}}}
    return {**partial, "description": OVERLAY_MODEL, "if": extends, "else": {"required": made["required"], "properties": within}, "definitions": definitions}


def _referred(shape: Schema) -> str:
    wrapped: Schema = shape.get("allOf", [shape])[0]
    return str(wrapped.get("$ref", "")).rpartition("/")[2]


# -- from pydantic's dialect (2020-12) to draft 7


def _made(shape: Any) -> Schema:
    return _object(TypeAdapter(shape).json_schema(by_alias=True, ref_template="#/definitions/{model}"))


def _object(schema: Schema) -> Schema:
    """A schema in draft 7: `definitions`, tuples in `items`, nothing beside `$ref`; without the titles and the null defaults that say nothing."""
    found: Schema = {}
    for key, value in schema.items():
        match key:
            case "$defs":
                found["definitions"] = {name.removesuffix("Doc").lower(): _object(item) for name, item in value.items()}
            case "$ref":
                found[key] = value.removesuffix("Doc").lower()
            case "title":
                continue
            case "default" if value is None or value in ([], {}, ()) or "$ref" in schema:
                continue
            case "prefixItems":
                found["items"] = [_object(item) for item in value]
            case "items" if "prefixItems" in schema:
                found["additionalItems"] = _object(value) if isinstance(value, dict) else value
            case "properties" | "patternProperties":
                found[key] = {name: _object(item) for name, item in value.items()}
            case "anyOf" if all(set(item) == {"type"} for item in value):  # `type: [string, null]`: the shorter, the clearer what an editor says
                found["type"] = [name for item in value for name in ([item["type"]] if isinstance(item["type"], str) else item["type"])]
            case "anyOf" | "allOf" | "oneOf":
                found[key] = [_object(item) for item in value]
            case "items" | "additionalProperties" | "propertyNames" | "not" if isinstance(value, dict):
                found[key] = _object(value)
            case _:
                found[key] = value
    if len(found.get("patternProperties", ())) == 1 and "additionalProperties" not in found:  # else names that do not fit would pass
        [(pattern, members)] = found.pop("patternProperties").items()
        found |= {"propertyNames": {"pattern": pattern} | found.get("propertyNames", {}), "additionalProperties": members}
    if "$ref" in found and len(found) > 1:  # draft 7 reads nothing beside a $ref
        found = {key: value for key, value in found.items() if key != "$ref"} | {"allOf": [{"$ref": found["$ref"]}]}
    return found
