"""A figure beside its floor, as ratio and as a line of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line: what was measured, what it is held against, and whether it gets there."""

    what: str
    ours: str
    floor: str = ""
    ratio: float | None = None
    goal: str = ""
    reached: bool | None = None  # None where nothing is asked for

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {True: "yes", False: "NO", None: ""}[self.reached]
        return self.what, self.ours, self.floor, ratio, self.goal, verdict


HEAD = ("figure", "ours", "floor", "ratio", "goal", "reached")


def at_least(goal: float, *, what: str, ours: float, floor: float, unit: str) -> Figure:
    """More is better: ours over the floor."""
    return _compared(what, ours, floor, unit, f"≥ {goal}", ours / floor >= goal)


def at_most(goal: float, *, what: str, ours: float, floor: float, unit: str) -> Figure:
    """Less is better: ours over the floor."""
    return _compared(what, ours, floor, unit, f"≤ {goal}", ours / floor <= goal)


def below(goal: float, *, what: str, ours: float, unit: str) -> Figure:
    """Less is better, against a fixed limit."""
    return Figure(
        what=what, ours=_amount(ours, unit), goal=f"< {_amount(goal, unit)}", reached=ours < goal
    )


def told(*, what: str, ours: float, unit: str) -> Figure:
    """Worth knowing; nothing is asked for."""
    return Figure(what=what, ours=_amount(ours, unit))


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each, measured in turns, so that a busy minute falls on all of them."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [median(each) for each in zip(*taken, strict=True)]


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table that also reads well in a terminal."""
    lines = [HEAD, *(figure.cells for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    drawn = [_line(line, widths) for line in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([drawn[0], rule, *drawn[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return (
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        + " |"
    )


def _compared(what: str, ours: float, floor: float, unit: str, goal: str, reached: bool) -> Figure:
    return Figure(
        what=what,
        ours=_amount(ours, unit),
        floor=_amount(floor, unit),
        ratio=ours / floor,
        goal=goal,
        reached=reached,
    )


def _amount(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"
