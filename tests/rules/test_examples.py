"""The shipped model's own examples: each decides as its file says, and together they reach everything that the model can say."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from engine.authoring.example_files import read_examples
from engine.authoring.examples import run_examples
from engine.diagnostics import Diagnostic
from tests.rules.shipped_model import examples, plan, results, wrong

LEAST = 43  # the three worked checks and forty more


def test_the_example_files_are_right() -> None:
    assert not wrong(), "\n".join(item.render() for item in wrong())


@pytest.mark.parametrize("number", range(len(examples())), ids=[example.name for example in examples()])
def test_the_example_holds(number: int) -> None:
    result = results()[number]
    assert result.passed, str(result)


def test_there_are_enough_examples_and_no_name_stands_twice() -> None:
    names = [example.name for example in examples()]
    assert len(names) >= LEAST
    assert len(set(names)) == len(names)


def test_every_role_is_expected_active_somewhere_and_inactive_somewhere() -> None:
    active = {role for example in examples() for role in (*example.expect.active, *(example.expect.roles or ()))}
    without = [set(plan().roles) - set(example.expect.roles) for example in examples() if example.expect.roles is not None]
    inactive = {role for example in examples() for role in example.expect.inactive}.union(*without)
    always = {rule.target for rule in plan().rules.values() if rule.effect == "activate" and rule.when.text == "true"}
    assert set(plan().roles) - active == set()
    assert set(plan().roles) - inactive == always


def test_every_structure_is_expected_to_win_somewhere() -> None:
    alone = {example.expect.recommended for example in examples() if isinstance(example.expect.recommended, str)}
    assert set(plan().structures) - alone == set()


def test_every_place_is_expected_somewhere() -> None:
    assert set(plan().places) - {example.expect.placement for example in examples()} == set()


def test_every_rule_about_a_role_fires_in_an_example() -> None:
    expected = {rule for example in examples() for rule in example.expect.fired}
    assert [rule.id for rule in plan().rules.values() if rule.effect != "note" and rule.id not in expected] == []


def test_every_note_is_said_in_an_example() -> None:
    expected = {note for example in examples() for note in example.expect.notes}
    assert [rule.id for rule in plan().rules.values() if rule.effect == "note" and rule.id not in expected] == []


# -- the runner itself


def written(folder: Path, text: str) -> tuple[list[str], list[Diagnostic]]:
    """Each example's failures, and what was wrong with the file."""
    file = folder / "examples.yaml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    found, wrong = read_examples([file], plan())
    return [str(failure) for result in run_examples(plan(), found) for failure in result.failures], wrong


def test_a_failure_says_what_was_expected_and_what_came(tmp_path: Path) -> None:
    failures, wrong = written(
        tmp_path,
        """
        - name: a school
          given: {sector: school, employees: 45, platforms: 1, posts_per_week: 4, goals: [information], inquiries_per_day: 2}
          expect:
            recommended: dandelion
            inactive: [social_media_manager]
            values: {first_goal: sales, platforms: 1.5}
            notes: [care-range]
          tolerance: 10%
        """,
    )
    assert wrong == []
    assert [failure for failure in failures if failure.startswith("notes.care-range: expected said, got not among")]
    assert "inactive.social_media_manager: expected inactive, got active" in failures
    assert "recommended: expected dandelion, got solo_generalist (then nothing)" in failures
    assert "values.first_goal: expected sales, got information" in failures
    assert "values.platforms: expected 1.5 ± 10%, got 1" in failures
    assert len(failures) == 5


def test_a_profile_that_is_not_valid_fails_with_the_reason(tmp_path: Path) -> None:
    failures, wrong = written(
        tmp_path,
        """
        - name: nobody works here
          given: {sector: school, employees: -3}
          expect: {recommended: duo}
        - name: somebody does
          given: {sector: school, employees: 3}
        """,
    )
    assert wrong == []
    assert len(failures) == 1
    assert failures[0].startswith("given: expected a valid profile, got ")


@pytest.mark.parametrize(
    ("line", "code", "underlined"),
    [
        ("expect: {recommended: duoo}", "R503", "recommended"),
        ("expect: {fired: [no-such-rule]}", "R503", "no-such-rule"),
        ("expect: {values: {no_such_name: 1}}", "R503", "no_such_name"),
        ("expect: {surprise: 1}", "R201", "surprise"),
        ("expect: {roles: 3}", "R203", "3"),
        ("tolerance: wide", "R203", "wide"),
    ],
)
def test_a_wrong_example_is_underlined(tmp_path: Path, line: str, code: str, underlined: str) -> None:
    _, wrong = written(tmp_path, f"- name: wrong\n  given: {{sector: school, employees: 3}}\n  {line}\n")
    assert [item.code for item in wrong][:1] == [code]
    assert wrong[0].span is not None
    assert underlined in wrong[0].span.text
