"""Rule files broken at random: never an exception, always a model or a diagnostic with its place. SUSUN_MUTATIONS says how many are tried."""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from engine.diagnostics import annotation
from engine.model.lint import lint
from engine.model.load import load_plan
from engine.shipped import DEFAULT_MODEL
from tests.model.base_model import BASE

MUTATIONS = int(os.environ.get("SUSUN_MUTATIONS", "1500"))
TOKEN = re.compile(rb"[A-Za-z_][A-Za-z0-9_.]*|[0-9.]+|\s+|.", re.S)
ODD = [b"", b'"', b"'", b"{", b"]", b":", b"- ", b"\t", b"&a", b"*a", b"!x", b"#", b"null", b"true", b"1e400", b"-5", b"\xff", b"\x00", b"\xe2\x80\xa8"]
PLACELESS = {"R514"}  # of the model as a whole


def mutated(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        kind = dice.randrange(8)
        at = dice.randrange(max(1, len(lines)))
        if kind == 0 and lines:
            del lines[at]
        elif kind == 1 and lines:
            lines.insert(dice.randrange(len(lines)), lines[at])
        elif kind == 2 and lines:
            lines[at] = b" " * dice.randrange(4) + lines[at].lstrip() if dice.random() < 0.5 else lines[at].rstrip(b"\n")
        else:
            text = b"".join(lines)
            tokens = TOKEN.findall(text)
            if not tokens:
                break
            i, j = dice.randrange(len(tokens)), dice.randrange(len(tokens))
            if kind in (3, 4):
                tokens[i], tokens[j] = tokens[j], tokens[i]
            elif kind == 5:
                tokens[i] = dice.choice(ODD)
            elif kind == 6:
                tokens[i] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 6)))
            else:
                tokens = tokens[: max(1, i)]
            lines = b"".join(tokens).splitlines(keepends=True)
    return b"".join(lines)


def tried(folder: Path, name: str, good: bytes, seed: int) -> None:
    dice = random.Random(seed)
    (folder / name).write_bytes(mutated(good, dice))
    plan, found = load_plan(folder)
    assert plan is not None or found, (name, seed)
    for item in [*found, *(lint(plan) if plan is not None else [])]:
        assert item.span is not None or item.code in PLACELESS, (name, seed, item.code, item.message())
        assert item.render("id") and annotation(item) and item.to_json()


@pytest.mark.parametrize("part", range(4))
def test_a_small_model_broken_at_random(tmp_path, part):
    for name, text in BASE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = sorted(BASE)
    for seed in range(part, MUTATIONS, 4):
        name = names[seed % len(names)]
        tried(tmp_path, name, BASE[name].encode(), seed)
        (tmp_path / name).write_text(BASE[name], encoding="utf-8")


@pytest.mark.slow
def test_the_shipped_model_broken_at_random(tmp_path):
    folder = shutil.copytree(DEFAULT_MODEL, tmp_path / "model")
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml") if "tests" not in path.parts)
    for seed in range(max(20, MUTATIONS // 50)):
        name = names[seed % len(names)]
        good = (DEFAULT_MODEL / name).read_bytes()
        tried(folder, name, good, seed)
        (folder / name).write_bytes(good)
