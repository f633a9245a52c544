"""Susun: a rules-engine decision service. `load_model` gives a model; scoring alone is in `engine.scoring`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.api import Decision, Model, SusunError, load_model

__all__ = ["Decision", "Model", "SusunError", "load_model"]


def __getattr__(name: str) -> Any:
    """Heavy modules load when they are first asked for."""
    if name in __all__:
        from engine import api

        return getattr(api, name)
    raise AttributeError(f"module 'engine' has no attribute {name!r}")
