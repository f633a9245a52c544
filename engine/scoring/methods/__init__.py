"""The scoring methods by name. A new one is a file beside this one and a row here."""

from __future__ import annotations

from engine.scoring.methods import promethee, spotis, topsis, vikor, weighted_sum
from engine.scoring.methods.method import Method

METHODS: dict[str, Method] = {method.name: method for method in (weighted_sum.METHOD, spotis.METHOD, topsis.METHOD, vikor.METHOD, promethee.METHOD)}
