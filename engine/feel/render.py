"""Turn a syntax tree back into the shortest text that parses to it."""

from __future__ import annotations

import re

from engine.feel.nodes import Anything, Apply, Compare, Equals, In, ListOf, Literal, Name, Node, Not, Range, Test
from engine.feel.parse import ABOVE_COMPARISON, PRECEDENCE
from engine.feel.tokens import KEYWORDS

_ATOM, _UNARY, _COMPARISON = 9, 8, 3
_PLAIN = re.compile(r"[^\W\d]\w*\Z")


def render(node: Node) -> str:
    return _text(node)[0]


def render_tests(tests: tuple[Test, ...]) -> str:
    """A table cell's text."""
    return ", ".join(_test(test) for test in tests)


def quoted(text: str) -> str:
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    return f'"{text}"'


def _at_least(node: Node, binds: int) -> str:
    text, own = _text(node)
    return text if own >= binds else f"({text})"


def _text(node: Node) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    match node:
        case Literal(value=None):
            return "null", _ATOM
        case Literal(value=bool() as value):
            return ("true" if value else "false"), _ATOM
        case Literal(value=str() as value):
            return quoted(value), _ATOM
        case Literal(value=value):
            text = _number(float(value or 0.0))
            return text, _UNARY if text.startswith("-") else _ATOM
        case Name(parts=parts):
            return ".".join(part if _PLAIN.match(part) and (part not in KEYWORDS or i) else f"`{part}`" for i, part in enumerate(parts)), _ATOM
        case ListOf(items=items):
            return f"[{', '.join(render(item) for item in items)}]", _ATOM
        case In(value=value, tests=tests):
            inner = _test(tests[0]) if len(tests) == 1 and isinstance(tests[0], Range | Equals) and not _starts_paren(tests[0]) else f"({render_tests(tests)})"
            return f"{_at_least(value, ABOVE_COMPARISON)} in {inner}", _COMPARISON
        case Apply(op="if", args=(condition, yes, no)):
            return f"if {render(condition)} then {render(yes)} else {render(no)}", 0
        case Apply(op="between", args=(value, low, high)):
            x, a, b = (_at_least(arg, ABOVE_COMPARISON) for arg in (value, low, high))
            return f"{x} between {a} and {b}", _COMPARISON
        case Apply(op="-x", args=(value,)):
            inner = _at_least(value, _UNARY)
            number = isinstance(value, Literal) and isinstance(value.value, float)
            return f"-({inner})" if number else f"-{inner}", _UNARY
        case Apply(op="[]", args=(xs, index)):
            return f"{_at_least(xs, _ATOM)}[{render(index)}]", _ATOM
        case Apply(op=op, args=args) if op in PRECEDENCE:
            binds = PRECEDENCE[op]
            # and/or chains are one flat node, so a nested one of the same kind keeps its parentheses
            left = _at_least(args[0], binds + 1 if op in ("and", "or") or binds == _COMPARISON else binds)
            return f" {op} ".join([left, *(_at_least(arg, binds + 1) for arg in args[1:])]), binds
        case Apply(op=op, args=args):
            return f"{op}({', '.join(render(arg) for arg in args)})", _ATOM


def _starts_paren(test: Test) -> bool:
    return isinstance(test, Equals) and _at_least(test.value, ABOVE_COMPARISON).startswith("(")


def _test(test: Test) -> str:
    match test:
        case Anything():
            return "-"
        case Not(tests=tests):
            return f"not({render_tests(tests)})"
        case Compare(op=op, value=value):
            return f"{op} {_at_least(value, ABOVE_COMPARISON)}"
        case Equals(value=value):
            return _at_least(value, ABOVE_COMPARISON)
        case Range(low=low, high=high, low_closed=low_closed, high_closed=high_closed):
            a, b = _at_least(low, ABOVE_COMPARISON), _at_least(high, ABOVE_COMPARISON)
            return f"{'[' if low_closed else '('}{a}..{b}{']' if high_closed else ')'}"


def _number(value: float) -> str:
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text
