"""A small set of inputs, one of each kind, for the tests of this folder; and how they read a file's content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.diagnostics import Diagnostic
from engine.feel.arrays import to_values
from engine.feel.types import Type
from engine.model.plan import Input
from engine.profiles.assemble import Inputs
from engine.profiles.convert import convert
from engine.profiles.mapping import convert_mapped
from engine.profiles.mapping_file import read_mapping
from engine.profiles.read import read
from engine.profiles.table import Profiles

SECTORS = ("company", "university", "public_agency")
GOALS = ("branding", "service", "community")
PARTS = ("pr", "it", "marketing")


SECTOR_NAMES: dict[str, Any] = {
    "value_labels": {"public_agency": {"en": "National agency", "id": "Kementerian"}},
    "value_aliases": {"university": ("kampus", "PTN")},
}


def _input(id: str, type_: Type, **more: Any) -> Input:
    return Input(id, type_.with_null(not more.get("required", False)), {"en": id, "id": id}, **more)


INPUTS = Inputs(
    {
        item.id: item
        for item in (
            _input("org_id", Type("string"), required=True, aliases=("kode", "id")),
            _input("name", Type("string")),
            _input("sector", Type("string", values=SECTORS), **SECTOR_NAMES),
            _input("employees", Type("number", low=0, high=3e6), required=True, low_open=True, aliases=("jumlah_pegawai", "jumlah_karyawan")),
            _input("units", Type("number", low=1, high=1000, integer=True)),
            _input("budget", Type("number"), unit="money"),
            _input("visual", Type("number", low=0, high=1), unit="share"),
            _input("currency", Type("string", values=("IDR", "USD", "CAD"))),
            _input("goals", Type("ranking", values=GOALS)),
            _input("parts", Type("set", values=PARTS)),
            _input("plan", Type("boolean")),
        )
    },
    currency="currency",
)


def load(
    source: Any, mapping: Path | None = None, keep: Sequence[str] = (), name: str | None = None, locale: str | None = None, page: str | None = None
) -> tuple[Profiles | None, list[Diagnostic]]:
    """The profiles of a source for these inputs, through a mapping file when there is one."""
    sheet, found = read(source, name, page)
    if mapping is None:
        if sheet is None:
            return None, found
        profiles, more = convert(sheet, INPUTS, keep, locale)
        return profiles, [*found, *more]
    mapped, wrong = read_mapping(mapping)
    if sheet is None or mapped is None:
        return None, [*found, *wrong]
    profiles, more = convert_mapped(sheet, mapped, INPUTS, keep, locale)
    return profiles, [*found, *wrong, *more]


def values(profiles: Profiles, name: str) -> list[Any]:
    return to_values(profiles.columns[name], profiles.size)


def rejected(profiles: Profiles) -> set[int]:
    return {reject.row for reject in profiles.rejects}
