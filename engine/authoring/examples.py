"""Turn examples and a plan into what each example expected and did not get, and why, with one decision for all of them together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.api import case_of, inputs_of
from engine.authoring.example_files import WINNER, Example, NearDoc
from engine.authoring.why import why
from engine.decide import Decisions, decide
from engine.diagnostics import Diagnostic
from engine.feel.arrays import take, to_values
from engine.model.plan import Plan
from engine.outcome import parts
from engine.profiles.convert import convert
from engine.profiles.read import read
from engine.profiles.table import Profiles
from engine.scoring.ranking import INELIGIBLE
from engine.texts import say


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that was not met. `what`: the key in the example, and for a part of it `name`. `why`: sentences, of details indented."""

    what: str
    expected: str
    got: str
    name: str = ""
    about: Any = None  # what `why` asks of: the ids or values that were wanted
    why: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.what}.{self.name}" if self.name else self.what

    def said(self, lang: str = "en") -> str:
        return say("test.failure", lang, what=self.key, expected=self.expected, got=self.got)

    def __str__(self) -> str:
        return self.said()


@dataclass(frozen=True, slots=True)
class Result:
    example: Example
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures

    def __str__(self) -> str:
        return self.said()

    def said(self, lang: str = "en") -> str:
        """Place and name, then each failure with its reasons below it."""
        head = f"{self.example.place}: {self.example.name}: {say('test.ok' if self.passed else 'test.failed', lang)}"
        return "\n".join([head, *(line for failure in self.failures for line in (f"  {failure.said(lang)}", *(f"    {text}" for text in failure.why)))])


def run_examples(plan: Plan, examples: Sequence[Example], lang: str = "en") -> list[Result]:
    """A result per example, in order, with texts in `lang`. A profile that is rejected fails with the reason, unless that is expected."""
    if not examples:
        return []
    profiles, found = profiles_of(plan, examples)
    if profiles is None:
        return [Result(example, (_invalid(found[0].message(lang) if found else "-", lang),)) for example in examples]
    reasons = {reject.row: reject.diagnostic.message(lang) for reject in profiles.rejects}
    place = {int(row): at for at, row in enumerate(profiles.rows)}
    columns = {name: take(profiles.columns[name], slice(None)) for name in plan.inputs if name in profiles.columns}
    answers = _Answers(decide(plan, columns, profiles.size, depth=len(plan.structures)), lang) if profiles.size else None
    results = []
    for i, example in enumerate(examples):
        if i not in place or answers is None:
            failures = [] if example.expect.status == "rejected" else [_invalid(reasons.get(i, "-"), lang)]
        else:
            failures = list(answers.failures(example, place[i]))
            if failures and place[i] not in answers.conflicts:
                case = case_of(plan, profiles, place[i], lang)
                failures = [replace(item, why=tuple(why(case, item.what, item.name, item.about))) for item in failures]
        results.append(Result(example, tuple(failures)))
    return results


def profiles_of(plan: Plan, examples: Sequence[Example]) -> tuple[Profiles | None, list[Diagnostic]]:
    """The examples' profiles, each with an id of its own, and with its name where it gives none."""
    settings = plan.settings
    filled = [{settings.name or settings.id: example.name, **example.given, settings.id: f"example-{i}"} for i, example in enumerate(examples)]
    sheet, found = read([{key: value for key, value in given.items() if value is not None} for given in filled], "examples")
    return (convert(sheet, inputs_of(plan))[0] if sheet is not None else None), found


def _invalid(reason: str, lang: str) -> Failure:
    return Failure("given", say("test.valid", lang), reason)


