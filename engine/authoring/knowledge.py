"""Turn the shipped model into docs/knowledge-base.md and docs/seed.md: who wins among generated profiles, where each rule of practice and each claim stands,
and which numbers are estimates. `python -m engine.authoring.knowledge` writes both."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine import shipped
from engine.authoring.carriers import carriers, place
from engine.authoring.survey import BANDS, Survey, survey
from engine.authoring.tags import marks
from engine.model.load import load_plan
from engine.model.plan import Parameter, Plan
from engine.source import parse_yaml, read_file

COMMAND = "python -m engine.authoring.knowledge"
MADE = f"<!-- Made by `{COMMAND}` from the rule files. Change those, and run it again. -->"
ROWS, SEED = 10_000, 1
RARE = 0.01  # of all profiles: structures that win less often are explained


def main() -> int:
    """Write both pages; 0, or 1 when the model has errors."""
    plan, found = load_plan()
    if plan is None:
        print("\n".join(item.render() for item in found), file=sys.stderr)
        return 1
    for path, text in pages(plan, survey(plan, ROWS, SEED)).items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(shipped.ROOT).as_posix())
    return 0


def pages(plan: Plan, found: Survey) -> dict[Path, str]:
    """Path -> text of each page."""
    docs = shipped.ROOT / "docs"
    return {docs / "knowledge-base.md": knowledge_base(plan, found), docs / "seed.md": seed_page(plan)}


def claims(section: str) -> dict[str, Any]:
    """The sentences of the model's claims.yaml: `seed` (S1: {en, id}) or `practice` ("1": text)."""
    source, found = read_file(shipped.DEFAULT_MODEL / "claims.yaml")
    document, more = parse_yaml(source) if source is not None else (None, [])
    if document is None:
        raise ValueError("\n".join(item.render() for item in [*found, *more]))
    return dict(document.data[section])


# -- the founding text


def seed_page(plan: Plan) -> str:
    carried = carriers(plan)
    lines = ["# What carries the founding text", "", MADE, ""]
    lines += [
        "The model grew from one Indonesian text on social media teams. Its claims, in our own words, and every definition that rests on each:",
        "rules activate or exclude a role, messages are what a user is told, parameters are the numbers that a definition names.",
    ]
    for claim, text in claims("seed").items():
        lines += ["", f"## {claim}", "", f"{text['en']}  ", f"*{text['id']}*", ""]
        rows = [(item.kind, f"`{item.id}`", item.place, ", ".join(f"`{name}`" for name in item.parameters)) for item in carried.get(claim, [])]
        lines += _table(("what", "id", "where", "parameters"), rows)
    return "\n".join(lines) + "\n"


# -- the knowledge base


def knowledge_base(plan: Plan, found: Survey) -> str:
    lines = ["# The knowledge base", "", MADE, ""]
    lines += [
        f"`rules/{plan.name}/` holds {len(plan.inputs)} inputs, {len(plan.parameters)} parameters, {len(plan.decisions)} decisions, {len(plan.roles)} roles,"
        f" {len(plan.rules)} rules, {len(plan.structures)} structures and {len(plan.criteria)} criteria.",
        "What it decides for generated organisations, where the rules of practice stand in it, and which of its numbers are estimates.",
    ]
    for section in (winners(plan, found), goals(plan, found), rare(plan, found), loudness(plan, found), practice(), estimates(plan)):
        lines += ["", *section]
    return "\n".join(lines) + "\n"


def winners(plan: Plan, found: Survey) -> list[str]:
    total, bands = found.shares(), [found.shares(found.band == i) for i in range(len(BANDS))]
    rows = []
    for k, id_ in enumerate(found.structures):
        shares = [_percent(band.get(id_, 0.0)) for band in bands]
        rows.append(
            (total.get(id_, 0.0), (plan.structures[id_].label["en"], _percent(total.get(id_, 0.0)), _percent(float(found.eligible[k].mean())), *shares))
        )
    rows.sort(key=lambda row: (-row[0], row[1]))
    undecided = int((found.winner < 0).sum())
    counts = ("profiles", f"{found.size:,}", "", *(f"{int((found.band == i).sum()):,}" for i in range(len(BANDS))))
    return [
        "## Which structure wins",
        "",
        f"{found.size:,} profiles of `susun sample --rows {found.size} --seed {SEED}`: the share that each structure wins, the share for which it is",
        f"eligible at all, and the share it wins among organisations of a size (employees). Profiles without any eligible structure: {undecided}.",
        "",
        *_table(("structure", "wins", "eligible", *(name for _, name in BANDS)), [*(row for _, row in rows), counts], numbers=True),
    ]


