"""Turn decisions into the columns that are more than a number: roles, placement, KPIs, notes, assumptions, confidence, the reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from engine.decide import Decisions, picked, winner_column
from engine.executors.base import mask
from engine.feel.arrays import Bool, Column, Num, Str
from engine.feel.columns import Reader
from engine.feel.select import largest, select
from engine.model.plan import Plan
from engine.outcome.fill import fill_pieces
from engine.outcome.words import Piece, Pool, distinct, instead, joined_words, numbers, take_texts
from engine.scoring.ranking import OVER_BUDGET
from engine.staffing.columnar import seat_bits
from engine.texts import say, shown

LEVELS = ("warning", "task", "info")
LEAD = "\0"  # stands for a number that is different in every row


def column_of(decisions: Decisions, name: str) -> Column:
    """A name as notes see it: staffing and structure of the recommended structure."""
    return winner_column(decisions.plan, decisions.staffing, decisions.ranked.order[0], dict(decisions.winner_columns), name)


def words_of(decisions: Decisions, name: str | None) -> Str:
    """A text of each row; null for all where the model has no such name."""
    column = column_of(decisions, name) if name is not None else Str(np.int64(-1), ())
    assert isinstance(column, Str)
    return Str(np.broadcast_to(np.asarray(column.codes), (decisions.size,)), column.source)


def currencies(decisions: Decisions) -> Str:
    return words_of(decisions, decisions.plan.settings.currency)


def texts(decisions: Decisions, name: str | None) -> Any:
    """A text of each row, as a pyarrow array."""
    found = words_of(decisions, name)
    return take_texts(found.source, found.codes)


def roles(decisions: Decisions) -> Any:
    n = decisions.size
    masks = {}
    for id_ in decisions.plan.roles:
        column = decisions.activations.columns[f"role.{id_}.active"]
        assert isinstance(column, Bool)
        masks[id_] = mask(column.true, n)
    return joined_words(masks, n)


def assumed(decisions: Decisions, estimated: dict[str, np.ndarray]) -> Any:
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
        result = result * select(where, 1.0 - doubt, 1.0)
    return result


def _constant(decisions: Decisions, formula: Any) -> float:
    column = decisions.staffing.reader.read(formula.tree)
    return float(np.ravel(column.values)[0]) if isinstance(column, Num) else 0.0


def placement(decisions: Decisions) -> Any:
    """The team's placement first, then other places where posts of the recommended structure sit."""
    plan = decisions.plan
    own = words_of(decisions, "placement" if "placement" in plan.decisions else None)
    bits = place_bits(decisions)
    first, kind = distinct([own.codes, bits])
    made = []
    for row in first.tolist():
        place = own.words[own.codes[row]] if own.codes[row] >= 0 else None
        others = [name for i, name in enumerate(plan.places) if int(bits[row]) >> i & 1 and name != place]
        made.append(";".join([place, *others] if place else others))
    return take_texts(made, kind)


def place_bits(decisions: Decisions) -> np.ndarray:
    """(N,) the places of the recommended structure's posts in use, as bits."""
    found = np.stack([np.broadcast_to(row, (decisions.size,)) for row in seat_bits(decisions.staffing)])
    return np.asarray(found[decisions.ranked.order[0], np.arange(decisions.size)])


def kpis(decisions: Decisions) -> Any:
    """The KPIs whose condition holds, the most important first, as many as the model shows."""
    plan, n = decisions.plan, decisions.size
    ids = list(plan.kpis)
    if not ids:
        return Pool().line([], n)
    limit = int(_constant(decisions, plan.settings.kpi_limit))
    reader = Reader(decisions.staffing.reader.column_of, plan.shared)
    rank = np.empty((len(ids), n))
    for i, kpi in enumerate(plan.kpis.values()):
        when, priority = reader.read(kpi.when.tree), reader.read(kpi.priority.tree)
        assert isinstance(when, Bool) and isinstance(priority, Num)
        rank[i] = select(when.true, priority.values, -np.inf)
    chosen = _most(rank, limit)
    chosen = select(np.isfinite(np.take_along_axis(rank, chosen, axis=0)), chosen, -1)
    pool = Pool()
    return pool.line([pool.coded([f";{id_}" for id_ in ids] if i else ids, at) for i, at in enumerate(chosen)], n)


def note_order(plan: Plan) -> list[str]:
    """Notes, the loud ones first: by level, then priority, then id."""
    notes = [rule for rule in plan.rules.values() if rule.effect == "note"]
    return [rule.id for rule in sorted(notes, key=lambda rule: (LEVELS.index(rule.target), -rule.priority, rule.id))]


def said(decisions: Decisions, lang: str, pool: Pool, levels: tuple[str, ...] = LEVELS) -> Iterator[tuple[np.ndarray, list[Piece]]]:
    """Note by note, the loud ones first: the rows it is said to, and the sentences, in pieces of a pool."""
    money = currencies(decisions)
    for id_ in note_order(decisions.plan):
        rule = decisions.plan.rules[id_]
        rows = np.flatnonzero(decisions.notes[id_]) if rule.target in levels else np.array([], dtype=int)
        if len(rows):
            yield rows, fill_pieces(pool, decisions.plan, rule.because, lang, lambda name: column_of(decisions, name), rows, money)


