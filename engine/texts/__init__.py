"""Turn a key of the catalogue and its values into a sentence in English or Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

LANGUAGES = ("en", "id")
Pair = tuple[str, str]
_FORMATTER = Formatter()


class Word(str):
    """A value of a message that is itself a word of the catalogue: `Word("number")` reads "number" or "angka"."""


def say(key: str, lang: str = "en", **values: Any) -> str:
    """The sentence `key` in `lang`; the catalogue's areas are the prefixes before the first dot."""
    return fill(_catalogue()[key], lang, values)


def fill(pair: Pair, lang: str, values: Mapping[str, Any]) -> str:
    template = pair[1 if lang == "id" else 0]
    parts = _parts(template)
    if parts is None:
        return _FORMATTER.vformat(template, (), {key: _shown(value, lang) for key, value in values.items()})
    return "".join([literal if name is None else f"{literal}{_shown(values[name], lang)}" for literal, name in parts])


def _shown(value: Any, lang: str) -> Any:
    return _catalogue()[f"word.{value}"][1 if lang == "id" else 0] if isinstance(value, Word) else value


@cache
def _parts(template: str) -> tuple[tuple[str, str | None], ...] | None:
    """Each text and the name of the value that follows it; None where a value is more than named. A hundred thousand rejects have a hundred thousand messages."""
    found = [*_FORMATTER.parse(template)]
    plain = all(name is None or (name.isidentifier() and not form and turned is None) for _, name, form, turned in found)
    return tuple((literal, name) for literal, name, _, _ in found) if plain else None


_cache: dict[str, Pair] = {}


def _catalogue() -> dict[str, Pair]:
    if not _cache:
        from engine.texts import (
            authoring,
            coverage,
            diffs,
            faces,
            help,
            hints,
            methods,
            pages,
            profiles,
            prove,
            roadmap,
            robust,
            scenarios,
            sentences,
            spark,
            whatif,
        )

        areas = (hints, profiles, sentences, faces, help, diffs, coverage, authoring, methods, pages, prove, robust, scenarios, whatif, roadmap, spark)
        for module in areas:
            _cache.update(module.TEXTS)
    return _cache
