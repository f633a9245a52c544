"""Turn two structures' contributions into why the one beats the other, and each structure's into its best and its worst argument and its reason codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.explain.case import Case
from engine.scoring.ranking import INELIGIBLE, OVER_BUDGET
from engine.scoring.reason_codes import reason_codes
from engine.texts import say, shown

SEEN = 0.0005  # a smaller gap is 0 when printed
REASONS = 3  # criteria that a sentence names at most on either side
DIGITS = 3  # of scores


@dataclass(frozen=True, slots=True)
class Argument:
    """One criterion that sets two structures apart. `gap`: what it adds to the distance between their scores; above 0 it speaks for the first."""

    criterion: str
    own: float
    other: float
    gap: float


def arguments(case: Case, a: int, b: int) -> list[Argument]:
    """What sets the structure at `a` apart from that at `b`, the largest gap first either way; the gaps add up to the distance of their scores."""
    decisions = case.decisions
    parts = decisions.contributions[:, :, 0]
    values = decisions.judged.matrix[:, :, 0]
    found = [Argument(id_, float(values[c, a]), float(values[c, b]), float(parts[c, a] - parts[c, b])) for c, id_ in enumerate(case.plan.criteria)]
    return sorted(found, key=lambda item: -abs(item.gap))


def because(case: Case, a: int, b: int) -> str:
    """Why the structure at `a` stands before that at `b`, in two or three sentences."""
    decisions, lang = case.decisions, case.lang
    tiers = decisions.ranked.tier[:, 0]
    first, second = float(decisions.scores[a, 0]), float(decisions.scores[b, 0])
    said: dict[str, Any] = {"a": label(case, a), "b": label(case, b), "gap": shown.number(abs(first - second), lang, DIGITS)}
    said |= {"first": shown.number(first, lang, DIGITS), "second": shown.number(second, lang, DIGITS)}
    found = arguments(case, a, b)
    ahead = [item for item in found if item.gap > SEEN]
    behind = [item for item in found if item.gap < -SEEN]
    sentences = []
    if tiers[a] != tiers[b] and tiers[b] == OVER_BUDGET:
        sentences.append(say("because.over_budget", lang, money=shown.money(budget_gap(case, b), case.currency, lang), **said))
        if second > first:
            return " ".join([*sentences, say("because.otherwise", lang, reasons=_listed(case, behind, True), **said)])
    if not ahead and not behind:
        return " ".join([*sentences, say("because.equal", lang, **said)])
    if ahead and round(abs(first - second), DIGITS) == 0:
        said |= {"reasons": _listed(case, ahead), "others": _listed(case, behind, True)}
        return " ".join([*sentences, say("because.level" if behind else "because.level_ahead", lang, **said)])
    if ahead:
        sentences.append(say("because.ahead", lang, reasons=_listed(case, ahead), **said))
    sentences.append(say("because.behind", lang, reasons=_listed(case, behind, True), **said) if behind else say("because.nowhere", lang, **said))
    return " ".join(sentences)


def _listed(case: Case, found: list[Argument], turned: bool = False) -> str:
    """The criteria of some arguments with both values; `turned`: the other structure's first."""
    words = []
    for item in found[:REASONS]:
        a, b = (item.other, item.own) if turned else (item.own, item.other)
        name = case.plan.criteria[item.criterion].label[case.lang]
        values = {"a": shown.number(a, case.lang, 2), "b": shown.number(b, case.lang, 2), "gap": shown.number(abs(item.gap), case.lang, 3)}
        words.append(say("because.criterion", case.lang, criterion=name[:1].lower() + name[1:], **values))
    return shown.listed(words, case.lang)


def best_and_worst(case: Case, k: int) -> tuple[Argument | None, Argument | None]:
    """A losing structure's best and worst argument against the recommended one; None where nothing speaks for it, or against it."""
    found = arguments(case, k, case.winner)
    best = max(found, key=lambda item: item.gap, default=None)
    worst = min(found, key=lambda item: item.gap, default=None)
    return best if best is not None and best.gap > 1e-9 else None, worst if worst is not None and worst.gap < -1e-9 else None


def plea(case: Case, k: int) -> str:
    """The same as sentences; empty for a structure that differs in nothing."""
    said = []
    for key, item in zip(("best", "worst"), best_and_worst(case, k), strict=True):
        if item is not None:
            values = {"a": shown.number(item.own, case.lang, 2), "b": shown.number(item.other, case.lang, 2), "gap": shown.number(abs(item.gap), case.lang, 3)}
            said.append(say(f"plea.{key}", case.lang, criterion=case.plan.criteria[item.criterion].label[case.lang], **values))
        elif key == "best":
            said.append(say("plea.none", case.lang, winner=label(case, case.winner)))
    return " ".join(said)


def codes(case: Case, k: int) -> list[dict[str, Any]]:
    """What costs a structure most against a perfect one, the largest shortfall first: criterion, points lost."""
    weights, parts = case.decisions.judged.weights[:, 0], case.decisions.contributions[:, k, 0]
    ids = list(case.plan.criteria)
    return [{"criterion": ids[c], "points": float(weights[c] - parts[c])} for c in reason_codes(weights, parts, len(ids)).tolist() if c >= 0]


def data(case: Case, k: int) -> dict[str, Any]:
    """For programs: the gap to the recommended structure by criterion, its best and worst argument, its reason codes; None where a method other than the
    weighted sum on fixed scales has none."""
    method = case.decisions.method
    if method is not None:
        return {"gaps": gaps(case, k) if method.method.additive else None, "best_argument": None, "worst_argument": None, "reason_codes": None, "because": None}
    best, worst = best_and_worst(case, k) if k != case.winner else (None, None)
    return {
        "gaps": gaps(case, k),
        "best_argument": best.criterion if best else None,
        "worst_argument": worst.criterion if worst else None,
        "reason_codes": codes(case, k),
        "because": because(case, case.winner, k) if k != case.winner and int(case.decisions.ranked.tier[k, 0]) != INELIGIBLE else None,
    }


def budget_gap(case: Case, k: int) -> float:
    """What a structure needs more a month than the stated budget."""
    return float(case.value("staffing.cash_month", k) - case.value(case.plan.settings.budget or ""))


def gaps(case: Case, k: int) -> dict[str, float]:
    """What each criterion adds to the distance from the recommended structure's score."""
    parts = case.decisions.contributions[:, :, 0]
    return {id_: float(parts[c, k] - parts[c, case.winner]) for c, id_ in enumerate(case.plan.criteria)}


def label(case: Case, k: int) -> str:
    return list(case.plan.structures.values())[k].label[case.lang]
