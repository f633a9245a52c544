"""Turn the name of something that ships with Susun (a model, the sample organisations, a mapping) into its path."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
ROOT = _HERE / "_data" if (_HERE / "_data").is_dir() else _HERE.parent
RULES = ROOT / "rules"
DATASETS = ROOT / "datasets"
DEFAULT_MODEL = RULES / "social_media_team"


def models() -> list[str]:
    """Names of the shipped models."""
    return sorted(path.parent.name for path in RULES.glob("*/model.yaml"))