def notes(decisions: Decisions, lang: str, levels: tuple[str, ...] = LEVELS) -> list[list[str]]:
    """For each row the sentences of its notes, the loud ones first."""
    out: list[list[str]] = [[] for _ in range(decisions.size)]
    pool = Pool()
    for rows, pieces in said(decisions, lang, pool, levels):
        for row, sentence in zip(rows.tolist(), pool.line(pieces, len(rows)).to_pylist(), strict=True):
            out[row].append(sentence)
    return out


def joined_notes(decisions: Decisions, lang: str) -> Any:
    """For each row the sentences of its notes, joined by `;`."""
    pool = Pool(lambda text: text.replace(";", ","))
    return pool.lines(said(decisions, lang, pool), ";", decisions.size)


def reasons(decisions: Decisions, lang: str) -> Any:
    """One sentence per row: what speaks for the recommended structure, and how far ahead it is."""
    plan, n = decisions.plan, decisions.size
    at = np.arange(n)
    ranked = decisions.ranked
    first = ranked.order[0]
    second = ranked.order[1] if ranked.order.shape[0] > 1 else first
    alone = np.isnan(ranked.margin)
    gain = _gain(decisions, first, second, alone)
    top = _most(gain, 2)
    strong = np.take_along_axis(gain, top, axis=0) > 1e-9
    over = ranked.tier[first, at] == OVER_BUDGET
    rows, kind = distinct([first, second, *select(strong, top, -1), alone, over, ranked.tie, ranked.eligible > 0])
    method = None if decisions.method is None else decisions.method.label(lang)
    before, after = [], []
    keys = zip(*(array[rows].tolist() for array in (first, second, alone, over, ranked.tie, ranked.eligible > 0)), strict=True)
    criteria = select(strong, top, -1)[:, rows].T.tolist()
    for key, strongest in zip(keys, criteria, strict=True):
        text = _reason(plan, lang, method, key, tuple(c for c in strongest if c >= 0))
        start, found, end = text.partition(LEAD)
        before.append(start)
        after.append(end if found else None)
    pool = Pool()
    has_lead = np.array([text is not None for text in after])[kind]
    lead = numbers(pool, np.round(np.nan_to_num(ranked.margin), 3), lang, 3)
    return pool.line([pool.coded(before, kind), *instead(pool, lead, ~has_lead, ""), pool.coded(after, kind)], n)


def _most(values: np.ndarray, count: int) -> np.ndarray:
    """(count, N) the positions of the largest values (C, N) of each column, the first of equal ones first; fewer where there are fewer."""
    left = values.copy()
    found = []
    for _ in range(min(count, len(values))):
        _, at = largest(left)
        found.append(at)
        left[at, np.arange(values.shape[1])] = -np.inf
    return np.stack(found) if found else np.zeros((0, values.shape[1]), dtype=np.int64)


def _gain(decisions: Decisions, first: np.ndarray, second: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """(C, N) what each criterion speaks for the first structure, against the second if there is one; 0 by a method whose scores are no sums."""
    n, method = decisions.size, decisions.method
    if method is None:
        gain = np.empty(decisions.judged.weights.shape)
        ours, theirs = first * n + np.arange(n), second * n + np.arange(n)
        for c, values in enumerate(decisions.judged.values):
            gain[c] = (picked(values, first, ours) - select(alone, 0.0, picked(values, second, theirs))) * decisions.judged.weights[c]
        return gain
    if not method.method.additive:
        return np.zeros((len(decisions.plan.criteria), decisions.size))
    parts = decisions.contributions * (1.0 if method.method.higher else -1.0)
    at = np.arange(n)
    return np.where(alone, 0.0, parts[:, first, at] - parts[:, second, at])


@lru_cache(maxsize=1 << 16)
def _reason(plan: Plan, lang: str, method: str | None, key: tuple[int, int, bool, bool, bool, bool], criteria: tuple[int, ...]) -> str:
    """The sentence, with `LEAD` where the lead is to stand."""
    first, second, alone, over, tie, eligible = key
    if not eligible:
        return say("reason.undecided", lang)
    structures = [structure.label[lang] for structure in plan.structures.values()]
    labels = [criterion.label[lang].lower() for criterion in plan.criteria.values()]
    names = [labels[c] for c in criteria]
    parts = {"structure": structures[first], "other": structures[second], "criteria": shown.listed(names, lang), "lead": LEAD}
    what = "alone" if alone else "tie" if tie else "ahead"
    text = say(f"reason.{what}" if names else f"reason.{what}_plain", lang, **parts)
    text += " " + say("reason.over_budget", lang) if over else ""
    return text + (" " + say("reason.method", lang, method=method) if method is not None else "")
