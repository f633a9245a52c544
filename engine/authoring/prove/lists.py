"""Turn the operators on lists, rankings and sets into terms, item by item over their bounded rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from engine.authoring.prove.solver import Term, both, choose, either, known, opposite, real
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Inexpressible, Sym, cases, equal_terms, nothing, numeric, pick, same, size_of, total, truth
from engine.feel.scalar import centroid
from engine.feel.tree import Op


def any_null(xs: Sym) -> Term:
    return either(*(both(here, item.null) for item, here in zip(xs.items, xs.present, strict=True)))


def list_of(_: Encoder, __: Op, args: list[Sym]) -> Sym:
    return Sym("list", False, items=tuple(args), present=(True,) * len(args))


def as_list(encoder: Encoder, xs: Sym) -> Sym:
    """A set as the list of its words in declared order; a list as it is."""
    if xs.kind != "set":
        return xs
    return packed([(bit, Sym("string", False, encoder.texts.code(word))) for word, bit in xs.bits.items()]).nullable(xs.null)


def item(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    """From 1; from the end below 0; null outside and for a part of a number."""
    xs, at = as_list(encoder, args[0]), args[1].term
    place = known(at)
    options = [(both(here, equal_terms(at, real(i + 1))), x) for i, (x, here) in enumerate(zip(xs.items, xs.present, strict=True))]
    if place is None or place < 0:
        size = size_of(xs)
        options += [(both(here, equal_terms(at, minus(real(i), size))), x) for i, (x, here) in enumerate(zip(xs.items, xs.present, strict=True))]
    return cases(options, replace(nothing(op.type, encoder.texts), null=True))


def minus(a: Term, b: Term) -> Term:
    x, y = known(a), known(b)
    return a - b if x is None or y is None else real(x - y)


def contains_item(encoder: Encoder, _: Op, args: list[Sym]) -> Sym:
    xs, x = args
    if xs.kind == "set":
        words = (both(bit, same(Sym("string", False, encoder.texts.code(word)), x)) for word, bit in xs.bits.items())
        return truth(either(*words), xs.null)
    return truth(either(*(both(here, hit) for here, hit in _hits(xs, x))), xs.null)


def _hits(xs: Sym, x: Sym) -> list[tuple[Term, Term]]:
    return list(zip(xs.present, (same(y, x) for y in xs.items), strict=True))


def index_of(encoder: Encoder, _: Op, args: list[Sym]) -> Sym:
    xs, x = as_list(encoder, args[0]), args[1]
    hits = [both(here, hit) for here, hit in _hits(xs, x)]
    return packed([(hit, numeric(real(i + 1))) for i, hit in enumerate(hits)]).nullable(xs.null)


def packed(options: Sequence[tuple[Term, Sym]]) -> Sym:
    """The list of the options whose condition holds, in order."""
    size = len(options)
    reached: list[Term] = [True, *([False] * size)]  # reached[k]: exactly k options hold so far
    items: list[Sym | None] = [None] * size
    for i, (holds, value) in enumerate(options):
        for k in range(min(i, size - 1), -1, -1):
            here = both(reached[k], holds)
            if here is False:
                continue
            before = items[k]
            items[k] = value if before is None else pick(here, value, before)
        reached = [choose(holds, reached[k - 1] if k else False, reached[k]) for k in range(size + 1)]
    present = tuple(either(*reached[k + 1 :]) for k in range(size))
    kept = [(x, here) for x, here in zip(items, present, strict=True) if x is not None]
    return Sym("list", False, items=tuple(x for x, _ in kept), present=tuple(here for _, here in kept))


def sublist(encoder: Encoder, op: Op, args: list[Sym]) -> Sym:
    xs, start = args[0], known(args[1].term)
    if start is None or (len(args) > 2 and known(args[2].term) is None) or (start < 0 and any(not isinstance(here, bool) for here in xs.present)):
        raise Inexpressible(op.name)
    length = known(args[2].term) if len(args) > 2 else None
    size = sum(here is True for here in xs.present)
    if start == 0 or start.denominator != 1 or (length is not None and length < 0):
        return Sym("list", True)
    first = int(start) - 1 if start > 0 else size + int(start)
    if first < 0 or first > len(xs.items):
        return Sym("list", True)
    last = len(xs.items) if length is None else min(len(xs.items), first + int(length))
    outside = False if first == 0 else opposite(xs.present[first - 1])
    return Sym("list", outside, items=xs.items[first:last], present=xs.present[first:last])


def rank_weight(_: Encoder, __: Op, args: list[Sym]) -> Sym:
    """The rank-order centroid for each place and each length."""
    xs, x = args
    hits = _hits(xs, x)
    parts = []
    for i, (here, hit) in enumerate(hits):
        first = both(here, hit, *(opposite(both(*hits[j])) for j in range(i)))
        sizes = [both(xs.present[k], opposite(xs.present[k + 1]) if k + 1 < len(hits) else True) for k in range(i, len(hits))]
        weights = [choose(size, _exact(i + 1, k + 1), real(0)) for k, size in zip(range(i, len(hits)), sizes, strict=True)]
        parts.append(choose(first, total(weights), real(0)))
    return numeric(total(parts))


def _exact(rank: int, size: int) -> Term:
    weight = sum((Fraction(1, j) for j in range(rank, size + 1)), Fraction(0)) / size
    assert abs(float(weight) - centroid(rank, size)) < 1e-12
    return real(weight)
