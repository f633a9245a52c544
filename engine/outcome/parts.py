"""Turn decisions into the columns that are more than a number: roles, placement, KPIs, notes, assumptions, confidence, the reason."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.decide import Decisions, winner_column
from engine.executors.base import mask
from engine.feel.arrays import Bool, Column, Num, to_values
from engine.feel.columns import Reader
from engine.model.plan import Plan
from engine.outcome.fill import fill_rows, joined_words
from engine.scoring.ranking import OVER_BUDGET
from engine.staffing.columnar import seat_bits
from engine.texts import say, shown

LEVELS = ("warning", "task", "info")


def column_of(decisions: Decisions, name: str) -> Column:
    """A name as notes see it: staffing and structure of the recommended structure."""
    return winner_column(decisions.plan, decisions.staffing, decisions.ranked.order[0], dict(decisions.winner_columns), name)


def currencies(decisions: Decisions) -> list[str | None]:
    name = decisions.plan.settings.currency
    return [None] * decisions.size if name is None else to_values(column_of(decisions, name), decisions.size)


def texts(decisions: Decisions, name: str | None) -> list[str | None]:
    return [None] * decisions.size if name is None else to_values(column_of(decisions, name), decisions.size)


def roles(decisions: Decisions) -> list[str]:
    n = decisions.size
    masks = {}
    for id_ in decisions.plan.roles:
        column = decisions.activations.columns[f"role.{id_}.active"]
        assert isinstance(column, Bool)
        masks[id_] = mask(column.true, n)
    return joined_words(masks, n)


def assumed(decisions: Decisions, estimated: dict[str, np.ndarray]) -> list[str]:
    """Inputs that the model or a mapping filled in, in file order."""
    return joined_words(assumed_masks(decisions, estimated), decisions.size)


def assumed_masks(decisions: Decisions, estimated: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    n = decisions.size
    none = np.zeros(n, dtype=bool)
    found = {}
    for id_ in decisions.plan.inputs:
        both = decisions.activations.assumed.get(id_, none) | estimated.get(id_, none)
        if both.any():
            found[id_] = both
    return found


def material(decisions: Decisions, estimated: dict[str, np.ndarray]) -> np.ndarray:
    """(N,) whether a material input was filled in."""
    found = np.zeros(decisions.size, dtype=bool)
    for id_, where in assumed_masks(decisions, estimated).items():
        if decisions.plan.inputs[id_].material:
            found |= where
    return found


def confidence(decisions: Decisions, estimated: dict[str, np.ndarray]) -> np.ndarray:
    """(N,) the product over assumptions of 1 minus the doubt that each costs."""
    plan = decisions.plan
    doubts = {kind: _constant(decisions, formula) for kind, formula in plan.settings.doubts.items()}
    result = np.ones(decisions.size)
    for id_, where in assumed_masks(decisions, estimated).items():
        item = plan.inputs[id_]
        doubt = doubts["material"] if item.material else doubts["estimate"] if item.estimate or id_ in estimated else doubts["other"]
        result = np.where(where, result * (1.0 - doubt), result)
    return result


def _constant(decisions: Decisions, formula: Any) -> float:
    column = decisions.staffing.reader.read(formula.tree)
    return float(np.ravel(column.values)[0]) if isinstance(column, Num) else 0.0


def placement(decisions: Decisions) -> list[str]:
    """The team's placement first, then other places where posts of the recommended structure sit."""
    plan = decisions.plan
    own = texts(decisions, "placement" if "placement" in plan.decisions else None)
    bits = place_bits(decisions)
    names = tuple(plan.places)
    made: dict[tuple[str | None, int], str] = {}
    out = []
    for place, bit in zip(own, bits.tolist(), strict=True):
        key = (place, bit)
        if key not in made:
            others = [name for i, name in enumerate(names) if bit >> i & 1 and name != place]
            made[key] = ";".join([place, *others] if place else others)
        out.append(made[key])
    return out


def place_bits(decisions: Decisions) -> np.ndarray:
    """(N,) the places of the recommended structure's posts in use, as bits."""
    found = np.stack([np.broadcast_to(row, (decisions.size,)) for row in seat_bits(decisions.staffing)])
    return np.asarray(found[decisions.ranked.order[0], np.arange(decisions.size)])


