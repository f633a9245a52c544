"""Turn typed trees into terms over one meaning of their names."""

from __future__ import annotations

from collections.abc import Callable

from engine.authoring.prove.operators import apply
from engine.authoring.prove.store import Encoder
from engine.authoring.prove.values import Sym, constant
from engine.feel.tree import Const, Ref, Tree

Names = Callable[[str], Sym]


class Reader:
    """Reads trees over one meaning of their names; equal trees are read once."""

    def __init__(self, encoder: Encoder, names: Names) -> None:
        self.encoder, self.names = encoder, names
        self._read: dict[tuple[int, bool], Sym] = {}

    def read(self, tree: Tree) -> Sym:
        """The value of a tree. Where the type checker has settled that it is not null, that is taken as settled."""
        key = (tree.key, tree.type.nullable)
        if key not in self._read:
            found = self._value(tree)
            if not tree.type.nullable and found.kind != "null":
                found = Sym(found.kind, False, found.term, found.items, found.present, found.bits)
            self._read[key] = found
        return self._read[key]

    def _value(self, tree: Tree) -> Sym:
        match tree:
            case Const(value=value, type=type_):
                return constant(value, type_, self.encoder.texts)
            case Ref(name=name):
                return self.names(name)
        return apply(self.encoder, tree, [self.read(arg) for arg in tree.args])
