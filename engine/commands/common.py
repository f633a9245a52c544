"""Turn command-line arguments into a plan, profiles and one row; or print the diagnostics that say why not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.api import read_profiles
from engine.diagnostics import Diagnostic, Hint, Source, did_you_mean, errors
from engine.feel.arrays import to_values
from engine.model.load import load_plan
from engine.model.plan import Plan
from engine.outcome.tables import WIDE
from engine.outcome.terminal import show_diagnostics
from engine.outcome.write import refused
from engine.profiles.mapping_file import MappingFile, read_mapping
from engine.profiles.table import Profiles
from engine.texts import Word

DONE, FOUND, USAGE = 0, 1, 2
MOST_NAMED = 40  # a hint names no more ids than this


class Stop(Exception):
    """Internal: the command cannot go on; its diagnostics have been printed."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def stop(found: Sequence[Diagnostic], lang: str, code: int = USAGE) -> Stop:
    show_diagnostics(found, lang)
    return Stop(code)


def plan_of(rules: str | None, params: Sequence[str], lang: str) -> Plan:
    """The plan of `--rules` and `--param`. A model with errors is exit 1: something was found in it; one that can't be read is exit 2."""
    plan, found = load_plan(rules, parameters(params, lang))
    if plan is None:
        unread = any((item.code in ("R101", "R515", "R503") and item.span is None) or item.code == "R101" for item in found)
        raise stop(found, lang, USAGE if unread else FOUND)
    if found:
        show_diagnostics(found, lang)
    return plan


def parameters(params: Sequence[str], lang: str) -> dict[str, float]:
    chosen: dict[str, float] = {}
    for text in params:
        name, _, value = text.partition("=")
        try:
            chosen[name.strip()] = float(value)
        except ValueError:
            raise stop([Diagnostic("R515", {"text": text})], lang) from None
        if not name.strip() or not np.isfinite(chosen[name.strip()]):
            raise stop([Diagnostic("R515", {"text": text})], lang)
    return chosen


def mapping_of(mapping: str | None, lang: str) -> MappingFile | None:
    """The mapping file of `--mapping`; its warnings are printed, errors end the command."""
    if mapping is None:
        return None
    found, wrong = read_mapping(mapping)
    if found is None:
        raise stop(wrong, lang)
    show_diagnostics(wrong, lang)
    return found


def profiles_of(
    plan: Plan,
    orgs: str,
    mapping: str | None,
    keep: Sequence[str],
    lang: str,
    group_by: str | None = None,
    locale: str | None = None,
    sheet: str | None = None,
) -> Profiles:
    """The profiles of a file; warnings are printed, errors end the command. A column to group by is kept as well."""
    kept = (*keep, group_by) if group_by is not None and group_by not in keep else tuple(keep)
    profiles, found = read_profiles(plan, orgs, mapping, kept, locale, sheet)
    found = [no_group(item, orgs) if item.code == "P206" and item.values["name"] == group_by else item for item in found]
    if profiles is None:
        raise stop(found, lang)
    show_diagnostics(found, lang)
    return profiles


def no_group(item: Diagnostic, orgs: str) -> Diagnostic:
    """A column to keep that is not in the file, said of a column to group by; those of the output would do as well."""
    hint = item.hint or did_you_mean(item.values["name"], WIDE) or Hint("hint.known", {"names": ", ".join(WIDE)})
    return Diagnostic("X210", item.values, Source(orgs, "").span(0, 0), hint)


def row_of(plan: Plan, profiles: Profiles, org: str, lang: str) -> int:
    """Position among the accepted rows of the organisation with an id."""
    ids = to_values(profiles.columns[plan.settings.id], profiles.size)
    if org in ids:
        return ids.index(org)
    rejects = [reject for reject in profiles.rejects if reject.org_id == org]
    if rejects:
        first = rejects[0].diagnostic
        raise stop([Diagnostic("X205", {"name": org, "why": first.message(lang)}, None, first.hint)], lang, FOUND)
    known = [str(item) for item in ids]
    hint = did_you_mean(org, known) or Hint("hint.known", {"names": ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")})
    raise stop([Diagnostic("X204", {"name": org}, None, hint)], lang)


def known(kind: str, name: str, table: Mapping[str, Any], lang: str) -> str:
    """`name` if the model has it; else the command ends with a hint."""
    if name in table:
        return name
    hint = did_you_mean(name, table) or (Hint("hint.known", {"names": ", ".join(table)}) if len(table) <= MOST_NAMED else Hint("hint.show"))
    raise stop([Diagnostic("X206", {"kind": Word(kind), "name": name}, None, hint)], lang)


def refuse_output(path: Path, read: Iterable[Path], lang: str) -> None:
    """End the command if `path` cannot be written, or is one of the files that are read."""
    same = (file for file in read if path.exists() and file.exists() and path.samefile(file))
    if found := refused(path, next(same, Path()), any_format=True):
        raise stop(found, lang)


def print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


def finish(found: Sequence[Diagnostic], lang: str) -> int:
    """Print what a writing step found; exit 2 when it failed."""
    if errors(found):
        show_diagnostics(found, lang)
        return USAGE
    return DONE
