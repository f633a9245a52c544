"""A Spark of two workers on this machine, for the tests that need one: begun once in each process that runs tests, reachable from here only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from engine.distributed.session import missing, session


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    if found := missing():
        pytest.skip(found[0].message())
    os.environ["SPARK_SUBMIT_OPTS"] = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # much is compiled that runs once
    with session("local[2]") as started:
        started.conf.set("spark.sql.shuffle.partitions", "2")
        yield started
