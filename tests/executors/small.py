"""The smallest model around a few inputs, decisions and rules, and its batch decided in every way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cross_check import Difference, cross_check
from engine.decide import Decisions, decide
from engine.executors.base import Activations
from engine.executors.durable import Durable
from engine.model.plan import Plan
from tests.executors.models import BOTH, Files, Row, columns, load

STARTED = {"id": "start", "when": "true", "activate": "worker", "because": BOTH}


def small(inputs: Mapping[str, Any] | None = None, rules: Sequence[Mapping[str, Any]] = (STARTED,), **more: Any) -> Files:
    """A model's files. `inputs`: id -> its entry, or only its type; a list of words is a text of these words."""
    posts = {"post": {"label": BOTH, "covers": sorted(more.get("roles", {"worker": {}}))}}
    return {
        "inputs": {"org_id": {"type": "string", "label": BOTH, "required": True}, **{id_: _input(entry) for id_, entry in (inputs or {}).items()}},
        "roles": {id_: {"label": BOTH, "fte": "1", **entry} for id_, entry in more.pop("roles", {"worker": {}}).items()},
        "rules": [{"because": BOTH, **rule} for rule in rules],
        "structures": {id_: {"label": BOTH, "posts": posts, **entry} for id_, entry in more.pop("structures", {"team": {}}).items()},
        "criteria": [{"label": BOTH, **entry} for entry in more.pop("criteria", [{"id": "only", "weight": "1", "value": "1"}])],
        **more,
    }


def _input(entry: Any) -> dict[str, Any]:
    if isinstance(entry, list):
        entry = {"type": "string", "values": entry}
    elif isinstance(entry, str):
        entry = {"type": entry}
    words = {"values": dict.fromkeys(entry["values"], BOTH)} if "values" in entry else {}
    return {"label": BOTH, **entry, **words}


def rows_of(*rows: Mapping[str, Any]) -> list[Row]:
    return [{"org_id": f"o{i}", **row} for i, row in enumerate(rows)]


def decided(plan: Plan, *rows: Mapping[str, Any]) -> Decisions:
    return decide(plan, columns(plan, rows_of(*rows)), len(rows))


def durable(plan: Plan, *rows: Mapping[str, Any]) -> Activations:
    return Durable().activate(plan, columns(plan, rows_of(*rows)), len(rows))


def differences(plan: Plan, *rows: Mapping[str, Any]) -> list[Difference]:
    return cross_check(plan, columns(plan, rows_of(*rows)), len(rows))


def plan_of(inputs: Mapping[str, Any] | None = None, rules: Sequence[Mapping[str, Any]] = (STARTED,), **more: Any) -> Plan:
    return load(small(inputs, rules, **more))
