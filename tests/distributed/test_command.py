"""`susun evaluate --on spark` as a user runs it: one real run, and what is refused before Spark begins."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from pyarrow import csv, parquet

from engine.distributed.session import missing
from tests.program import SAMPLE, run

PYSPARK = pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed")


def test_a_run_on_spark_leaves_what_a_run_here_leaves(tmp_path: Path) -> None:
    if found := missing():
        pytest.skip(found[0].message())
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "orgs.csv").write_text("".join([*lines, *lines[4:7], "a,b\n"]), encoding="utf-8")
    here = run(tmp_path, "evaluate", "orgs.csv", "-o", "a.jsonl", "--rejects", "a.csv", "--strict", "--keep", "units")
    there = run(tmp_path, "evaluate", "orgs.csv", "-o", "b.jsonl", "--rejects", "b.csv", "--strict", "--keep", "units", "--on", "spark", "--master", "local[2]")
    assert (here.code, here.out) == (there.code, there.out) == (1, "")
    assert there.err == here.err.replace("a.jsonl", "b.jsonl").replace("a.csv", "b.csv")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.jsonl", "b.csv", "b.jsonl", "orgs.csv"]


@pytest.mark.slow
def test_a_run_that_fails_leaves_the_old_file_and_no_trace_of_java(tmp_path: Path) -> None:
    if found := missing():
        pytest.skip(found[0].message())
    table = csv.read_csv(SAMPLE)
    parquet.write_table(table, tmp_path / "orgs.parquet")
    content = (tmp_path / "orgs.parquet").read_bytes()
    (tmp_path / "orgs.parquet").write_bytes(content[:2000] + bytes(4000) + content[6000:])
    (tmp_path / "out.csv").write_text("old", encoding="utf-8")
    done = run(tmp_path, "evaluate", "orgs.parquet", "-o", "out.csv", "--on", "spark", "--master", "local[1]")
    assert done.code == 2 and "X405" in done.err and len(done.err.splitlines()) <= 2, done.err
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orgs.parquet", "out.csv"]


@PYSPARK
@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["-o", "a.csv", "--set", "units=3"], "X403 `--set`"),
        (["-o", "a.csv", "--group-by", "sector"], "X403 `--group-by`"),
        (["-o", "a.csv", "--cross-check"], "X403 `--cross-check`"),
        (["-o", "a.csv", "--engine", "durable"], "X403 `--engine durable`"),
        (["-o", "a.csv", "--json"], "X403 `--json`"),
        (["-o", "-"], "X403 `-o -`"),
        ([], "X404"),
        (["-o", "a.xlsx"], "X202"),
        (["-o", "s3a://x/a.xlsx"], "X202"),
        (["-o", "no/such/a.csv"], "X201"),
        (["-o", "orgs.csv"], "X201"),
        (["-o", "a.csv", "--method", "nothing"], "X158"),
        (["-o", "a.csv", "--robustness", "--method", "topsis"], "X114"),
    ],
)
def test_what_spark_cannot_do_is_refused_at_once(tmp_path: Path, more: list[str], code: str) -> None:
    (tmp_path / "orgs.csv").write_bytes(SAMPLE.read_bytes())
    done = run(tmp_path, "evaluate", "orgs.csv", "--on", "spark", *more)
    assert done.code == 2 and code in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orgs.csv"]


@PYSPARK
def test_a_file_that_is_not_there_is_said_as_ever(tmp_path: Path) -> None:
    done = run(tmp_path, "evaluate", "nothing.parquet", "-o", "a.csv", "--on", "spark")
    assert done.code == 2 and "P101" in done.err


def test_a_master_is_of_no_use_without_spark(tmp_path: Path) -> None:
    done = run(tmp_path, "evaluate", SAMPLE, "--master", "local[2]")
    assert done.code == 2 and "X113 `--master`" in done.err and "`--on spark`" in done.err


@PYSPARK
def test_without_java_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", encoding="utf-8")
    (tmp_path / "bin" / "java").chmod(0o755)
    none = run(tmp_path, "evaluate", SAMPLE, "-o", "a.csv", "--on", "spark", PATH=str(tmp_path), JAVA_HOME="")
    old = run(tmp_path, "evaluate", SAMPLE, "-o", "a.csv", "--on", "spark", "--lang", "id", JAVA_HOME=str(tmp_path))
    assert none.code == 2 and "X402" in none.err and "none was found" in none.err and "openjdk-17" in none.err
    assert old.code == 2 and "X402" in old.err and "versi lebih lama" in old.err and "memerlukan" in old.err


def test_without_pyspark_the_command_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\nu.find_spec = lambda name, *more: None if name == 'pyspark' else find(name, *more)\n", encoding="utf-8"
    )
    done = run(tmp_path, "evaluate", SAMPLE, "-o", "a.csv", "--on", "spark", PYTHONPATH=str(tmp_path))
    assert done.code == 2 and "X401" in done.err and 'pip install "susun[spark]"' in done.err