def kpis(decisions: Decisions) -> list[str]:
    """The KPIs whose condition holds, the most important first, as many as the model shows."""
    plan, n = decisions.plan, decisions.size
    ids = list(plan.kpis)
    if not ids:
        return [""] * n
    limit = int(_constant(decisions, plan.settings.kpi_limit))
    reader = Reader(decisions.staffing.reader.column_of, plan.shared)
    key = np.full((len(ids), n), np.inf)
    for i, kpi in enumerate(plan.kpis.values()):
        when, priority = reader.read(kpi.when.tree), reader.read(kpi.priority.tree)
        assert isinstance(when, Bool) and isinstance(priority, Num)
        key[i] = np.where(when.true, -priority.values, np.inf)
    order = np.argsort(key, axis=0, kind="stable")[:limit]
    chosen = np.where(np.isfinite(np.take_along_axis(key, order, axis=0)), order, -1)
    distinct, inverse = np.unique(chosen, axis=1, return_inverse=True)
    words = [";".join(ids[i] for i in column if i >= 0) for column in distinct.T.tolist()]
    return [words[i] for i in np.ravel(inverse).tolist()]


def note_order(plan: Plan) -> list[str]:
    """Notes, the loud ones first: by level, then priority, then id."""
    notes = [rule for rule in plan.rules.values() if rule.effect == "note"]
    return [rule.id for rule in sorted(notes, key=lambda rule: (LEVELS.index(rule.target), -rule.priority, rule.id))]


def notes(decisions: Decisions, lang: str, levels: tuple[str, ...] = LEVELS) -> list[list[str]]:
    """For each row the sentences of its notes, the loud ones first."""
    out: list[list[str]] = [[] for _ in range(decisions.size)]
    money = currencies(decisions)
    for id_ in note_order(decisions.plan):
        rule = decisions.plan.rules[id_]
        rows = np.flatnonzero(decisions.notes[id_]) if rule.target in levels else np.array([], dtype=int)
        if len(rows):
            sentences = fill_rows(decisions.plan, rule.because, lang, lambda name: column_of(decisions, name), rows, [money[i] for i in rows.tolist()])
            for row, sentence in zip(rows.tolist(), sentences, strict=True):
                out[row].append(sentence)
    return out


def reasons(decisions: Decisions, lang: str) -> list[str]:
    """One sentence per row: what speaks for the recommended structure, and how far ahead it is."""
    plan, n = decisions.plan, decisions.size
    at = np.arange(n)
    ranked = decisions.ranked
    first = ranked.order[0]
    second = ranked.order[1] if ranked.order.shape[0] > 1 else first
    alone = np.isnan(ranked.margin)
    gain = _gain(decisions, first, second, alone)
    top = np.argsort(-gain, axis=0, kind="stable")[:2]
    lead = np.round(np.nan_to_num(ranked.margin), 3)
    over = ranked.tier[first, at] == OVER_BUDGET
    criteria = [criterion.label[lang] for criterion in plan.criteria.values()]
    structures = [structure.label[lang] for structure in plan.structures.values()]
    strong = np.take_along_axis(gain, top, axis=0) > 1e-9
    made: dict[Any, str] = {}
    out = []
    for row in range(n):
        key = (first[row], second[row], *top[:, row], *strong[:, row], lead[row], alone[row], over[row], ranked.tie[row], ranked.eligible[row] > 0)
        if key not in made:
            names = [criteria[c].lower() for c, ok in zip(top[:, row], strong[:, row], strict=True) if ok]
            made[key] = _reason(key, names, structures, lang)
            if decisions.method is not None and ranked.eligible[row] > 0:
                made[key] += " " + say("reason.method", lang, method=decisions.method.label(lang))
        out.append(made[key])
    return out


def _gain(decisions: Decisions, first: np.ndarray, second: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """(C, N) what each criterion speaks for the first structure, against the second if there is one; 0 by a method whose scores are no sums."""
    at = np.arange(decisions.size)
    method = decisions.method
    if method is None:
        matrix, weights = decisions.judged.matrix, decisions.judged.weights
        gain = (matrix[:, first, at] - matrix[:, second, at]) * weights
        gain[:, alone] = (matrix[:, first, at] * weights)[:, alone]
        return np.asarray(gain)
    if not method.method.additive:
        return np.zeros((len(decisions.plan.criteria), decisions.size))
    parts = decisions.contributions * (1.0 if method.method.higher else -1.0)
    return np.where(alone, 0.0, parts[:, first, at] - parts[:, second, at])


def _reason(key: Any, names: list[str], structures: list[str], lang: str) -> str:
    first, second, *_, lead, alone, over, tie, eligible = key
    if not eligible:
        return say("reason.undecided", lang)
    parts = {"structure": structures[first], "other": structures[second], "criteria": shown.listed(names, lang), "lead": shown.number(float(lead), lang, 3)}
    what = "alone" if alone else "tie" if tie else "ahead"
    text = say(f"reason.{what}" if names else f"reason.{what}_plain", lang, **parts)
    return text + (" " + say("reason.over_budget", lang) if over else "")
