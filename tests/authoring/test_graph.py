"""Drawings of what needs what: boxes that do not overlap, links that lead from left to right, files that need nothing else."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.graph.dot import dot
from engine.authoring.graph.layout import layout
from engine.authoring.graph.links import KINDS, Links, Node, links
from engine.authoring.graph.look import LOOKS
from engine.authoring.graph.select import MOST, around, whole
from engine.authoring.graph.svg import WIDTH, _width, svg
from engine.model.load import load_plan
from tests.program import run

SVG = "{http://www.w3.org/2000/svg}"
SIZE, GAP = 30.0, 8.0
NAMES = st.sampled_from("abcdefghijkl")
GRAPHS = st.dictionaries(NAMES, st.lists(NAMES, max_size=5, unique=True), max_size=12)


@cache
def shipped() -> Links:
    plan, _ = load_plan()
    assert plan is not None
    return links(plan)


@settings(max_examples=300, deadline=None)
@given(GRAPHS)
def test_boxes_never_overlap_and_links_lead_one_layer_to_the_right(needs):
    placed = layout(needs, SIZE, GAP)
    assert set(placed.layers) == set(needs)
    assert all(b[1] == a[1] + 1 for a, b in placed.links)
    for layer in set(placed.layers.values()):
        spots = sorted((y, placed.layers[name] == at) for (name, at), y in placed.spots.items() if at == layer)
        for (above, box), (below, other) in pairwise(spots):
            assert below - above >= (SIZE + GAP if box and other else SIZE / 2 if box or other else 5) - 1e-6


@settings(max_examples=300, deadline=None)
@given(GRAPHS)
def test_every_need_is_a_way_along_the_links(needs):
    placed = layout(needs, SIZE, GAP)
    after: dict[object, list[tuple[str, int]]] = {}
    for a, b in placed.links:
        after.setdefault(a, []).append(b)

    def reached(name: str) -> set[str]:
        """The boxes at the ends of the branches of a box's lane."""
        found, lane = set(), [(name, placed.layers[name])]
        for spot in lane:
            for other in after.get(spot, []):
                if other[0] == name:
                    lane.append(other)
                else:
                    assert other[1] == placed.layers[other[0]]
                    found.add(other[0])
        return found

    wanted = {(other, name) for name, needed in needs.items() for other in needed if other in needs and other != name}
    drawn = {(name, other) for name in needs for other in reached(name)}
    assert {frozenset(link) for link in drawn} == {frozenset(link) for link in wanted}
    assert all(link in wanted or link in placed.turned for link in drawn)


def test_a_ring_is_drawn_with_one_link_turned():
    placed = layout({"a": ["b"], "b": ["c"], "c": ["a"]}, SIZE, GAP)
    assert len(placed.turned) == 1 and sorted(placed.layers.values()) == [0, 1, 2]


def test_the_layer_is_the_depth_and_a_source_stands_beside_its_first_user():
    placed = layout({"a": [], "b": ["a"], "c": ["b"], "d": ["c", "late"], "late": []}, SIZE, GAP)
    assert placed.layers == {"a": 0, "b": 1, "c": 2, "d": 3, "late": 2}


def drawing(name: str | None, lang: str = "en") -> ET.Element:
    graph = shipped()
    focus = [node.key for node in graph.named(name)] if name else []
    needs = around(graph, focus)[0] if name else whole(graph)
    return ET.fromstring(svg(graph, needs, focus, name or "all", lang))


