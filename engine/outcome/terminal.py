"""Turn answers into tables and pages for a terminal: aligned, coloured only on a terminal, never wider than it."""

from __future__ import annotations

import os
import re
import shlex
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from engine.batch import Answer
from engine.diagnostics import Diagnostic
from engine.explain import Explanation
from engine.model.plan import Plan
from engine.texts import say, shown

SHOWN_ROWS, SHOWN_WARNINGS, SHOWN_REJECTS = 200, 15, 10
NARROW = 96
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
LONGEST = 400  # characters of a cell that are looked at: no terminal is wider


def console(stream: Any = None) -> Any:
    """A rich console on a stream. Not a terminal: no colour, and wide enough for the text unless COLUMNS says otherwise."""
    from rich.console import Console

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    stream = stream or sys.stdout
    terminal = getattr(stream, "isatty", lambda: False)()
    width = None if terminal or os.environ.get("COLUMNS") else 140
    return Ours(
        file=stream, width=width, highlight=False, soft_wrap=False, emoji=False, markup=False, legacy_windows=False, no_color=None if terminal else True
    )


def table(headers: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], elastic: Sequence[Sequence[int]] = (), width: int | None = None) -> Any:
    """A plain table. `headers`: (title, justify). `elastic`: groups of columns that give way, the first group first, when all would be wider than `width`."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    cells = [[clean(text) for text in row] for row in rows]
    found = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0), show_header=any(title for title, _ in headers))
    widths = fitted([max(cell_len(text) for text in column) for column in zip([title for title, _ in headers], *cells, strict=True)], elastic, width)
    for (title, justify), size in zip(headers, widths, strict=True):
        found.add_column(title, justify=justify, overflow="ellipsis", no_wrap=True, min_width=size, max_width=size)  # type: ignore[arg-type]
    for row in cells:
        found.add_row(*(Text(cell, style=_style(cell)) for cell in row))
    return found


def fitted(widths: list[int], elastic: Sequence[Sequence[int]], total: int | None) -> list[int]:
    """Column widths that fit in `total` with two spaces between them: group by group the widest column is cut, first down to 16, then to 10."""
    widths = list(widths)
    for least in (16, 10):
        for group in elastic if total is not None else ():
            while sum(widths) + 2 * (len(widths) - 1) > (total or 0) and max(widths[i] for i in group) > least:
                widths[max(group, key=lambda i: widths[i])] -= 1
    return widths


def put_table(out: Any, found: Any) -> None:
    """Print a table without the blanks at the ends of its lines."""
    from rich.segment import Segment, Segments

    for line in out.render_lines(found, pad=False):
        while line and not line[-1].text.strip():
            line.pop()
        if line:
            line[-1] = Segment(line[-1].text.rstrip(), line[-1].style)
        out.print(Segments([*line, Segment.line()]), end="")


def put_folded(out: Any, headers: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], texts: Iterable[int]) -> None:
    """A table whose columns at `texts` take several lines where they must."""
    found = table(headers, rows)
    for i in texts:
        column = found.columns[i]
        column.no_wrap, column.overflow, column.min_width, column.max_width = False, "fold", 9, None
    put_table(out, found)


def clean(text: str) -> str:
    """A text in one line; what would command the terminal or turn its direction is replaced."""
    return text if text.isprintable() else _COMMANDS.sub("\ufffd", " ".join(text.split()))


def _style(cell: str) -> str:
    return {"rejected": "red", "ditolak": "red", "undecided": "yellow", "!": "bold red"}.get(cell, "")


def show_answer(plan: Plan, answer: Answer, warnings: Sequence[tuple[str, str]], next_: tuple[str, str] | None, lang: str) -> None:
    """The evaluated organisations as a table, then what must be read first, the rejected rows, the counts. `next_`: a sentence and the
    command in it, to which an organisation is added."""
    out = console()
    rows = answer.table.slice(0, SHOWN_ROWS).to_pylist()
    labels = {id_: item.label[lang] for id_, item in plan.structures.items()}
    warned = {org for org, _ in warnings}
    headers = [("", "left"), (say("table.organisation", lang), "left"), (say("table.team", lang), "left"), (say("table.people", lang), "right")]
    headers += [(say("table.cost", lang), "right"), (say("table.place", lang), "left"), (say("table.next", lang), "left"), (say("table.margin", lang), "right")]
    headers += [(say("table.status", lang), "left")]
    narrow = out.width < NARROW
    cells = [_row(plan, row, labels, warned, lang) for row in rows]
    keep = (0, 1, 2, 3, 4) if narrow else (0, 1, 2, 3, 4, 5, 8) if out.width < 130 else range(9)
    headers, cells = [headers[i] for i in keep], [[row[i] for i in keep] for row in cells]
    robust = "robustness" in answer.table.column_names
    if robust:
        headers.insert(5, (say("table.robustness", lang), "left"))
        for cell, row in zip(cells, rows, strict=True):
            cell.insert(5, say(f"robust.short_{row['robustness']}", lang) if row["robustness"] else "")
    giving_way = [group for group in ([i for i in (5 + robust, 6 + robust) if i < len(headers) - 1], (1, 2)) if group]
    put_table(out, table(headers, cells, giving_way, out.width))
    if answer.table.num_rows > SHOWN_ROWS:
        out.print(say("evaluate.more", lang, count=shown.number(answer.table.num_rows - SHOWN_ROWS, lang)))
        out.print()
        out.print(say("evaluate.structures", lang))
        put_table(out, table([("", "left"), ("", "right"), ("", "right")], _counts(plan, answer, lang)))
    if warnings:
        out.print()
        out.print(say("evaluate.warnings", lang), style="bold")
        seen: set[str] = set()
        for org, text in warnings:
            if org not in seen and len(seen) < SHOWN_WARNINGS:
                hanging(out, f"{org[:LONGEST]}: {text}", 2)
            seen.add(org)
        if len(seen) > SHOWN_WARNINGS:
            out.print("  " + say("evaluate.more_warnings", lang, count=len(seen) - SHOWN_WARNINGS))
    _rejected(out, answer, lang)
    out.print()
    hanging(out, summary(answer, lang), 0)
    if robust and (said := _how_firmly(answer, lang)):
        hanging(out, said, 0)
    first = next((row["org_id"] for row in rows if row["status"] != "rejected"), None)
    if first and next_ is not None:
        hanging(out, say(next_[0], lang, command=f"{next_[1]} --org {shlex.quote(first)}"), 0)


def show_long(plan: Plan, answer: Answer, lang: str) -> None:
    """Organisations and their structures in rank order, with the reason for each."""
    out = console()
    labels = {id_: item.label[lang] for id_, item in plan.structures.items()}
    headers = [(say("table.organisation", lang), "left"), (say("compare.rank", lang), "right"), (say("table.structure", lang), "left")]
    headers += [(say("table.score", lang), "right"), (say("table.people", lang), "right"), (say("table.reason", lang), "left")]
    rows = answer.table.slice(0, SHOWN_ROWS).to_pylist()
    cells = [
        [
            row["name"] or row["org_id"] or "-",
            "-" if row["rank"] is None else str(row["rank"]),
            labels[row["structure"]],
            "-" if row["score"] is None else shown.number(row["score"], lang, 3),
            shown.number(row["people"], lang),
            row["reason"] or "",
        ]
        for row in rows
    ]
    robust = "acceptability" in answer.table.column_names
    if robust:
        headers.insert(4, (say("table.first_in", lang), "right"))
        for cell, row in zip(cells, rows, strict=True):
            cell.insert(4, "-" if row["acceptability"] is None else shown.percent(row["acceptability"], lang))
    put_table(out, table(headers, cells, ((0, 2), (5 + robust,)), out.width))
    if answer.table.num_rows > SHOWN_ROWS:
        out.print(say("evaluate.more", lang, count=shown.number(answer.table.num_rows - SHOWN_ROWS, lang)))
    _rejected(out, answer, lang)
    out.print()
    hanging(out, summary(answer, lang), 0)


def _rejected(out: Any, answer: Answer, lang: str) -> None:
    if not answer.rejects:
        return
    out.print()
    out.print(say("evaluate.rejected", lang), style="bold")
    for reject in answer.rejects[:SHOWN_REJECTS]:
        hint = f" ({reject.diagnostic.hint.text(lang)})" if reject.diagnostic.hint else ""
        where = say("reject.line", lang, line=reject.line) if reject.line is not None else say("reject.row", lang, row=reject.row + 1)
        names = ", ".join(filter(None, (reject.org_id, reject.column)))
        hanging(out, f"{where}{f' ({names})' if names else ''}: {reject.diagnostic.message(lang)}{hint}", 2)
    if len(answer.rejects) > SHOWN_REJECTS:
        out.print("  " + say("evaluate.more_rejected", lang, count=shown.number(len(answer.rejects) - SHOWN_REJECTS, lang)))


def summary(answer: Answer, lang: str) -> str:
    """`76 organisations read: 40 decided, 30 with assumptions, 6 rejected.`"""
    counts = dict(answer.statuses)
    if "status" in answer.table.column_names:
        counts = {item["values"]: item["counts"] for item in answer.table.column("status").value_counts().to_pylist()}
    parts = [f"{shown.number(counts[key], lang)} {say(f'status.{key}', lang)}" for key in ("ok", "assumed", "undecided", "rejected") if counts.get(key)]
    return say("evaluate.summary", lang, read=shown.number(answer.read, lang), parts=", ".join(parts) or "-")


def _how_firmly(answer: Answer, lang: str) -> str:
    """How many recommendations are robust, fragile, ties; and what the words mean. Empty without a recommendation."""
    found = {item["values"]: item["counts"] for item in answer.table.column("robustness").value_counts().to_pylist()}
    parts = [f"{shown.number(found[label], lang)} {say(f'robust.short_{label}', lang)}" for label in ("robust", "fragile", "tie") if label in found]
    return say("robust.summary", lang, parts=", ".join(parts)) if parts else ""


def _counts(plan: Plan, answer: Answer, lang: str) -> list[list[str]]:
    found = {item["values"]: item["counts"] for item in answer.table.column("recommended").value_counts().to_pylist()}
    total = sum(count for id_, count in found.items() if id_ is not None) or 1
    ordered = sorted(((count, id_) for id_, count in found.items() if id_ is not None), reverse=True)
    return [[plan.structures[id_].label[lang], shown.number(count, lang), shown.percent(count / total, lang)] for count, id_ in ordered]


def _row(plan: Plan, row: dict[str, Any], labels: dict[str, str], warned: set[str], lang: str) -> list[str]:
    name = row["name"] or row["org_id"] or "-"
    mark = say("mark.warning", lang) if row["name"] in warned or row["org_id"] in warned else ""
    if row["status"] == "rejected":
        return [mark, name, say("status.rejected", lang), "", "", "", "", "", ""]
    cost = row["cost_month"]
    first = (row["placement"] or "").split(";")[0]
    place = plan.places[first][lang] if first in plan.places else ""
    return [
        mark,
        name,
        labels.get(row["recommended"], "-"),
        "" if row["people"] is None else shown.number(row["people"], lang),
        "" if cost is None else say("table.no_cost", lang) if cost == 0 else f"{row['currency'] or ''} {shown.short_money(cost, None, lang)}".strip(),
        place,
        labels.get(row["runner_up"], ""),
        "" if row["margin"] is None else shown.number(row["margin"], lang, 3),
        "" if row["status"] == "ok" else say(f"short.{row['status']}", lang),
    ]


def hanging(out: Any, text: str, indent: int, more: int = 2, style: str | None = None) -> None:
    """A paragraph whose further lines are indented a little more."""
    begin, after = " " * indent, " " * (indent + more)
    wrapped = textwrap.wrap(clean(text), max(20, out.width), initial_indent=begin, subsequent_indent=after, break_long_words=True, break_on_hyphens=False)
    for line in wrapped or [""]:
        out.print(line, style=style)


def show_explanation(explanation: Explanation, title: str, under: str) -> None:
    """The sections one below the other; sources in a quieter colour on a terminal."""
    from rich.text import Text

    out = console()
    out.print(clean(title), style="bold")
    out.print(under, style="dim")
    for section in explanation.sections:
        out.print()
        out.print(section.title, style="bold red" if section.id == "notes_loud" else "bold")
        for line in section.lines:
            indent = 2 + 2 * line.indent
            said = clean(line.text)
            text = f"{said} [{line.source}]" if line.source else said
            cut = len(said) + 1
            for piece in textwrap.wrap(text, max(20, out.width), initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_on_hyphens=False) or [
                ""
            ]:
                styled = Text(piece)
                start = max(0, len(piece) - max(0, len(piece.strip()) - cut)) if cut < len(piece.strip()) else len(piece)
                styled.stylize("dim", start)
                cut -= len(piece.strip()) + 1
                out.print(styled)


def show_diagnostics(found: Iterable[Diagnostic], lang: str, stream: Any = None) -> None:
    """Diagnostics as text, errors before warnings."""
    stream = stream or sys.stderr
    colour = getattr(stream, "isatty", lambda: False)() and not os.environ.get("NO_COLOR")
    for item in sorted(found, key=lambda d: d.severity != "error"):
        text = "\n".join(_COMMANDS.sub("\ufffd", line) for line in item.render(lang).split("\n"))
        if colour:
            head, _, rest = text.partition("\n")
            text = f"\x1b[{'31' if item.severity == 'error' else '33'}m{head}\x1b[0m" + (f"\n{rest}" if rest else "")
        print(text, file=stream)
