"""Turn examples and a plan into what each example expected and did not get, with one decision for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.authoring.example_files import Example
from engine.decide import Decisions, decide
from engine.diagnostics import Diagnostic
from engine.feel.arrays import take, to_values
from engine.model.plan import Plan
from engine.outcome import parts
from engine.profiles.assemble import Inputs
from engine.profiles.convert import convert
from engine.profiles.read import read
from engine.profiles.table import Profiles
from engine.scoring.ranking import INELIGIBLE


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met. `what`: the key in the example."""

    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, got {self.got}"


@dataclass(frozen=True, slots=True)
class Result:
    example: Example
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures

    def __str__(self) -> str:
        lines = [f"{self.example.span}: {self.example.name}: {'ok' if self.passed else 'failed'}", *(f"  {failure}" for failure in self.failures)]
        return "\n".join(lines)


def run_examples(plan: Plan, examples: Sequence[Example]) -> list[Result]:
    """A result per example, in order. A profile that is rejected fails with the reason."""
    if not examples:
        return []
    profiles, found = profiles_of(plan, examples)
    if profiles is None:
        return [Result(example, (Failure("given", "profiles", found[0].message() if found else "nothing"),)) for example in examples]
    reasons = {reject.row: reject.diagnostic.message() for reject in profiles.rejects}
    place = {int(row): at for at, row in enumerate(profiles.rows)}
    columns = {name: take(profiles.columns[name], slice(None)) for name in plan.inputs if name in profiles.columns}
    answers = _Answers(decide(plan, columns, profiles.size, depth=len(plan.structures))) if profiles.size else None
    results = []
    for i, example in enumerate(examples):
        if i not in place or answers is None:
            failures: tuple[Failure, ...] = (Failure("given", "a valid profile", reasons.get(i, "a rejected row")),)
        else:
            failures = tuple(answers.failures(example, place[i]))
        results.append(Result(example, failures))
    return results


def profiles_of(plan: Plan, examples: Sequence[Example]) -> tuple[Profiles | None, list[Diagnostic]]:
    """The examples' profiles, each with an id and a name of its own where it gives none."""
    settings = plan.settings
    filled = [{settings.id: f"example-{i}", settings.name or settings.id: example.name, **example.given} for i, example in enumerate(examples)]
    sheet, found = read([{key: value for key, value in given.items() if value is not None} for given in filled], "examples")
    return (convert(sheet, Inputs(plan.inputs, settings.id, settings.name))[0] if sheet is not None else None), found


class _Answers:
    """The decisions of all examples, read row by row."""

    def __init__(self, decisions: Decisions) -> None:
        self.decisions = decisions
        self.plan = decisions.plan
        self.kept: dict[str, list[Any]] = {}
        self.conflicts = {conflict.row: conflict.diagnostic.message() for conflict in decisions.conflicts}
        self.material = parts.material(decisions, {})

    def failures(self, example: Example, row: int) -> Iterator[Failure]:
        if row in self.conflicts:
            yield Failure("given", "one answer", self.conflicts[row])
            return
        expect = example.expect
        yield from self.of_roles(example, row)
        yield from self.of_rules(example, row)
        ranked = self.ranked(row)
        first = ranked[0] if ranked else None
        wanted = [expect.recommended] if isinstance(expect.recommended, str) else expect.recommended
        if wanted is not None and first not in wanted:
            yield Failure("recommended", " or ".join(wanted), f"{first or 'nothing'} (then {', '.join(ranked[1:3]) or 'nothing'})")
        if tuple(ranked[: len(expect.ranking)]) != expect.ranking:
            yield Failure("ranking", ", ".join(expect.ranking), ", ".join(ranked))
        status = "undecided" if first is None else "assumed" if self.material[row] else "ok"
        if expect.status is not None and status != expect.status:
            yield Failure("status", expect.status, status)
        if expect.placement is not None and (place := self.value("placement", row)) != expect.placement:
            yield Failure("placement", expect.placement, str(place))
        for name, value in expect.values.items():
            yield from self.compared(example, f"values.{name}", value, self.value(name, row))
        for structure, facts in expect.staffing.items():
            k = list(self.plan.structures).index(structure)
            for fact, value in facts.items():
                values = self.decisions.staffing.facts.get(f"staffing.{fact}")
                got = None if values is None else float(np.broadcast_to(values.values, self.decisions.scores.shape)[k, row])
                yield from self.compared(example, f"staffing.{structure}.{fact}", value, got)

    def of_roles(self, example: Example, row: int) -> Iterator[Failure]:
        expect = example.expect
        active = [id_ for id_ in self.plan.roles if self.value(f"role.{id_}.active", row)]
        if expect.roles is not None and sorted(expect.roles) != active:
            yield Failure("roles", ", ".join(sorted(expect.roles)), ", ".join(active))
        yield from (Failure(f"active.{role}", "active", "inactive") for role in expect.active if role not in active)
        yield from (Failure(f"inactive.{role}", "inactive", "active") for role in expect.inactive if role in active)

    def of_rules(self, example: Example, row: int) -> Iterator[Failure]:
        expect = example.expect
        yield from (Failure(f"fired.{rule}", "fired", "not fired") for rule in expect.fired if not self.said(rule, row))
        yield from (Failure(f"not_fired.{rule}", "not fired", "fired") for rule in expect.not_fired if self.said(rule, row))
        notes = [rule for rule in parts.note_order(self.plan) if self.said(rule, row)]
        yield from (Failure(f"notes.{rule}", "said", f"not among {', '.join(notes) or 'no notes'}") for rule in expect.notes if rule not in notes)

    def said(self, rule: str, row: int) -> bool:
        fired = self.decisions.notes.get(rule, self.decisions.activations.fired.get(rule))
        return fired is not None and bool(fired[row])

    def ranked(self, row: int) -> list[str]:
        ids = list(self.plan.structures)
        ranked = self.decisions.ranked
        return [ids[k] for k in ranked.order[:, row].tolist() if ranked.tier[k, row] != INELIGIBLE]

    def value(self, name: str, row: int) -> Any:
        if name not in self.kept:
            self.kept[name] = to_values(parts.column_of(self.decisions, name), self.decisions.size)
        return self.kept[name][row]

    def compared(self, example: Example, what: str, wanted: Any, got: Any) -> Iterator[Failure]:
        if isinstance(wanted, float | int) and not isinstance(wanted, bool) and isinstance(got, float | int) and not isinstance(got, bool):
            same = example.near(float(got), float(wanted))
        elif isinstance(wanted, list):
            same = list(got or ()) == wanted
        else:
            same = got == wanted
        if not same:
            yield Failure(what, _shown(wanted), _shown(got))


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
