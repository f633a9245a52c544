"""`susun rules test` as a user runs it: what a failure says, exit codes, choosing, JSON, JUnit, watching, and files that are broken."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from engine.authoring.example_files import read_examples
from engine.authoring.examples import run_examples
from engine.source import parse_yaml, read_file
from tests.program import CLI, ROOT, environment, run
from tests.rules.shipped_model import plan

SCHOOL = "{sector: school, employees: 45, platforms: 1, posts_per_week: 4, goals: [information], inquiries_per_day: 2}"
GOOD = f"- name: a school names one person\n  given: {SCHOOL}\n  expect: {{recommended: solo_generalist}}\n"
BAD = f"- name: a school has a duo\n  given: {SCHOOL}\n  expect: {{recommended: duo}}\n"
FOLDER = "models/own"


@cache
def cases():
    source, _ = read_file(ROOT / "tests" / "cases" / "failures.yaml")
    assert source is not None
    document, found = parse_yaml(source)
    assert document is not None, found
    return document.data


@pytest.fixture
def model(tmp_path):
    """A small overlay with a file of examples; writes them and gives the folder."""
    folder = tmp_path / FOLDER
    (folder / "tests").mkdir(parents=True)
    (folder / "model.yaml").write_text("name: own\nversion: 1.0.0\nextends: social_media_team\nfiles:\n  tests: [tests/a.yaml]\n")

    def write(text: str) -> Path:
        (folder / "tests" / "a.yaml").write_text(text, encoding="utf-8")
        return folder

    return write


# -- what a failure says


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_a_failure_says_what_and_why(case, tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(json.dumps([{key: case[key] for key in ("name", "given", "expect")}]), encoding="utf-8")  # JSON is YAML
    examples, found = read_examples([file], plan())
    assert not found, found
    for lang in ("en", "id"):
        [result] = run_examples(plan(), examples, lang)
        [failure] = result.failures
        said = "\n".join(failure.why)
        if lang == "en":
            assert str(failure).startswith(case["what"])
            assert [part for part in case.get("why", ()) if part not in said] == []
            english = failure.why
        else:
            assert failure.said("id") != failure.said("en") and len(failure.why) == len(english)
            assert not set(english) & set(failure.why), "said in Indonesian"


def test_what_holds_does_not_fail(model, tmp_path):
    text = f"""
- name: rejected as expected
  given: {{sector: school, employees: -3}}
  expect: {{status: rejected}}
- name: numbers within their own tolerance
  given: {SCHOOL}
  expect:
    staffing: {{recommended: {{coverage: 1, people: {{is: 0.7, within: 0.3}}}}, solo_generalist: {{cost_month: {{is: 6000000, within: 50%}}}}}}
    values: {{ranking.eligible: 1, platforms: 1, need_fte: {{is: 0.55, within: 0.3}}}}
    not_fired: [designer-for-visuals]
    ranking: [solo_generalist]