def goals(plan: Plan, found: Survey) -> list[str]:
    rows = []
    for i, (_, name) in enumerate(BANDS):
        for j, goal in enumerate(found.goals):
            where = (found.band == i) & (found.goal == j)
            if where.any():
                shares = [(id_, share) for id_, share in found.shares(where).items() if share >= 0.01][:4]
                told = ", ".join(f"{plan.structures[id_].label['en']} {_percent(share, 0)}" for id_, share in shares)
                rows.append((name, plan.inputs["goals"].value_labels[goal]["en"], str(int(where.sum())), told))
    return [
        "## Winners by size and first goal",
        "",
        "Size separates one person, two, three and a team. The first goal moves the choice within a size.",
        "",
        *_table(("employees", "first goal", "profiles", "winners"), rows),
    ]


def rare(plan: Plan, found: Survey) -> list[str]:
    """What wins seldom or never, and the requirements that keep it out."""
    shares = found.shares()
    rows = []
    for k, id_ in enumerate(found.structures):
        if shares.get(id_, 0.0) < RARE:
            reasons = ", ".join(f"`{text}`" for text in found.reasons(id_))
            rows.append((plan.structures[id_].label["en"], _percent(shares.get(id_, 0.0), 2), _percent(float(found.eligible[k].mean()), 2), reasons))
    never = [plan.structures[id_].label["en"] for id_ in found.structures if id_ not in shares]
    return [
        "## What wins seldom, and why",
        "",
        f"Structures that never win: {', '.join(never) or 'none'}. Those that win less than {_percent(RARE, 0)} are meant for few,",
        "and these requirements keep most others out:",
        "",
        *_table(("structure", "wins", "eligible", "requirements that most profiles miss"), rows),
    ]


def loudness(plan: Plan, found: Survey) -> list[str]:
    rows = sorted(((count, id_) for id_, count in found.notes.items() if plan.rules[id_].target == "warning"), reverse=True)
    return [
        "## How loud it is",
        "",
        f"{_percent(float(found.warned.mean()))} of the profiles are warned of something: an impossible wish, a roster, a voice that is not safe.",
        "",
        *_table(("warning", "profiles"), [(f"`{id_}`", _percent(count / found.size)) for count, id_ in rows], numbers=True),
    ]


def practice() -> list[str]:
    where: dict[int, list[str]] = {}
    for mark in marks(shipped.DEFAULT_MODEL):
        where.setdefault(mark.number, []).append(f"{mark.file}:{mark.line} `{mark.entry}`")
    rows = [(number, text, ", ".join(where.get(int(number), ["nowhere"]))) for number, text in claims("practice").items()]
    return [
        "## Where the rules of practice stand",
        "",
        f"Rules that practitioners and the literature agree on, and every place in `rules/{shipped.DEFAULT_MODEL.name}/` marked with the number (`# 2d-8`).",
        "",
        *_table(("", "rule", "where"), rows),
    ]


def estimates(plan: Plan) -> list[str]:
    guessed = [item for item in plan.parameters.values() if item.estimate]
    lines = [
        "## Which numbers are estimates",
        "",
        f"{len(guessed)} of {len(plan.parameters)} parameters have no source. Each can be changed, in its file or with `--param name=value`;",
        "the range is what we hold for possible.",
    ]
    for file in sorted({_file(item) for item in guessed}):
        mine = sorted((item for item in guessed if _file(item) == file), key=lambda item: item.span.start)
        rows = [(f"`{item.id}`", f"{item.value:g}", item.unit or "", _range(item), item.label.get("en", "")) for item in mine]
        lines += ["", f"### {file}", "", *_table(("parameter", "value", "unit", "range", "what it is"), rows)]
    return lines


def _file(item: Parameter) -> str:
    return place(item.span).rpartition(":")[0]


def _range(item: Parameter) -> str:
    return f"{item.range[0]:g} to {item.range[1]:g}" if item.range is not None else ""


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: bool = False) -> Iterator[str]:
    """A Markdown table; with `numbers` all columns but the first stand to the right."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "|".join("---:" if numbers and i else "---" for i in range(len(head))) + "|"
    yield from (f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
