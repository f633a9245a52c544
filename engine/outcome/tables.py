"""Turn decisions into pyarrow tables: wide (a row per organisation) or long (a row per organisation and structure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.decide import Decisions
from engine.feel.select import select
from engine.outcome import parts, robust
from engine.outcome.requirements import unmet
from engine.outcome.words import distinct, take_texts
from engine.scoring.ranking import INELIGIBLE
from engine.scoring.reason_codes import reason_codes
from engine.scoring.robustness.samples import Sampling
from engine.staffing.current import current, hires

WIDE = (
    "org_id", "name", "status", "recommended", "score", "margin", "runner_up", "roles", "people", "fte", "cost_month", "currency", "affordable",
    "budget_gap", "placement", "kpis", "notes", "assumed", "confidence", "reason",
)  # fmt: skip
STATUSES = ("ok", "assumed", "undecided")  # assumed: a material input was filled in; undecided: nothing is eligible
SCORE_DIGITS, PEOPLE_DIGITS, MONEY_DIGITS = 9, 6, 2
SHORTFALLS = 3  # criteria named for each structure


def wide(decisions: Decisions, estimated: Mapping[str, np.ndarray], top: int, lang: str, with_hires: bool = False, sampling: Sampling | None = None) -> Any:
    """A row per organisation with the columns of `WIDE`, those of `robust` by `sampling`, if any, then rank_2, score_2, ... up to `top`.
    Every row is decided; rejected ones are added later."""
    import pyarrow as pa

    plan, ranked, n = decisions.plan, decisions.ranked, decisions.size
    at = np.arange(n)
    ids = pa.array([*plan.structures])
    marks = dict(estimated)
    core = _core(decisions, marks)
    columns: dict[str, Any] = {
        "org_id": parts.texts(decisions, plan.settings.id),
        "name": parts.texts(decisions, plan.settings.name),
        **{name: core[name] for name in ("status", "recommended", "score")},
        "margin": _number(ranked.margin, ~np.isnan(ranked.margin), SCORE_DIGITS),
    }
    places = [(ranked.order[i], ranked.tier[ranked.order[i], at] != INELIGIBLE) for i in range(ranked.order.shape[0])]
    columns["runner_up"] = _structure(ids, *places[1]) if len(places) > 1 else pa.nulls(n, pa.string())
    columns["roles"] = parts.roles(decisions)
    columns |= {name: core[name] for name in ("people", "fte", "cost_month", "currency", "affordable")}
    gap = decisions.winner_columns["ranking.budget_gap"]
    columns["budget_gap"] = _number(gap.values, core["affordable"].is_valid().to_numpy(zero_copy_only=False), MONEY_DIGITS)  # type: ignore[union-attr]
    columns["placement"] = parts.placement(decisions)
    columns["kpis"] = parts.kpis(decisions)
    columns["notes"] = parts.joined_notes(decisions, lang)
    columns["assumed"] = parts.assumed(decisions, marks)
    columns["confidence"] = _number(parts.confidence(decisions, marks), np.ones(n, dtype=bool), 4)
    columns["reason"] = parts.reasons(decisions, lang)
    if sampling is not None:
        columns |= robust.wide(decisions, sampling)
    if with_hires:
        columns["hires"] = _hires(decisions)
    for place in range(1, min(top, len(places))):
        order, ok = places[place]
        columns[f"rank_{place + 1}"] = _structure(ids, order, ok)
        columns[f"score_{place + 1}"] = _number(decisions.scores[order, at], ok, SCORE_DIGITS)
    return pa.table(columns)


def _core(decisions: Decisions, marks: dict[str, np.ndarray]) -> dict[str, Any]:
    """What is recommended, how good it is, its people and its cost."""
    import pyarrow as pa

    first, found = decisions.ranked.order[0], decisions.ranked.eligible > 0
    columns: dict[str, Any] = {
        "status": take_texts(STATUSES, statuses(decisions, marks)),
        "recommended": _structure(pa.array([*decisions.plan.structures]), first, found),
        "score": _number(decisions.scores[first, np.arange(decisions.size)], found, SCORE_DIGITS),
    }
    for name, digits in (("people", PEOPLE_DIGITS), ("fte", PEOPLE_DIGITS), ("cost_month", MONEY_DIGITS)):
        columns[name] = _number(decisions.at_winner(f"staffing.{name}"), found, digits)
    columns["currency"] = parts.texts(decisions, decisions.plan.settings.currency)
    affordable = decisions.winner_columns["ranking.affordable"]
    known = affordable.true | affordable.false  # type: ignore[union-attr]
    columns["affordable"] = pa.array(affordable.true, pa.bool_(), mask=~known)  # type: ignore[union-attr]
    return columns


def statuses(decisions: Decisions, marks: Mapping[str, np.ndarray]) -> np.ndarray:
    """(N,) a position in `STATUSES`."""
    return np.asarray(select(decisions.ranked.eligible == 0, 2, select(parts.material(decisions, dict(marks)), 1, 0)))


def narrow(decisions: Decisions, estimated: Mapping[str, np.ndarray], top: int, lang: str) -> Any:
    """A row per organisation with what is recommended and its numbers, to stand beside another answer; `reason` is for rejected rows only."""
    import pyarrow as pa

    silent = pa.nulls(decisions.size, pa.string())
    return pa.table({"org_id": silent, "name": silent, **_core(decisions, dict(estimated)), "reason": silent})


def long(decisions: Decisions, estimated: Mapping[str, np.ndarray], top: int, lang: str, sampling: Sampling | None = None) -> Any:
    """A row per organisation and structure, in rank order; ineligible structures come last, without rank and score, with the requirement that says so."""
    import pyarrow as pa

    plan, ranked, n = decisions.plan, decisions.ranked, decisions.size
    k = len(plan.structures)
    order = ranked.order.T.ravel()
    rows = np.repeat(np.arange(n), ranked.order.shape[0])
    tier = ranked.tier[order, rows]
    eligible = tier != INELIGIBLE
    rank = np.tile(np.arange(1, ranked.order.shape[0] + 1), n)
    org = parts.texts(decisions, plan.settings.id)
    name = parts.texts(decisions, plan.settings.name)
    columns: dict[str, Any] = {
        "org_id": org.take(pa.array(rows)),
        "name": name.take(pa.array(rows)),
        "structure": pa.array([*plan.structures]).take(pa.array(order)),
        "rank": pa.array(rank, pa.int64(), mask=~eligible),
        "tier": pa.array(tier.astype(np.int64)),
        "score": _number(decisions.scores[order, rows], eligible, SCORE_DIGITS),
    }
    contributions = decisions.contributions
    added = eligible & (decisions.method is None or decisions.method.method.additive)
    for i, criterion in enumerate(plan.criteria):
        columns[f"contribution_{criterion}"] = _number(contributions[i][order, rows], added, 12)
    for fact, digits in (("people", PEOPLE_DIGITS), ("fte", PEOPLE_DIGITS), ("coverage", 6), ("cash_month", MONEY_DIGITS), ("cost_month", MONEY_DIGITS)):
        values = np.broadcast_to(decisions.staffing.facts[f"staffing.{fact}"].values, (k, n))[order, rows]
        columns[fact] = _number(values, np.ones(len(rows), dtype=bool), digits)
    if decisions.method is None:
        columns["shortfalls"] = _shortfalls(decisions, order, rows, eligible)
    index = np.where((rank == 1) & eligible, rows, n + np.arange(len(rows)))
    columns["reason"] = pa.concat_arrays([parts.reasons(decisions, lang), unmet(decisions, order, rows, lang)]).take(pa.array(index))
    if sampling is not None:
        columns |= robust.long(decisions, sampling, order, rows)
    return pa.table(columns)


def _shortfalls(decisions: Decisions, order: np.ndarray, rows: np.ndarray, eligible: np.ndarray) -> Any:
    """The criteria that cost a structure most against a perfect one, the largest shortfall first."""
    ids = [*decisions.plan.criteria]
    codes = reason_codes(decisions.judged.weights[:, None, :], decisions.contributions, SHORTFALLS)[:, order, rows]
    codes[:, ~eligible] = -1
    first, kind = distinct(list(codes))
    return take_texts([";".join(ids[c] for c in column if c >= 0) for column in codes[:, first].T.tolist()], kind)


def _hires(decisions: Decisions) -> Any:
    """People to hire for the recommended structure; empty where no existing staff is stated."""
    now = current(decisions.staffing)
    each = np.stack([hires(decisions.staffing, now, k) for k in range(len(decisions.plan.structures))])
    found = each[decisions.ranked.order[0], np.arange(decisions.size)]
    return _number(found, ~np.isnan(found) & (decisions.ranked.eligible > 0), PEOPLE_DIGITS)


def _structure(ids: Any, order: np.ndarray, ok: np.ndarray) -> Any:
    import pyarrow as pa

    return ids.take(pa.array(order, pa.int64(), mask=~ok))


def _number(values: Any, ok: np.ndarray, digits: int) -> Any:
    import pyarrow as pa

    rounded = np.round(np.where(ok, values, 0.0), digits) + 0.0
    return pa.array(np.broadcast_to(rounded, ok.shape), pa.float64(), mask=~ok)
