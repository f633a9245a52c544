"""Turn a plan and one decided profile into full sentences: why, why not, what was assumed."""

from engine.explain.explanation import Explanation, Line, Section, explain

__all__ = ["Explanation", "Line", "Section", "explain"]
