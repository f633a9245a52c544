"""A journal gives back what was added to it, up to the first thing that is no longer as it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.outcome import journal as module
from engine.outcome.journal import Busy, Damaged, Different, Journal, Kept, abandoned, folder_of, journal
from engine.profiles.sources.base import Piece
from engine.stream import Done

ASKED = {"--top": "3"}


def piece(number: int) -> Piece:
    return Piece(number, number * 10, number * 2, bytes([65 + number]) * 10, 10, number * 2)


def add(kept: Journal, number: int) -> None:
    lines = None if number % 2 else np.array([number, 1])
    done = Done(2, b"content %d\n" % number, Counter(ok=1, rejected=1), keys=np.array([number, 0], np.uint64), lines=lines, moved=(1, 2))
    kept.add(piece(number), done, b"reject %d\n" % number)


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output of which three parts of two pieces are done, and a piece that was in no part yet."""
    monkeypatch.setattr(module, "SIZE", 60)
    with pytest.raises(MemoryError), journal(tmp_path / "out.csv", ASKED, True) as kept:
        for number in range(7):
            add(kept, number)
        raise MemoryError
    return tmp_path / "out.csv"


def test_what_was_added_is_there(output: Path) -> None:
    with journal(output, ASKED, True) as kept:
        assert (len(kept.parts), kept.rows, kept.damaged) == (3, 12, False)
        assert (kept.statuses, kept.moved) == ({"ok": 6, "rejected": 6}, (6, 12))
        assert list(kept.contents()) == [(b"content %d\n" % number, b"reject %d\n" % number) for number in range(6)]
        found = list(kept.kept())
        assert [item.is_of(piece(number)) for number, item in enumerate(found)] == [True] * 6
        assert [item.keys.tolist() for item in found] == [[number, 0] for number in range(6)]
        assert [None if item.lines is None else item.lines.tolist() for item in found] == [[0, 1], None, [2, 1], None, [4, 1], None]
        add(kept, 6)
        kept.end_part()
    with journal(output, ASKED, True) as kept:
        assert [content for content, _ in kept.contents()] == [b"content %d\n" % number for number in range(7)]
        kept.remove()
    assert list(output.parent.iterdir()) == []


def _half_a_line(folder: Path) -> None:
    content = (folder / "journal").read_bytes()
    (folder / "journal").write_bytes(content[:-7])


def _a_line_begun(folder: Path) -> None:
    with (folder / "journal").open("ab") as file:
        file.write(b"0a0a0a0a {")


def _flipped(name: str) -> Callable[[Path], None]:
    def flip(folder: Path) -> None:
        content = bytearray((folder / name).read_bytes())
        content[len(content) * 3 // 4] ^= 1
        (folder / name).write_bytes(content)

    return flip


def _cut(folder: Path) -> None:
    (folder / "000002.part").write_bytes((folder / "000002.part").read_bytes()[:-1])


def _longer(folder: Path) -> None:
    (folder / "000002.part").write_bytes((folder / "000002.part").read_bytes() + b"\0")


@pytest.mark.parametrize(
    ("damage", "good"),
    [
        (_half_a_line, 2),
        (_a_line_begun, 3),
        (_flipped("journal"), 2),
        (_flipped("000001.part"), 1),
        (lambda folder: (folder / "000000.part").unlink(), 0),
        (_cut, 2),
        (_longer, 2),
    ],
)
def test_what_is_damaged_and_what_comes_after_it_is_not_done(output: Path, damage: Callable[[Path], None], good: int) -> None:
    damage(folder_of(output))
    with journal(output, ASKED, True) as kept:
        assert (len(kept.parts), kept.damaged) == (good, True)
        for number in range(2 * good, 8):
            add(kept, number)
    with journal(output, ASKED, True) as kept:
        assert (len(kept.parts), kept.damaged) == (4, False)
        assert [content for content, _ in kept.contents()] == [b"content %d\n" % number for number in range(8)]


@pytest.mark.parametrize("left", [b"", b"0a0a0a0a {", b"\0" * 100])
def test_a_journal_that_says_nothing_is_begun_anew(output: Path, left: bytes) -> None:
    (folder_of(output) / "journal").write_bytes(left)
    with journal(output, {"--top": "5"}, True) as kept:
        assert kept.parts == []
        assert sorted(item.name for item in folder_of(output).iterdir()) == ["journal"]


def test_a_part_that_changes_after_it_was_looked_at_is_noticed_before_there_is_an_output(output: Path) -> None:
    with journal(output, ASKED, True) as kept:
        _flipped("000002.part")(folder_of(output))
        with pytest.raises(Damaged):
            list(kept.contents())


def test_what_is_asked_must_be_the_same(output: Path) -> None:
    with pytest.raises(Different) as found, journal(output, {"--top": "5"}, True):
        pass
    assert (found.value.before, found.value.rows) == (ASKED, 12)
    with journal(output, {"--top": "5"}, True, anew=True) as kept:
        assert kept.parts == []


def test_one_at_a_time(output: Path) -> None:
    with journal(output, ASKED, True):
        assert abandoned(output) is None
        with pytest.raises(Busy), journal(output, ASKED, True):
            pass
    assert abandoned(output) == folder_of(output)


def test_a_run_that_ends_before_its_first_part_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(MemoryError), journal(tmp_path / "out.csv", ASKED, True) as kept:
        add(kept, 0)
        raise MemoryError
    assert list(tmp_path.iterdir()) == []


def test_who_is_interrupted_keeps_what_is_decided_so_far(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), journal(tmp_path / "out.csv", ASKED, True) as kept:
        add(kept, 0)
        raise KeyboardInterrupt
    with journal(tmp_path / "out.csv", ASKED, True) as kept:
        assert kept.rows == 2


def test_a_piece_is_known_by_its_place_and_its_content(output: Path) -> None:
    with journal(output, ASKED, True) as kept:
        first: Kept = next(kept.kept())
    assert first.is_of(piece(0)) and not first.is_of(piece(1))
    assert not first.is_of(Piece(0, 0, 0, b"B" * 10, 10, 0))
