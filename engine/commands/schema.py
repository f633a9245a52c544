"""Turn the arguments of `susun rules schema` into JSON Schemas of the rule files, on standard output or in a folder, or into a list of stale ones."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.authoring.modelines import SCHEMAS, line, stale, write_schemas
from engine.authoring.schema import ABOUT, KINDS, text
from engine.commands.common import DONE, FOUND, finish, known, stop, to_stderr
from engine.diagnostics import Diagnostic, Hint, Source
from engine.outcome.terminal import console, put_table, table
from engine.shipped import DEFAULT_MODEL
from engine.texts import say


def run(kind: str | None, output: str | None, check: bool, lang: str) -> int:
    """One schema to standard output; all of them to a folder; whether a folder's are right; or, without any of these, what there is."""
    folder = Path(output) if output is not None else SCHEMAS
    if kind is not None:
        known("file_kind", kind, ABOUT, lang)
    if check:
        return _check(folder, lang)
    if output is not None:
        return _write(folder, lang)
    if kind is not None:
        sys.stdout.write(text(kind))
        return DONE
    out = console()
    put_table(out, table([(say("schema.kind", lang), "left"), (say("schema.about", lang), "left")], [[name, say(f"schema.{name}", lang)] for name in KINDS]))
    out.print()
    out.print(say("schema.next", lang))
    out.print(say("schema.line", lang))
    out.print(f"  {line(DEFAULT_MODEL / 'roles.yaml', 'roles', SCHEMAS)}", end="")
    return DONE


def _check(folder: Path, lang: str) -> int:
    found = [
        Diagnostic("X211", {"file": str(path)}, Source(str(path), "").span(0, 0), Hint("hint.write_schemas", {"folder": str(folder)})) for path in stale(folder)
    ]
    if found:
        raise stop(found, lang, FOUND)
    to_stderr(say("schema.fresh", lang, folder=folder))
    return DONE


def _write(folder: Path, lang: str) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop([Diagnostic("X201", {"file": str(folder), "why": error.strerror or str(error)}, Source(str(folder), "").span(0, 0))], lang) from None
    if (code := finish(write_schemas(folder), lang)) == DONE:
        to_stderr(say("schema.written", lang, count=len(KINDS), folder=folder))
    return code
