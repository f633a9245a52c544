"""The Python face: load a model, evaluate a DataFrame, decide one profile, explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.batch import evaluate as evaluate_profiles
from engine.decide import decide
from engine.diagnostics import Diagnostic, Hint, errors
from engine.executors.base import given
from engine.explain import Explanation, explain
from engine.explain.case import Case
from engine.feel.arrays import Column, take
from engine.model.load import load_plan
from engine.model.plan import Plan
from engine.outcome import parts
from engine.outcome.robust import refused
from engine.profiles.assemble import Inputs
from engine.profiles.convert import convert
from engine.profiles.mapping import convert_mapped
from engine.profiles.mapping_file import read_mapping
from engine.profiles.read import read
from engine.profiles.table import Profiles
from engine.scenarios.read import read_scenarios
from engine.scenarios.run import compare
from engine.scoring.chosen import Chosen, choose
from engine.scoring.robustness.samples import SAMPLES, SEED, Sampling
from engine.texts import LANGUAGES, Word
from engine.whatif import WhatIf, not_to_vary, read_target, whatif

if TYPE_CHECKING:
    import pandas as pd


class SusunError(ValueError):
    """What was given can't be used. `diagnostics` say where and why; the text is their text."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(item.render() for item in diagnostics))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Decision:
    """One profile's answer; `explanation.data` has everything as plain data."""

    recommended: str | None
    status: str
    score: float | None
    roles: tuple[str, ...]
    explanation: Explanation

    @property
    def data(self) -> dict[str, Any]:
        return self.explanation.data


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model."""

    plan: Plan
    path: str | Path | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)

    def evaluate(
        self,
        frame: pd.DataFrame,
        top: int = 3,
        form: str = "wide",
        lang: str = "en",
        method: str | None = None,
        robustness: bool = False,
        samples: int = SAMPLES,
        seed: int = SEED,
        scenarios: str | Path | Mapping[str, Any] | None = None,
        locale: str | None = None,
    ) -> pd.DataFrame:
        """A row per profile, in order, with the columns that `susun evaluate` writes; rejected rows say why in `reason`.
        `robustness`: also how firmly each recommendation holds, by so many sampled weights.

        `method`: how structures are ranked, as after `--method`. `locale`: how texts that hold numbers are written, as after `--locale`.
        `scenarios`: a scenario file, or id -> `set`, `parameters`, `label`; each adds its columns.
        Raises SusunError when columns are missing, an argument or a scenario is wrong, or robustness cannot be had, ScoringError where there is no
        such method."""
        if wrong := unfit(top, form, lang, method, samples, seed, scenarios, locale):
            raise SusunError(wrong)
        profiles = self.profiles(frame, locale=locale)
        chosen, sampling, wrong = ranked_by(self.plan, method, robustness, samples, seed)
        named, found = ([], []) if scenarios is None else read_scenarios(scenarios, self.plan, self._with)
        if wrong := [*errors(found), *wrong]:
            raise SusunError(wrong)
        answer = evaluate_profiles(self.plan, profiles, top=top, form=form, lang=lang, method=chosen, sampling=sampling)
        if scenarios is not None:
            answer = compare(self.plan, profiles, answer, named, top=top, form=form, lang=lang, method=chosen, sampling=sampling).answer
        table: pd.DataFrame = answer.table.to_pandas()
        return table

    def _with(self, parameters: Mapping[str, float]) -> tuple[Plan | None, list[Diagnostic]]:
        """The model with some parameters set otherwise."""
        return load_plan(self.path, {**self.parameters, **parameters})

    def decide(self, profile: Mapping[str, Any], lang: str = "en") -> Decision:
        """Decide one profile. Raises SusunError when it is not valid."""
        case = self.case(self.profiles(dict(profile)), 0, lang)
        explanation = explain(case)
        data = explanation.data
        score = next((item["score"] for item in data["structures"] if item["id"] == data["recommended"]), None)
        active = tuple(id_ for id_, role in data["roles"].items() if role["active"])
        return Decision(data["recommended"], data["status"], score, active, explanation)

    def explain(self, profile: Mapping[str, Any], lang: str = "en", role: str | None = None, structure: str | None = None) -> Explanation:
        """Full sentences: why each role is active or not, why the winner wins, what was assumed."""
        return explain(self.case(self.profiles(dict(profile)), 0, lang), role, structure)

    def whatif(self, profile: Mapping[str, Any], want: str, vary: Sequence[str] | None = None, pairs: bool = False) -> WhatIf:
        """The smallest change of each input after which the condition `want` holds, or, if it does, no longer does. `vary`: only of these inputs; `pairs`:
        also of two together. Raises SusunError for a profile or a condition that is not valid."""
        target, found = read_target(self.plan, want)
        if target is None:
            raise SusunError(found)
        if wrong := not_to_vary(self.plan, vary or ()):
            raise SusunError(wrong)
        profiles = self.profiles(dict(profile))
        self.case(profiles, 0, "en")
        return whatif(self.plan, row_columns(self.plan, profiles, 0), target, vary, pairs)

    def profiles(self, source: Any, mapping: str | Path | None = None, locale: str | None = None) -> Profiles:
        profiles, found = read_profiles(self.plan, source, mapping, locale=locale)
        if profiles is None:
            raise SusunError(errors(found))
        return profiles

    def case(self, profiles: Profiles, row: int, lang: str) -> Case:
        """One accepted row, decided, as a case to explain."""
        if profiles.size <= row:
            raise SusunError([reject.diagnostic for reject in profiles.rejects])
        case = case_of(self.plan, profiles, row, lang)
        if case.decisions.conflicts:
            raise SusunError([conflict.diagnostic for conflict in case.decisions.conflicts])
        return case


FORMS = ("wide", "long", "narrow")


def unfit(top: Any, form: Any, lang: Any, method: Any, samples: Any, seed: Any, scenarios: Any, locale: Any) -> list[Diagnostic]:
    """What is wrong with the arguments of a call, each by itself."""
    found = [
        Diagnostic("X233", {"option": option, "value": repr(value)[:80]}, None, Hint("hint.allowed", {"values": ", ".join(f'"{word}"' for word in allowed)}))
        for option, value, allowed in (("form", form, FORMS), ("lang", lang, LANGUAGES), ("locale", locale, (*LANGUAGES, None)))
        if not (value is None or isinstance(value, str)) or value not in allowed
    ]
    kinds: list[tuple[str, Any, Word, Any]] = [
        (option, value, Word("integer"), Integral) for option, value in (("top", top), ("samples", samples), ("seed", seed))
    ]
    kinds += [("method", method, Word("string"), str | None), ("scenarios", scenarios, Word("scenario_source"), str | Path | Mapping | None)]
    for option, value, wanted, kind in kinds:
        if not isinstance(value, kind) or isinstance(value, bool) or (option == "top" and value < 1):
            found.append(Diagnostic("X233", {"option": option, "value": repr(value)[:80]}, None, Hint("hint.give", {"wanted": wanted})))
    return found


def ranked_by(plan: Plan, method: str | None, robustness: bool, samples: int, seed: int) -> tuple[Chosen | None, Sampling | None, list[Diagnostic]]:
    """The method of ranking, None for the default one, and the sampling of weights, if they are asked for; or why they cannot be had."""
    chosen = None if method in (None, "weighted-sum") else choose(str(method), plan)
    sampling = Sampling(samples, seed) if robustness else None
    found = refused(plan, sampling) if sampling is not None else []
    if sampling is not None and chosen is not None:
        found = [*found, Diagnostic("X114", {"option": "robustness", "other": "method"}, None, Hint("hint.leave_out"))]
    return chosen, sampling, found


def load_model(path: str | Path | None = None, parameters: Mapping[str, float] | None = None) -> Model:
    """Load a model: a folder, the name of a shipped one, or the shipped default. Raises SusunError with every diagnostic."""
    plan, found = load_plan(path, parameters)
    if plan is None:
        raise SusunError(errors(found))
    return Model(plan, path, parameters or {})


def inputs_of(plan: Plan) -> Inputs:
    return Inputs(plan.inputs, plan.settings.id, plan.settings.name, plan.settings.currency)


def read_profiles(
    plan: Plan, source: Any, mapping: str | Path | None = None, keep: tuple[str, ...] = (), locale: str | None = None, page: str | None = None
) -> tuple[Profiles | None, list[Diagnostic]]:
    """Profiles from a path, DataFrame, dict or list of dicts, through a mapping file when there is one.

    `locale`: how numbers are written, "en" (1,250.5) or "id" (1.250,5), found out when it is not said. `page`: the sheet of a workbook, else its first.
    """
    sheet, found = read(source, page=page)
    if mapping is None:
        if sheet is None:
            return None, found
        profiles, more = convert(sheet, inputs_of(plan), keep, locale)
    else:
        map_, wrong = read_mapping(mapping)
        found = [*found, *wrong]
        if sheet is None or map_ is None:
            return None, found
        profiles, more = convert_mapped(sheet, map_, inputs_of(plan), keep, locale)
    return profiles, [*found, *more]


def row_columns(plan: Plan, profiles: Profiles, row: int) -> dict[str, Column]:
    """The stated inputs of one accepted row."""
    return {name: take(column, np.array([row])) for name, column in given(plan, profiles.columns).items()}


def case_of(plan: Plan, profiles: Profiles, row: int, lang: str, method: Chosen | None = None) -> Case:
    """Decide one accepted row, all structures in order."""
    decisions = decide(plan, row_columns(plan, profiles, row), 1, depth=len(plan.structures), method=method)
    estimates = {name: profiles.estimate_reasons[name] for name, mask in profiles.estimated.items() if mask[row]}
    return Case(decisions, lang, parts.texts(decisions, plan.settings.currency)[0].as_py(), estimates)
