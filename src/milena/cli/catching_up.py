"""Read models are brought to the head of the log before they are asked."""

from typing import TYPE_CHECKING

from milena.cli.common import complain, count
from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.readside import ReadSide


def catch_up(readside: "ReadSide", *names: str) -> None:
    """Take in what is new, with a progress bar where that is more than one batch. What could not be taken in
    is missing from every answer, so that is told."""
    take_in(readside, *names)
    for name in names:
        waiting = [letter for letter in readside.letters(name) if not letter.dropped]
        if waiting:
            are = "is" if len(waiting) == 1 else "are"
            complain(
                f"{count(len(waiting), 'event')} could not be taken into {name} and {are} missing here; "
                "see 'milena projections dead-letters list'."
            )


def take_in(readside: "ReadSide", *names: str) -> None:
    with progress_bar("Taking in the log") as bar:
        begun = False

        def tell(done: int, total: int) -> None:
            nonlocal begun
            begun = begun or done < total
            if begun:
                bar(done, total)

        readside.catch_up(names, tell)
