"""A structure that a model loses, or that stands elsewhere in its files, changes nothing for the others."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.api import load_model
from tests.program import SAMPLE

SHOWN = ["org_id", "structure", "tier", "score", "cost_month", "shortfalls"]


def ranked(folder: Path | None) -> pd.DataFrame:
    frame = load_model(folder).evaluate(pd.read_csv(SAMPLE), form="long")
    return frame[frame["rank"].notna()]


@pytest.mark.parametrize("gone", ["two_teams", "duo", "core_three"])
def test_leaving_a_structure_out_reorders_nobody(tmp_path: Path, gone: str) -> None:
    (tmp_path / "model.yaml").write_text("name: fewer\nversion: 1.0.0\nextends: social_media_team\nfiles: {structures: [gone.yaml]}\n", encoding="utf-8")
    (tmp_path / "gone.yaml").write_text(f"{gone}: null\n", encoding="utf-8")
    whole, fewer = ranked(None), ranked(tmp_path)
    assert (whole["structure"] == gone).any()
    rest = whole[whole["structure"] != gone]
    assert fewer[SHOWN].values.tolist() == rest[SHOWN].values.tolist()
