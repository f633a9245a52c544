"""Hypothesis strategies for whole models, as the files of a folder, and for profiles that fit them; and a folder of such files as a plan and columns."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from engine.feel.arrays import Column, from_values
from engine.model.facts import BEFORE_COORDINATION, RANKING_FACTS, STAFFING_FACTS
from engine.model.load import load_plan
from engine.model.plan import Plan
from tests.executors.expressions import Name, Writer

Files = dict[str, Any]
Row = dict[str, Any]
BOTH = {"en": "x", "id": "x"}
WORDS = (("red", "green", "blue"), ("hot", "cold"), ("one", "two", "three", "four"))
KINDS = ("inputs", "parameters", "decisions", "roles", "rules", "structures", "criteria", "kpis", "placement")
DECIMALS = st.integers(0, 10**6).map(lambda n: n / 1000)
POLICIES = ("unique", "any", "unique", "first", "priority", "rule order", "output order", "collect")


# -- from files to a plan, from rows to columns


def load(files: Mapping[str, Any], parameters: Mapping[str, float] | None = None) -> Plan:
    """The plan of `files`: kind -> entries, or a list of several files' entries, and `model` -> what model.yaml says besides. No finding is allowed."""
    with tempfile.TemporaryDirectory() as folder:
        head = {"name": "generated", "profile": {"id": "org_id"}, "staffing": {"wage_base": "100"}, **files.get("model", {}), "files": {}}
        for kind in KINDS:
            for i, part in enumerate(files[kind] if isinstance(files.get(kind), tuple) else [files[kind]] if files.get(kind) else []):
                Path(folder, f"{kind}{i}.yaml").write_text(json.dumps(part), encoding="utf-8")
                head["files"].setdefault(kind, []).append(f"{kind}{i}.yaml")
        Path(folder, "model.yaml").write_text(json.dumps(head), encoding="utf-8")
        plan, found = load_plan(folder, parameters)
        if plan is None or found:
            raise AssertionError("\n".join(item.render() for item in found) + f"\n{json.dumps(files, indent=1)}")
        return plan


def columns(plan: Plan, rows: Sequence[Row]) -> dict[str, Column]:
    """Stated inputs; what no row states is left out."""
    stated = {id_: [row.get(id_) for row in rows] for id_ in plan.inputs}
    return {
        id_: from_values(values, plan.inputs[id_].type.kind, plan.inputs[id_].type.values)
        for id_, values in stated.items()
        if any(value is not None for value in values)
    }


# -- models


@dataclass
class Model:
    """A model's files, and how each of its inputs is drawn."""

    files: Files
    inputs: dict[str, st.SearchStrategy[Any]]

    def rows(self, most: int = 12) -> st.SearchStrategy[list[Row]]:
        drawn = st.lists(st.fixed_dictionaries(self.inputs), min_size=1, max_size=most)
        return drawn.map(lambda rows: [{"org_id": f"o{i}", **row} for i, row in enumerate(rows)])


