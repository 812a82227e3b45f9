"""Redaction: what the log keeps of an invocation that was not accepted. Nothing private, and nothing long."""

from collections.abc import Mapping
from typing import Any

from milena.domain.command import Command
from milena.domain.event import Aggregate
from milena.engine.desk import InvocationDesk

LONGEST_OPTION = 200
"""Characters of an option's text that are kept."""
LONGEST_NAME = 40
MOST_OPTIONS = 20


def recorded_name(command: str) -> str:
    """What is kept of the command's name; the same again for what was kept."""
    return _clip(command, LONGEST_NAME)


def recorded_options(
    desk: InvocationDesk, command: Command | None, aggregates: Mapping[str, Aggregate[Any]]
) -> dict[str, Any]:
    """What is kept of the options, so little that nobody can fill the disk with them."""
    return {
        _clip(str(name), LONGEST_NAME): value
        if isinstance(value, (int, float, type(None)))
        else _clip(str(value), LONGEST_OPTION)
        for name, value in list(_public(desk, command, aggregates).items())[:MOST_OPTIONS]
    }


def _public(
    desk: InvocationDesk, command: Command | None, aggregates: Mapping[str, Aggregate[Any]]
) -> dict[str, Any]:
    """The options without what is private, unless it was meant for something that hides nothing; and without
    what has no name that the command knows, since that may be a private one mistyped."""
    options = desk.invocation.options
    if command is None or not command.private or not isinstance(options, dict):
        return options
    seen = [(stream.partition(":")[0], folded) for stream, folded in desk.loaded.items()]
    meant = [(kind, folded) for kind, folded in seen if kind not in ("member", "guild")]
    if meant and not any(aggregates[kind].secret(folded.state) for kind, folded in meant):
        return options
    known = {*command.options.__struct_fields__} - {*command.private}
    return {name: value for name, value in options.items() if name in known}


def storable(text: str) -> str:
    """Text without lone surrogates, which UTF-8 can't hold."""
    return text.encode("utf-8", "replace").decode()


def _clip(text: str, longest: int) -> str:
    return storable(text if len(text) <= longest else text[:longest] + "…")
