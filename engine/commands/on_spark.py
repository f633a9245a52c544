"""Turn the arguments of `susun evaluate ORGS -o OUT --on spark` into answers that Spark's workers decide, in a file or a folder, and an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from engine.api import SusunError
from engine.commands.common import DONE, FOUND, finish, refuse_output, stop, to_stderr
from engine.diagnostics import Diagnostic, Hint, Source
from engine.distributed.evaluate import Asked, prepared
from engine.distributed.run import has_scheme, into_file, into_folder, opened, reason_of
from engine.distributed.session import missing, session
from engine.distributed.work import Work
from engine.outcome.sinks import SINKS, ending
from engine.outcome.terminal import show_diagnostics, summary
from engine.outcome.write import beside, cannot
from engine.profiles.read import read
from engine.profiles.rejects import head_of
from engine.texts import say, shown

MASTER = "local[*]"
FORMATS = (".csv", ".jsonl", ".parquet")


def refused(orgs: str, output: str | None, options: Mapping[str, Any]) -> list[Diagnostic]:
    """What cannot be done on Spark. `options`: those that work without Spark only, and what was given for them."""
    found = [Diagnostic("X403", {"option": name}, None, Hint("hint.without_spark")) for name, value in options.items() if value]
    found += [Diagnostic("X403", {"option": said}, None, Hint("hint.without_spark")) for said, path in (("-", orgs), ("-o -", output)) if path == "-"]
    if output is None:
        found.append(Diagnostic("X404", {}, None, Hint("hint.name_output")))
    elif output != "-" and (suffix := ending(Path(output.rstrip("/")))) not in FORMATS:
        hint = Hint("hint.formats", {"formats": ", ".join(FORMATS)})
        found.append(Diagnostic("X202", {"suffix": suffix or output}, Source(output, "").span(0, 0), hint))
    return found or missing()


def run(work: Work, orgs: str, output: str, rejects: str | None, strict: bool, locale: str | None, master: str | None) -> int:
    """Decide a file or folder on Spark. A file, and the rejects, appear whole or not at all."""
    if not has_scheme(orgs) and not Path(orgs).exists():
        raise stop(read(orgs)[1], work.lang)
    for path in (output, rejects):
        if path is not None and not has_scheme(path):
            refuse_output(Path(path), [Path(orgs)], work.lang)
    statuses: Counter[str] = Counter()
    try:
        with session(master or MASTER) as spark:
            asked = prepared(opened(spark, orgs), work, locale)
            show_diagnostics(asked.found, work.lang)
            statuses = _written(asked, output, rejects)
    except SusunError as error:
        raise stop(error.diagnostics, work.lang) from None
    except OSError as error:
        return finish([cannot(Path(output), error.strerror or str(error))], work.lang)
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("pyspark", "py4j"):
            raise
        raise stop(reason_of(error), work.lang) from None
    read_ = sum(statuses.values())
    to_stderr(say("evaluate.written", work.lang, rows=shown.number(read_, work.lang), file=output))
    to_stderr(summary(read_, statuses, work.lang))
    if rejects is not None:
        to_stderr(say("evaluate.rejects_written", work.lang, file=rejects))
    if strict and statuses["rejected"]:
        to_stderr(say("strict.stopped", work.lang))
        return FOUND
    return DONE


def _written(asked: Asked, output: str, rejects: str | None) -> Counter[str]:
    with ExitStack() as stack:
        aside = stack.enter_context(beside(Path(rejects))) if rejects is not None else None
        if aside is not None:
            aside.write(head_of(False))

        def rejected(text: str) -> None:
            if aside is not None:
                aside.write(text.encode())

        if has_scheme(output):
            return into_folder(asked, output, rejected if aside is not None else None)
        return into_file(asked, SINKS[ending(Path(output))], stack.enter_context(beside(Path(output))), rejected)
