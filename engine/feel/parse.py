"""Turn the text of an expression, or of a table cell, into a syntax tree, or into one diagnostic that says where reading stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, TypeVar

from engine.diagnostics import Diagnostic, Hint, Source, Span
from engine.feel.nodes import Anything, Apply, Compare, Equals, In, ListOf, Literal, Name, Node, Not, Range, Test, depth
from engine.feel.tokens import SyntaxStop, Token, tokenize
from engine.texts import Word

MAX_LENGTH = 4_000
MAX_DEPTH = 60
T = TypeVar("T")
Locate = Callable[[int, int], Span]

# Higher binds tighter. `**` is left-associative and unary minus binds tighter than all of them (DMN 1.5, 10.3.1.2).
PRECEDENCE = {
    "or": 1, "and": 2,
    "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6,
}  # fmt: skip
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
ABOVE_COMPARISON = 4


def parse(text: str, locate: Locate | None = None) -> tuple[Node | None, list[Diagnostic]]:
    """Parse an expression. `locate` turns character offsets of `text` into a span of the file it stands in."""
    return _run(text, locate, lambda parser: parser.whole())


def parse_cell(text: str, locate: Locate | None = None) -> tuple[tuple[Test, ...] | None, list[Diagnostic]]:
    """Parse the unary tests of a decision table's cell."""
    return _run(text, locate, lambda parser: parser.cell())


def _run(text: str, locate: Locate | None, read: Callable[[_Parser], T]) -> tuple[T | None, list[Diagnostic]]:
    locate = locate or Source("expression", text).span
    try:
        if len(text) > MAX_LENGTH:
            raise SyntaxStop("R307", 0, len(text), length=len(text), limit=MAX_LENGTH)
        return read(_Parser(text)), []
    except SyntaxStop as stop:
        return None, [Diagnostic(stop.code, stop.values, locate(stop.start, stop.end), stop.hint)]