"""
    model(text)
    done = run(tmp_path, "rules", "test", FOLDER)
    assert (done.code, done.out.strip()) == (0, "2 passed, 0 failed.")


# -- the command


def test_the_shipped_examples_pass(tmp_path):
    done = run(tmp_path, "rules", "test")
    assert done.code == 0, done.said
    assert re.fullmatch(r"\d+ passed, 0 failed\.\n", done.out)


def test_a_failed_example_has_one_line_its_details_and_a_sum(model, tmp_path):
    model(BAD + GOOD)
    done = run(tmp_path, "rules", "test", FOLDER)
    lines = done.out.splitlines()
    assert done.code == 1
    assert lines[0] == f"failed  {FOLDER}/tests/a.yaml:1  a school has a duo"
    assert lines[1] == "  recommended: expected duo, got solo_generalist (then nothing)"
    assert lines[2].startswith("    Core duo is not eligible: ")
    assert lines[-1] == "1 passed, 1 failed."
    assert "names one person" not in done.out


def test_verbose_lists_all_in_columns(model, tmp_path):
    model(GOOD * 3 + BAD)
    done = run(tmp_path, "rules", "test", FOLDER, "-v", "--lang", "id")
    heads = [line for line in done.out.splitlines() if "a.yaml:" in line and not line.startswith(" ")]
    assert [line.split()[0] for line in heads] == ["lulus", "lulus", "lulus", "gagal"]
    assert len({line.index("a school") for line in heads}) == 1
    assert done.out.splitlines()[-1] == "3 lulus, 1 gagal."


def test_k_chooses_by_a_part_of_the_name(model, tmp_path):
    model(GOOD + BAD)
    done = run(tmp_path, "rules", "test", FOLDER, "-k", "ONE person")
    assert (done.code, done.out) == (0, "1 passed, 0 failed, 1 not chosen.\n")
    done = run(tmp_path, "rules", "test", FOLDER, "-k", "two persons")
    assert (done.code, done.out) == (2, "") and "X212" in done.err


def test_a_parameter_may_turn_an_example(model, tmp_path):
    model(f"- name: few visuals\n  given: {SCHOOL}\n  expect: {{not_fired: [designer-for-visuals]}}\n")
    assert run(tmp_path, "rules", "test", FOLDER).code == 0
    assert run(tmp_path, "rules", "test", FOLDER, "--param", "designer_visuals_week=2").code == 1
    assert run(tmp_path, "rules", "test", FOLDER, "--param", "no_such=2").code == 2
    assert run(tmp_path, "rules", "test", FOLDER, "--param", "nonsense").code == 2


def test_json_has_every_example_and_reason(model, tmp_path):
    model(GOOD + BAD)
    done = run(tmp_path, "rules", "test", FOLDER, "--json")
    data = json.loads(done.out)
    assert (done.code, data["passed"], data["failed"], data["model"]["name"]) == (1, 1, 1, "own")
    good, bad = data["examples"]
    assert (good["passed"], good["failures"], good["line"]) == (True, [], 1)
    assert (bad["file"], bad["line"]) == (f"{FOLDER}/tests/a.yaml", 4)
    [failure] = bad["failures"]
    assert failure["what"] == "recommended" and failure["expected"] == "duo" and failure["why"]


def test_junit_can_be_read_whatever_stands_in_a_name(model, tmp_path):
    model(BAD.replace("a school has a duo", '"\\e[1m <duo> & \\"co\\""') + GOOD + "- {name: broken, given: {sectr: a}}\n")
    done = run(tmp_path, "rules", "test", FOLDER, "--junit", "out.xml")
    assert done.code == 1
    root = Xml.parse(tmp_path / "out.xml").getroot()
    [suite] = root
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors")} == {"name": "own", "tests": "3", "failures": "1", "errors": "1"}
    bad, good, broken = suite.findall("testcase")
    assert bad.get("name") == '\ufffd[1m <duo> & "co"' and bad.get("line") == "1"
    failure = bad.find("failure")
    assert failure is not None and "expected duo" in failure.get("message", "") and "not eligible" in (failure.text or "")
    assert good.find("failure") is None and float(good.get("time", "x")) >= 0
    assert (broken.find("error") is not None) and broken.get("name", "").startswith("R503")


def test_junit_that_can_not_be_written_is_said(model, tmp_path):
    model(GOOD)
    done = run(tmp_path, "rules", "test", FOLDER, "--junit", "no/such/folder.xml")
    assert done.code == 2 and "X201" in done.err


# -- files that are broken


@pytest.mark.parametrize(
    ("text", "code", "exit_code"),
    [
        ("- name: [unclosed", "R104", 1),
        ("just a text", "R203", 1),
        ("- {given: {}}", "R202", 1),
        ("- 7", "R203", 1),
        ("- {name: a, given: {sectr: school}}", "R503", 1),
        ("- {name: a, given: {}, expect: {status: fine}}", "R204", 1),
        ("- {name: a, given: {}, expect: {recomended: duo}}", "R201", 1),
        ("- {name: a, given: {}, expect: {staffing: {duo: {cost: 1}}}}", "R503", 1),
        ("- {name: a, given: {}, expect: {values: {platforms: {about: 1}}}}", "R20", 1),
        ("- {name: a, given: {}, tolerance: 1.2.3%}", "R203", 1),
        ("- {name: a, given: {}, tolerance: -1}", "R203", 1),
        ("- {name: a, name: b, given: {}}", "R105", 1),
        (None, "R101", 2),
    ],
)
def test_a_broken_file_is_a_diagnostic(model, tmp_path, text, code, exit_code):
    folder = model(text or "")
    if text is None:
        (folder / "tests" / "a.yaml").unlink()
    done = run(tmp_path, "rules", "test", FOLDER)
    assert done.code == exit_code, done.said
    assert code in done.err and "tests/a.yaml" in done.err
    once = [line for line in done.err.splitlines() if re.search(r" [RX]\d{3} ", line)]
    assert len(once) == len(set(once))


def test_good_examples_of_a_broken_file_are_run(model, tmp_path):
    model(BAD + "- {name: a, given: {sectr: school}}\n")
    done = run(tmp_path, "rules", "test", FOLDER)
    assert done.code == 1 and "R503" in done.err and done.out.endswith("0 passed, 1 failed.\n")


def test_a_broken_model_is_shown_with_what_is_wrong(model, tmp_path):
    folder = model(GOOD)
    (folder / "rules.yaml").write_text("- id: a\n  when: 'x >'\n")
    (folder / "model.yaml").write_text("name: own\nextends: social_media_team\nfiles: {tests: [tests/a.yaml], rules: [rules.yaml]}\n")
    done = run(tmp_path, "rules", "test", FOLDER, "--junit", "out.xml")
    assert done.code == 1 and "rules.yaml:1" in done.err
    assert Xml.parse(tmp_path / "out.xml").getroot().get("errors") != "0"


def test_a_model_without_examples_says_so(model, tmp_path):
    folder = model("")
    (folder / "model.yaml").write_text("name: own\nextends: social_media_team\n")
    for lang, words in (("en", "own has no examples."), ("id", "own belum punya contoh.")):
        done = run(tmp_path, "rules", "test", FOLDER, "--lang", lang)
        assert done.code == 0 and words in done.out and "files: {tests:" in done.out


def test_no_model_is_wrong_use(tmp_path):
    for more in ((), ("--watch",)):
        done = run(tmp_path, "rules", "test", "nowhere", *more)
        assert done.code == 2 and "R101" in done.err


# -- watching


class Watched:
    """A process that watches, and its lines as they come."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-u", str(CLI), "rules", "test", FOLDER, "--watch"]
        self.process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def until_it_waits(self) -> str:
        found, last = "", time.monotonic() + 60
        while "Waiting for changes" not in found:
            found += self.lines.get(timeout=max(0.1, last - time.monotonic()))
        return found


