"""Turn a model's inputs and a seed into any number of valid, varied profiles. The first rows do not depend on how many are asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any
from zlib import crc32

import numpy as np

from engine.diagnostics import Diagnostic
from engine.feel.arrays import Bits, Bool, Column, Items, Num, Str, broadcast
from engine.feel.columns import Reader
from engine.feel.tree import Const, Op, Ref, Tree
from engine.model.plan import Plan
from engine.profiles.csv_text import csv_text, header_text
from engine.profiles.sample_spec import LARGEST, Amount, Recipe, recipes
from engine.texts import say

THREADS = 4
BLOCK = 1 << 14  # rows drawn together; each column of each block has random numbers of its own


def sample(plan: Plan, rows: int, seed: int = 1) -> tuple[Any, list[Diagnostic]]:
    """A pyarrow Table of `rows` generated profiles, a column an input."""
    import pyarrow as pa

    made, found = recipes(plan)
    if found:
        return None, found
    blocks = [_block(plan, made, seed, number) for number in range(max(1, -(-rows // BLOCK)))]
    return pa.concat_tables(blocks).slice(0, rows), []


def write_sample(plan: Plan, rows: int, seed: int, out: IO[bytes]) -> list[Diagnostic]:
    """The same profiles as CSV, written block by block."""
    made, found = recipes(plan)
    if found:
        return found

    def text(number: int) -> bytes:
        return csv_text(_block(plan, made, seed, number).slice(0, rows - number * BLOCK))

    out.write(header_text(list(plan.inputs)))
    numbers = range(-(-rows // BLOCK))
    with ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, len(numbers), 2 * THREADS):  # few at a time, so that nothing piles up
            for lines in pool.map(text, numbers[start : start + 2 * THREADS]):
                out.write(lines)
    return []


def _block(plan: Plan, made: list[Recipe], seed: int, number: int) -> Any:
    import pyarrow as pa

    drawn: dict[str, Column] = {key: Num(np.float64(parameter.value)) for key, parameter in plan.parameters.items()}
    columns: dict[str, Any] = {}
    reader = Reader(drawn.__getitem__, _Every())
    for recipe in made:
        key = recipe.input.id
        random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed % 2**64, spawn_key=(crc32(key.encode()), number))))
        draw = _Draw(plan, recipe, random, reader, number)
        column, shown = draw.column()
        drawn[key] = column
        empty = random.random(BLOCK) < np.minimum(draw.amount(recipe.empty), 1.0)
        columns[key] = shown if recipe.input.required else _blanked(shown, empty)
    return pa.table({key: columns[key] for key in plan.inputs})


class _Every(frozenset[int]):
    """The keys whose results are remembered within a block: all of them."""

    def __contains__(self, key: object) -> bool:
        return True


def _blanked(shown: Any, empty: np.ndarray) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(empty), None, shown)


@dataclass(slots=True)
class _Draw:
    """Draws one input for one block: its column for later expressions, and what the table shows."""

    plan: Plan
    recipe: Recipe
    random: np.random.Generator
    reader: Reader
    number: int

    def column(self) -> tuple[Column, Any]:
        kind = self.recipe.input.type.kind
        if kind == "number":
            return self.numbers()
        if kind == "boolean":
            return self.booleans()
        if kind in ("set", "ranking"):
            return self.lists()
        return self.words() if self.recipe.input.type.values else self.texts()

    # -- numbers

    def numbers(self) -> tuple[Column, Any]:
        import pyarrow as pa

        type_ = self.recipe.input.type
        null = np.zeros(BLOCK, dtype=bool)
        uniform = self.random.random(BLOCK)
        if self.recipe.base is None and self.recipe.spread is None:
            values = self.generic(uniform)
        else:
            low, high = self.recipe.spread or (1.0, 1.0)
            values = np.exp(np.log(low) + uniform * (np.log(high) - np.log(low)))
            if self.recipe.base is not None:
                base = self.read(self.recipe.base)
                if not isinstance(base, Num):
                    return Num(np.zeros(BLOCK), np.ones(BLOCK, dtype=bool)), pa.nulls(BLOCK, pa.float64())
                values = values * base.values
                null |= base.null if base.null is not None else False
        values = self.within(_tidy(values, self.recipe.step or (1.0 if type_.integer else None)))
        shown = pa.array(values, mask=null)
        return Num(values, null if null.any() else None), shown.cast(pa.int64()) if type_.integer else shown

    def generic(self, uniform: np.ndarray) -> np.ndarray:
        """Log-uniform within the range when it spans orders of magnitude, else uniform."""
        type_ = self.recipe.input.type
        high = type_.high if type_.high < 1e15 else max(LARGEST, 10 * abs(type_.low) if type_.low > -1e15 else 0)
        low = type_.low if type_.low > -1e15 else min(0.0, high - 1)
        if low < 0 or high <= 20 or high / max(low, 1.0) < 20:
            return np.asarray(low + uniform * (high - low))
        least = max(low, 1.0)
        return np.asarray(np.exp(np.log(least) + uniform * (np.log(high) - np.log(least))))

    def within(self, values: np.ndarray) -> np.ndarray:
        """Pushed into the input's range."""
        item = self.recipe.input
        low, high, whole = item.type.low, item.type.high, item.type.integer
        step = 1.0 if whole else min(0.01, (high - low) / 2)
        low = low + step if item.low_open else low
        high = high - step if item.high_open else high
        return np.asarray(np.clip(values, np.ceil(low) if whole else low, np.floor(high) if whole else high) + 0.0)

    # -- words

    def booleans(self) -> tuple[Column, Any]:
        import pyarrow as pa

        true = self.chosen(("yes", "no")) == 0
        return Bool(true), pa.array(true)

    def words(self) -> tuple[Column, Any]:
        values = self.recipe.input.type.values or ()
        codes = self.chosen(values)
        return Str(codes, values), _shown(codes, values)

    def texts(self) -> tuple[Column, Any]:
        """What `from` says, a word drawn, and a number where the text names the organisation."""
        import pyarrow as pa
        import pyarrow.compute as pc

        key, settings = self.recipe.input.id, self.plan.settings
        serial = pc.utf8_lpad(pa.array(np.arange(1, BLOCK + 1) + self.number * BLOCK).cast(pa.string()), 6, "0")
        if key == settings.id:
            shown = pc.binary_join_element_wise("org-", serial, "")
            return Str(np.arange(BLOCK), tuple(shown.to_pylist())), shown
        words = tuple(self.recipe.weights) or self.recipe.text or ((say("sample.name"),) if key == settings.name and self.recipe.base is None else ())
        parts = []
        if self.recipe.base is not None:
            base = self.read(self.recipe.base)
            parts.append(_shown(base.codes, base.words) if isinstance(base, Str) else pa.nulls(BLOCK, pa.string()))
        if words:
            codes = self.chosen(words)
            parts.append(_shown(codes, words))
            if not parts[:-1] and key != settings.name:
                return Str(codes, words), parts[0]
        elif not parts:
            parts.append(pc.binary_join_element_wise(key, pa.array(self.random.integers(1, 100, BLOCK)).cast(pa.string()), " "))
        if key == settings.name:
            parts.append(serial)
        shown = pc.binary_join_element_wise(*parts, " ", null_handling="skip")
        shown = pc.if_else(pc.equal(shown, ""), None, shown)
        encoded = pc.dictionary_encode(shown)
        return Str(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), tuple(encoded.dictionary.to_pylist())), shown

    def chosen(self, words: tuple[str, ...]) -> np.ndarray:
        """A word for each row, by weight; -1 where every weight is 0."""
        uniform = self.random.random(BLOCK)
        sums = np.cumsum(np.broadcast_arrays(*(self.amount(self.recipe.weights.get(word, 1.0)) for word in words)), axis=0)
        drawn = uniform * sums[-1]
        codes = np.searchsorted(sums, drawn, side="right") if sums.ndim == 1 else (drawn >= sums).sum(axis=0)
        return np.where(sums[-1] > 0, np.minimum(codes, len(words) - 1), -1)

    def lists(self) -> tuple[Column, Any]:
        """Members drawn one after the other, by weight; a set shows them in declared order."""
        import pyarrow as pa

        item = self.recipe.input
        words = item.type.values or ()
        weights = np.stack([np.broadcast_to(self.amount(self.recipe.weights.get(word, 1.0)), (BLOCK,)) for word in words], axis=1)
        low, high = self.recipe.count
        count = self.random.integers(low, high + 1, BLOCK)
        count = np.minimum(count, (weights > 0).sum(axis=1))
        with np.errstate(divide="ignore"):
            late = -np.log1p(-self.random.random((BLOCK, len(words)))) / weights  # of exponential clocks, the first to ring are a weighted draw
        order = np.argsort(late, axis=1, kind="stable")
        taken = np.arange(len(words)) < count[:, None]
        if item.type.kind == "set":
            bits = (np.where(taken, np.uint64(1) << order.astype(np.uint64), np.uint64(0))).sum(axis=1, dtype=np.uint64)
            distinct, codes = np.unique(bits, return_inverse=True)
            texts = [";".join(word for i, word in enumerate(words) if int(one) >> i & 1) or "-" for one in distinct]
            return Bits(bits, words), pa.array(texts, pa.string()).take(pa.array(codes))
        members = np.where(taken, order, -1)
        place = np.zeros(BLOCK, dtype=np.int64)
        for i in range(min(high, len(words))):
            place = place * (len(words) + 1) + members[:, i] + 1
        _, first, codes = np.unique(place, return_index=True, return_inverse=True)
        texts = [";".join(words[code] for code in members[row].tolist() if code >= 0) or "-" for row in first]
        return Items([Str(members[:, i], words) for i in range(len(words))], count), pa.array(texts, pa.string()).take(pa.array(codes))

    # -- expressions

    def amount(self, value: Amount) -> Any:
        if not isinstance(value, (Const, Ref, Op)):
            return np.float64(value)
        column = self.read(value)
        if not isinstance(column, Num):
            return np.zeros(BLOCK)
        return np.maximum(column.values if column.null is None else np.where(column.null, 0.0, column.values), 0.0)

    def read(self, tree: Tree) -> Column:
        with np.errstate(all="ignore"):
            return broadcast(self.reader.read(tree), BLOCK)


def _shown(codes: Any, words: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.array(words, pa.string()).take(pa.array(codes, mask=np.asarray(codes) < 0))


def _tidy(values: np.ndarray, least: float | None) -> np.ndarray:
    """Rounded as people write: three digits of large numbers, whole ones above ten, few decimals below; multiples of `least`."""
    with np.errstate(divide="ignore"):
        step = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(np.abs(values), 1.0))) - 2, 0.0)
    rounded = np.rint(values / step) * step
    if least is not None:
        return np.asarray(np.rint(rounded / least) * least if least >= 1 else np.where(np.abs(values) < 100, np.rint(values / least) * least, rounded))
    small = np.abs(values)
    return np.asarray(np.where(small < 1, np.rint(values * 100) / 100, np.where(small < 10, np.rint(values * 10) / 10, rounded)))
