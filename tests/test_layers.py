"""The architecture, read off the source: imports point downward, nothing heavy loads at start, modules are short and say what they do."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# What stands on what: a module imports from its own layer and from those before it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("texts", "diagnostics", "cells", "source", "shipped", "interrupts", "slots"),
    ("feel",),
    ("model",),
    ("profiles",),
    ("executors",),
    ("staffing", "scoring"),
    ("decide", "explain", "outcome", "cross_check", "parallel", "batch", "scenarios", "api", "stream", "distributed", "whatif", "roadmap"),
    ("authoring", "commands", "pytest_plugin", "report", "service"),
    ("cli",),
)
HEAVY = {"durable", "numpy", "openpyxl", "pandas", "pyarrow", "pydantic", "pyspark", "rich", "yaml"}  # may be imported where they are used
LIGHT_FACES = {"cli", "engine", "engine.pytest_plugin"}  # these import the engine where it is used, so that `susun --help` starts at once
LATE = {("engine.texts", "engine.texts")}  # the catalogue is read when the first sentence is said
MOST_LINES = 400


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in sorted((ROOT / "engine").rglob("*.py"))}
    if (ROOT / "cli.py").exists():
        found["cli"] = ROOT / "cli.py"
    return found


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def layer(module: str) -> int:
    """The layer of a module of ours; the package `engine` itself is the face of the layer below the last two."""
    area = module.split(".")[1] if module.startswith("engine.") else module
    if area == "engine":
        area = "api"
    return next((i for i, areas in enumerate(LAYERS) if area in areas), -1)


def imported(module: str, tree: ast.AST) -> Iterator[str]:
    """The modules that the imports anywhere in a tree name, absolute; `from engine.feel import nodes` is `engine.feel.nodes`."""
    package = module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in modules() else base


def ours(module: str) -> list[str]:
    return sorted({name for name in imported(module, parsed(module)) if name in modules() and name != module})


def test_every_module_has_a_layer() -> None:
    assert [name for name in modules() if layer(name) < 0] == []


def test_imports_never_point_upward() -> None:
    upward = [
        f"{name} (layer {layer(name)}) imports {other} (layer {layer(other)})" for name in modules() for other in ours(name) if layer(other) > layer(name)
    ]
    assert upward == []


def test_modules_do_not_import_each_other_in_a_ring() -> None:
    rings: list[str] = []
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> None:
        if name in path:
            rings.append(" -> ".join([*path[path.index(name) :], name]))
        elif name not in done:
            for other in ours(name):
                walk(other, [*path, name])
            done.add(name)

    for name in modules():
        walk(name, [])
    assert rings == []


@pytest.mark.parametrize("module", modules())
def test_only_heavy_libraries_are_imported_inside_functions(module: str) -> None:
    late: list[str] = []
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for name in imported(module, node):
                allowed = name.split(".")[0] in HEAVY or (module in LIGHT_FACES and name in modules())
                if not allowed and not any(module == user and name.startswith(used) for user, used in LATE):
                    late.append(f"{module}:{node.lineno} imports {name}")
    assert late == []


@pytest.mark.parametrize("module", modules())
def test_every_module_says_what_it_does(module: str) -> None:
    tree = parsed(module)
    assert not tree.body or ast.get_docstring(tree), f"{module} has no docstring"


def test_no_file_is_long() -> None:
    paths = [*modules().values(), *(path for folder in ("benchmarks", "tests") for path in (ROOT / folder).rglob("*.py"))]
    long = {str(path.relative_to(ROOT)): lines for path in paths if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES}
    assert long == {}


@pytest.mark.parametrize("module", ["engine", "cli"])
def test_heavy_libraries_stay_out_of_the_start(module: str) -> None:
    if module not in modules():
        pytest.skip(f"{module} is not here yet")
    heavy = ("numpy", "pandas", "pyarrow", "pydantic", "durable")
    program = f"import sys, {module}; print(*sorted(set({heavy!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
