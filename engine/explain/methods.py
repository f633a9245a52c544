"""Turn one decided profile into its rankings by several scoring methods: where they disagree with the recommendation, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.decide import score
from engine.explain.case import Case
from engine.scoring.chosen import Chosen
from engine.scoring.matrices import TIE, ranks
from engine.scoring.ranking import INELIGIBLE
from engine.texts import say, shown


@dataclass(frozen=True, slots=True)
class View:
    """How one method sees the structures. `scores`, `places` (1 is best, equals share a place): (K,), of ineligible ones nan and 0. `order`: positions of the
    eligible ones, best first. `agreement`: the share of pairs of them that stand in the same order as in the recommendation's ranking; nan without a pair.
    """

    chosen: Chosen
    scores: np.ndarray
    places: np.ndarray
    order: tuple[int, ...]
    agreement: float
    compromise: tuple[int, ...]


def views(case: Case, methods: Sequence[Chosen]) -> list[View]:
    """Rank the same structures by each method. Those over budget stand behind those within it, whatever the method says."""
    decisions = case.decisions
    own = _places(decisions.scores[:, 0], decisions.ranked.tier[:, 0], decisions.method is None or decisions.method.method.higher)
    found = []
    for chosen in methods:
        scores, ranked = score(case.plan, decisions.staffing, decisions.judged, len(case.plan.structures), chosen)
        tier = ranked.tier[:, 0]
        places = _places(scores[:, 0], tier, chosen.method.higher)
        order = tuple(k for k in ranked.order[:, 0].tolist() if tier[k] != INELIGIBLE)
        extras = chosen.scores(decisions.judged).extras
        near = extras["compromise"][:, 0] & (tier == tier.min()) & (tier != INELIGIBLE) if "compromise" in extras else np.zeros(len(tier), dtype=bool)
        values = np.where(tier == INELIGIBLE, np.nan, scores[:, 0])
        found.append(View(chosen, values, places, order, _agreement(own, places), tuple(np.flatnonzero(near).tolist())))
    return found


def _places(scores: np.ndarray, tier: np.ndarray, higher: bool) -> np.ndarray:
    """(K,) competition ranks, tier by tier; 0 for the ineligible."""
    places = np.zeros(len(scores), dtype=np.int64)
    before = 0
    for each in sorted(set(tier.tolist()) - {INELIGIBLE}):
        here = tier == each
        places[here] = before + ranks(scores[here] if higher else -scores[here], TIE)
        before += int(here.sum())
    return places


def _agreement(a: np.ndarray, b: np.ndarray) -> float:
    listed = np.flatnonzero(a > 0)
    first, second = np.triu_indices(len(listed), 1)
    if not len(first):
        return float("nan")
    one, other = (np.sign(places[listed][first] - places[listed][second]) for places in (a, b))
    return float((one == other).mean())


def disagreements(case: Case, found: Sequence[View]) -> list[str]:
    """How many methods agree on the first place; and for each that does not, what it sees differently."""
    if not case.decisions.ranked.eligible[0] or not found:
        return []
    lang, winner = case.lang, case.winner
    agree = sum(view.places[winner] == 1 for view in found)
    name = _label(case, winner)
    lines = [] if len(found) == 1 and not agree else [_agreed(agree, found, name, lang)]
    lines += [_why(case, view, winner) for view in found if view.places[winner] != 1]
    for view in found:
        if len(view.compromise) > 1:
            names = shown.listed((_label(case, k) for k in view.compromise), lang)
            lines.append(say("methods.compromise", lang, method=view.chosen.label(lang), structures=names))
    return lines


def _agreed(agree: int, found: Sequence[View], name: str, lang: str) -> str:
    if len(found) == 1:
        return say("methods.one", lang, method=found[0].chosen.label(lang), structure=name)
    key = "none" if not agree else "some" if agree < len(found) else "both" if agree == 2 else "all"
    return say(f"methods.{key}", lang, agree=agree, count=len(found), structure=name)


def _why(case: Case, view: View, winner: int) -> str:
    """What the method does differently, and the criterion on which that tells most between its first and the recommended structure."""
    lang, other, method = case.lang, view.order[0], view.chosen.method
    values = case.decisions.judged.matrix[:, :, 0]
    here, usual = (_shares(parts[:, other] - parts[:, winner]) for parts in (_for(case, view.chosen), _for(case, case.decisions.method)))
    c = int(np.argmax(here - usual))
    criterion = list(case.plan.criteria.values())[c]
    said = {
        "criterion": criterion.label[lang],
        "other": _label(case, other),
        "winner": _label(case, winner),
        "a": shown.number(float(values[c, other]), lang, 2),
        "b": shown.number(float(values[c, winner]), lang, 2),
    }
    variant = next((str(value) for option, value in view.chosen.options.items() if option in method.choices), next(iter(method.choices.values()), ("",))[0])
    how = say(f"methods.how.{method.name}" + (f".{variant}" if variant else ""), lang)
    side = "more" if values[c, other] > values[c, winner] else "less"
    return " ".join((say("methods.other", lang, method=view.chosen.label(lang), **said), how, say(f"methods.{side}", lang, **said)))


def _for(case: Case, chosen: Chosen | None) -> np.ndarray:
    """(C, K) how much each criterion speaks for each structure, in a method's own measure."""
    judged = case.decisions.judged
    if chosen is None:
        return np.asarray(judged.matrix[:, :, 0] * judged.weights)
    return chosen.parts(judged)[:, :, 0] * (1.0 if chosen.method.additive and chosen.method.higher else -1.0)


def _shares(gaps: np.ndarray) -> np.ndarray:
    whole = np.abs(gaps).sum()
    return gaps / whole if whole > 0 else gaps


def _label(case: Case, k: int) -> str:
    return list(case.plan.structures.values())[k].label[case.lang]


def data(case: Case, found: Sequence[View]) -> dict[str, Any]:
    """For programs: every structure's rank and score by every method, and the sentences."""
    ids = list(case.plan.structures)
    rows = [
        {
            "method": view.chosen.text,
            "first": ids[view.order[0]] if view.order else None,
            "ranks": {ids[k]: int(view.places[k]) for k in view.order},
            "scores": {ids[k]: float(view.scores[k]) for k in view.order},
            "agreement": None if np.isnan(view.agreement) else view.agreement,
            **({"compromise": [ids[k] for k in view.compromise]} if view.compromise else {}),
        }
        for view in found
    ]
    return {"methods": rows, "disagreements": disagreements(case, found)}
