"""Turn the example files of a model into pytest's test items, where `--susun` or the ini option `susun` asks for it; else do nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engine.authoring.examples import Result
    from engine.model.plan import Plan


LANG = "id" if os.environ.get("SUSUN_LANG", "").lower().startswith("id") else "en"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("susun", "Susun, the rules engine")
    group.addoption("--susun", action="store_true", default=False, help="run the examples of Susun models (the files that a model.yaml lists as tests)")
    parser.addini("susun", "run the examples of Susun models, as --susun does", type="bool", default=False)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix not in (".yaml", ".yml") or not (parent.config.getoption("--susun") or parent.config.getini("susun")):
        return None
    file = file_path.resolve()
    model = file.parent if file.name == "model.yaml" and _unreadable(file) else _model_of(file)
    return ExampleFile.from_parent(parent, path=file_path, model=model) if model is not None else None


def _unreadable(head: Path) -> bool:
    """Whether this model.yaml seems to list tests but can't be read, so that nobody would miss them."""
    from engine.model.entries import read_folder

    return re.search(rb"^ *tests *:", head.read_bytes(), re.M) is not None and read_folder(head.parent).model is None


def _model_of(file: Path) -> Path | None:
    """The nearest folder above with a model.yaml that lists this file among its tests."""
    folder = next((folder for folder in file.parents if (folder / "model.yaml").is_file()), None)
    return folder if folder is not None and file in _tests(folder) else None


@cache
def _tests(folder: Path) -> frozenset[Path]:
    from engine.authoring.example_files import example_files

    return frozenset(path.resolve() for path in example_files(folder))


@cache
def _plan(folder: Path) -> tuple[Plan | None, str]:
    """The plan, or the text of what is wrong with the model; once a run."""
    from engine.diagnostics import errors
    from engine.model.load import load_plan

    plan, found = load_plan(folder)
    return plan, "\n".join(item.render(LANG) for item in errors(found))


class ExampleFile(pytest.File):
    """A file of examples. They are decided together, when the first of them runs."""

    def __init__(self, *, model: Path, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.model = model
        self.results: list[Result] = []

    def collect(self) -> Iterator[pytest.Item]:
        from engine.authoring.example_files import read_examples

        plan, wrong = _plan(self.model)
        if plan is None:
            raise self.CollectError(wrong)
        self.examples, found = read_examples([self.path], plan)
        self.plan = plan
        for i, example in enumerate(self.examples):
            yield ExampleItem.from_parent(self, name=example.name, number=i)
        if found:
            yield WrongFile.from_parent(self, name="file", text="\n".join(item.render(LANG) for item in found), line=found[0].span.line if found[0].span else 1)

    def result(self, number: int) -> Result:
        from engine.authoring.examples import run_examples

        if not self.results:
            self.results = run_examples(self.plan, self.examples, LANG)
        return self.results[number]


class ExampleFailed(Exception):
    """Internal: the text of a failed example."""


class _Said(pytest.Item):
    """An item whose failure is a text, not a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, ExampleFailed) else super().repr_failure(excinfo, style)


class ExampleItem(_Said):
    def __init__(self, *, number: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.number = number

    def runtest(self) -> None:
        assert isinstance(self.parent, ExampleFile)
        result = self.parent.result(self.number)
        if not result.passed:
            raise ExampleFailed(result.said(LANG))

    def reportinfo(self) -> tuple[Path, int, str]:
        assert isinstance(self.parent, ExampleFile)
        return self.path, self.parent.examples[self.number].span.line - 1, self.name


class WrongFile(_Said):
    """What is wrong with a file besides its good examples: always fails."""

    def __init__(self, *, text: str, line: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.text, self.line = text, line

    def runtest(self) -> None:
        raise ExampleFailed(self.text)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, "what is wrong with the file"
