"""Turn the arguments of `susun rules ...` into checks, pages and copies of models, and an exit code."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections import Counter
from pathlib import Path

from engine import shipped
from engine.authoring import modelines
from engine.authoring.example_files import read_examples
from engine.authoring.graph.links import links
from engine.authoring.pages import page_data
from engine.authoring.prove.properties import read_properties
from engine.commands.common import DONE, FOUND, USAGE, known, plan_of, print_json, stop
from engine.commands.drawing import draw
from engine.commands.show import overview, page
from engine.diagnostics import ERROR, INFO, WARNING, Diagnostic, Hint, Source, annotation, did_you_mean
from engine.model.entries import read_folder
from engine.model.lint import lint
from engine.model.load import folder_of, load_plan
from engine.outcome.terminal import console, show_diagnostics
from engine.texts import fill, say
from engine.texts.codes import CODES


def run_check(model: str | None, as_json: bool, form: str, lang: str) -> int:
    """Everything wrong with a model, and what is probably not meant, in one run."""
    plan, found = load_plan(model)
    if plan is not None:
        beside = read_folder(folder_of(model))
        found = [*found, *lint(plan), *read_examples(beside.tests, plan)[1], *read_properties(beside.properties, plan)[1]]
    counts = Counter(item.severity for item in found)
    if as_json:
        print_json({"diagnostics": [item.to_json(lang) for item in found], "digest": plan.digest if plan else None})
    elif form == "github":
        for item in found:
            print(annotation(item, lang))
    else:
        show_diagnostics(found, lang, sys.stdout)
        if found:
            console().print(say("check.found", lang, errors=counts[ERROR], warnings=counts[WARNING], infos=counts[INFO]))
        if plan is not None and not counts[ERROR]:
            estimates = sum(item.estimate for item in plan.parameters.values())
            sizes = {"rules": len(plan.rules), "decisions": len(plan.decisions), "parameters": len(plan.parameters), "structures": len(plan.structures)}
            console().print(say("check.good", lang, name=plan.name, version=plan.version, estimates=estimates, **sizes))
    if any(item.code == "R101" for item in found) and plan is None and len(found) == 1:
        return USAGE
    return FOUND if counts[ERROR] or counts[WARNING] else DONE


def run_show(name: str | None, model: str | None, drawing: str | None, as_json: bool, lang: str) -> int:
    """The model as a whole, or the definitions with an id as pages; or what needs what as a drawing."""
    plan = plan_of(model, (), lang)
    graph = links(plan)
    if name is not None:
        known("definition", name, {node.id: node for node in graph.nodes.values() if node.kind != "model"}, lang)
    nodes = graph.named(name) if name is not None else [node for node in graph.nodes.values() if node.kind != "model"]
    if drawing is not None:
        return draw(plan, graph, name, Path(drawing), lang)
    if as_json:
        head = {"model": plan.name, "version": plan.version, "digest": plan.digest}
        print_json({**head, "definitions": [page_data(plan, graph, node) for node in nodes]})
    elif name is None:
        overview(plan, lang)
    else:
        for i, node in enumerate(nodes):
            if i:
                print()
            page(plan, graph, node, lang)
    return DONE


def run_new(folder: str, source: str, extends: bool, lang: str) -> int:
    """A copy of a shipped model to change, or a small folder that extends it."""
    origin = shipped.RULES / source
    if not (origin / "model.yaml").is_file():
        names = shipped.models()
        raise stop([Diagnostic("R510", {"name": source}, None, did_you_mean(source, names) or Hint("hint.shipped_models", {"names": ", ".join(names)}))], lang)
    target = Path(folder)
    if target.exists():
        raise stop([Diagnostic("X208", {"folder": folder}, None, Hint("hint.new_folder"))], lang)
    try:
        if extends:
            target.mkdir(parents=True)
            schemas = target / modelines.BESIDE
            head, numbers = target / "model.yaml", target / "parameters.yaml"
            text = f"# {source}, with what this folder changes\nname: '{_name(target)}'\nversion: 1.0.0\nextends: {source}\n"
            text += "files:\n  parameters: [parameters.yaml]\n"
            head.write_text(modelines.line(head, "model", schemas) + text, encoding="utf-8")
            text = "# name: {value: ...}   only what differs; `susun rules show` lists the names\n{}\n"
            numbers.write_text(modelines.line(numbers, "parameters", schemas) + text, encoding="utf-8")
        else:
            shutil.copytree(origin, target)
        found = modelines.furnish(target)
    except OSError as error:
        raise stop([Diagnostic("X201", {"file": folder, "why": error.strerror or str(error)}, Source(folder, "").span(0, 0))], lang) from None
    if found:
        raise stop(found, lang)
    console().print(say("new.done_overlay" if extends else "new.done", lang, name=source, folder=folder, path=shlex.quote(folder)))
    return DONE


def _name(target: Path) -> str:
    word = "".join(char if char.isalnum() else "_" for char in target.name.lower()).strip("_")
    return word or "my_rules"


def run_code(code: str, lang: str) -> int:
    """The longer text of a diagnostic's code."""
    name = code.upper()
    if name not in CODES:
        raise stop([Diagnostic("X209", {"name": code}, None, did_you_mean(name, CODES))], lang)
    row = CODES[name]
    console().print(f"{name}: {row.message[lang == 'id']}", style="bold")
    console().print(fill(row.more, lang, {}))
    return DONE
