"""/game void: take the result of a game away, while it goes on or after it; scripts know it as /void, too."""

from milena.commands.games.void import Options, run
from milena.domain.command import Command

command = Command(
    "game void", "games", "Take the result of a game away.", Options, run, permission="moderator"
)
