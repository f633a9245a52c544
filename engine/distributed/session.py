"""Turn the name of a Spark master into a quiet Spark session that only this machine can reach, or into diagnostics that say what is missing."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.batch import CHUNK
from engine.diagnostics import Diagnostic, Hint
from engine.texts import Word

JAVA = 17
LOCAL = "127.0.0.1"
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(CHUNK),
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.log.level": "OFF",
}


def missing() -> list[Diagnostic]:
    """What Spark needs and is not here."""
    if importlib.util.find_spec("pyspark") is None:
        return [Diagnostic("X401", {}, None, Hint("hint.install_spark"))]
    version = java_version()
    if version is None:
        return [Diagnostic("X402", {"wanted": JAVA, "found": Word("no_java")}, None, Hint("hint.install_java"))]
    if version < JAVA:
        return [Diagnostic("X402", {"wanted": JAVA, "found": Word("old_java")}, None, Hint("hint.install_java"))]
    return []


def java_version() -> int | None:
    """The number of the Java that Spark would start; None without one."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if program is None:
        return None
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    return int(found.group(1)) if found and said.returncode == 0 else None


@contextlib.contextmanager
def session(master: str) -> Iterator[Any]:
    """A Spark session: the one that runs here already, else one that ends with this. Java's own words go nowhere."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    with _quiet():
        started = _builder(SparkSession.builder.master(master).appName("susun"), master).getOrCreate()
        try:
            yield started
        finally:
            started.stop()


def _builder(builder: Any, master: str) -> Any:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    above = str(Path(__file__).resolve().parent.parent.parent)  # workers have to find the engine where it is found here
    os.environ["PYTHONPATH"] = os.pathsep.join([above, *filter(None, [os.environ.get("PYTHONPATH")])])
    settings = dict(SETTINGS)
    if master.startswith("local"):
        os.environ["SPARK_LOCAL_IP"] = LOCAL
        os.environ["SPARK_LOCAL_HOSTNAME"] = "localhost"
        settings |= {"spark.driver.bindAddress": LOCAL, "spark.driver.host": LOCAL}
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What Java, and the workers that it starts, write to standard error goes into a file that is thrown away; this process still writes to its own."""
    sys.stderr.flush()
    own = os.dup(2)
    before = sys.stderr
    with tempfile.TemporaryFile() as file, os.fdopen(own, "w", encoding="utf-8", errors="replace", closefd=False) as mine:
        os.dup2(file.fileno(), 2)
        sys.stderr = mine
        try:
            yield
        finally:
            mine.flush()
            sys.stderr = before
            os.dup2(own, 2)
            os.close(own)
