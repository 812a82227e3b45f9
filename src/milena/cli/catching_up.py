"""Read models are brought to the head of the log before they are asked."""

from typing import TYPE_CHECKING

from milena.cli.progress import progress_bar

if TYPE_CHECKING:
    from milena.readside import ReadSide


def catch_up(readside: "ReadSide", *names: str) -> None:
    """Take in what is new; with a progress bar where that is more than one batch."""
    with progress_bar("taking in the log") as bar:
        begun = False

        def tell(done: int, total: int) -> None:
            nonlocal begun
            begun = begun or done < total
            if begun:
                bar(done, total)

        readside.catch_up(names, tell)
