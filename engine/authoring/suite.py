"""Turn a model's folder into the results of its examples and everything that is wrong with its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.example_files import example_files, read_examples
from engine.authoring.examples import Result, run_examples
from engine.diagnostics import Diagnostic, errors
from engine.model.entries import read_folder
from engine.model.load import folder_of, load_plan
from engine.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Suite:
    """`plan` is None when the model has errors. `files`: its example files; `results` only those of the chosen examples, of `known` ones."""

    plan: Plan | None
    files: tuple[Path, ...]
    results: tuple[Result, ...]
    known: int
    found: tuple[Diagnostic, ...]

    @property
    def failed(self) -> list[Result]:
        return [result for result in self.results if not result.passed]

    @property
    def wrong(self) -> list[Diagnostic]:
        return errors(self.found)


def run_suite(model: str | None, chosen: str | None = None, parameters: Mapping[str, float] | None = None, lang: str = "en") -> Suite:
    """Run the examples beside a model whose name contains `chosen`, in any case."""
    plan, found = load_plan(model, parameters)
    if plan is None:
        return Suite(None, (), (), 0, tuple(found))
    files = example_files(folder_of(model))
    examples, more = read_examples(files, plan)
    mine = [example for example in examples if chosen is None or chosen.casefold() in example.name.casefold()]
    return Suite(plan, tuple(files), tuple(run_examples(plan, mine, lang)), len(examples), (*found, *more))


State = dict[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Watch:
    """The files that a run reads, those of extended models included, and the model's folder, where new ones may appear."""

    folder: Path
    read: tuple[Path, ...]

    def state(self) -> State:
        """Each file that is there now, with the time of its last change and its size."""
        found = {}
        for path in sorted({*self.read, *self.folder.rglob("*.yaml")}):
            try:
                state = path.stat()
            except OSError:
                continue
            found[path] = (state.st_mtime_ns, state.st_size)
        return found


def watch(model: str | None) -> Watch:
    folder = folder_of(model).resolve()
    read = read_folder(folder)
    return Watch(folder, tuple({*(Path(name).resolve() for name in read.files), *(path.resolve() for path in read.tests)}))
