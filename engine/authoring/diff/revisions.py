"""Turn a folder, the name of a shipped model, or a git revision into a folder of rule files."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from engine import shipped
from engine.diagnostics import Diagnostic, Hint


@contextmanager
def folder_of(name: str, beside: str) -> Iterator[tuple[Path | None, list[Diagnostic]]]:
    """The model called `name`. One that is no folder and not shipped is a git revision of the folder `beside`, taken out for as long as it is used.

    A model there may extend others by a relative path, so the whole of that revision is taken out."""
    if Path(name).exists() or (shipped.RULES / name / "model.yaml").is_file():
        yield Path(name) if Path(name).exists() else shipped.RULES / name, []
        return
    here = Path(beside) if Path(beside).exists() else shipped.RULES / beside
    top = _git(here if here.is_dir() else here.parent, "rev-parse", "--show-toplevel")
    commit = None if top is None else _git(here, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if top is None or commit is None:
        yield None, [Diagnostic("X213", {"name": name}, None, Hint("hint.model_or_revision"))]
        return
    root = Path(top.decode().strip())
    inside = here.resolve().relative_to(root.resolve())
    packed = _git(root, "archive", "--format=tar", commit.decode().strip())
    with TemporaryDirectory(prefix="susun-") as scratch:
        if packed is not None:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(scratch, filter="data")
        folder = Path(scratch) / inside
        if not (folder / "model.yaml").is_file():
            yield None, [Diagnostic("X214", {"name": name, "folder": str(inside)}, None, Hint("hint.model_or_revision"))]
            return
        yield folder, []


def _git(folder: Path, *arguments: str) -> bytes | None:
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
