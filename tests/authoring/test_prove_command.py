"""`susun rules prove` as a user runs it: exit codes, the page, JSON, a missing solver, an interrupt; and what the shipped model promises."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from engine.authoring.prove.goals import PROVED, REFUTED, UNKNOWN
from engine.authoring.prove.run import properties_of, prove
from engine.model.load import load_plan
from tests.program import CLI, environment, run

MODEL = {
    "model.yaml": "name: small\nprofile: {id: org_id}\nstaffing: {wage_base: 'pay'}\n",
    "inputs.yaml": "org_id: {type: string, label: {en: Id, id: Id}, required: true}\n"
    "people: {type: integer, label: {en: People, id: Orang}, range: '[1..1000]', required: true}\n",
    "parameters.yaml": "pay: {value: 100, estimate: true}\n",
    "roles.yaml": "officer: {label: {en: Officer, id: Petugas}, fte: 'people / 100'}\n",
    "rules.yaml": "- {id: always, when: 'true', activate: officer, because: {en: Always., id: Selalu.}}\n",
    "structures.yaml": "solo: {label: {en: Solo, id: Tunggal}, posts: {one: {covers: [officer]}}}\n",
    "criteria.yaml": "- {id: covered, label: {en: Covered, id: Tercakup}, weight: 1, value: 'staffing.coverage'}\n",
    "properties.yaml": "- {id: works, then: 'p.role.officer.fte > 0', label: {en: Somebody works, id: Ada yang bekerja}}\n",
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in MODEL.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_model_whose_properties_hold_exits_0(model):
    done = run(model, "rules", "prove", ".")
    assert done.code == 0, done.said
    assert "proved    works: Somebody works" in done.out
    assert ", 0 refuted, 0 unknown in " in done.out


def test_a_refuted_property_exits_1_and_shows_the_profile(model):
    (model / "properties.yaml").write_text("- {id: few, then: 'p.people < 9.5', label: {en: Few, id: Sedikit}}\n", encoding="utf-8")
    done = run(model, "rules", "prove", ".", "-k", "few")
    assert done.code == 1
    assert done.out.startswith("REFUTED   few: Few\n")
    assert "for p: people = 10\n" in done.out and "properties.yaml:1:19" in done.out
    said = json.loads(run(model, "rules", "prove", ".", "-k", "few", "--json").out)
    assert said["properties"][0]["status"] == REFUTED
    assert said["properties"][0]["profiles"]["p"]["people"] > 9.5


def test_an_unknown_property_exits_1_only_under_strict(model):
    text = "- {id: tiny, then: 'not(p.people + 0.000000000000000001 > p.people)', label: {en: Tiny, id: Kecil}}\n"
    (model / "properties.yaml").write_text(text, encoding="utf-8")
    assert [run(model, "rules", "prove", ".", "-k", "tiny", *more).code for more in ((), ("--strict",))] == [0, 1]


def test_a_text_that_no_property_holds_is_wrong_usage(model):
    done = run(model, "rules", "prove", ".", "-k", "nothing of the kind")
    assert (done.code, done.out) == (2, "no property matches\n")


def test_a_wrong_property_is_shown_and_the_others_are_proved(model):
    (model / "properties.yaml").write_text(MODEL["properties.yaml"] + MODEL["properties.yaml"].replace("works", "wrong").replace("fte", "ft"), encoding="utf-8")
    done = run(model, "rules", "prove", ".", "--lang", "id")
    assert done.code == 1
    assert "R401" in done.err and "p.role.officer.fte" in done.err and "^^^" in done.err
    assert "terbukti  works: Ada yang bekerja" in done.out


def test_without_the_solver_the_command_says_how_to_install_it(model, tmp_path):
    absent = tmp_path / "absent"
    absent.mkdir()
    (absent / "z3.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    done = run(model, "rules", "prove", ".", PYTHONPATH=str(absent))
    assert done.code == 2
    assert "X231" in done.err and "pip install susun[prove]" in done.err


def test_an_interrupt_ends_the_command_at_once(model):
    """The solver takes the signal for itself; the command must not go on with the next question."""
    people = MODEL["inputs.yaml"].splitlines(keepends=True)[1]
    more = [people.replace("people:", f"{name}:") for name in ("more", "most")]
    (model / "inputs.yaml").write_text("".join([MODEL["inputs.yaml"], *more]), encoding="utf-8")
    text = "- {id: fermat, then: 'p.people ** 3 + p.more ** 3 != p.most ** 3', label: {en: Fermat, id: Fermat}}\n"
    (model / "properties.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, str(CLI), "rules", "prove", ".", "-k", "fermat", "--timeout", "60"]
    process = subprocess.Popen(command, cwd=model, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    assert process.poll() is None, "it is at work"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err.strip()) == (130, "interrupted; no output was written")


# -- the shipped model


@pytest.mark.slow
def test_the_shipped_model_keeps_its_promises():
    plan, _ = load_plan()
    assert plan is not None
    properties, found = properties_of(plan, None)
    assert not found, textwrap.indent("\n".join(item.render() for item in found), "  ")
    outcomes = list(prove(plan, properties))
    left = {outcome.item.id: outcome.status for outcome in outcomes if outcome.status != PROVED}
    assert left.items() <= {"some-structure-is-eligible": UNKNOWN}.items(), "more than the solver can take; trying finds nothing against it"
    assert len(outcomes) - len(left) >= 12
    assert sum(outcome.seconds for outcome in outcomes) < 60
