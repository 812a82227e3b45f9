"""What a line of the log says of an invocation, beside its message (see milena.ops.logs_lines)."""

import logging
from collections.abc import Sequence
from typing import Any

from milena.domain.command import Invocation
from milena.domain.member import CommandInvoked
from milena.engine.answer import error_id
from milena.engine.unit_of_work import Decided
from milena.ops.logs_lines import AUDIT
from milena.store import StoreError

NOT_ALLOWED = frozenset({"not_a_moderator", "not_an_admin", "not_permitted"})
"""The codes of refusals for want of authority."""

log = logging.getLogger(__name__)


def about(invocation: Invocation, event: CommandInvoked | None = None) -> dict[str, Any]:
    """Who, where and what; never the options, which may be private, nor names: both stay out of the log.
    Whatever a front end gave, it never raises: the writer asks for it when a commit has failed."""
    place, options = str(invocation.place), invocation.options
    found: dict[str, Any] = {
        "correlation": invocation.follows[0] if invocation.follows else invocation.id,
        "invocation": invocation.id,
        "command": str(invocation.command)[:40],
        "guild": place.partition("/")[0],
        "place": place,
        "player": invocation.player,
    }
    game = options.get("game") if isinstance(options, dict) else None
    if isinstance(game, str):
        found["game"] = game[:40]
    if event is not None:
        found["duration"] = event.duration
    return found


def decided(invocation: Invocation, found: Decided) -> None:
    """What an invocation came to, unless it was only counted: there may be many of these."""
    if found.bug is not None:
        _failed(invocation, found.event, found.bug)
    elif not found.counted:
        _decided(invocation, found.event)


def _failed(invocation: Invocation, event: CommandInvoked, bug: BaseException) -> None:
    """A command failed: a bug, that took nobody else down."""
    log.error(
        "invocation %s failed (%s)", invocation.id, error_id(invocation), exc_info=bug,
        extra={
            **about(invocation, event),
            "error_id": error_id(invocation),
            "told": event.sentence,
            "recovery": "recorded as failed, with no other event",
        },
    )  # fmt: skip


def _decided(invocation: Invocation, event: CommandInvoked) -> None:
    """For the audit where authority was used, or wanted; else for debugging."""
    if event.verdict == "accepted" and event.authority:
        log.log(
            AUDIT, "%s used /%s as %s", invocation.player, event.command, event.authority,
            extra={**about(invocation, event), "authority": event.authority},
        )  # fmt: skip
    elif event.verdict == "refused" and event.code in NOT_ALLOWED:
        log.log(
            AUDIT, "%s may not use /%s: %s", invocation.player, event.command, event.code,
            extra=about(invocation, event),
        )  # fmt: skip
    elif log.isEnabledFor(logging.DEBUG):
        log.debug("/%s: %s", event.command, event.code or event.verdict, extra=about(invocation, event))


def commit_failed(batch: Sequence[Invocation], error: Exception, told: str) -> None:
    """Nothing of these invocations was written; ``told``: what the first one's caller was answered."""
    ids = ", ".join(error_id(invocation) for invocation in batch[:10])
    log.error(
        "a commit failed (%s): %s", ids, error, exc_info=None if isinstance(error, StoreError) else error,
        extra={
            **about(batch[0]),
            "error_id": error_id(batch[0]),
            "told": told,
            "error": error,
            "recovery": "nothing was written",
        },
    )  # fmt: skip
