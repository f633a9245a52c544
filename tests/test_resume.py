"""A run that was killed goes on where it was: the same bytes as if nothing had happened, whenever it was killed and whatever has happened since."""

from __future__ import annotations

import fcntl
import gzip
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

import cli
from engine.commands import resuming, streaming
from tests.program import SAMPLE, Result, Started, run

SMALL: dict[str, object] = {"engine.profiles.pieces:SIZE": 11_000, "engine.outcome.journal:SIZE": 60_000}  # bytes of a piece and of a part: many of both
HEADER, *ROWS = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)


def organisations(copies: int) -> str:
    """Several hundred rows, among them repeated ids, wrong cells and line breaks in cells."""
    lines = [row.replace(row.split(",")[0], f"{row.split(',')[0]}-{copy}", 1) for copy in range(copies) for row in ROWS]
    lines[200:200] = ROWS[:3] * 2
    lines[300] = lines[300].replace(lines[300].split(",")[2], "universe")
    lines.insert(310, 'x1,"Two\nlines",university' + "," * (HEADER.count(",") - 2) + "\n")
    lines[-7:-7] = [lines[5], lines[350]]
    return HEADER + "".join(lines)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A folder with an input, and what an uninterrupted run makes of it."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "orgs.csv").write_text(organisations(5), encoding="utf-8")
    done = Started(folder, "evaluate", "orgs.csv", "-o", "out.csv", "--rejects", "bad.csv", constants=SMALL).end()
    assert done.code == 0, done.err
    assert (folder / "bad.csv").read_text(encoding="utf-8").count("\n") == 1 + 7
    return folder


def begin(folder: Path, whole: Path, *more: str, output: str = "out.csv") -> Started:
    if not (folder / "orgs.csv").exists():
        (folder / "orgs.csv").write_bytes((whole / "orgs.csv").read_bytes())
    return Started(folder, "evaluate", "orgs.csv", "-o", output, "--rejects", "bad.csv", "--resume", *more, constants=SMALL)


def kill(program: Started, when: Callable[[], bool]) -> bool:
    """Whether the run, with all of its processes, was killed before it ended: as soon as `when` holds."""
    while not when() and alive(program.pid):
        time.sleep(0.0005)
    os.killpg(program.pid, signal.SIGKILL)
    return program.end().code != 0


def alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def parts(folder: Path, output: str = "out.csv") -> int:
    """How many parts the journal names."""
    path = folder / f".{output}.parts" / "journal"
    return path.read_bytes().count(b"\n") - 1 if path.exists() else -1


def same(folder: Path, whole: Path) -> bool:
    """Whether output and rejects are those of an uninterrupted run, and nothing else is left."""
    written = all((folder / name).read_bytes() == (whole / name).read_bytes() for name in ("out.csv", "bad.csv"))
    return written and sorted(item.name for item in folder.iterdir()) == ["bad.csv", "orgs.csv", "out.csv"]


def interrupted(folder: Path, whole: Path, at: int = 2, *more: str) -> None:
    """Leave a run that has ended some parts."""
    assert kill(begin(folder, whole, *more), lambda: parts(folder) >= at)
    assert parts(folder) >= at


# -- it goes on


