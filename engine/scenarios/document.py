"""The shape of a scenario file: named sets of changed inputs and parameters. Its JSON Schema is made from this."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from engine.model.documents import Both, Id, Shape


def _cell(value: Any) -> Any:
    """A value as the cell of a file would hold it: a list of words is joined by `;`, no value is `null`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return ";".join(value) or "-"
    return value


SetTo = Annotated[
    str,
    BeforeValidator(_cell),
    WithJsonSchema({"anyOf": [{"type": ["string", "number", "boolean", "null"]}, {"type": "array", "items": {"type": "string"}}]}),
]


class ScenarioDoc(Shape):
    """What if: inputs and parameters that are different for every organisation."""

    id: Id = Field(description="Lowercase words joined by `_`: its columns begin with it.", examples=["more_budget"])
    label: Both | None = Field(
        default=None, description="What users read instead of the id.", examples=[{"en": "A fifth more budget", "id": "Anggaran naik seperlima"}]
    )
    set: dict[Id, SetTo] = Field(
        default={},
        description="Inputs: a word or list of words as in a cell, a number, null for not stated, or FEEL over the inputs, stated or assumed, as they were.",
        examples=[{"social_budget_month": "social_budget_month * 1.2", "risk": "high", "goals": ["service", "branding"], "max_headcount": None}],
    )
    parameters: dict[Id, Annotated[float, Field(allow_inf_nan=False)]] = Field(
        default={}, description="Parameters of the model, as with `--param`.", examples=[{"care_inquiries_per_agent_day": 80}]
    )


class ScenariosDoc(Shape):
    """Scenarios, each of which changes every organisation in the same way."""

    scenarios: Annotated[list[ScenarioDoc], Field(min_length=1)] = Field(
        description="The scenarios; their answers stand in this order.",
        examples=[[{"id": "more_budget", "set": {"social_budget_month": "social_budget_month * 1.2"}}]],
    )
