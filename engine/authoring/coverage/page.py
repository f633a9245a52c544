"""Turn a coverage into a page: one file, no scripts, every condition with its comparisons marked."""

from __future__ import annotations

from html import escape

from engine.authoring.coverage.measure import Coverage
from engine.authoring.coverage.obligations import text_of
from engine.texts import say, shown

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1d2430; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dde2ea; vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } code { font: 14px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.yes { color: #14653a; } .no { color: #a01c1c; font-weight: 600; } .never { color: #5d6675; } .place { color: #5d6675; font-size: .85rem; }
@media (prefers-color-scheme: dark) { body { background: #14181f; color: #e4e8ee; } td, th { border-color: #323a47; }
  .yes { color: #6fd39b; } .no { color: #ff8f8f; } .never, .place { color: #98a2b3; } }
"""


def page(coverage: Coverage, lang: str) -> str:
    plan = coverage.plan
    title = say("coverage.title", lang, name=plan.name, version=plan.version, count=shown.number(coverage.profiles, lang))
    lines = [f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">']
    lines.append(f"<title>{escape(title)}</title><style>{STYLE}</style><h1>{escape(title)}</h1>")
    lines.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in totals(coverage, lang)) + "</ul>")
    lines.append(f"<h2>{escape(say('coverage.comparisons', lang))}</h2><table>")
    lines.append("<tr><th></th>" + "".join(f"<th>{escape(say(f'coverage.{key}', lang))}</th>" for key in ("comparison", "held", "failed")) + "</tr>")
    for i, condition in enumerate(coverage.conditions):
        mine = [(j, each) for j, each in enumerate(coverage.obligations) if each.condition == i]
        head = f"<strong>{escape(condition.id)}</strong><br><span class=place>{escape(str(condition.span))}</span>"
        for at in range(0, len(mine), 2):
            cells = [_cell(coverage, j, lang) for j, _ in mine[at : at + 2]]
            code = escape(text_of(condition, mine[at][1].guard))
            lines.append(f"<tr><td>{head if at == 0 else ''}</td><td><code>{code}</code></td>{''.join(cells)}</tr>")
    lines.append(f"</table><h2>{escape(say('coverage.rules', lang))}</h2><table>")
    lines.append("<tr><th></th>" + "".join(f"<th>{escape(say(f'coverage.{key}', lang))}</th>" for key in ("fired", "silent")) + "</tr>")
    lines += [f"<tr><td>{escape(id_)}</td>{_number(fired, lang)}{_number(coverage.silent[id_], lang)}</tr>" for id_, fired in coverage.fired.items()]
    lines.append(f"</table><h2>{escape(say('coverage.rows', lang))}</h2><table>")
    lines += [f"<tr><td>{escape(id_)}</td><td class=n>{number}</td>{_number(count, lang)}</tr>" for (id_, number), count in coverage.rows.items()]
    return "\n".join([*lines, "</table></html>", ""])


def _cell(coverage: Coverage, i: int, lang: str) -> str:
    if coverage.hits[i]:
        return f'<td class="n yes">{shown.number(int(coverage.hits[i]), lang)}</td>'
    kind = "no" if coverage.possible[i] else "never"
    said = say("coverage.zero" if coverage.possible[i] else "coverage.impossible", lang)
    return f'<td class="n {kind}">{escape(said)}</td>'


def _number(count: int, lang: str) -> str:
    return f'<td class="n {"yes" if count else "no"}">{shown.number(count, lang)}</td>'


def totals(coverage: Coverage, lang: str) -> list[str]:
    """The counts as sentences."""
    known = (coverage.possible | (coverage.hits > 0)).sum()
    return [
        say(
            "coverage.total_rules",
            lang,
            fired=sum(map(bool, coverage.fired.values())),
            silent=sum(map(bool, coverage.silent.values())),
            count=len(coverage.fired),
        ),
        say("coverage.total_rows", lang, matched=sum(map(bool, coverage.rows.values())), count=len(coverage.rows)),
        say(
            "coverage.total_comparisons",
            lang,
            met=shown.number(int((coverage.hits > 0).sum()), lang),
            count=shown.number(int(known), lang),
            share=shown.percent(int(1000 * coverage.share) / 1000, lang),
            impossible=int((~coverage.possible & (coverage.hits == 0)).sum()),
        ),
    ]
