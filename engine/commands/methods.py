"""Turn `--method` and `--methods` into chosen scoring methods, and several rankings of one organisation into a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.commands.common import stop
from engine.explain.case import Case
from engine.explain.methods import View, disagreements
from engine.model.plan import Plan
from engine.outcome.terminal import console, hanging, put_table, table
from engine.scoring.chosen import Chosen, choose, choose_all
from engine.scoring.stack import ScoringError
from engine.texts import say, shown

PLACES = 2


def method_of(text: str | None, plan: Plan, lang: str) -> Chosen | None:
    """The method of `--method`; None for the default, which has a faster way of its own."""
    if text is None or text == "weighted-sum":
        return None
    try:
        return choose(text, plan)
    except ScoringError as error:
        raise stop([error.diagnostic], lang) from None


def methods_of(texts: Sequence[str], plan: Plan, lang: str) -> list[Chosen]:
    try:
        return choose_all(texts, plan)
    except ScoringError as error:
        raise stop([error.diagnostic], lang) from None


def show_methods(case: Case, found: Sequence[View]) -> None:
    """A row per method with its first places, then where they disagree and why."""
    lang = case.lang
    labels = [structure.label[lang] for structure in case.plan.structures.values()]
    out = console()
    out.print()
    out.print(say("methods.title", lang), style="bold")
    headers = [(say("methods.method", lang), "left"), *((say(f"methods.place_{place}", lang), "left") for place in range(1, PLACES + 1))]
    rows = []
    for view in found:
        first = [labels[k] for k in view.order[:PLACES]]
        agreement = "-" if np.isnan(view.agreement) else shown.percent(view.agreement, lang)
        rows.append([view.chosen.label(lang), *first, *["-"] * (PLACES - len(first)), agreement])
    page = table([*headers, (say("methods.agreement", lang), "right")], rows)
    for column in page.columns:
        column.no_wrap, column.overflow = False, "fold"
        column.max_width = max(11, (out.width - 11) // (PLACES + 1) - 2)
    put_table(out, page)
    hanging(out, say("methods.agreement_note", lang), 0)
    for line in disagreements(case, found):
        out.print()
        hanging(out, line, 0)