def boxes(root: ET.Element) -> dict[str, tuple[str, float, float]]:
    """Id -> class, and where the middle of its box is; those of the legend have no title."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        title, move = group.find(f"{SVG}title"), re.match(r"translate\(([\d.]+) ([\d.]+)\)", group.get("transform", ""))
        if title is not None and move:
            found[(title.text or "").split("\n")[0].split(":")[0]] = (group.get("class", ""), float(move[1]), float(move[2]))
    return found


def test_the_whole_model_is_drawn_within_two_seconds_and_without_overlaps():
    graph = shipped()
    began = time.perf_counter()
    text = svg(graph, whole(graph), (), "all", "en")
    assert time.perf_counter() - began < 2
    found = boxes(ET.fromstring(text))
    assert set(found) == {node.id for key, node in graph.nodes.items() if graph.needs[key] or graph.users[key]}
    assert len(found) > 500
    columns: dict[float, list[float]] = {}
    for _, x, y in found.values():
        columns.setdefault(x, []).append(y)
    assert len(columns) > 10
    assert min(b - a for ys in columns.values() for a, b in pairwise(sorted(ys))) >= 38


def test_texts_stay_within_their_boxes_by_the_widths_that_are_reckoned():
    lines = [text.text or "" for group in drawing(None).iter(f"{SVG}g") for text in group.iter(f"{SVG}text")]
    assert len(lines) > 500
    assert [line for line in lines if _width(line) > WIDTH - 26 + 13] == []


@pytest.mark.parametrize("lang", ["en", "id"])
def test_a_drawing_needs_nothing_else_and_runs_nothing(lang):
    root = drawing("placement", lang)
    text = ET.tostring(root, encoding="unicode")
    assert not list(root.iter(f"{SVG}script")) and "href" not in text and "url(" not in text and "@import" not in text
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert "prefers-color-scheme:dark" in text
    assert ("Dandelion" in text) == (lang == "en") and ("Multi-pusat (dandelion)" in text) == (lang == "id")


def test_every_kind_has_its_own_shape_and_a_place_in_the_legend():
    assert set(LOOKS) == {*KINDS, "model"}
    assert len({look.outline(100, 40) for kind, look in LOOKS.items() if kind != "model"}) == len(KINDS)
    assert len({look.fill for look in LOOKS.values()}) == len({look.dark_fill for look in LOOKS.values()}) == len(LOOKS)
    legend = [text.text or "" for text in drawing(None).iter(f"{SVG}text")]
    assert all(any(re.fullmatch(rf"{word} \(\d+\)", text) for text in legend) for word in ("input", "rule", "role", "structure", "KPI", "criterion"))


@pytest.mark.parametrize("name", ["wage_base", "care_manager", "hub_and_spoke", "care-for-volume", "responsiveness"])
def test_a_drawing_around_a_name_is_small_and_holds_its_neighbours(name):
    graph = shipped()
    (node,) = graph.named(name)
    needs, steps = around(graph, [node.key])
    assert steps >= 1 and {*graph.needs[node.key], *graph.users[node.key]} <= set(needs)
    assert set(needs[node.key]) == set(graph.needs[node.key])
    assert len(needs) <= max(MOST, 1 + len(graph.needs[node.key]) + len(graph.users[node.key]))
    assert "focus" in boxes(drawing(name))[name][0]


def test_links_that_pass_the_name_by_are_left_out():
    graph = Links({}, {"a": (), "b": ("a",), "c": ("a", "b")}, {"a": ("b", "c"), "b": ("c",), "c": ()}, {})
    assert around(graph, ["b"]) == ({"a": [], "b": ["a"], "c": ["b"]}, 1)
    assert around(graph, ["a"])[0] == {"a": [], "b": ["a"], "c": ["a", "b"]}


def test_words_that_look_like_markup_are_only_words():
    odd = Node("inputs/x", "inputs", "x", {"en": 'a<b> & "c"\\ \x07', "id": "i"}, None, None)
    graph = Links({odd.key: odd}, {odd.key: ()}, {odd.key: ()}, {odd.key: ()})
    root = ET.fromstring(svg(graph, graph.needs, (), "<t>", "en"))
    assert 'a<b> & "c"\\ \ufffd' in {text.text for text in root.iter(f"{SVG}text")}
    assert 'label="a<b> & \\"c\\"\\\\ ' in dot(graph, graph.needs, (), 'a"b', "en")


def test_dot_has_every_definition_and_every_link():
    graph = shipped()
    needs = whole(graph)
    lines = dot(graph, needs, (), "all", "en").splitlines()
    assert lines[0] == 'digraph "all" {' and lines[-1] == "}"
    assert sum(" -> " in line for line in lines) == sum(map(len, needs.values()))
    assert sum("[label=" in line for line in lines) == len(needs)
    assert '  "rules/care-for-volume" -> "roles/care_manager";' in lines


def test_the_program_writes_a_drawing_by_its_extension(tmp_path):
    done = run(tmp_path, "rules", "show", "placement", "--graph", "g.svg", "--lang", "id")
    assert (done.code, done.out) == (0, "") and re.fullmatch(r"\d+ definisi dan \d+ kaitan digambar di g.svg\n", done.err)
    assert ET.parse(tmp_path / "g.svg").getroot().get("lang") == "id"
    assert run(tmp_path, "rules", "show", "--graph", "g.dot").code == 0
    assert (tmp_path / "g.dot").read_text().startswith('digraph "')


@pytest.mark.parametrize(
    ("name", "file", "code"), [("placement", "g.png", "X202"), ("placement", "no/g.svg", "X201"), ("placemen", "g.svg", "did you mean `placement`")]
)
def test_what_cannot_be_drawn_is_said(tmp_path, name, file, code):
    done = run(tmp_path, "rules", "show", name, "--graph", file)
    assert done.code == 2 and code in done.err and list(tmp_path.iterdir()) == []
