"""Turn the currencies written beside amounts into the currency of their rows, where the rows state none, or say where the two do not agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from engine.diagnostics import Diagnostic, Hint
from engine.feel.arrays import Str
from engine.profiles import cells
from engine.profiles.assemble import Inputs
from engine.profiles.fields import Field
from engine.profiles.formulas import shown_values
from engine.profiles.numerals import CURRENCIES
from engine.profiles.table import shortened

_SIGNS = {"$": ("USD", "CAD", "AUD", "SGD"), "¥": ("JPY", "CNY")}  # signs that several currencies share


def with_currencies(fields: Mapping[str, Field], inputs: Inputs, size: int) -> dict[str, Field]:
    """The fields, the row's currency taken from its amounts where it is empty. An amount in another currency than its row's is wrong, and so is
    one in a currency that the row would have to guess."""
    made = dict(fields)
    item = inputs.all.get(inputs.currency or "")
    amounts = [key for key, given in fields.items() if given.currency is not None]
    if item is None or item.type.values is None or not amounts:
        return made
    words = item.type.values
    stated = fields[item.id].column if item.id in fields else None
    row = np.array(stated.codes) if isinstance(stated, Str) else np.full(size, -1, dtype=np.int64)
    for key in amounts:
        codes, found = cells.words(fields[key].currency)
        meant = [CURRENCIES.get(word, "") for word in found]
        named = np.array([words.index(code) if code in words else -1 for code in meant] + [-1])[codes]
        row = np.where(row < 0, named, row)
        fits = np.array([[word == code or word in _SIGNS.get(code, ()) for word in words] + [False] for code in meant] + [[True] * (len(words) + 1)])
        rows = np.flatnonzero(~fits[codes, row])
        if rows.size:
            wrong = cells.wrong(rows, fields[key].shown(rows), partial(_another, item.id, words))
            made[key] = replace(fields[key], wrongs=(*fields[key].wrongs, wrong))
    column = Str(row, words)
    null = row < 0
    before = fields.get(item.id)
    source, wrongs = (item.id, ()) if before is None else (before.source, before.wrongs)
    made[item.id] = Field(column, null if null.any() else None, wrongs, source, before.shown if before is not None else partial(shown_values, column))
    return made


def _another(input: str, words: tuple[str, ...], text: str) -> Diagnostic:
    return Diagnostic("P319", {"text": shortened(text), "input": input}, None, Hint("hint.currency", {"input": input, "values": ", ".join(words)}))
