"""Turn a syntax tree into a typed tree, or into diagnostics: unknown names, wrong kinds, words that are not declared. Nothing is coerced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from engine.diagnostics import Diagnostic, Hint, Source, Span, did_you_mean
from engine.feel import bounds
from engine.feel.narrow import Facts, facts
from engine.feel.nodes import Anything, Apply, Chars, Compare, Equals, In, ListOf, Literal, Name, Node, Not, Range, Test
from engine.feel.operators import BY_FEEL, BY_NAME, FUNCTIONS, Operator
from engine.feel.tree import Const, Keys, Op, Ref, Tree
from engine.feel.types import BOOLEAN, NULL, STRING, Type, constant, member, union
from engine.texts import Word

Locate = Callable[[int, int], Span]
_RANGES = {(True, True): "between", (True, False): "range_closed_open", (False, True): "range_open_closed", (False, False): "range_open"}


@dataclass(slots=True)
class Scope:
    """The names an expression may use, and the keys that its plan gives to equal trees."""

    names: Mapping[str, Type]
    keys: Keys = field(default_factory=Keys)
    loose_text: bool = False  # a table's output: a bare word that names nothing is a text


class _Wrong(Exception):
    """Internal: this subtree has no type; its diagnostic is already noted."""


def check(node: Node, scope: Scope, locate: Locate | None = None) -> tuple[Tree | None, list[Diagnostic]]:
    """The typed tree of an expression. Everything wrong in it is reported in one run."""
    checker = _Checker(scope, locate or Source("expression", "").span)
    try:
        if scope.loose_text and isinstance(node, Name) and node.text not in scope.names and len(node.parts) == 1:
            return checker.const(node.text, node.span), []
        return checker.node(node), checker.found
    except _Wrong:
        return None, checker.found


def check_cell(value: Tree, tests: tuple[Test, ...], scope: Scope, locate: Locate | None = None) -> tuple[Tree | None, list[Diagnostic]]:
    """The typed condition that a table's cell puts on its input."""
    checker = _Checker(scope, locate or Source("cell", "").span)
    checker.in_cell = True
    try:
        return checker.any_test(value, tests, (0, 0)), checker.found
    except _Wrong:
        return None, checker.found


def require(tree: Tree, kind: str, locate: Locate, nullable: bool = False) -> list[Diagnostic]:
    """What is wrong when `tree` must give a value of `kind`."""
    span = locate(*tree.span)
    if tree.type.kind != kind and not (tree.type.kind == "null" and nullable):
        return [Diagnostic("R408", {"wanted": Word(kind), "text": _shown(span), "got": Word(tree.type.kind)}, span)]
    if tree.type.nullable and not nullable:
        return [Diagnostic("R406", {"text": _shown(span)}, span, Hint("hint.guard_null"))]
    return []


def _shown(span: Span) -> str:
    text = " ".join(span.text.split())
    return text if len(text) <= 60 else text[:57] + "..."


