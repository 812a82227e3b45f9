"""Whether the operator hears of what happens: what ``milena doctor`` tells of the digest."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from milena.ops.health import Check
from milena.store import StoreError, sqlite
from milena.store.formats import look

REMEDY = "correct digest.channel, or let Milena view that channel and send messages there"

_LAST = """
SELECT tag, payload ->> '$.sentence' FROM events WHERE stream = 'effect:' || (
    SELECT payload ->> '$.effect' FROM events WHERE stream = 'digest:' || ? ORDER BY version DESC LIMIT 1
) ORDER BY version DESC LIMIT 1
"""


def check_digest(file: Path, channel: int) -> Iterator[Check]:
    """What became of the last post there, by the log in ``file``; where that can't be read, nothing."""
    if not channel:
        yield Check("digest", "told nowhere: digest.channel names no channel")
        return
    try:
        with sqlite.explained(str(file)), closing(look(file)) as log:
            last = log.execute(_LAST, (str(channel),)).fetchone()
    except StoreError:
        return
    if last is None:
        yield Check("digest", f"nothing was posted in channel {channel} yet; 'milena run' does")
    elif last[0] == "effect.failed":
        yield Check("digest", f"the last one is not in channel {channel}: {last[1]}", "problem", REMEDY)
    else:
        state = "posted" if last[0] == "effect.done" else "to be posted"
        yield Check("digest", f"the last one is {state} in channel {channel}")
