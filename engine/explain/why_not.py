"""Turn a condition that is not true into what it would take: each failing comparison with its value, its threshold and the distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.explain.case import Case
from engine.feel.interpret import interpret
from engine.feel.tree import Const, Op, Ref, Tree
from engine.texts import say, shown

_ORDER = {"less": ("below", True), "less_equal": ("at_most", True), "greater": ("above", False), "greater_equal": ("at_least", False)}
_NEGATED = {"less": "greater_equal", "less_equal": "greater", "greater": "less_equal", "greater_equal": "less"}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is not as the condition needs it. `distance`: how far the number is from the threshold, in its unit; None for other kinds."""

    name: str | None
    value: Any
    threshold: Any
    distance: float | None
    text: str


def lacks(case: Case, tree: Tree, text: str, wanted: bool = True, depth: int = 0) -> list[list[Lack]]:
    """The ways to make `tree` be `wanted`, each a list of what it would take; empty when it is so already. `text`: the expression as written."""

    def value(node: Tree) -> Any:
        return interpret(node, case.value)

    if value(tree) is wanted:
        return []
    match tree:
        case Op(name="not", args=(inner,)):
            return lacks(case, inner, text, not wanted, depth)
        case Op(name="and" | "or" as name, args=args):
            each = [(arg, lacks(case, arg, text, wanted, depth)) for arg in args]
            if (name == "and") == wanted:  # all are needed: what each lacks, by its cheapest way
                return [_strongest([lack for _, found in each if found for lack in min(found, key=_cost)])]
            ways = [way for _, found in each for way in found]
            return sorted(ways, key=_cost)[:3]
        case Ref(name=name) if depth < 4 and (decision := case.plan.decisions.get(name)) is not None and decision.formula is not None:
            ways = lacks(case, decision.formula.tree, decision.formula.text, wanted, depth + 1)
            return ways or [[_flag(case, name, wanted)]]
        case Ref(name=name):
            return [[_flag(case, name, wanted)]]
        case Op(name=name, args=(a, b)) if name in _ORDER:
            return [[_comparison(case, name if wanted else _NEGATED[name], a, b, text)]]
        case Op(name="contains_item", args=(xs, x)):
            return [[_membership(case, xs, x, wanted, text)]]
        case Op(name="equal", args=(a, b)):
            return [[_equality(case, a, b, wanted, text)]]
        case Op(name="is_null" | "is_defined" as name, args=(a,)):
            missing = (name == "is_null") == wanted
            key = "lack.must_be_missing" if missing else "lack.unknown"
            return [[Lack(_name(a), value(a), None, None, say(key, case.lang, what=_called(case, a, text)))]]
        case Op(name="between" | "range_closed_open" | "range_open_closed" | "range_open", args=(x, low, high)):
            key = "lack.outside" if wanted else "lack.inside"
            shown_ = {"what": _called(case, x, text), "value": _shown(case, x), "low": _shown(case, low), "high": _shown(case, high)}
            return [[Lack(_name(x), value(x), (value(low), value(high)), _to_range(value(x), value(low), value(high)), say(key, case.lang, **shown_))]]
    snippet = " ".join(text[slice(*tree.span)].split())
    return [[Lack(None, value(tree), wanted, None, say("lack.expression", case.lang, text=snippet))]]


def _strongest(way: list[Lack]) -> list[Lack]:
    """Of several bounds on one name only the furthest, since it implies the others."""
    best: dict[str, Lack] = {}
    for lack in way:
        key = lack.name if lack.name is not None and lack.distance is not None else lack.text
        old = best.get(key)
        if old is None or abs(lack.distance or 0.0) > abs(old.distance or 0.0):
            best[key] = lack
    return list(best.values())


def _cost(way: list[Lack]) -> tuple[int, float]:
    """Fewer things first, then the relatively nearest."""
    near = sum(abs(lack.distance) / max(1.0, abs(lack.threshold)) for lack in way if lack.distance is not None and isinstance(lack.threshold, float))
    return len(way), near


def _to_range(x: Any, low: Any, high: Any) -> float | None:
    if not all(isinstance(v, float) for v in (x, low, high)):
        return None
    return float(low - x if x < low else x - high if x > high else 0.0)