class _Checker:
    def __init__(self, scope: Scope, locate: Locate) -> None:
        self.scope = scope
        self.locate = locate
        self.found: list[Diagnostic] = []
        self.facts: Facts = {}
        self.in_cell = False  # the value that a cell tests stands elsewhere, so its own span means nothing here

    # -- nodes

    def node(self, node: Node) -> Tree:
        match node:
            case Literal(value=value):
                return self.const(value, node.span)
            case Name():
                return self.name(node)
            case ListOf():
                return self.list_of(node)
            case In(value=value, tests=tests):
                return self.any_test(self.node(value), tests, node.span)
            case Apply(op="if"):
                return self.choice(node)
            case Apply(op="=" | "!=" as op, args=(left, right)):
                a, b = self.both(left, right)
                equal = self.equality(a, b, node.span)
                return equal if op == "=" else self.op("not", (equal,), node.span)
            case Apply():
                return self.apply(node)

    def const(self, value: float | str | bool | None, span: Chars) -> Const:
        if value is None:
            type_ = NULL
        elif isinstance(value, bool):
            type_ = BOOLEAN
        elif isinstance(value, str):
            type_ = STRING
        else:
            type_ = constant(value)
        return Const(value, type_, self.scope.keys.const(value, type_), span)

    def name(self, node: Name) -> Tree:
        type_ = self.scope.names.get(node.text)
        if type_ is None:
            self.wrong("R401", node.span, did_you_mean(node.text, self.scope.names), name=node.text)
        key = self.scope.keys.ref(node.text)
        return Ref(node.text, self.facts.get(key, type_), key, node.span)

    def list_of(self, node: ListOf) -> Tree:
        items = self.several(node.items)
        inner: Type | None = None
        for item in items:
            joined = item.type if inner is None else union(inner, item.type)
            if joined is None:
                self.wrong("R409", item.span, text=self.text(item.span), got=Word(item.type.kind), wanted=Word(inner.kind if inner else "null"))
            inner = joined
        if inner is not None:
            items = [self.typed_null(item, inner) for item in items]
        return self.op("list", tuple(items), node.span, Type("list", item=inner, length=len(items)))

    def choice(self, node: Apply) -> Tree:
        condition = self.as_kind(self.node(node.args[0]), "boolean", "if")
        outer = self.facts
        self.facts = {**outer, **facts(condition, True)}
        yes = self.attempt(node.args[1])
        self.facts = {**outer, **facts(condition, False)}
        no = self.attempt(node.args[2])
        self.facts = outer
        if yes is None or no is None:
            raise _Wrong
        joined = union(yes.type, no.type)
        if joined is None:
            self.wrong("R410", no.span, then=Word(yes.type.kind), otherwise=Word(no.type.kind))
        return self.op("if", (condition, self.typed_null(yes, joined), self.typed_null(no, joined)), node.span, joined)

    def apply(self, node: Apply) -> Tree:
        rows = BY_FEEL.get(node.op)
        if rows is None:
            self.wrong("R403", node.name_span, did_you_mean(node.op, FUNCTIONS), name=node.op)
        if rows[0].name in ("and", "or"):
            args = [self.as_kind(arg, "boolean", node.op) for arg in self.several(node.args)]
            return self.op(rows[0].name, tuple(args), node.span)
        args = self.several(node.args)
        if rows[0].params == ("numbers",) or (rows[0].name == "count" and (len(args) != 1 or not _is_list(args[0].type))):
            args = self.gathered(node, args)
        # of operators with one name, the one that most arguments fit; the first argument decides between equals
        row = max(rows, key=lambda r: _fitting(args, r))
        if not row.least_args <= len(args) <= len(row.params):
            wanted = str(row.least_args) if row.least_args == len(row.params) else f"{row.least_args}-{len(row.params)}"
            self.wrong("R404", node.span, name=node.op, wanted=wanted, got=len(args))
        checked = [self.as_kind(arg, param.rstrip("?"), node.op) for arg, param in zip(args, row.params, strict=False)]
        if row.name in ("contains_item", "index_of", "rank_weight"):
            self.membership(checked[0], checked[1], checked[1].span)
        if row.name == "sublist" and checked[0].type.kind == "set":
            self.wrong("R402", checked[0].span, op=node.op, wanted=Word("list"), text=self.text(checked[0].span), got=Word("set"))
        if row.name == "string" and _is_list(checked[0].type):
            self.wrong("R402", checked[0].span, op=node.op, wanted=Word("number"), text=self.text(checked[0].span), got=Word(checked[0].type.kind))
        return self.op(row.name, tuple(checked), node.span)

    def gathered(self, node: Apply, args: list[Tree]) -> list[Tree]:
        """`min(a, b)` is `min([a, b])`."""
        if len(args) == 1 and (_is_list(args[0].type) or args[0].type.kind == "null"):
            inner = member(args[0].type)
            if inner is not None and inner.kind not in ("number", "null"):
                self.wrong("R402", args[0].span, op=node.op, wanted=Word("numbers"), text=self.text(args[0].span), got=Word(args[0].type.kind))
            return args
        if not args:
            self.wrong("R404", node.span, name=node.op, wanted=1, got=0)
        numbers = [arg if node.op == "count" else self.as_kind(arg, "number", node.op) for arg in args]
        inner = numbers[0].type
        for item in numbers[1:]:
            inner = union(inner, item.type) or inner
        return [self.op("list", tuple(numbers), node.span, Type("list", item=inner, length=len(numbers)))]

    # -- equality, membership, tests

    def equality(self, a: Tree, b: Tree, span: Chars) -> Tree:
        for one, other in ((a, b), (b, a)):
            if other.type.kind == "null":
                return self.op("is_null", (one,), span)
        if a.type.kind == "set" or b.type.kind == "set":
            a, b = self.as_set(a, b), self.as_set(b, a)
        kinds = {a.type.kind, b.type.kind}
        at = span if self.in_cell else b.span
        if len(kinds) > 1 and kinds != {"list", "ranking"}:
            self.wrong("R407", at, a=Word(a.type.kind), b=Word(b.type.kind))
        if _is_list(a.type):
            left, right = member(a.type), member(b.type)
            if left is not None and right is not None and union(left, right) is None:
                self.wrong("R407", at, a=Word(a.type.kind), b=Word(b.type.kind))
        self.same_words(a, b)
        self.same_words(b, a)
        return self.op("same_set" if kinds == {"set"} else "equal", (a, b), span)

    def as_set(self, tree: Tree, other: Tree) -> Tree:
        """A list of literal words beside a set is a set."""
        values = other.type.values
        if tree.type.kind == "list" and isinstance(tree, Op) and all(isinstance(arg, Const) for arg in tree.args) and values is not None:
            self.same_words(tree, other)
            chosen = {arg.value for arg in tree.args if isinstance(arg, Const)}
            value = tuple(word for word in values if word in chosen)
            type_ = Type("set", values=values, length=len(values))
            return Const(value, type_, self.scope.keys.const(value, type_), tree.span)
        return tree

    def same_words(self, tree: Tree, against: Tree) -> None:
        """Literal words must be among those declared for what they are compared with."""
        values = against.type.values if against.type.kind != "list" else None
        if values is None:
            return
        literals = tree.args if isinstance(tree, Op) and tree.name == "list" else (tree,)
        for literal in literals:
            if isinstance(literal, Const) and isinstance(literal.value, str) and literal.value not in values:
                hint = did_you_mean(literal.value, values) or Hint("hint.allowed", {"values": ", ".join(values[:12])})
                self.wrong("R405", literal.span, hint, word=literal.value, of=self.text(against.span))

    def membership(self, xs: Tree, x: Tree, at: Chars) -> None:
        inner = member(xs.type)
        if inner is not None and x.type.kind != "null" and union(inner, x.type) is None:
            self.wrong("R407", at, a=Word(inner.kind), b=Word(x.type.kind))
        if xs.type.kind in ("set", "ranking"):
            self.same_words(x, xs)
        if xs.type.kind == "set" and x.type.kind == "null":
            return

    def any_test(self, value: Tree, tests: tuple[Test, ...], span: Chars) -> Tree:
        checked = [self.test(value, test) for test in tests]
        return checked[0] if len(checked) == 1 else self.op("or", tuple(checked), span)

    def test(self, value: Tree, test: Test) -> Tree:
        match test:
            case Anything():
                return Const(True, BOOLEAN, self.scope.keys.const(True, BOOLEAN), test.span)
            case Not(tests=tests):
                return self.op("not", (self.any_test(value, tests, test.span),), test.span)
            case Compare(op=op, value=other):
                right = self.node(other)
                if op in ("=", "!="):
                    equal = self.equality(value, right, test.span)
                    return equal if op == "=" else self.op("not", (equal,), test.span)
                left = self.as_kind(value, "number", op, self.tested(value, test))
                return self.op(BY_FEEL[op][0].name, (left, self.as_kind(right, "number", op)), test.span)
            case Range(low=low, high=high):
                ends = [self.as_kind(self.node(end), "number", "..") for end in (low, high)]
                left = self.as_kind(value, "number", "..", self.tested(value, test))
                return self.op(_RANGES[test.low_closed, test.high_closed], (left, *ends), test.span)
            case Equals(value=other):
                right = self.node(other)
                inner = member(right.type)
                if _is_list(right.type) and (not _is_list(value.type) or (inner is not None and _is_list(inner))):
                    self.membership(right, value, test.span)
                    self.same_words(right, value)
                    return self.op("contains_item", (right, value), test.span)
                return self.equality(value, right, test.span)

    def tested(self, value: Tree, test: Test) -> Chars:
        """What to underline when the tested value is of a wrong kind."""
        return test.span if self.in_cell else value.span

    # -- small steps

    def op(self, name: str, args: tuple[Tree, ...], span: Chars, type_: Type | None = None) -> Op:
        row = BY_NAME[name]
        types = [arg.type for arg in args]
        result = type_ if type_ is not None else row.result(types)
        nullable = type_.nullable if type_ is not None else row.partial
        if name in ("min", "max") and _sure(args[0]):
            result = (bounds.least if name == "min" else bounds.most)([arg.type for arg in args[0].args])  # type: ignore[union-attr]
        if type_ is None:
            if name in ("and", "or", "contains_item", "index_of"):
                nullable = any(t.nullable for t in (types if name in ("and", "or") else types[:1]))
            elif row.strict:
                nullable = nullable or any(t.nullable for t in types)
            if name in ("div", "modulo"):
                nullable = nullable or not types[1].is_nonzero
            if name == "power":
                nullable = nullable or (not (types[0].low >= 0 and types[1].low >= 0) and not (types[1].integer and types[1].low >= 0))
            if name in ("sum", "min", "max", "item"):
                inner = member(types[0])
                nullable = nullable or inner is None or inner.nullable or (name in ("min", "max") and not _sure(args[0]))
            if name == "sum" and isinstance(args[0], Op) and args[0].name == "list" and not args[0].args:
                nullable = types[0].nullable
        safe = row.arithmetic and result.is_bounded and (name not in ("div", "modulo", "power") or (types[1].is_nonzero and name == "div"))
        key = self.scope.keys.op(name, args, safe)
        final = self.facts.get(key, result.with_null(nullable) if result.nullable != nullable else result)
        return Op(name, args, final, key, span, safe)

    def as_kind(self, tree: Tree, kind: str, op: str, at: Chars | None = None) -> Tree:
        """The tree itself when it is of the kind an operator needs; a bare null takes that kind."""
        if tree.type.kind == "null" and kind != "any":
            return self.typed_null(tree, {"list": Type("list", True), "numbers": Type("list", True), "ranking": Type("list", True)}.get(kind, Type(kind, True)))
        if not _fits(tree.type, kind):
            span = at or tree.span
            hint = Hint("hint.number_of_text") if kind == "number" and tree.type.kind == "string" else None
            self.wrong("R402", span, hint, op=op.removesuffix("x") if op == "-x" else op, wanted=Word(kind), text=self.text(span), got=Word(tree.type.kind))
        return tree

    def typed_null(self, tree: Tree, like: Type) -> Tree:
        if tree.type.kind != "null" or like.kind == "null":
            return tree
        type_ = like.with_null()
        return Const(None, type_, self.scope.keys.const(None, type_), tree.span)

    def both(self, left: Node, right: Node) -> tuple[Tree, Tree]:
        a, b = self.several((left, right))
        return a, b

    def several(self, nodes: tuple[Node, ...]) -> list[Tree]:
        """Check all, so that one run reports what is wrong in each; then stop if any was wrong."""
        trees = [self.attempt(node) for node in nodes]
        good = [tree for tree in trees if tree is not None]
        if len(good) < len(trees):
            raise _Wrong
        return good

    def attempt(self, node: Node) -> Tree | None:
        try:
            return self.node(node)
        except _Wrong:
            return None

    def text(self, span: Chars) -> str:
        return _shown(self.locate(*span))

    def wrong(self, code: str, span: Chars, hint: Hint | None = None, **values: object) -> NoReturn:
        self.found.append(Diagnostic(code, values, self.locate(*span), hint))
        raise _Wrong


def _fitting(args: list[Tree], row: Operator) -> list[int]:
    fits = [_fits(arg.type, param) for arg, param in zip(args, row.params, strict=False)]
    return [sum(fits), *fits]


def _is_list(type_: Type) -> bool:
    return type_.kind in ("list", "set", "ranking")


def _sure(tree: Tree) -> bool:
    """Whether a list is known to have a member."""
    return isinstance(tree, Op) and tree.name == "list" and len(tree.args) > 0


def _fits(type_: Type, kind: str) -> bool:
    if kind == "any" or type_.kind == "null":
        return True
    if kind in ("list", "numbers"):
        return _is_list(type_)
    if kind == "ranking":
        return type_.kind in ("ranking", "list")
    return type_.kind == kind.rstrip("?")
