"""The catalogue of sentences: each in both languages, with the same placeholders, and every key that the engine uses is there."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import engine.texts
from engine.texts.code import ERROR, WARNING
from engine.texts.codes import CODES

ROOT = Path(__file__).resolve().parent.parent
AREAS = {
    info.name: module.TEXTS
    for info in pkgutil.iter_modules(engine.texts.__path__)
    if hasattr(module := importlib.import_module(f"engine.texts.{info.name}"), "TEXTS")
}
SENTENCES: dict[str, tuple[str, str]] = {key: pair for texts in AREAS.values() for key, pair in texts.items()}
PAIRS = {**SENTENCES, **{f"{code}.message": row.message for code, row in CODES.items()}, **{f"{code}.more": row.more for code, row in CODES.items()}}


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def calls(*functions: str) -> Iterator[tuple[str, str, str]]:
    """(file and line, function, its first text argument) of every call of one of these functions in the engine."""
    for path in [*sorted((ROOT / "engine").rglob("*.py")), ROOT / "cli.py"]:
        if not path.exists():
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                first = node.args[0]
                if name in functions and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", name, first.value


@pytest.mark.parametrize("key", PAIRS)
def test_a_sentence_stands_in_both_languages_with_the_same_placeholders(key: str) -> None:
    english, indonesian = PAIRS[key]
    assert english.strip() == english != ""
    assert indonesian.strip() == indonesian != ""
    assert set(placeholders(english)) == set(placeholders(indonesian))
    assert english != indonesian or len(english.split()) < 4, "not translated"


def test_no_key_stands_in_two_areas() -> None:
    count = Counter(key for texts in AREAS.values() for key in texts)
    assert [key for key, times in count.items() if times > 1] == []


def test_every_area_of_the_catalogue_is_read() -> None:
    """`say` knows every key of every area: an area that is written but not listed would fail only when it is needed."""
    known = engine.texts._catalogue()
    assert [key for key in SENTENCES if key not in known] == []


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_well_formed(code: str) -> None:
    row = CODES[code]
    assert code[0] in "RLPX" and code[1:].isdigit() and len(code) == 4
    assert row.severity in (ERROR, WARNING, "info")
    for message, more in zip(row.message, row.more, strict=True):
        assert not message.endswith("."), "a message is no full sentence; the longer text is"
        assert message[:2].isupper() or not message[0].isupper()
        assert more.endswith(".")
    assert not placeholders(row.more[0]), "the longer text is said without an occasion"


def test_codes_stand_in_order() -> None:
    """Each letter's codes ascend, so that a new one finds its place."""
    for letter in "RLPX":
        mine = [code for code in CODES if code[0] == letter]
        assert mine == sorted(mine)


def test_every_code_is_reported_by_something() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py") if path.parent.name != "texts")
    source += (ROOT / "cli.py").read_text(encoding="utf-8") if (ROOT / "cli.py").exists() else ""
    assert [code for code in CODES if f'"{code}"' not in source] == []


def test_every_key_that_is_used_exists() -> None:
    missing = []
    for where, function, text in calls("Hint", "say", "Word", "Diagnostic"):
        known = CODES if function == "Diagnostic" else SENTENCES
        key = f"word.{text}" if function == "Word" else text
        if key not in known:
            missing.append(f"{where} {key}")
    assert missing == []
