"""A figure beside its floor, as ratio and as a line of a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


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


def at_least(
    goal: float, *, what: str, ours: Sequence[float], floor: Sequence[float], unit: str
) -> Figure:
    """More is better: ours over the floor."""
    ratio = ratio_of(ours, floor)
    return Figure(
        what=what,
        ours=_amount(median(ours), unit),
        floor=_amount(median(floor), unit),
        ratio=ratio,
        goal=f"≥ {goal}",
        reached=ratio >= goal,
    )


def at_most(
    goal: float, *, what: str, ours: Sequence[float], floor: Sequence[float], unit: str
) -> Figure:
    """Less is better: ours over the floor."""
    ratio = ratio_of(ours, floor)
    return Figure(
        what=what,
        ours=_amount(median(ours), unit),
        floor=_amount(median(floor), unit),
        ratio=ratio,
        goal=f"≤ {goal}",
        reached=ratio <= goal,
    )


def ratio_of(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of each round's own ratio, since what slows a round down slows both."""
    return median(one / other for one, other in zip(ours, floor, strict=True))


def below(goal: float, *, what: str, ours: float, unit: str) -> Figure:
    """Less is better, against a fixed limit."""
    return Figure(
        what=what, ours=_amount(ours, unit), goal=f"< {_amount(goal, unit)}", reached=ours < goal
    )


def told(*, what: str, ours: float, unit: str) -> Figure:
    """Worth knowing; nothing is asked for."""
    return Figure(what=what, ours=_amount(ours, unit))


def interleaved(rounds: int, *measures: Callable[[], T]) -> list[list[T]]:
    """What each found, round by round: in turns, and each round begins with another one."""
    found: list[list[T]] = [[] for _ in measures]
    for number in range(rounds):
        for place in range(len(measures)):
            turn = (number + place) % len(measures)
            found[turn].append(measures[turn]())
    return found


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


def _amount(number: float, unit: str) -> str:
    return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"
