"""Turn the operators on texts into functions between their numbers: known where the text is known, else abstract."""

from __future__ import annotations

from collections.abc import Callable

from engine.authoring.prove.solver import z3
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym, cases, constant, equal_terms
from engine.feel.operators import BY_NAME
from engine.feel.tree import Const, Op
from engine.feel.types import STRING


def abstract(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    """Computed where every argument is written out, or one is and the other is a declared word; else a function of which nothing is known."""
    if all(isinstance(arg, Const) for arg in op.args):
        return constant(BY_NAME[op.name].scalar(*(arg.value for arg in op.args if isinstance(arg, Const))), op.type, encoder.texts)
    words = _words(op, encoder)
    if words is not None:
        return words(args)
    if op.name == "string" and args[0].kind == "boolean":
        return cases([(args[0].term, constant("true", STRING, encoder.texts))], constant("false", STRING, encoder.texts))
    if op.name == "string" and args[0].kind == "string":
        return args[0]
    result = encoder.abstraction(op.name, op.type.kind, *(arg.term for arg in args))
    missing = encoder.abstraction(f"{op.name} is null", "boolean", *(arg.term for arg in args)) if BY_NAME[op.name].partial else False
    return Sym(op.type.kind, missing, result)


def _words(op: Op, encoder: Encoder) -> Callable[[list[Sym]], Sym] | None:
    """The operator on each declared word of its one argument that is not written out."""
    open_ = [i for i, arg in enumerate(op.args) if not isinstance(arg, Const)]
    if len(open_) != 1 or op.args[open_[0]].type.kind != "string" or not op.args[open_[0]].type.values:
        return None
    at = open_[0]

    def encode(args: list[Sym]) -> Sym:
        options = []
        for word in op.args[at].type.values or ():
            values = [arg.value if isinstance(arg, Const) else word for arg in op.args]
            result = constant(BY_NAME[op.name].scalar(*values), op.type, encoder.texts)
            options.append((equal_terms(args[at].term, encoder.texts.code(word)), result))
        return cases(options[:-1], options[-1][1])

    return encode


def mapped(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    """Upper and lower case: a function whose value is known for every text that is named in the question."""
    if isinstance(op.args[0], Const) or op.args[0].type.values:
        return abstract(encoder, op, args)
    term = args[0].term
    if z3.is_bv_value(term):
        return constant(BY_NAME[op.name].scalar(encoder.texts.text(term.as_long())), STRING, encoder.texts)
    result = encoder.abstraction(op.name, "string", term)
    encoder.cased.setdefault(op.name, (result.decl(), []))[1].append(term)
    return Sym("string", False, result)
