"""The benchmarks measure what they say: peers and the rules written by hand decide as the model does, and figures are what they are called."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

from benchmarks import files, growth, memory, peers, table
from benchmarks.__main__ import BENCHMARKS
from benchmarks.conditions import conditions, facts
from benchmarks.growth import line, write_model
from benchmarks.peers import Peer
from benchmarks.profiles import load, made
from benchmarks.rule_part import disagreements, settle
from benchmarks.rules_susun import activation_rules, fire
from benchmarks.table import Row
from engine.api import load_model
from engine.model.load import load_plan
from engine.profiles.sample import write_sample
from tests.program import ROOT

FEW = 256


@pytest.fixture(scope="module")
def plan():
    return load()


def test_the_rules_written_by_hand_fire_as_the_models_do(plan):
    size = 4096
    assert disagreements(plan, settle(plan, made(plan, size), size), size) == []


@pytest.mark.parametrize("module", peers.MODULES)
def test_a_peers_rules_fire_as_the_models_do(plan, module):
    if find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    settled = settle(plan, made(plan, FEW), FEW)
    masks = fire(plan, settled, FEW)
    expected = [{id_ for id_, mask in masks.items() if mask[row]} for row in range(FEW)]
    for kind in peers.KINDS[module]:
        peer: Peer = kind(plan)
        seconds, fired = peer.fire(facts(plan, settled, FEW))
        assert fired == expected, peer.name
        assert seconds > 0


def test_a_peer_that_fires_something_else_stops_the_run(plan):
    class Silent:
        name = "silent"

        def fire(self, facts):
            return 1.0, [set() for _ in facts]

    with pytest.raises(SystemExit, match="silent does not fire as Susun does: manager-always"):
        peers._checked(Silent(), [{}, {}], [{"manager-always"}, set()])


def test_every_activation_rule_is_written_for_the_peers(plan):
    assert tuple(conditions(plan)) == activation_rules(plan)


def test_repeated_organisations_have_ids_of_their_own(plan, tmp_path):
    source = tmp_path / "in.csv"
    with source.open("wb") as out:
        write_sample(plan, 50, files.SEED, out)
    once, many = (load_model().profiles(str(path)) for path in (source, files.repeated(source, 3, tmp_path / "many.csv")))
    assert many.labels["id"].to_pylist() == [f"{number}-{id_}" for number in range(3) for id_ in once.labels["id"].to_pylist()]


def test_pyarrow_writes_the_same_table():
    found = files.compare(200, repeat=1)
    assert min(found.susun, found.read, found.write) > 0
    assert 0.95 < found.bytes_copy / found.bytes_out < 1.05


@pytest.mark.skipif(not memory.measurable(), reason="needs /proc/PID/smaps_rollup")
def test_the_peak_counts_what_a_child_holds():
    child = "held = bytearray(80_000_000); import time; time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    found = memory.peak([sys.executable, "-c", parent], ROOT)
    assert found.tree > 80 and found.one > 80
    assert memory.peak([sys.executable, "-c", "import time; time.sleep(0.2)"], ROOT).tree < 40


def test_a_line_finds_start_and_slope_and_what_lies_off_it():
    sizes = (10, 100, 1000, 10_000)
    exact = line("", "row", sizes, [0.5 + 0.002 * size for size in sizes])
    assert (exact.start, exact.slope, exact.bend) == pytest.approx((0.5, 0.002, 0), abs=1e-12)
    assert line("", "row", sizes, [0.002 * size**1.3 for size in sizes]).bend > growth.SLACK


def test_a_generated_model_has_as_many_rules_more(plan, tmp_path):
    larger, found = load_plan(write_model(plan, tmp_path / "larger", 30))
    assert larger is not None, found
    assert len(larger.rules) == len(plan.rules) + 30


def test_a_table_replaces_only_its_own_place(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n<!-- begin: a -->\nold\n<!-- end: a -->\n<!-- begin: b -->\nkept\n<!-- end: b -->\n", encoding="utf-8")
    table.write("a", table.as_markdown([Row("speed", "3/s", ">= 2/s", True)]), page)
    text = page.read_text(encoding="utf-8")
    assert "| speed | 3/s | >= 2/s | yes |" in text and "kept" in text and "old" not in text
    with pytest.raises(SystemExit, match="no place for c"):
        table.write("c", "", page)


def test_every_benchmark_has_its_place_on_the_page():
    page = table.PAGE.read_text(encoding="utf-8")
    for name in BENCHMARKS:
        assert page.count(f"<!-- begin: {name} -->") == page.count(f"<!-- end: {name} -->") == 1, name