@pytest.mark.slow
def test_watch_runs_again_after_each_save_and_survives_broken_files(model, tmp_path):
    folder = model(BAD)
    watched = Watched(tmp_path)
    try:
        assert "1 failed" in watched.until_it_waits()
        model(GOOD)
        assert "1 passed, 0 failed" in watched.until_it_waits()
        model("- name: [half sav")
        assert "R104" in watched.until_it_waits()
        (folder / "tests" / "a.yaml").unlink()
        assert "R101" in watched.until_it_waits()
        model(GOOD)
        assert "1 passed, 0 failed" in watched.until_it_waits()
        head = (folder / "model.yaml").read_text()
        (folder / "model.yaml").write_text("name: [")
        assert "R104" in watched.until_it_waits()
        (folder / "model.yaml").write_text(head)
        assert "1 passed, 0 failed" in watched.until_it_waits()
        (folder / "fresh.yaml").write_text("{}\n")
        assert "1 passed, 0 failed" in watched.until_it_waits()
        time.sleep(1)
        assert watched.lines.empty(), "nothing changed"
        watched.process.send_signal(signal.SIGINT)
        assert watched.process.wait(timeout=30) == 130
    finally:
        watched.process.kill()
    rest = "".join(watched.lines.queue)
    assert "Traceback" not in rest and "fault" not in rest


# -- pytest


def pytest_run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own, with this checkout's plugin, whether the installed package registers it or not."""
    more = environment(PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **variables)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"]
    known = subprocess.run([*command, "--help"], cwd=folder, env=more, capture_output=True, text=True, timeout=300, check=False)
    plugin = [] if "--susun" in known.stdout else ["-p", "engine.pytest_plugin"]
    return subprocess.run([*command, *plugin, *arguments], cwd=folder, env=more, capture_output=True, text=True, timeout=300, check=False)


def test_pytest_collects_examples_only_when_asked(model, tmp_path):
    model(GOOD + BAD)
    (tmp_path / "test_other.py").write_text("def test_other(): pass\n")
    (tmp_path / FOLDER / "tests" / "unlisted.yaml").write_text(BAD)
    done = pytest_run(tmp_path, "-q")
    assert (done.returncode, done.stdout.splitlines()[-1][:8]) == (0, "1 passed"), done.stdout + done.stderr
    done = pytest_run(tmp_path, "-q", "--susun")
    assert done.returncode == 1
    assert "1 failed, 2 passed" in done.stdout
    assert "a school has a duo: failed" in done.stdout and "Core duo is not eligible" in done.stdout
    assert "Traceback" not in done.stdout and "pytest_plugin.py" not in done.stdout, "a failure reads as a sentence"
    done = pytest_run(tmp_path, "-q", "--susun", FOLDER, SUSUN_LANG="id")
    assert done.returncode == 1 and "Duo Inti tidak memenuhi syarat" in done.stdout
    (tmp_path / "pytest.ini").write_text("[pytest]\nsusun = true\n")
    done = pytest_run(tmp_path, "-q", "-k", "person", FOLDER)
    assert (done.returncode, "1 passed, 1 deselected" in done.stdout) == (0, True), done.stdout


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [("tests/a.yaml", "- {name: a, given: {sectr: a}}", "R503"), ("tests/a.yaml", "- [", "R104"), ("model.yaml", "files:\n  tests: [tests/a.yaml", "R104")],
)
def test_pytest_shows_what_is_wrong_with_a_file(model, tmp_path, file, text, code):
    folder = model(GOOD)
    (folder / file).write_text(text)
    done = pytest_run(tmp_path, "-q", "--susun", FOLDER)
    assert done.returncode in (1, 2), done.stdout
    assert code in done.stdout and "Traceback" not in done.stdout


def test_the_shipped_examples_run_under_pytest(tmp_path):
    shutil.copytree(ROOT / "rules" / "social_media_team", tmp_path / "m")
    done = pytest_run(tmp_path, "-q", "--susun", "m/tests/worked_checks.yaml", "m/tests/roles.yaml")
    assert done.returncode == 0 and " passed" in done.stdout, done.stdout