def _comparison(case: Case, name: str, a: Tree, b: Tree, text: str) -> Lack:
    if isinstance(a, Const) or (isinstance(a, Ref) and a.name in case.plan.parameters):
        a, b, name = b, a, {"less": "greater", "greater": "less", "less_equal": "greater_equal", "greater_equal": "less_equal"}[name]
    left, right = interpret(a, case.value), interpret(b, case.value)
    word, _ = _ORDER[name]
    if left is None or right is None:
        missing = a if left is None else b
        return Lack(_name(missing), None, right, None, say("lack.unknown", case.lang, what=_called(case, missing, text)))
    needed = say(f"lack.{word}", case.lang, threshold=_shown(case, b, a))
    distance = right - left
    more = say("lack.more" if distance > 0 else "lack.less" if distance < 0 else "lack.just", case.lang, distance=_number(case, a, abs(distance)))
    values = {"what": _called(case, a, text), "value": _shown(case, a), "needed": needed, "more": more}
    return Lack(_name(a), left, right, float(distance), say("lack.number", case.lang, **values))


def _membership(case: Case, xs: Tree, x: Tree, wanted: bool, text: str) -> Lack:
    member = interpret(x, case.value)
    inside = _word(case, xs, member)
    if isinstance(xs, Op):  # x among listed values
        values = shown.listed((_word(case, x, item) for item in interpret(xs, case.value) or ()), case.lang)
        key = "lack.not_one_of" if wanted else "lack.is_one_of"
        return Lack(_name(x), member, None, None, say(key, case.lang, what=_called(case, x, text), value=_shown(case, x), values=values))
    key = "lack.not_among" if wanted else "lack.among"
    return Lack(_name(xs), interpret(xs, case.value), member, None, say(key, case.lang, member=inside, what=_called(case, xs, text), values=_shown(case, xs)))


def _equality(case: Case, a: Tree, b: Tree, wanted: bool, text: str) -> Lack:
    if isinstance(a, Const):
        a, b = b, a
    key = "lack.not_equal" if wanted else "lack.equal"
    values = {"what": _called(case, a, text), "value": _shown(case, a), "wanted": _shown(case, b, a)}
    left, right = interpret(a, case.value), interpret(b, case.value)
    distance = float(right - left) if isinstance(left, float) and isinstance(right, float) else None
    return Lack(_name(a), left, right, distance, say(key, case.lang, **values))


def _flag(case: Case, name: str, wanted: bool) -> Lack:
    key = "lack.flag_false" if wanted else "lack.flag_true"
    if name.startswith("assumed."):
        item = name.removeprefix("assumed.")
        return Lack(name, not wanted, wanted, None, say("lack.stated" if wanted else "lack.assumed", case.lang, what=case.label(item)))
    if name.startswith("role.") and name.endswith(".active"):
        role = case.plan.roles[name.split(".")[1]].label[case.lang]
        return Lack(name, not wanted, wanted, None, say("lack.role_inactive" if wanted else "lack.role_active", case.lang, role=role))
    return Lack(name, case.value(name), wanted, None, say(key, case.lang, what=case.label(name)))


def _name(tree: Tree) -> str | None:
    return tree.name if isinstance(tree, Ref) else None


def _called(case: Case, tree: Tree, text: str) -> str:
    return case.label(tree.name) if isinstance(tree, Ref) else "`" + " ".join(text[slice(*tree.span)].split()) + "`"


def _shown(case: Case, tree: Tree, like: Tree | None = None) -> str:
    """A tree's value for reading; a constant is shown as a value of what it is compared with."""
    value = interpret(tree, case.value)
    if isinstance(tree, Ref):
        return case.shown(tree.name, value)
    return _word(case, like, value) if like is not None else case.shown("", value)


def _word(case: Case, tree: Tree, value: Any) -> str:
    return case.shown(tree.name if isinstance(tree, Ref) else "", value)


def _number(case: Case, tree: Tree, value: float) -> str:
    return case.shown(tree.name if isinstance(tree, Ref) else "", value)
