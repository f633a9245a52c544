"""Turn measured curves into the picture docs/performance.svg: time over rows and over rules, with the straight lines through them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.growth import Curve
from benchmarks.table import PAGE

PICTURE = PAGE.with_suffix(".svg")
INK, FAINT = "#808890", "#80889055"  # legible on white and on black, which are both pages that this stands on
COLOURS = ("#2f81c9", "#d9822b", "#3a9d5d", "#b0549c")


def write(curves: Sequence[Curve], path: Path = PICTURE) -> None:
    """One panel for each unit, both axes in powers of ten."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    units = list(dict.fromkeys(curve.unit for curve in curves))
    look: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "susun", "font.family": "sans-serif", "font.size": 11}
    look |= dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK)
    with mpl.rc_context(look):
        figure, axes = pyplot.subplots(1, len(units), figsize=(5.4 * len(units), 4), squeeze=False, layout="constrained")
        for panel, unit in zip(axes[0], units, strict=True):
            _panel(panel, [(curve, COLOURS[curves.index(curve) % len(COLOURS)]) for curve in curves if curve.unit == unit])
        figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
        pyplot.close(figure)


def _panel(panel: Any, curves: Sequence[tuple[Curve, str]]) -> None:
    for curve, colour in curves:
        over = np.geomspace(min(curve.sizes), max(curve.sizes), 100)
        panel.plot(over, curve.start + curve.slope * over, color=colour, linewidth=1.2)
        panel.plot(curve.sizes, curve.seconds, "o", color=colour, markersize=5.5, label=f"{curve.what}: {_microseconds(curve.slope)} each")
    panel.set(xscale="log", yscale="log", xlabel=f"{curves[0][0].unit}s", ylabel="seconds of processor time")
    panel.grid(color=FAINT, linewidth=0.6)
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:,.12g}")
    panel.spines[["top", "right"]].set_visible(False)
    low, high = panel.get_ylim()
    panel.set_ylim(low, high * (high / low) ** (0.14 * len(curves)))  # room for the legend
    panel.legend(frameon=False, loc="upper left", handletextpad=0.3)


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.{0 if seconds >= 1e-5 else 1}f} µs"