class _Answers:
    """The decisions of all examples, read row by row."""

    def __init__(self, decisions: Decisions, lang: str) -> None:
        self.decisions = decisions
        self.plan = decisions.plan
        self.lang = lang
        self.kept: dict[str, list[Any]] = {}
        self.conflicts = {conflict.row: conflict.diagnostic.message(lang) for conflict in decisions.conflicts}
        self.material = parts.material(decisions, {})

    def word(self, name: str, **values: Any) -> str:
        return say(f"test.{name}", self.lang, **values)

    def failures(self, example: Example, row: int) -> Iterator[Failure]:
        expect = example.expect
        if row in self.conflicts:
            if expect.status != "rejected":
                yield Failure("given", self.word("one_answer"), self.conflicts[row])
            return
        yield from self.of_roles(example, row)
        yield from self.of_rules(example, row)
        ranked = self.ranked(row)
        first = ranked[0] if ranked else None
        wanted = [expect.recommended] if isinstance(expect.recommended, str) else expect.recommended
        if wanted is not None and first not in wanted:
            got = self.word("first", first=first or self.word("nothing"), others=", ".join(ranked[1:3]) or self.word("nothing"))
            yield Failure("recommended", f" {self.word('or')} ".join(wanted), got, about=wanted)
        if tuple(ranked[: len(expect.ranking)]) != expect.ranking:
            yield Failure("ranking", ", ".join(expect.ranking), ", ".join(ranked) or self.word("nothing"), about=(expect.ranking, ranked))
        status = "undecided" if first is None else "assumed" if self.material[row] else "ok"
        if expect.status is not None and status != expect.status:
            yield Failure("status", expect.status, status, about=expect.status)
        if expect.placement is not None and (place := self.value("placement", row)) != expect.placement:
            yield Failure("placement", expect.placement, str(place), about=expect.placement)
        for name, value in expect.values.items():
            yield from self.compared(example, "values", name, value, self.value(name, row), value.number if isinstance(value, NearDoc) else value)
        for structure, facts in expect.staffing.items():
            k = int(self.decisions.ranked.order[0, row]) if structure == WINNER else list(self.plan.structures).index(structure)
            for fact, value in facts.items():
                values = self.decisions.staffing.facts[f"staffing.{fact}"]
                number = float(np.broadcast_to(values.values, self.decisions.scores.shape)[k, row])
                yield from self.compared(example, "staffing", f"{structure}.{fact}", value, number, list(self.plan.structures)[k])

    def of_roles(self, example: Example, row: int) -> Iterator[Failure]:
        expect = example.expect
        active = [id_ for id_ in self.plan.roles if self.value(f"role.{id_}.active", row)]
        if expect.roles is not None and set(expect.roles) != set(active):
            yield Failure("roles", ", ".join(sorted(expect.roles)) or "-", ", ".join(active) or "-", about=sorted(set(expect.roles) ^ set(active)))
        yes, no = self.word("active"), self.word("inactive")
        yield from (Failure("active", yes, no, role) for role in expect.active if role not in active)
        yield from (Failure("inactive", no, yes, role) for role in expect.inactive if role in active)

    def of_rules(self, example: Example, row: int) -> Iterator[Failure]:
        expect = example.expect
        yes, no = self.word("fired"), self.word("not_fired")
        yield from (Failure("fired", yes, no, rule) for rule in expect.fired if not self.fired(rule, row))
        yield from (Failure("not_fired", no, yes, rule) for rule in expect.not_fired if self.fired(rule, row))
        notes = [rule for rule in parts.note_order(self.plan) if self.fired(rule, row)]
        got = self.word("not_among", notes=", ".join(notes) or self.word("no_notes"))
        yield from (Failure("notes", self.word("said"), got, rule) for rule in expect.notes if rule not in notes)

    def fired(self, rule: str, row: int) -> bool:
        found = self.decisions.notes.get(rule, self.decisions.activations.fired.get(rule))
        return found is not None and bool(found[row])

    def ranked(self, row: int) -> list[str]:
        ids = list(self.plan.structures)
        ranked = self.decisions.ranked
        return [ids[k] for k in ranked.order[:, row].tolist() if ranked.tier[k, row] != INELIGIBLE]

    def value(self, name: str, row: int) -> Any:
        if name not in self.kept:
            self.kept[name] = to_values(parts.column_of(self.decisions, name), self.decisions.size)
        return self.kept[name][row]

    def compared(self, example: Example, what: str, name: str, wanted: Any, got: Any, about: Any) -> Iterator[Failure]:
        within: float | str | None = None
        if isinstance(wanted, NearDoc):
            within, wanted = wanted.within, wanted.number
        if _is_number(wanted) and _is_number(got):
            same = example.near(float(got), float(wanted), within)
        elif isinstance(wanted, list):
            same = list(got or ()) == wanted
        else:
            same = got == wanted and isinstance(got, bool) == isinstance(wanted, bool)
        if not same:
            tolerance = example.tolerance if within is None else within
            more = f" ± {tolerance}" if _is_number(wanted) and _is_number(got) else ""
            yield Failure(what, _shown(wanted) + more, _shown(got), name, about)


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """A value as it is written in an example."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}" if abs(value) < 1e5 else f"{value:.2f}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def as_data(result: Result, lang: str = "en") -> Mapping[str, Any]:
    """A result for programs."""
    failures = [{"what": item.key, "expected": item.expected, "got": item.got, "why": [text.strip() for text in item.why]} for item in result.failures]
    span = result.example.span
    return {"name": result.example.name, "file": span.source.name, "line": span.line, "passed": result.passed, "failures": failures}