@dataclass
class _Maker:
    w: Writer
    made: int = 0
    files: Files = field(default_factory=lambda: {kind: {} for kind in KINDS} | {"rules": [], "criteria": []})
    values: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict)

    def id(self, mark: str) -> str:
        """An id that sorts anywhere."""
        self.made += 1
        return f"{self.w.among('agmtz')}{self.made}_{mark}"

    def times(self, least: int, most: int) -> range:
        return range(self.w.draw(st.integers(least, most)))

    # -- inputs

    def input(self) -> None:
        w, id_ = self.w, self.id("in")
        kind = w.among(("number", "number", "integer", "boolean", "string", "text", "set", "ranking"))
        values = w.among(WORDS) if kind in ("string", "set", "ranking") else None
        entry: dict[str, Any] = {"type": "string" if kind == "text" else kind, "label": BOTH}
        if values:
            entry["values"] = dict.fromkeys(values, BOTH)
        if kind == "number" and w.chance(2):
            entry["range"] = "[0..1000]"
        state = w.among(("required", "default", "default", "free", "free"))
        if state == "required":
            entry["required"] = True
        elif state == "default":
            entry["default"] = self.default(kind, "range" in entry, values)
        drawn = _values(kind, "range" in entry, values)
        self.values[id_] = drawn if state == "required" else st.none() | drawn
        self.files["inputs"][id_] = entry
        w.names.append(Name(id_, {"integer": "number", "text": "string"}.get(kind, kind), state != "required", values))
        w.names.append(Name(f"assumed.{id_}", "boolean"))

    def default(self, kind: str, bounded: bool, values: tuple[str, ...] | None) -> str:
        w = self.w
        if kind in ("number", "integer"):
            inner = w.among((w.sure_number(1), w.number(1)))
            return f"min({'1000' if bounded else '1000000000'}, max({'0' if bounded else '-1000'}, {inner}))"
        if kind == "boolean":
            return w.boolean(1)
        if kind == "text":
            return w.among(('"a"', 'if true then "ab" else null'))
        assert values is not None
        return w.word(values) if kind == "string" else w.words(kind, values)

    # -- decisions

    def decision(self) -> None:
        w, id_ = self.w, self.id("de")
        match w.among(("number", "number", "sure", "boolean", "string", "table", "table", "table", "table")):
            case "table":
                self.files["decisions"][id_] = {"table": self.table(id_)}
                return
            case "sure":
                name, text = Name(id_, "number"), w.sure_number()
            case "number":
                name, text = Name(id_, "number", True), w.number()
            case "boolean":
                name, text = Name(id_, "boolean", True), w.boolean()
            case _:
                name, text = Name(id_, "string", True), f'(if {w.boolean(1)} then "a" else string({w.number(0)}))'
        self.files["decisions"][id_] = {"value": text}
        w.names.append(name)

    def table(self, id_: str) -> dict[str, Any]:
        w = self.w
        policy = w.among(POLICIES)
        subjects = [self.subject(policy) for _ in self.times(1, 2)]
        words = w.among(WORDS) if policy in ("priority", "output order") or w.chance(3) else None
        rows = [{"when": [w.among(cells) for _, cells in subjects], "then": self.output(words)} for _ in self.times(1, 5)]
        if policy == "unique" and w.chance(2):  # rows that cannot overlap
            subjects = [(w.sure_number(1), ())]
            rows = [{"when": [cell], "then": self.output(words)} for cell in ("< 1", "[1..10)", ">= 10")]
        table: dict[str, Any] = {"hit policy": policy, "inputs": [text for text, _ in subjects], "rules": rows}
        if policy in ("priority", "output order"):
            table["values"] = list(w.draw(st.permutations(words or ())))
        if policy == "collect" and words is None:
            table["aggregate"] = w.among(("list", "sum", "min", "max", "count"))
        listed = policy in ("rule order", "output order") or table.get("aggregate", "list" if policy == "collect" else "") in ("list", "count")
        if not listed and w.chance(2):
            table["default"] = self.output(words)
        if not listed or table.get("aggregate") == "count":
            used = [table["default"]] if "default" in table else []
            known = tuple(table.get("values", dict.fromkeys([*(row["then"] for row in rows), *used])))
            w.names.append(Name(id_, "string" if words else "number", True, known if words else None))
        return table

    def output(self, words: tuple[str, ...] | None) -> str:
        return self.w.among(words) if words else self.w.among((self.w.sure_number(1), self.w.number(1)))

    def subject(self, policy: str) -> tuple[str, tuple[str, ...]]:
        """An input of a table, and cells for it. Rows of a unique table may overlap only where that is not seen before it runs."""
        w = self.w
        kind = "number" if policy == "unique" else w.among(("number", "number", "boolean", "string"))
        texts = [name for name in w.of("string") if name.values]
        if kind == "string" and texts:
            name = w.among(texts)
            words = name.values or ("",)
            first, last = words[0], words[-1]
            return name.text, (f'"{first}"', f'not("{last}")', f'"{first}", "{last}"', "-", "null")
        if kind == "boolean":
            return w.boolean(1), ("true", "false", "-", "null")
        x = w.number(1)
        cells = ("< 1", ">= 1", "[0..3)", "(1..10]", "> 10", "not(< 2)", "1, 2, 3", "null", "not(null)")
        return (f"({x}) + 1", cells) if policy == "unique" else (x, (*cells, "-"))

    # -- roles and rules

    def role(self) -> None:
        w, id_ = self.w, self.id("ro")
        for effect in w.among((("activate",), ("activate", "exclude"), ("activate", "activate", "exclude"), ("exclude",))):
            self.rule(effect, id_)
        self.files["roles"][id_] = {"label": BOTH, "fte": self.work(), "wage": f"max(0.1, {w.sure_number(1)})"}
        w.names.append(Name(f"role.{id_}.active", "boolean"))
        w.names.append(Name(f"role.{id_}.fte", "number"))

    def work(self) -> str:
        """Now and then too much for a float: a number is missing where one is required."""
        return f"(1 + abs({self.w.sure_number(0)})) * {10.0**308} * 10" if self.w.chance(15) else self.w.amount()

    def rule(self, effect: str, target: str) -> None:
        when = "true" if effect == "activate" and self.w.chance(4) else self.w.boolean()
        self.files["rules"].append({"id": self.id("ru"), "when": when, effect: target, "because": BOTH})

    def placement(self) -> None:
        places = self.w.among(WORDS)
        rows = [{"when": [self.w.boolean(1)], "then": "x"} for _ in self.times(1, 2)]
        table = {"hit policy": "first", "inputs": ["true"], "rules": [{"when": ["-"], "then": self.w.among(places)}]}
        if self.w.chance(2):
            table = {"hit policy": "first", "inputs": [row["when"][0] for row in rows], "rules": []}
            for i in range(len(rows)):
                table["rules"].append({"when": ["true" if j == i else "-" for j in range(len(rows))], "then": self.w.among(places)})  # type: ignore[attr-defined]
        self.files["placement"] = {"places": {place: {"label": BOTH} for place in places}, "decide": table}
        self.w.names.append(Name("placement", "string", True, places))

    # -- structures, criteria, settings

    def structure(self, attributes: Sequence[str], facts: Writer) -> None:
        posts: dict[str, Any] = {}
        ids = [self.id("po") for _ in self.times(1, 4)]
        for i, id_ in enumerate(ids):
            posts[id_] = self.post(ids[:i])
        self.shares(posts)
        needs = [{"needs": facts.boolean(1), "otherwise": BOTH} for _ in self.times(0, 2) if self.w.chance(2)]
        self.files["structures"][self.id("st")] = {
            "label": BOTH,
            "posts": posts,
            "eligible": needs,
            "attributes": {name: self.w.sure_number(1) for name in attributes},
        }

    def post(self, earlier: Sequence[str]) -> dict[str, Any]:
        w = self.w
        local = w.beside([Name("post.load", "number"), Name("post.people", "number")])
        places = tuple(self.files["placement"].get("places", ()))
        made: dict[str, Any] = {"label": BOTH, "covers": [role for role in self.files["roles"] if not w.chance(3)]}
        options = {
            "fte": w.amount(1) if w.chance(3) else None,
            "step": w.among((0.1, 0.2, 0.25, 1.0)) if w.chance(2) else None,
            "min": w.amount(1) if w.chance(3) else None,
            "max": w.amount(1) if w.chance(3) else None,
            "productivity": f"max(0.1, {w.share()})" if w.chance(3) else None,
            "engaged": w.among(("employee", "borrowed", "volunteer", "vendor")),
            "fee": f"max(0, {local.sure_number(1)})" if w.chance(2) else None,
            "grade": w.amount(1) if w.chance(3) else None,
            "sits_in": [place for place in places if w.chance(2)] if places else None,
            "reports_to": w.among(earlier) if earlier and w.chance(2) else None,
            "reaches": w.amount(0) if w.chance(2) else None,
        }
        return made | {key: value for key, value in options.items() if value is not None}

    def shares(self, posts: dict[str, Any]) -> None:
        for role in self.files["roles"]:
            covering = [post for post in posts.values() if role in post["covers"]]
            for post in covering[1:] if self.w.chance(2) else covering[:1]:
                if len(covering) > 1 and self.w.chance(2):
                    post.setdefault("share", {})[role] = f"{self.w.share()} * {1 / len(covering)}"

    def settle(self, facts: Writer) -> None:
        w = self.w
        self.files["criteria"].append({"id": self.id("cr"), "label": BOTH, "weight": "1", "value": "0.5"})  # no score is tiny
        for i in self.times(1, 3):
            scale = w.among(({}, {"scale": {"worst": 0.0, "best": 10.0}}, {"scale": {"worst": 3.0, "best": -2.5}}))
            weight = w.among(("1", "0.3", f"1 + {w.share()}", w.amount(1))[: 4 if i else 3])
            self.files["criteria"].append({"id": self.id("cr"), "label": BOTH, "weight": weight, "value": facts.sure_number(2), **scale})
        for _ in self.times(0, 2):
            self.files["rules"].append({"id": self.id("no"), "when": w.boolean(), "note": "info", "because": BOTH})
            self.files["rules"].append({"id": self.id("no"), "when": facts.beside(_RANKING).boolean(), "note": "task", "because": BOTH})
        self.files["kpis"][self.id("kp")] = {"label": BOTH, "when": w.boolean(1), "priority": w.sure_number(1)}
        before = w.beside([Name(name, "number") for name in BEFORE_COORDINATION])
        budgets = [name.text for name in w.of("number") if name.text in self.files["inputs"]]
        ranking = {"budget_slack": w.among(("0", "0.1")), "tie_tolerance": w.among(("0", "0.05"))}
        if budgets and w.chance(2):
            ranking["budget"] = w.among(budgets)
        if w.chance(4):
            ranking["max_headcount"] = w.number(1)
        staffing = {"wage_base": w.amount(1), "employer_factor": w.among(("1", "1.2")), "units": w.amount(0), "fragment": w.among(("0.5", w.amount(0)))}
        self.files["model"] = {"staffing": {**staffing, "coordination": before.amount(1)}, "ranking": ranking}


