"""Turn the fields, texts and lists of a definition into an aligned page that is no wider than the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from engine.authoring.graph.links import Links, Node
from engine.model.plan import Plan
from engine.outcome.terminal import clean, console, hanging, put_table, table
from engine.texts import LANGUAGES, say

WRAPPED = ("label", "covers", "sits_in")  # columns that give way first, and go on in further lines
NARROWEST = 24  # columns for what stands beside a field's name; with less it stands below


class Page:
    """Fields collect and are printed together, aligned; lists are printed at once."""

    def __init__(self, plan: Plan, lang: str) -> None:
        self.plan, self.lang = plan, lang
        self._out = console()
        self._fields: list[tuple[str, str, bool]] = []  # name, one paragraph, whether in the quieter colour

    @property
    def languages(self) -> list[str]:
        """The chosen language first."""
        return [self.lang, *(lang for lang in LANGUAGES if lang != self.lang)]

    def title(self, node: Node) -> None:
        texts = [node.label[lang] for lang in self.languages if lang in node.label]
        hanging(self._out, f"{node.id}: {texts[0]}" if texts else node.id, 0, style="bold")
        for text in texts[1:]:
            hanging(self._out, text, len(node.id) + 2 if len(node.id) + 2 + NARROWEST <= self._out.width else 2, style="dim")

    def field(self, key: str, text: str) -> None:
        if text:
            self._fields.append((say(f"show.{key}", self.lang), text, False))

    def both(self, key: str, texts: Mapping[str, str] | None) -> None:
        """A text in both languages, one below the other."""
        for lang in self.languages:
            if texts and texts.get(lang):
                self._fields.append((say(f"show.{key}", self.lang) if lang == self.lang else "", texts[lang], lang != self.lang))

    def written(self, key: str, text: str | None) -> None:
        """An expression, its lines as in the file."""
        for i, line in enumerate((text or "").splitlines()):
            if line.strip():
                self._fields.append((say(f"show.{key}", self.lang) if i == 0 else "", line.rstrip(), False))

    def flush(self) -> None:
        """Print the fields: their names in a column, what they say beside it."""
        from rich.text import Text

        width = max((len(name) for name, _, _ in self._fields), default=0) + 2
        for before, (name, text, quiet) in zip([("", "", False), *self._fields], self._fields, strict=False):
            head = "" if name == before[0] else name
            if self._out.width - width < NARROWEST:
                if head:
                    self._out.print(head, style="bold")
                hanging(self._out, text, 2, style="dim" if quiet else None)
                continue
            begin = f"{head:<{width}}"
            room = max(NARROWEST, self._out.width)
            indent = " " * (width + len(text) - len(text.lstrip()))
            for line in textwrap.wrap(clean(text), room, initial_indent=begin, subsequent_indent=indent, break_on_hyphens=False):
                styled = Text(line.rstrip())  # after a word that had to be broken a space stays
                styled.stylize("bold", 0, len(head))
                if quiet:
                    styled.stylize("dim", width)
                self._out.print(styled)
        self._fields = []

    def listed(self, key: str, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
        """A heading with the count, and a table under it; empty columns are left out."""
        if not rows:
            return
        self._out.print()
        self._out.print(f"{say(f'show.{key}', self.lang)} ({len(rows)})", style="bold")
        kept = [i for i in range(len(columns)) if any(row[i] not in ("", "-") for row in rows)]
        headers = [("", "left"), *((say(f"show.{columns[i]}", self.lang) if columns[i] else "", "left") for i in kept)]
        cells = [["", *(row[i] for i in kept)] for row in rows]
        elastic = [[i for i, j in enumerate(kept, 1) if columns[j] in names] for names in (WRAPPED, columns)]
        found = table(headers, cells, [group for group in elastic if group], self._out.width)
        for i, j in enumerate(kept, 1):
            if columns[j] in WRAPPED:
                found.columns[i].no_wrap, found.columns[i].overflow = False, "fold"
        put_table(self._out, found)

    def definitions(self, key: str, graph: Links, keys: Iterable[str]) -> None:
        """Definitions with kind, id, label and place."""
        nodes = [graph.nodes[other] for other in keys]
        rows = [[say(f"one.{node.kind}", self.lang), node.id, node.label.get(self.lang, ""), node.place] for node in nodes]
        if self._wide(rows, 24):
            rows = [[*row[:2], "", graph.place(node)] for row, node in zip(rows, nodes, strict=True)]
        if self._wide(rows, 8):
            rows = [[kind, id_, "", PurePath(place).name] for kind, id_, _, place in rows]
        self.listed(key, rows, ("kind", "name", "label", "where"))

    def _wide(self, rows: Sequence[Sequence[str]], more: int) -> bool:
        return bool(rows) and sum(max(len(row[i]) for row in rows) for i in (0, 1, 3)) + more > self._out.width

    def decision_table(self, data: Mapping[str, Any]) -> None:
        """The rows in columns where the terminal is wide enough, else each with the cells that say something; then what is said of each."""
        self.field("table", say("show.table_of", self.lang, policy=f"{data['hit policy']} {data.get('aggregate', '')}".strip(), count=len(data["rules"])))
        self.field("values", ", ".join(data.get("values", ())))
        self.written("default", data.get("default"))
        self.flush()
        heads = [" ".join(text.split()) for text in data["inputs"]]
        rows = [[str(i), *row["when"], row["then"]] for i, row in enumerate(data["rules"], 1)]
        rows = [[" ".join(cell.split()) for cell in row] for row in rows]
        headers = [("", "left"), *((head, "left") for head in heads), (say("show.then", self.lang), "left")]
        widths = [max(len(cell) for cell in column) for column in zip([head for head, _ in headers], *rows, strict=True)]
        self._out.print()
        if sum(widths) + 2 * (len(widths) - 1) <= self._out.width:
            put_table(self._out, table(headers, rows))
        else:
            for number, *cells, then in rows:
                tests = ", ".join(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True) if cell != "-")
                hanging(self._out, f"{number:>3}  {tests or '-'} -> {then}", 0, 5)
        for i, row in enumerate(data["rules"], 1):
            if "because" in row:
                self._fields.append((say("show.row", self.lang, number=i), row["because"][self.lang], False))
                self._fields += [("", row["because"][lang], True) for lang in self.languages[1:] if lang in row["because"]]
                if row.get("cites"):
                    self._fields.append(("", f"[{'; '.join(row['cites'])}]", True))
        if self._fields:
            self._out.print()
        self.flush()
