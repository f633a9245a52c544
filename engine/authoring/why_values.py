"""Turn a value that was not the expected one into sentences: the formula with the values in it, the row of the table that matched, the posts of a team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.explain.case import Case, cited
from engine.explain.structures import posts
from engine.feel.interpret import interpret
from engine.feel.tree import Op, Tree, refs
from engine.model.plan import Decision, Formula, Row
from engine.texts import say, shown

MOST = 3  # rows of a table that are named
LONGEST = 240  # characters of a formula that are shown


def of_value(case: Case, name: str, wanted: Any) -> Iterator[str]:
    """Where a name's value comes from."""
    plan = case.plan
    if name in plan.decisions:
        decision = plan.decisions[name]
        if decision.table is not None:
            yield from of_table(case, decision, wanted)
        elif decision.formula is not None:
            yield _formula(case, name, decision.formula)
    elif name in plan.inputs:
        item = plan.inputs[name]
        assumed = bool(case.value(f"assumed.{name}"))
        if assumed and item.default is not None:
            yield _formula(case, name, item.default)
        elif not assumed:
            yield say("test.given", case.lang, name=name)
    elif name.startswith("role.") and name.endswith(".fte"):
        yield _formula(case, name, plan.roles[name.split(".")[1]].fte)
    elif name.startswith("staffing."):
        yield from of_staffing(case, case.winner)
    elif name in plan.parameters:
        yield say("test.parameter", case.lang, name=name, source=cited((), plan.parameters[name].span))


def _formula(case: Case, name: str, formula: Formula) -> str:
    text = " ".join(formula.text.split())
    text = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    values = "; ".join(f"{ref} = {case.shown(ref, case.value(ref))}" for ref in dict.fromkeys(refs(formula.tree)))
    return say("test.formula" if values else "test.formula_plain", case.lang, name=name, text=text, values=values, source=cited((), formula.span))


def of_table(case: Case, decision: Decision, wanted: Any) -> Iterator[str]:
    """The row that matched, and what the rows that give the wanted output need."""
    table, lang = decision.table, case.lang
    if table is None:
        return
    matched = [row for row in table.rows if interpret(row.when, case.value) is True]
    for row in matched[:1]:
        yield say("test.row", lang, name=decision.id, output=case.shown(decision.id, interpret(row.then.tree, case.value)), source=cited((), row.span))
    if not matched:
        yield say("test.no_row", lang, name=decision.id)
    giving = [row for row in table.rows if interpret(row.then.tree, case.value) == wanted]
    for row in giving[:MOST]:
        source = cited((), row.span)
        if row in matched:
            yield "  " + say("test.row_later", lang, output=case.shown(decision.id, wanted), policy=table.policy, source=source)
        else:
            yield "  " + say("test.row_needs", lang, output=case.shown(decision.id, wanted), needs=_needs(case, row, table.inputs), source=source)
    if not giving:
        yield "  " + say("test.row_none", lang, output=case.shown(decision.id, wanted))


def _needs(case: Case, row: Row, inputs: tuple[Formula, ...]) -> str:
    """The cells of a row that do not hold."""
    cells = [(item, text) for item, text in zip(inputs, row.texts, strict=True) if text.strip() != "-"]
    conditions: tuple[Tree, ...] = (row.when,)
    if len(cells) > 1 and isinstance(row.when, Op):
        conditions = row.when.args
    if len(conditions) != len(cells):
        return "; ".join(f"{item.text}: {text}" for item, text in cells)
    failing = [(item, text) for (item, text), condition in zip(cells, conditions, strict=True) if interpret(condition, case.value) is not True]
    texts = [say("test.cell", case.lang, what=item.text, value=_read(case, item), test=text) for item, text in failing]
    return f"{say('join.and', case.lang)} ".join(texts)


def _read(case: Case, item: Formula) -> str:
    names = list(refs(item.tree))
    return case.shown(names[0] if len(names) == 1 and item.text.strip() == names[0] else "", interpret(item.tree, case.value))


def of_staffing(case: Case, k: int) -> Iterator[str]:
    """The posts in use of a structure, with people, work and cost."""
    structure, lang = list(case.plan.structures.values())[k], case.lang
    yield say("test.posts", lang, structure=structure.label[lang], source=cited((), structure.span, structure.id))
    for post in posts(case, k):
        values = {"people": shown.number(post["people"], lang), "load": shown.number(post["load"], lang)}
        yield "  " + say("test.post", lang, post=post["label"], cost=shown.money(post["cost"], case.currency, lang), **values)
