"""Appending rows that another log had, where it matters which of them does not fit."""

from collections.abc import Sequence
from typing import Any

from milena.store.errors import Conflict
from milena.store.reading import Reading
from milena.store.store import Transaction


class Taken(Conflict):
    """The version or the invocation id of the event at ``position`` is in the log already."""

    def __init__(self, position: int, sentence: str) -> None:
        super().__init__(sentence)
        self.position = position


def load(transaction: Transaction, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append ``rows`` as :meth:`Transaction.append` takes them. Raises Taken for the first that can't be."""
    try:
        transaction.append(rows)
    except Conflict as error:
        # What came before it is there until the transaction is rolled back.
        raise Taken(Reading.head(transaction).position + 1, str(error.__cause__)) from error
