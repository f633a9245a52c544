"""Turn what needs what into an order in which everything can be computed, or into the rings that make that impossible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def order(needs: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Each name after what it needs (names nobody defines are ignored), ties in id order; and every ring, begun at its smallest name."""
    done: list[str] = []
    state: dict[str, int] = {}  # 1 being visited, 2 done
    rings: list[list[str]] = []
    for start in sorted(needs):
        if start in state:
            continue
        trail: list[tuple[str, list[str]]] = [(start, _sorted(needs, start))]
        state[start] = 1
        while trail:
            name, todo = trail[-1]
            if not todo:
                trail.pop()
                state[name] = 2
                done.append(name)
                continue
            following = todo.pop()
            if state.get(following) == 1:
                names = [step[0] for step in trail]
                rings.append(_from_smallest(names[names.index(following) :]))
            elif following not in state:
                state[following] = 1
                trail.append((following, _sorted(needs, following)))
    return done, rings


def _sorted(needs: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return sorted({other for other in needs[name] if other in needs}, reverse=True)


def _from_smallest(ring: list[str]) -> list[str]:
    at = ring.index(min(ring))
    return ring[at:] + ring[:at]
