"""The store: the log of all events, on the eventsourcing library, and the identity vault beside it.

A data directory holds ``events.db`` (the log), ``vault.db`` (who the players are, and the secret of
this installation), ``head.json`` (a signed note of how far the log went) and ``milena.toml``.
"""

from milena.store.envelope import GENESIS, Envelope, Head
from milena.store.errors import Conflict, Damaged, StoreError, Unavailable, Unreplayable
from milena.store.reading import Folded, Reading
from milena.store.store import Store, Transaction
from milena.store.vault import Vault

__all__ = [
    "GENESIS",
    "Conflict",
    "Damaged",
    "Envelope",
    "Folded",
    "Head",
    "Reading",
    "Store",
    "StoreError",
    "Transaction",
    "Unavailable",
    "Unreplayable",
    "Vault",
]