def test_it_goes_on_after_what_is_decided(tmp_path, whole):
    (tmp_path / "out.csv").write_text("older\n", encoding="utf-8")
    interrupted(tmp_path, whole)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "older\n"
    assert not (tmp_path / "bad.csv").exists()
    done = begin(tmp_path, whole).end()
    assert done.code == 0
    assert done.err.startswith("An interrupted run has decided ") and "rows; this one continues after them." in done.err
    assert same(tmp_path, whole)


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 50))])
def test_killed_at_any_moment_it_gives_the_same_bytes(tmp_path, whole, seed):
    chance = random.Random(seed)
    (tmp_path / "out.csv").write_text("older\n", encoding="utf-8")
    for _ in range(1 if seed < 5 else chance.choice([1, 2, 3])):
        end = time.monotonic() + chance.uniform(0.1, 1.2)
        if not kill(begin(tmp_path, whole), lambda: time.monotonic() >= end):  # noqa: B023
            break
        assert (tmp_path / "out.csv").read_bytes() in (b"older\n", (whole / "out.csv").read_bytes())
    assert begin(tmp_path, whole).end().code == 0
    assert same(tmp_path, whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_asked_to_end_at_any_moment_too(tmp_path, whole, seed):
    chance = random.Random(seed)
    end = time.monotonic() + chance.uniform(0.3, 1.5)
    program = begin(tmp_path, whole)
    while time.monotonic() < end and alive(program.pid):
        time.sleep(0.0005)
    os.killpg(program.pid, chance.choice([signal.SIGINT, signal.SIGTERM]))
    done = program.end()
    assert done.code in (0, 130, 143) and ("interrupted" in done.err) == (done.code != 0), done
    left = {item.name for item in tmp_path.iterdir()}
    assert left <= {"orgs.csv", ".out.csv.parts"} or same(tmp_path, whole) or left == {"orgs.csv", ".out.csv.parts", "bad.csv", "out.csv"}
    assert begin(tmp_path, whole).end().code == 0
    assert same(tmp_path, whole)


def test_killed_while_the_output_is_put_together(tmp_path, whole):
    for attempt in range(10):  # it is short, and may be over before it is seen
        folder = tmp_path / str(attempt)
        folder.mkdir()
        if kill(begin(folder, whole), lambda folder=folder: any(folder.glob(".out.csv.susun-*"))) and not (folder / "out.csv").exists():
            break
    else:
        pytest.fail("it was never killed while the output was put together")
    assert begin(folder, whole).end().code == 0
    assert same(folder, whole)


@pytest.mark.slow
def test_tables_go_on_too(tmp_path, whole):
    assert kill(begin(tmp_path, whole, output="out.parquet"), lambda: parts(tmp_path, "out.parquet") >= 2)
    assert begin(tmp_path, whole, output="out.parquet").end().code == 0
    resumed = (tmp_path / "out.parquet").read_bytes()
    assert Started(tmp_path, "evaluate", "orgs.csv", "-o", "out.parquet", constants=SMALL).end().code == 0
    assert (tmp_path / "out.parquet").read_bytes() == resumed
    assert (tmp_path / "bad.csv").read_bytes() == (whole / "bad.csv").read_bytes()


@pytest.mark.slow
def test_a_packed_input_is_read_again_from_its_beginning(tmp_path, whole):
    (tmp_path / "orgs.csv").write_bytes(gzip.compress((whole / "orgs.csv").read_bytes()))
    interrupted(tmp_path, whole)
    assert begin(tmp_path, whole).end().code == 0
    assert same(tmp_path, whole)


@pytest.mark.slow
def test_without_an_interruption_nothing_is_left_of_it(tmp_path, whole):
    assert begin(tmp_path, whole).end().code == 0
    assert same(tmp_path, whole)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_asked_to_end_it_says_where_the_answers_are(tmp_path, whole, number):
    program = begin(tmp_path, whole)
    while parts(tmp_path) < 2:
        time.sleep(0.001)
    os.killpg(program.pid, number)
    done = program.end()
    assert done.code == 128 + number
    assert done.err.strip() == "interrupted; what is decided is kept in .out.csv.parts, and the same command continues after it"
    assert sorted(item.name for item in tmp_path.iterdir()) == [".out.csv.parts", "orgs.csv"]
    assert begin(tmp_path, whole).end().code == 0
    assert same(tmp_path, whole)


# -- what is damaged is decided again


def _half_a_line(folder: Path) -> None:
    with (folder / "journal").open("r+b") as file:
        file.truncate((folder / "journal").stat().st_size - 10)


def _no_line_break(folder: Path) -> None:
    with (folder / "journal").open("ab") as file:
        file.write(b"0a0a0a0a {")


def _a_flipped_byte(folder: Path) -> None:
    _flip(folder / "000001.part")


def _a_flipped_byte_in_the_journal(folder: Path) -> None:
    _flip(folder / "journal")


def _a_missing_part(folder: Path) -> None:
    (folder / "000000.part").unlink()


def _a_part_too_short(folder: Path) -> None:
    with (folder / "000001.part").open("r+b") as file:
        file.truncate(100)


def _no_journal(folder: Path) -> None:
    (folder / "journal").unlink()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES = [_half_a_line, _no_line_break, _a_flipped_byte_in_the_journal, _a_missing_part, _a_part_too_short, _no_journal]


@pytest.fixture(scope="module")
def killed(tmp_path_factory, whole) -> Path:
    """A folder as a killed run has left it."""
    folder = tmp_path_factory.mktemp("killed")
    interrupted(folder, whole, 3)
    return folder


def copied(killed: Path, folder: Path) -> None:
    for path in killed.rglob("*"):
        if path.is_file():
            (folder / path.relative_to(killed)).parent.mkdir(exist_ok=True)
            (folder / path.relative_to(killed)).write_bytes(path.read_bytes())


@pytest.mark.parametrize(
    "damage", [_a_flipped_byte, *(pytest.param(damage, marks=pytest.mark.slow) for damage in DAMAGES)], ids=lambda damage: damage.__name__.strip("_")
)
def test_what_is_damaged_is_decided_again(tmp_path, whole, killed, damage):
    copied(killed, tmp_path)
    damage(tmp_path / ".out.csv.parts")
    done = begin(tmp_path, whole).end()
    assert done.code == 0
    assert ("is damaged; that much is decided again" in done.err) == (damage is not _no_journal)
    assert same(tmp_path, whole)


# -- what is another run is refused


def _another_input(folder: Path) -> None:
    content = (folder / "orgs.csv").read_bytes()
    (folder / "orgs.csv").write_bytes(content[:5000].replace(b"university", b"government") + content[5000:])


def _a_longer_input(folder: Path) -> None:
    with (folder / "orgs.csv").open("a", encoding="utf-8") as file:
        file.write(ROWS[0].replace("univ", "x", 1))


OTHERS = {
    "another input": (_another_input, (), "in the content of the input"),
    "a longer input": (_a_longer_input, (), "in the content of the input"),
    "another model": (None, ("--param", "hub_min_fte=3"), "in the model and `--param` (then -, now hub_min_fte=3)"),
    "other options": (None, ("--top", "5", "--lang", "id"), "`--top` (dulu 3, kini 5)"),
    "another format": (None, ("--format", "long"), "`--format` (then wide, now long)"),
}


@pytest.mark.parametrize("name", ["another input", "other options", *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(OTHERS))])
def test_another_run_is_refused(tmp_path, whole, killed, name):
    change, options, what = OTHERS[name]
    copied(killed, tmp_path)
    if change is not None:
        change(tmp_path)
    before = sorted(item.name for item in tmp_path.rglob("*"))
    done = begin(tmp_path, whole, *options).end()
    assert done.code == 2 and "X253" in done.err and what in done.err, done.err
    assert sorted(item.name for item in tmp_path.rglob("*")) == before


