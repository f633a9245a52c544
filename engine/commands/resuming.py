"""Turn `--resume` and `--restart` of `susun evaluate` into a journal of what is decided, or into diagnostics that say why there can be none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.commands.common import stop, to_stderr
from engine.diagnostics import Diagnostic, Hint
from engine.model.plan import Plan
from engine.outcome.journal import Busy, Different, Journal, abandoned, folder_of, journal
from engine.outcome.terminal import show_diagnostics
from engine.outcome.write import remove_abandoned
from engine.profiles.read import STDIN
from engine.profiles.sources.base import Source
from engine.profiles.sources.lines import JsonLines
from engine.profiles.sources.text import Text
from engine.texts import say, shown

_FILE = "sha256 "
NAMED = ("input", "model", "program")  # what is called by a word of its own, not by an option


@dataclass(frozen=True, slots=True)
class Resume:
    """That a run can be continued. `anew`: what an earlier one has left does not count. `asked`: what the answers depend on, but for the input."""

    anew: bool
    asked: Mapping[str, str]


def resume_of(plan: Plan, anew: bool, options: Mapping[str, object], files: Mapping[str, str | None]) -> Resume:
    """`options`, `files`: option -> what is given, of all options that change answers; of a file what it holds counts, not where it lies."""
    asked = {name: _text(value) for name, value in options.items() if value not in (None, False, (), [])}
    asked |= {name: _FILE + _digest(Path(file)) for name, file in files.items() if file is not None}
    return Resume(anew, {"program": _program(), "model": plan.digest, **asked})


def refused(orgs: str, output: str | None, whole: str | None, lang: str) -> None:
    """End the command where nothing could be continued. `whole`: the option or the format of the output that is decided in one go."""
    if orgs == STDIN:
        raise stop([Diagnostic("X250", {}, None, Hint("hint.resume_file"))], lang)
    if output is None or output == STDIN:
        raise stop([Diagnostic("X251", {}, None, Hint("hint.resume_output"))], lang)
    if whole is not None:
        raise stop([Diagnostic("X252", {"what": whole}, None, Hint("hint.resume_without"))], lang)


@contextmanager
def continued(resume: Resume, source: Source, orgs: str, output: Path, lang: str) -> Iterator[Journal]:
    """The journal of a run, with what an earlier run has done; it says so. Ends the command where that was another run."""
    exact = isinstance(source, Text | JsonLines)  # of others the file as a whole is compared, since pieces of a table are not the same bytes every time
    given = f"{source.size}" if exact else _FILE + _digest(Path(orgs))
    remove_abandoned(output)
    try:
        with journal(output, {"input": given, **resume.asked}, exact, resume.anew) as found:
            if found.damaged:
                to_stderr(say("resume.damaged", lang))
            if found.parts:
                to_stderr(say("resume.continues", lang, rows=shown.number(found.rows, lang, 0)))
            yield found
    except Busy:
        raise stop([Diagnostic("X254", {"file": str(output)}, None, Hint("hint.resume_wait"))], lang) from None
    except Different as error:
        raise changed(output, _differences(error.before, {"input": given, **resume.asked}, lang), error.rows, lang) from None


def changed(output: Path, what: str, rows: int, lang: str) -> Exception:
    """Why what is kept is of no use to this run."""
    hint = Hint("hint.restart", {"rows": shown.number(rows, lang, 0)})
    return stop([Diagnostic("X253", {"folder": str(folder_of(output)), "what": what}, None, hint)], lang)


def damaged(output: Path, lang: str) -> Exception:
    return stop([Diagnostic("X255", {"folder": str(folder_of(output))}, None, Hint("hint.resume_again"))], lang)


def left_behind(output: Path, lang: str) -> Path | None:
    """The folder that an interrupted `--resume` has left of this output, which a run without it does not use; that is said."""
    folder = abandoned(output)
    if folder is not None:
        show_diagnostics([Diagnostic("X256", {"folder": str(folder)}, None, Hint("hint.resume_instead"))], lang)
    return folder


def _differences(before: Mapping[str, str], now: Mapping[str, str], lang: str) -> str:
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return shown.listed([_difference(name, before.get(name), now.get(name), lang) for name in names], lang)


def _difference(name: str, before: str | None, now: str | None, lang: str) -> str:
    if name in NAMED:
        return say(f"resume.{name}", lang)
    if any(value is not None and value.startswith(_FILE) for value in (before, now)):
        return f"`{name}`"
    return say("resume.option", lang, name=name, before=before or "-", now=now or "-")


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _program() -> str:
    """The versions of what makes the output."""
    found = []
    for name in ("susun", "numpy", "pyarrow"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(name)
    return ", ".join(found)
