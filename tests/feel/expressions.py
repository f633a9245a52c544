"""Hypothesis strategies: texts of random well-typed expressions over a fixed set of names, and rows of values for those names.

Every compound is in parentheses, so that the text says its own tree; the renderer takes away what is not needed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.feel.readers import parse_type

Text = st.SearchStrategy[str]

SIZES, GOALS, PLACES = ("micro", "small", "large"), ("branding", "service", "community"), ("pr", "it", "hr")
DECLARED = {
    "a": "number?",
    "b": "number?",
    "c": "number",
    "n": "integer?",
    "p": "boolean?",
    "q": "boolean?",
    "r": "boolean",
    "t": "string?",
    "u": "string",
    "size": f"string({', '.join(SIZES)})?",
    "size_before": f"string({', '.join(reversed(SIZES))})",
    "goals": f"ranking({', '.join(GOALS)})?",
    "old_goals": f"ranking({', '.join(GOALS)})",
    "places": f"set({', '.join(PLACES)})?",
    "old_places": f"set({', '.join(PLACES)})",
    "place": f"string({', '.join(PLACES)})?",
    "goal": f"string({', '.join(GOALS)})?",
    "xs": "list(number?)?",
    "ys": "list(number)",
    "ts": "list(string?)",
    "role.care_agent.fte": "number",
    "Odd Header": "number?",
    "share": "number(0..1)",
    "people": "number(0..3000000)?",
    "step": "number(0.5..4)",
    "change": "number(-1000..1000)",
}
STRUCTURE = ("c", "r", "u", "n", "size", "step", "old_goals", "ys")  # in a grid these belong to the structures
TYPES = {name: parse_type(text) for name, text in DECLARED.items()}

# -- values

WHOLE = st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 7.0, 10.0, 100.0, 435.0, 1000.0, 1e6, 1e15])
SHARES = st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.1 + 0.2, 0.7 + 0.1, 1.1, 1.005, 2.675, 4.35, 1 / 3, 2 / 3, 2.1, 0.25])
DUST = st.sampled_from([0.0, 1e-16, 3e-16, 1e-13, -1e-13, 4.9e-13, -4.9e-13, 5.1e-13, 3e-12, -3e-12, 1e-11, -1e-11, 1e-9])
TAME = st.builds(lambda x, dust, sign: sign * x * (1 + dust), st.one_of(WHOLE, SHARES), DUST, st.sampled_from([1.0, -1.0]))
WILD = st.one_of(TAME, st.sampled_from([1e-300, 1e-20, 5e-324, 1e100, -1e200, 1e308, 123456789012.7]), st.floats(allow_nan=False, allow_infinity=False))
TEXTS = st.one_of(
    st.sampled_from(["", "a", "ab", "abc", "A", "é", "ß", "İ", "1", "-2.5", "1e3", "nan", "null", "true"]), st.text("abAB \"\\\n\té😀'`{", max_size=5)
)


def rows(numbers: st.SearchStrategy[float] = WILD, most: int = 6) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({name: value(text, numbers) for name, text in DECLARED.items()}), min_size=1, max_size=most)


def value(type_text: str, numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    if type_text.endswith("?"):
        return st.one_of(st.none(), value(type_text[:-1], numbers))
    kind, _, inside = type_text.partition("(")
    match kind:
        case "number" if inside:
            low, high = (float(end) for end in inside.removesuffix(")").split(".."))
            return st.one_of(st.floats(low, high, allow_subnormal=False), TAME.map(lambda x: min(max(x, low), high)))
        case "number":
            return numbers
        case "integer":
            return st.integers(-5, 5).map(float)
        case "boolean":
            return st.booleans()
        case "string":
            return st.sampled_from(inside.removesuffix(")").split(", ")) if inside else TEXTS
        case "ranking":
            return st.lists(st.sampled_from(inside.removesuffix(")").split(", ")), unique=True)
        case "set":
            words = inside.removesuffix(")").split(", ")
            return st.lists(st.sampled_from(words), unique=True).map(lambda chosen: [word for word in words if word in chosen])
    return st.lists(value(inside.removesuffix(")"), numbers), max_size=4)


# -- texts of expressions


def lazy(make: Callable[..., Text]) -> Callable[..., Text]:
    """Build each strategy once, when it is first drawn from; its repr stays short."""

    @cache
    def build(*args: Any, **named: Any) -> Text:
        made = cache(lambda: make(*args, **named))

        @st.composite
        def chosen(draw: st.DrawFn) -> str:
            return draw(made())

        return chosen()

    return build


def quoted(text: str) -> str:
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(raw, escaped)
    return f'"{text}"'


def words_of(declared: tuple[str, ...]) -> Text:
    return st.sampled_from([quoted(word) for word in declared])


def form(pattern: str, *parts: Text) -> Text:
    """The pattern with each `~` filled by the next part."""
    pieces = pattern.split("~")
    assert len(pieces) == len(parts) + 1, pattern
    return st.tuples(*parts).map(lambda found: pieces[0] + "".join(part + piece for part, piece in zip(found, pieces[1:], strict=True)))


def call(name: str, *parts: Text) -> Text:
    return st.tuples(*parts).map(lambda found: f"{name}({', '.join(found)})")


@lazy
def number(depth: int, tame: bool = False) -> Text:
    literals = (TAME if tame else WILD).map(lambda x: f"({x!r})" if x < 0 else repr(x))
    leaves = st.one_of(st.sampled_from(["a", "b", "c", "n", "role.care_agent.fte", "`Odd Header`", "share", "people", "step", "change"]), literals)
    if depth == 0:
        return leaves
    x, y, i = number(depth - 1, tame), number(depth - 1, tame), index(depth - 1)
    forms = [form(f"(~ {op} ~)", x, y) for op in ("+", "-", "*", "/")]
    forms += [form("(-~)", x), form("(if ~ then ~ else ~)", boolean(depth - 1, tame), x, y), form("(if ~ then ~ else null)", boolean(depth - 1, tame), x)]
    forms += [form("(if change = 0 then ~ else (~ / change))", x, y), form("(if people > 0 then (~ / people) else ~)", x, y)]
    forms += [form("(if (people = null or people = 0) then ~ else floor(~ / people))", x, y), form("(if b = null then ~ else (b * ~))", x, y)]
    forms += [call(name, x) for name in ("floor", "ceiling", "abs")]
    forms += [call("modulo", x, y), call("round half up", x, st.sampled_from(["0", "1", "2", "-1", "n"]))]
    forms += [call(name, *parts) for name in ("min", "max", "sum", "count") for parts in ((x, y), (x, y, x))]
    forms += [call(name, numbers(depth - 1, tame)) for name in ("min", "max", "sum", "count")]
    forms += [form("~[~]", numbers(depth - 1, tame), i), call("number", text(depth - 1)), call("count", texts(depth - 1))]
    forms += [call("rank weight", st.sampled_from(["goals", "old_goals"]), st.one_of(words_of(GOALS), st.just("goal")))]
    forms += [call("count", st.sampled_from(["goals", "places", "old_places"]))]
    if not tame:
        forms += [form("(~ ** ~)", x, st.one_of(st.sampled_from(["2", "0.5", "3", "(-1)", "0", "(1 / 3)", "n"]), y))]
    return st.one_of(leaves, *forms)


@lazy
def index(depth: int) -> Text:
    return st.one_of(st.sampled_from(["1", "2", "3", "(-1)", "(-2)", "0", "9", "n", "(n + 1)"]), number(depth))


@lazy
def numbers(depth: int, tame: bool = False) -> Text:
    leaves = st.sampled_from(["xs", "ys", "[]", "[1, 2, 1]", "[0.3, null]"])
    if depth == 0:
        return leaves
    x, i = number(depth - 1, tame), index(depth - 1)
    return st.one_of(
        leaves,
        form("[~]", x),
        form("[~, ~]", x, x),
        form("[~, ~, ~]", x, x, x),
        call("sublist", numbers(depth - 1, tame), i),
        call("sublist", numbers(depth - 1, tame), i, st.sampled_from(["0", "1", "2", "5", "n"])),
        call("index of", numbers(depth - 1, tame), x),
        call("index of", texts(depth - 1), text(depth - 1)),
        call("index of", st.sampled_from(["goals", "old_goals"]), words_of(GOALS)),
        form("(if ~ then ~ else ~)", boolean(depth - 1, tame), numbers(depth - 1, tame), numbers(depth - 1, tame)),
    )


@lazy
def text(depth: int) -> Text:
    leaves = st.one_of(st.sampled_from(["t", "u"]), TEXTS.map(quoted))
    if depth == 0:
        return leaves
    return st.one_of(
        leaves,
        st.sampled_from(["string(size)", "(size_before + u)", "lower case(place)", "(size + place)"]),
        form("(~ + ~)", text(depth - 1), text(depth - 1)),
        call("upper case", text(depth - 1)),
        call("lower case", text(depth - 1)),
        call("string", number(depth - 1)),
        call("string", boolean(depth - 1)),
        form("(if ~ then ~ else ~)", boolean(depth - 1), text(depth - 1), text(depth - 1)),
        form("~[~]", texts(depth - 1), index(depth - 1)),
        form("(~[~] + u)", st.sampled_from(["goals", "old_goals"]), index(depth - 1)),
    )


@lazy
def texts(depth: int) -> Text:
    leaves = st.sampled_from(["ts", '["a", "b", "a"]', '["a", null]'])
    if depth == 0:
        return leaves
    return st.one_of(leaves, form("[~, ~]", text(depth - 1), text(depth - 1)), call("sublist", texts(depth - 1), index(depth - 1)))


@lazy
def boolean(depth: int, tame: bool = False) -> Text:
    leaves = st.sampled_from(["p", "q", "r", "true", "false", "(p = null)"])
    if depth == 0:
        return leaves
    e, f, x, y = boolean(depth - 1, tame), boolean(depth - 1, tame), number(depth - 1, tame), number(depth - 1, tame)
    low, high = number(depth - 1, tame), number(depth - 1, tame)
    size, before, goal, place = (
        words_of(SIZES),
        st.just("size_before"),
        st.one_of(words_of(GOALS), st.just("goal")),
        st.one_of(words_of(PLACES), st.just("place")),
    )
    forms = [form(f"(~ {op} ~)", e, f) for op in ("and", "or", "and", "or", "=", "!=")]
    forms += [form("(~ and ~ and ~)", e, f, e), form("not(~)", e), form("not(~)", e)]
    forms += [form(f"(~ {op} ~)", x, y) for op in ("<", "<=", ">", ">=", "=", "!=")]
    forms += [form(f"(~ {op} ~)", text(depth - 1), text(depth - 1)) for op in ("=", "!=")]
    forms += [form(f"(~ {op} null)", part) for op in ("=", "!=") for part in (x, text(depth - 1), numbers(depth - 1, tame), e)]
    forms += [form("(~ between ~ and ~)", x, low, high)]
    forms += [form(f"(~ in {a}~..~{b})", x, low, high) for a in "[(" for b in "])"]
    forms += [form("(~ in (~, ~))", x, y, low), form("(~ in (< ~, >= ~))", x, y, low), form("(~ in (~, [~..~), null))", x, y, low, high)]
    forms += [form("(~ in ~)", x, numbers(depth - 1, tame)), form("(~ in ~)", text(depth - 1), texts(depth - 1))]
    forms += [form("(~ ~ ~)", st.sampled_from(["size", "size_before"]), st.sampled_from(["=", "!="]), st.sampled_from(["t", "u", "place", "size_before"]))]
    forms += [form("(size in (~, ~))", size, size), form("(size = ~)", st.one_of(size, before)), form("(size_before != ~)", size)]
    forms += [form("(~ in ~)", goal, st.sampled_from(["goals", "old_goals"])), form("(~ in ~)", place, st.sampled_from(["places", "old_places"]))]
    forms += [call("list contains", st.sampled_from(["goals", "old_goals"]), goal), call("list contains", st.just("places"), place)]
    forms += [call("list contains", numbers(depth - 1, tame), x)]
    forms += [form("(goals ~ ~)", st.sampled_from(["=", "!="]), st.sampled_from(["old_goals", '["service", "branding"]', "[]", "null"]))]
    forms += [form("(places ~ ~)", st.sampled_from(["=", "!="]), st.sampled_from(["old_places", '["it", "pr"]', '["hr"]', "null"]))]
    forms += [form("(~ ~ ~)", numbers(depth - 1, tame), st.sampled_from(["=", "!="]), numbers(depth - 1, tame))]
    forms += [call("contains", text(depth - 1), text(depth - 1)), call("starts with", text(depth - 1), text(depth - 1))]
    forms += [call("is defined", part) for part in (x, text(depth - 1), e, numbers(depth - 1, tame))]
    forms += [form("(if ~ then ~ else ~)", e, f, boolean(depth - 1, tame))]
    return st.one_of(leaves, *forms)


def anything(depth: int) -> Text:
    return st.one_of(number(depth), boolean(depth), text(depth), numbers(depth), texts(depth))


def cell(depth: int) -> Text:
    """A table cell on a number."""
    x = number(depth)
    tests = st.one_of(x, form("< ~", x), form(">= ~", x), form("[~..~)", x, x), form("(~..~]", x, x), st.just("null"))
    lists = st.lists(tests, min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), lists, lists.map(lambda inner: f"not({inner})"))
