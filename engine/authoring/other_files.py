"""The shapes of files that other modules read: mapping files, properties and the list of claims. Their JSON Schemas are made from these."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, WithJsonSchema

from engine.model.documents import Both, Expr, Id, RuleId, Shape

Code = Annotated[str | float, WithJsonSchema({"type": ["string", "number", "boolean"]})]


class ColumnDoc(Shape):
    """A column of the file."""

    type: Literal["number", "integer", "boolean", "text"] = Field(default="text", description="What its cells are.")
    missing: Code | list[Code] | None = Field(default=None, description="Codes that mean that the value is missing.", examples=[[-1, -3], "n/a"])


class AssumedDoc(Shape):
    """A value that may be an estimate."""

    value: Expr = Field(description="FEEL over the file's columns.", examples=["branches + 1"])
    assumed: Both = Field(
        default_factory=lambda: Both(en="-", id="-"), description="What is assumed: the value is listed as an estimate and lowers the confidence."
    )


class MappingDoc(Shape):
    """A mapping file: how the columns of another file become profiles."""

    title: Both | None = Field(default=None, description="What the file is.")
    columns: dict[str, Literal["number", "integer", "boolean", "text"] | ColumnDoc] | None = Field(
        default=None, description="Types of the file's own columns; undeclared ones are text.", examples=[{"staff": {"type": "number", "missing": [-1]}}]
    )
    fields: dict[str, Expr | AssumedDoc | Annotated[list[Expr | AssumedDoc], Field(min_length=1)]] | None = Field(
        description="Each input as FEEL over the file's columns; of a list the first that is not null.",
        examples=[{"org_id": 'state + " " + id', "employees": ["staff", {"value": "10", "assumed": {"en": "not stated", "id": "tidak disebutkan"}}]}],
    )


class ClaimsDoc(Shape):
    """What the marks in the files of a model stand for. Nothing here decides."""

    seed: dict[Annotated[str, StringConstraints(pattern=r"^S[0-9]+$")], Both] = Field(
        default={}, description="Claims of the founding text, cited as `seed:S1`.", examples=[{"S1": {"en": "...", "id": "..."}}]
    )
    practice: dict[Annotated[str, StringConstraints(pattern=r"^[0-9]+$")], str] = Field(
        default={}, description="Rules of practice, marked `# 2d-1` in the files.", examples=[{"1": "..."}]
    )


class PropertyDoc(Shape):
    """One property: `then` holds for all profiles for which `when` does."""

    id: RuleId = Field(description="Its id.", examples=["more-questions-never-end-care"])
    for_all: Annotated[list[Id], Field(min_length=1, max_length=2)] = Field(
        default_factory=lambda: ["p"], description="What the one profile, or the two, are called.", examples=[["p", "q"]]
    )
    when: Expr = Field(default="true", description="FEEL over `p.<name>`: the profiles it speaks of.", examples=["p.employees > 50"])
    then: Annotated[Expr, StringConstraints(min_length=1)] = Field(description="FEEL: what then holds.", examples=["p.role.care_manager.active"])
    label: Both = Field(description="The property in words.")
    because: Both | None = Field(default=None, description="Why it should hold.")
    cites: list[str] = Field(default_factory=list, description="Where it comes from.", examples=[["seed:S14"]])