_RANKING = [Name(name, type_.kind, type_.nullable) for name, type_ in RANKING_FACTS.items()]


@st.composite
def models(draw: Any) -> Model:
    """A model with a little of everything. It loads without findings."""
    maker = _Maker(Writer(draw))
    w = maker.w
    maker.files["inputs"]["org_id"] = {"type": "string", "label": BOTH, "required": True}
    for i in maker.times(0, 2):
        maker.files["parameters"][f"p{i}"] = {"value": draw(st.sampled_from([0.0, 0.3, 1.0, 2.5, 100.0])), "estimate": True}
        w.names.append(Name(f"p{i}", "number"))
    for _ in maker.times(1, 5):
        maker.input()
    if w.chance(2):
        maker.placement()
    for _ in maker.times(1, 3):
        for _ in maker.times(0, 2):
            maker.decision()
        maker.role()
    attributes = [f"quality{i}" for i in maker.times(0, 2)]
    covers = [f"structure.covers.{role}" for role in maker.files["roles"]]
    facts = w.beside(
        [
            *(Name(name, "number") for name in STAFFING_FACTS),
            *(Name(f"staffing.coverage_of.{role}", "number") for role in maker.files["roles"]),
            *(Name(f"structure.{name}", "number") for name in attributes),
            *(Name(name, "boolean") for name in covers),
            Name("structure.posts", "number"),
            *([Name("structure.places", "set", values=tuple(maker.files["placement"]["places"]))] if maker.files["placement"] else []),
        ]
    )
    for _ in maker.times(1, 4):
        maker.structure(attributes, facts)
    maker.settle(facts)
    return Model(maker.files, maker.values)


def _values(kind: str, bounded: bool, values: tuple[str, ...] | None) -> st.SearchStrategy[Any]:
    match kind:
        case "number" if bounded:
            return st.sampled_from([0.0, 0.3, 0.1 + 0.2, 1.0, 2.0, 3.0, 10.0, 999.9999999999, 1000.0]) | DECIMALS
        case "number":
            return st.sampled_from([0.0, -1.0, 1.0, 0.3, 0.1 + 0.2, 3.0, 10.0, 1e-9, 1e15]) | DECIMALS | DECIMALS.map(lambda x: -x)
        case "integer":
            return st.integers(-2, 12).map(float)
        case "boolean":
            return st.booleans()
        case "text":
            return st.sampled_from(["a", "A", "b", "ab", "", "3"])
        case "string":
            return st.sampled_from(values or ())
        case "set":
            return st.sets(st.sampled_from(values or ())).map(lambda chosen: tuple(word for word in values or () if word in chosen))
    return st.lists(st.sampled_from(values or ()), unique=True).map(tuple)
