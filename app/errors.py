"""Why not: the one way in which a rule says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated later
    """Mark a text for the translators; it is translated at the edge, in the reader's language."""
    return text


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One reason why not, in words that a person can act on.

    `text` is an English msgid with %(name)s places for `values`; `about` names the form field
    that it belongs to, when there is one.
    """

    code: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    about: str = ""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A rule said no. It is shown to the person and undoes the transaction; it is not a fault."""

    status = 409

    def __init__(self, *problems: Problem) -> None:
        assert problems, "a refusal must say why"
        self.problems = problems
        super().__init__(" ".join(problem.text for problem in problems))

    @property
    def codes(self) -> set[str]:
        return {problem.code for problem in self.problems}
