"""/audit: who did what here, when, and why it was refused: the questions of the audit, a page at a time."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from milena.domain.command import Action, Command, Desk, Invocation, Result, Sight
from milena.domain.guild.targets import named
from milena.domain.ids import PlayerId
from milena.domain.paging import PAGE, Number, paged
from milena.domain.refusal import Refused
from milena.domain.spans import seconds

Question = Literal[
    "latest", "refused", "by_player", "story", "search", "undone", "restless", "most_refused",
    "moves_per_player",
]  # fmt: skip
TITLES: dict[Question, str] = {
    "latest": "What happened lately",
    "refused": "What was refused, or failed",
    "by_player": "What one player did",
    "story": "The story of one game",
    "search": "Where words were said",
    "undone": "Who undid what",
    "restless": "Whom much is refused",
    "most_refused": "What is refused most",
    "moves_per_player": "How many moves each player made",
}
NEEDS = {"by_player": "player", "story": "game", "search": "text"}
"""What a question can't do without."""
OTHERS: dict[Question, str] = {
    "latest": "Latest", "refused": "Refused", "undone": "Undone", "most_refused": "Most refused",
}  # fmt: skip
"""Questions that need nothing more, and are one press away."""
COLUMNS = (
    "time", "player", "by", "what", "command", "tag", "verdict", "code", "detail", "sentence", "game",
    "times", "players", "refused", "reasons", "most_frequent", "of_these", "moves", "games",
)  # fmt: skip
"""Those that are shown; what was given, and where, a moderator finds with ``milena audit``."""


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    question: Annotated[Question, Meta(description="what you want to know")] = "latest"
    player: Annotated[PlayerId, Meta(max_length=40, description="only what this player did")] = PlayerId("")
    command: Annotated[str, Meta(max_length=40, description="only this command, such as /open")] = ""
    channel: Annotated[str, Meta(max_length=40, description="only what was called in this channel")] = ""
    game: Annotated[str, Meta(max_length=40, description="only what is about this game")] = ""
    text: Annotated[str, Meta(max_length=80, description="words to look for, with question search")] = ""
    since: Annotated[str, Meta(max_length=40, description="how far back, such as 2h or 7d")] = ""
    page: Annotated[Number, Meta(description="which page")] = 1


def run(desk: Desk, options: Options) -> Result:
    needed = NEEDS.get(options.question, "")
    if needed and not getattr(options, needed).strip():
        raise Refused("bad_option", f"{TITLES[options.question]}: say which {needed}.")
    if options.text and not any(char.isalnum() for char in options.text):
        raise Refused("bad_option", "There is no word to look for in that text.")
    if options.command:
        named(desk.commands, options.command)
    if options.since:
        _since(desk.invocation, options)
    return {}


def _since(asked: Invocation, options: Options) -> int:
    return asked.time - seconds(options.since, asked.locale, back=True) * 1000


def show(sight: Sight, options: Options, result: Result) -> Result:
    given = {
        "player": options.player,
        "command": named(sight.commands, options.command).name if options.command else "",
        "channel": options.channel,
        "game": options.game.strip().lower(),
        "text": "".join(char if char.isalnum() or char == " " else " " for char in options.text),
    }
    since = _since(sight.invocation, options) if options.since else None
    found = sight.ask(
        "audit", options.question, **{name: value for name, value in given.items() if value}, since=since,
        limit=PAGE, offset=PAGE * (options.page - 1),
    )  # fmt: skip
    shown = paged(sight, options, found, COLUMNS, f"{TITLES[options.question]}.", "Nothing.")
    shown["actions"] += [
        Action(label, "audit", {**kept(options), "question": question})
        for question, label in OTHERS.items()
        if question != options.question
    ]
    return shown


def kept(options: Options) -> dict[str, str]:
    """What narrows the answer, and goes on to narrow it when another question is asked."""
    narrow = {name: getattr(options, name) for name in ("player", "command", "channel", "game", "since")}
    return {name: value for name, value in narrow.items() if value}


command = Command(
    "audit", "admin", "Ask who did what here, when, and why it was refused.", Options, run,
    permission="moderator", discreet=True, show=show,
)  # fmt: skip
