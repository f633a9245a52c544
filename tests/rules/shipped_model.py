"""The shipped model for the tests of this folder: its plan, its examples and their results, each made once."""

from __future__ import annotations

from functools import cache

from engine import shipped
from engine.authoring.example_files import Example, example_files, read_examples
from engine.authoring.examples import Result, run_examples
from engine.diagnostics import Diagnostic
from engine.model.load import load_plan
from engine.model.plan import Plan


@cache
def plan() -> Plan:
    found, wrong = load_plan()
    assert found is not None, "\n".join(item.render() for item in wrong)
    return found


@cache
def _read() -> tuple[list[Example], list[Diagnostic]]:
    return read_examples(example_files(shipped.DEFAULT_MODEL), plan())


def examples() -> list[Example]:
    return _read()[0]


def wrong() -> list[Diagnostic]:
    return _read()[1]


@cache
def results() -> list[Result]:
    return run_examples(plan(), examples())
