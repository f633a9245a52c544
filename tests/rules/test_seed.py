"""The founding text is carried: each of its sixteen claims has carriers in the model, and docs/seed.md shows them as they stand."""

from __future__ import annotations

import pytest

from engine import shipped
from engine.authoring.carriers import carriers
from engine.authoring.knowledge import COMMAND, claims, seed_page
from tests.rules.shipped_model import plan

CLAIMS = [f"S{number}" for number in range(1, 17)]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_is_carried(claim: str) -> None:
    assert carriers(plan()).get(claim), f"nothing cites seed:{claim}"


def test_nothing_cites_a_claim_that_there_is_not() -> None:
    assert [claim for claim in carriers(plan()) if claim not in CLAIMS] == []


def test_each_claim_is_worded_in_both_languages() -> None:
    worded = claims("seed")
    assert list(worded) == CLAIMS
    assert all(text["en"] and text["id"] and text["en"] != text["id"] for text in worded.values())


def test_the_page_is_current() -> None:
    page = shipped.ROOT / "docs" / "seed.md"
    assert page.read_text(encoding="utf-8") == seed_page(plan()), f"docs/seed.md is stale: run `{COMMAND}`"