class _Parser:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.level = 0

    # -- whole texts

    def whole(self) -> Node:
        if self.peek().kind == "end":
            raise SyntaxStop("R302", len(self.text), len(self.text), what=Word("expression"))
        node = self.expression(1)
        self.expect_end()
        self.check_depth(node)
        return node

    def cell(self) -> tuple[Test, ...]:
        first = self.peek()
        if first.kind == "end":
            raise SyntaxStop("R302", 0, len(self.text), Hint("hint.any_cell"), what=Word("test"))
        tests: tuple[Test, ...]
        if first.text == "-" and self.tokens[1].kind == "end":
            return (Anything((first.start, first.end)),)
        if first.text == "not" and self.tokens[1].text == "(":
            self.next()
            self.next()
            inner = self.tests()
            close = self.expect(")")
            tests = (Not(inner, (first.start, close.end)),)
        else:
            tests = self.tests()
        self.expect_end()
        for test in tests:
            self.check_depth(test)
        return tests

    # -- expressions

    def expression(self, least: int) -> Node:
        self.deeper()
        left = self.prefix()
        while (operator := self.peek()).text in PRECEDENCE and operator.kind in ("symbol", "keyword"):
            binds = PRECEDENCE[operator.text]
            if binds < least:
                break
            self.next()
            left = self.infix(left, operator, binds)
            if binds == PRECEDENCE["="] and (more := self.peek()).text in (*COMPARISONS, "between", "in") and more.kind != "string":
                raise SyntaxStop("R305", more.start, more.end, Hint("hint.chained"), op=more.text)
        self.level -= 1
        return left

    def infix(self, left: Node, operator: Token, binds: int) -> Node:
        op = operator.text
        if op == "between":
            low = self.expression(ABOVE_COMPARISON)
            if self.peek().text != "and":
                self.unexpected("`and`")
            self.next()
            high = self.expression(ABOVE_COMPARISON)
            return Apply("between", (left, low, high), (left.span[0], high.span[1]), (operator.start, operator.end))
        if op == "in":
            tests = self.in_tests()
            return In(left, tests, (left.span[0], self.tokens[self.at - 1].end))
        right = self.expression(binds + 1)
        span = (left.span[0], right.span[1])
        if op in ("and", "or") and isinstance(left, Apply) and left.op == op and not self.parenthesised(left):
            return Apply(op, (*left.args, right), span, left.name_span)
        return Apply(op, (left, right), span, (operator.start, operator.end))

    def parenthesised(self, node: Node) -> bool:
        return isinstance(node, Apply) and node.span[0] < node.args[0].span[0]

    def prefix(self) -> Node:
        token = self.peek()
        if token.text == "-" and token.kind == "symbol":
            self.next()
            self.deeper()
            value = self.prefix()
            self.level -= 1
            if isinstance(value, Literal) and isinstance(value.value, float) and self.tokens[self.at - 1].kind == "number":
                return Literal(-value.value, (token.start, value.span[1]))
            return Apply("-x", (value,), (token.start, value.span[1]), (token.start, token.end))
        return self.postfix(self.primary())

    def postfix(self, node: Node) -> Node:
        while self.peek().text == "[" and self.peek().kind == "symbol":
            start = self.next()
            index = self.expression(1)
            close = self.expect("]")
            node = Apply("[]", (node, index), (node.span[0], close.end), (start.start, close.end))
        return node

    def primary(self) -> Node:
        token = self.peek()
        span = (token.start, token.end)
        match token.kind:
            case "number" | "string":
                self.next()
                return Literal(token.value, span)
            case "word" | "quoted":
                return self.name_or_call()
            case "keyword" if token.text in ("true", "false", "null"):
                self.next()
                return Literal({"true": True, "false": False, "null": None}[token.text], span)
            case "keyword" if token.text == "not":
                self.next()
                if self.peek().text != "(":
                    self.unexpected("`(`", Hint("hint.not_function"))
                return self.call("not", token)
            case "keyword" if token.text == "if":
                return self.choice()
            case "symbol" if token.text == "(":
                self.next()
                inner = self.expression(1)
                close = self.expect(")")
                return _respan(inner, (token.start, close.end))
            case "symbol" if token.text == "[":
                return self.list_of()
        self.unexpected(Word("value"))

    def name_or_call(self) -> Node:
        first = self.next()
        if first.kind == "word":
            here = self.at
            while self.peek().kind == "word":
                self.next()
            if self.peek().text == "(":
                words = " ".join(token.text for token in self.tokens[here - 1 : self.at])
                return self.call(words, first)
            self.at = here
        parts, last = [str(first.value if first.kind == "quoted" else first.text)], first
        while self.peek().text == "." and self.peek().kind == "symbol":
            self.next()
            last = self.peek()
            if last.kind not in ("word", "quoted", "keyword"):
                self.unexpected(Word("name"))
            self.next()
            parts.append(str(last.value if last.kind == "quoted" else last.text))
        return Name(tuple(parts), (first.start, last.end))

    def call(self, name: str, first: Token) -> Node:
        name_end = self.tokens[self.at - 1].end
        self.expect("(")
        args: list[Node] = []
        if self.peek().text != ")":
            args.append(self.expression(1))
            while self.peek().text == ",":
                self.next()
                args.append(self.expression(1))
        close = self.expect(")", "`,` or `)`")
        return Apply(name, tuple(args), (first.start, close.end), (first.start, name_end))

    def choice(self) -> Node:
        start = self.next()
        condition = self.expression(1)
        self.word("then")
        yes = self.expression(1)
        self.word("else")
        no = self.expression(1)
        return Apply("if", (condition, yes, no), (start.start, no.span[1]), (start.start, start.end))

    def list_of(self) -> Node:
        start = self.expect("[")
        items: list[Node] = []
        if self.peek().text != "]":
            items.append(self.expression(1))
            while self.peek().text == ",":
                self.next()
                items.append(self.expression(1))
        close = self.expect("]", "`,` or `]`")
        return ListOf(tuple(items), (start.start, close.end))

    # -- tests

    def in_tests(self) -> tuple[Test, ...]:
        token = self.peek()
        if token.text == "(" and not self.is_range():
            self.next()
            tests = self.tests()
            self.expect(")", "`,` or `)`")
            return tests
        return (self.test(),)

    def tests(self) -> tuple[Test, ...]:
        found = [self.test()]
        while self.peek().text == ",":
            self.next()
            found.append(self.test())
        return tuple(found)

    def test(self) -> Test:
        token = self.peek()
        if token.text in COMPARISONS and token.kind == "symbol":
            self.next()
            value = self.expression(ABOVE_COMPARISON)
            return Compare(token.text, value, (token.start, value.span[1]))
        if self.is_range():
            self.next()
            low = self.expression(ABOVE_COMPARISON)
            self.expect("..")
            high = self.expression(ABOVE_COMPARISON)
            close = self.peek()
            if close.text not in (")", "]", "["):
                self.unexpected("`]` or `)`")
            self.next()
            return Range(low, high, token.text == "[", close.text == "]", (token.start, close.end))
        value = self.expression(ABOVE_COMPARISON)
        return Equals(value, value.span)

    def is_range(self) -> bool:
        """Whether a range begins here: a bracket with `..` before its partner."""
        if self.peek().text not in ("[", "(", "]") or self.peek().kind != "symbol":
            return False
        nested = 0
        for token in self.tokens[self.at + 1 :]:
            if token.kind != "symbol":
                continue
            if nested == 0 and token.text == "..":
                return True
            nested += (token.text in "([") - (token.text in ")]")
            if nested < 0 or (nested == 0 and token.text == ","):
                return False
        return False

    # -- tokens

    def peek(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def expect(self, symbol: str, wanted: str | None = None) -> Token:
        if self.peek().text != symbol or self.peek().kind != "symbol":
            self.unexpected(wanted or f"`{symbol}`")
        return self.next()

    def word(self, keyword: str) -> None:
        if self.peek().text != keyword or self.peek().kind != "keyword":
            self.unexpected(f"`{keyword}`")
        self.next()

    def expect_end(self) -> None:
        token = self.peek()
        if token.kind != "end":
            raise SyntaxStop("R310", token.start, token.end, found=token.text)

    def unexpected(self, wanted: str, hint: Hint | None = None) -> NoReturn:
        token = self.peek()
        if token.kind == "end":
            raise SyntaxStop("R302", len(self.text), len(self.text), hint, what=wanted)
        if token.text == "=" and self.tokens[self.at - 1].text == "=":
            hint = Hint("hint.single_equals")
        raise SyntaxStop("R301", token.start, token.end, hint, what=wanted, found=token.text)

    def deeper(self) -> None:
        self.level += 1
        if self.level > MAX_DEPTH:
            token = self.peek()
            raise SyntaxStop("R308", token.start, token.end, Hint("hint.too_deep"), limit=MAX_DEPTH)

    def check_depth(self, node: Node | Test) -> None:
        if depth(node) > MAX_DEPTH:
            raise SyntaxStop("R308", node.span[0], node.span[1], Hint("hint.too_deep"), limit=MAX_DEPTH)


def _respan(node: Node, span: tuple[int, int]) -> Node:
    """A parenthesised node covers its parentheses."""
    return replace(node, span=span)
