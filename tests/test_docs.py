"""What README and docs say is true: every command and option is in them, what they show is what happens, snippets can be read, links lead somewhere."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

import cli
from engine.diagnostics import Source
from engine.source import parse_yaml
from tests.program import ROOT, run

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as a page shows it, and the output that stands below it."""

    where: str
    words: tuple[str, ...]
    output: tuple[str, ...]


def fences(language: str) -> Iterator[tuple[str, str]]:
    """(page and line, content) of every fenced block in a language."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            if found.group(1) == language:
                yield f"{page.relative_to(ROOT)}:{text[: found.start()].count(chr(10)) + 1}", found.group(2)


def examples() -> Iterator[Shown]:
    for where, text in fences("console"):
        for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, *output = part.rstrip().split("\n")
            yield Shown(where, tuple(shlex.split(command, comments=True)), tuple(line.rstrip() for line in output))


EXAMPLES = [shown for shown in examples() if shown.words[:1] == ("susun",)]


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands(cli.susun))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_docs(name):
    assert f"susun {name}" in TEXT
    options = [max(option.opts, key=len) for option in COMMANDS[name].params if isinstance(option, click.Option)]
    assert [option for option in options if not re.search(rf"{re.escape(option)}\b", TEXT)] == []


def test_every_option_of_evaluate_is_in_the_table_of_the_commands_page():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `-")]
    missing = [opt for option in COMMANDS["evaluate"].params for opt in option.opts if opt.startswith("-") and not any(f"`{opt}" in row for row in rows)]
    assert [opt for opt in missing if opt != "--lang"] == []  # said at the top of the page: every command takes it


@pytest.mark.parametrize("shown", EXAMPLES, ids=lambda shown: f"{shown.where}-{'-'.join(shown.words[1:3])}")
def test_a_command_that_the_docs_show_is_understood(shown):
    """Its arguments are; whether its files exist is not asked."""
    command: click.Command = cli.susun
    words, parent = list(shown.words[1:]), None
    while isinstance(command, click.Group):
        parent = click.Context(command, parent=parent, info_name=command.name)
        found = command.get_command(parent, words.pop(0))
        assert found is not None
        command = found
    command.make_context(command.name, words, parent=parent)


def test_the_output_that_the_docs_show_is_what_is_printed(tmp_path):
    """From a folder with what the checkout's top folder has; a line `...` stands for any lines. Pages that only list commands show no output."""
    for name in ("datasets", "docs", "rules"):
        (tmp_path / name).symlink_to(ROOT / name)
    for shown in EXAMPLES:
        if shown.output:
            done = run(tmp_path, *shown.words[1:])
            assert matches([line.rstrip() for line in done.said.splitlines()], list(shown.output)), f"{shown.where} {shlex.join(shown.words)}\n{done.said}"


def matches(lines: list[str], wanted: list[str]) -> bool:
    """Whether the lines are those wanted, where `...` stands for any number of them."""
    if not wanted:
        return not lines
    if wanted[0] == "...":
        return any(matches(lines[skip:], wanted[1:]) for skip in range(len(lines) + 1))
    return bool(lines) and lines[0] == wanted[0] and matches(lines[1:], wanted[1:])


def test_yaml_snippets_can_be_read_as_rule_files_are():
    found = [item.render() for where, text in fences("yaml") for item in parse_yaml(Source(where, text))[1]]
    assert not found, "\n".join(found)


def test_json_and_python_snippets_can_be_read():
    for _, text in fences("json"):
        json.loads(text)
    for where, text in fences("python"):
        ast.parse(text, where)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page: Path):
    targets = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in targets if not (page.parent / link).exists()] == []