def test_another_run_can_be_begun_anew(tmp_path, whole, killed):
    copied(killed, tmp_path)
    assert begin(tmp_path, whole, "--restart", "--top", "2").end().code == 0
    assert sorted(item.name for item in tmp_path.iterdir()) == ["bad.csv", "orgs.csv", "out.csv"]


def test_a_touched_input_is_the_same(tmp_path, whole, killed):
    copied(killed, tmp_path)
    os.utime(tmp_path / "orgs.csv", (1, 1))
    assert begin(tmp_path, whole).end().code == 0
    assert same(tmp_path, whole)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-", "-o", "out.csv"), "X250"),
        (("orgs.csv", "-o", "-"), "X251"),
        (("orgs.csv", "-o", "out.csv", "--group-by", "sector"), "X252"),
        pytest.param(("orgs.csv",), "X251", marks=pytest.mark.slow),
        pytest.param(("orgs.csv", "-o", "out.xlsx"), "X252", marks=pytest.mark.slow),
    ],
)
def test_where_nothing_could_be_continued_that_is_said(tmp_path, arguments, code):
    (tmp_path / "orgs.csv").write_bytes(SAMPLE.read_bytes())
    done = run(tmp_path, "evaluate", *arguments, "--resume")
    assert done.code == 2 and code in done.err and "hint: " in done.err
    assert [item.name for item in tmp_path.iterdir()] == ["orgs.csv"]


def test_two_at_once_are_refused(tmp_path, whole, killed):
    copied(killed, tmp_path)
    with (tmp_path / ".out.csv.parts" / "journal").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = begin(tmp_path, whole).end()
    assert done.code == 2 and "X254 another process is writing `out.csv`" in done.err


def test_a_run_without_it_says_what_was_left_and_clears_it_up(tmp_path, whole, killed):
    copied(killed, tmp_path)
    done: Result = run(tmp_path, "evaluate", "orgs.csv", "-o", "out.csv", "--rejects", "bad.csv")
    assert done.code == 0 and "X256" in done.err
    assert same(tmp_path, whole)


def test_whatever_changes_answers_is_compared(monkeypatch, tmp_path):
    """An option of `evaluate` is compared, or stands here."""
    given: list[str] = []
    monkeypatch.setattr(resuming, "resume_of", lambda plan, anew, options, files: given.extend([*options, *files]))
    monkeypatch.setattr(streaming, "evaluate", lambda *_: 0)
    assert cli.susun(["evaluate", str(SAMPLE), "-o", str(tmp_path / "out.csv"), "--resume"], standalone_mode=False) == 0
    the_same_answers = {"--output", "--strict", "--resume", "--restart", "--no-progress", "--jobs", "--json"}
    compared_otherwise = {"--rules"}  # by the model's digest
    refused = {"--scenario", "--group-by", "--cross-check", "--to", "--on", "--master"}
    options = {max(option.opts, key=len) for option in cli.susun.commands["evaluate"].params if isinstance(option, click.Option)}
    assert options == set(given) | the_same_answers | compared_otherwise | refused
