"""The names under which an office's file is understood: columns and words, in English and Indonesian, whatever their case and punctuation."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.api import read_profiles
from engine.feel.arrays import to_values
from engine.profiles.fields import folded
from tests.rules.shipped_model import plan


def test_no_name_of_a_column_means_two_inputs() -> None:
    names = Counter(name for key, item in plan().inputs.items() for name in {folded(name) for name in (key, *item.aliases)})
    assert [name for name, count in names.items() if count > 1] == []


def test_no_way_to_write_a_word_means_two_words() -> None:
    for item in plan().inputs.values():
        ways = [
            way
            for word in item.type.values or ()
            for way in {folded(way) for way in (word, *item.value_labels.get(word, {}).values(), *item.value_aliases.get(word, ()))}
        ]
        assert sorted(ways) == sorted(set(ways)), item.id
        assert "" not in ways


def test_every_input_but_the_simplest_has_names_in_indonesian() -> None:
    assert [key for key, item in plan().inputs.items() if len(item.aliases) < 3] == []


@pytest.mark.parametrize("lang", ["en", "id"])
def test_a_file_with_labels_for_names_and_words_is_read(lang: str) -> None:
    inputs = plan().inputs
    row = {item.label[lang]: example for item in inputs.values() if (example := written(item, lang)) is not None}
    assert len(row) > 15
    profiles, found = read_profiles(plan(), [row | {inputs["org_id"].label[lang]: "a", inputs["employees"].label[lang]: "60"}])
    assert profiles is not None and not found and profiles.size == 1, [item.diagnostic.render() for item in (profiles.rejects if profiles else ())]
    for key, item in inputs.items():
        if item.type.values and item.example is not None and item.label[lang] in row:
            want = item.example.split(";")
            assert to_values(profiles.columns[key], 1)[0] in (want[0], tuple(want)), key


def written(item, lang):  # type: ignore[no-untyped-def]
    """The input's example in the words of a language."""
    if item.example is None:
        return None
    if item.type.values is None:
        return {"true": "ya", "false": "tidak"}.get(item.example.lower(), item.example)
    return ";".join(item.value_labels[word][lang] for word in item.example.split(";"))
