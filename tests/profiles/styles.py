"""The same organisations, written in many ways: encodings, separators, quotes, locales, currencies; and files damaged on their way."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from tests.profiles.small import GOALS, INPUTS, PARTS, SECTORS

Row = dict[str, Any]
SPOKEN = {"sector": {"company": "Company", "university": "Kampus", "public_agency": "kementerian"}}


@dataclass(frozen=True)
class Style:
    """How a file is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    locale: str = "en"
    grouped: bool = False
    marked: bool = False  # amounts with their currency, shares in percent, words by their labels


STYLES = [
    Style(*values)
    for values in product(("utf-8", "utf-8-sig", "utf-16", "windows-1252"), (",", ";", "\t", "|"), ('"', "'"), ("en", "id"), (False, True), (False, True))
    if values[:1] != ("utf-8",) or values[1:3] == (",", '"') or values[4:] == (True, True)
]


def number(value: float | None, style: Style, decimals: int = 2) -> str:
    """A number with a fixed count of decimals, so that what it says of its locale it says in every row."""
    if value is None:
        return ""
    text = f"{value:,.{decimals}f}" if style.grouped else f"{value:.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if style.locale == "id" else text


def cell(name: str, row: Row, style: Style) -> str:
    value = row[name]
    match value:
        case None:
            return ""
        case bool():
            return ("ya" if value else "Tidak") if style.locale == "id" else ("yes" if value else "no")
        case tuple():
            return ";".join(value) or "-"
    if name == "visual" and style.marked:
        return number(value * 100, style) + " %"
    if name == "budget" and style.marked and row["currency"] is not None:
        return {"IDR": "Rp {}", "USD": "US${}", "CAD": "{} CAD"}[row["currency"]].format(number(value, style))
    if name in ("employees", "budget", "visual"):
        return number(value, style)
    return SPOKEN.get(name, {}).get(str(value), str(value)) if style.marked else str(value)


def written(rows: Sequence[Row], style: Style, every: bool = True) -> bytes:
    """The file's bytes. `every`: each cell is quoted."""
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=style.delimiter,
        quotechar=style.quote,
        quoting=csv.QUOTE_ALL if every or style.quote == "'" else csv.QUOTE_MINIMAL,
        lineterminator="\r\n" if style.encoding == "utf-16" else "\n",
    )
    writer.writerow(INPUTS.all)
    writer.writerows([cell(name, row, style) for name in INPUTS.all] for row in rows)
    return out.getvalue().encode(style.encoding)


def organisations(random_: random.Random, size: int) -> list[Row]:
    def maybe(value: Any) -> Any:
        return None if random_.random() < 0.15 else value

    return [
        {
            "org_id": f"o{i}",
            "name": maybe(random_.choice(("Kafé Inn", "Warung", "São, Bento", "Bar; Solo", 'The "Rose"', "d'Or", "Two\nlines", "=1+1"))),
            "sector": maybe(random_.choice(SECTORS)),
            "employees": random_.choice((1.5, 60.0, 1250.0, 2500.25, 999999.0)),
            "units": maybe(random_.randint(1, 999)),
            "budget": maybe(random_.choice((0.5, 1250.0, 1250000.75, 5e9))),
            "visual": maybe(random_.choice((0.0, 0.25, 0.57, 1.0))),
            "currency": random_.choice(("IDR", "USD", "CAD")),
            "goals": maybe(tuple(random_.sample(GOALS, random_.randint(1, 3)))),
            "parts": maybe(tuple(part for part in PARTS if random_.random() < 0.5)),
            "plan": maybe(random_.random() < 0.5),
        }
        for i in range(size)
    ]


def damaged(data: bytes, style: Style, random_: random.Random) -> bytes:
    """The bytes with some flipped, cells swapped, pieces cut out or doubled, the end cut off."""
    for _ in range(random_.randint(1, 3)):
        at = random_.randrange(len(data) or 1)
        match random_.randrange(7):
            case 0 | 1:
                data = data[:at] + bytes([data[at] ^ (1 << random_.randrange(8))]) + data[at + 1 :] if data else data
            case 2:
                data = data[:at] + bytes([random_.choice(b"\0\r\n\"',;\t|=%.-\xe9\xff\x81 0")]) + data[at:]
            case 3:
                data = data[:at] + data[at + random_.randint(1, 40) :]
            case 4:
                data = data[:at]
            case 5:
                data = data[:at] + data[max(0, at - random_.randint(1, 60)) :]
            case _:
                data = _swapped(data, style, random_)
    return data


def _swapped(data: bytes, style: Style, random_: random.Random) -> bytes:
    try:
        parts = re.split(f"([{re.escape(style.delimiter)}\n])", data.decode(style.encoding))
    except UnicodeDecodeError:
        return data
    one, other = (2 * random_.randrange((len(parts) + 1) // 2) for _ in range(2))
    parts[one], parts[other] = parts[other], parts[one]
    return "".join(parts).encode(style.encoding, "replace")
