"""Texts that people type, as they are kept: one line, with nothing in it that can't be seen."""

from milena.domain.refusal import Refused

JOINER = "\u200d"
"""It joins emoji to one; all else that can't be seen may mislead whoever reads."""


def one_line(text: str, longest: int, what: str) -> str:
    """``text`` with single spaces. Raises Refused where it is empty, too long, or has what can't be seen;
    ``what`` it is, such as "A line"."""
    line = " ".join(text.split())
    shown = line.replace(JOINER, "")
    if not shown or len(line) > longest or not shown.isprintable():
        raise Refused("bad_text", f"{what} has 1 to {longest} characters, all of which can be seen.")
    return line
