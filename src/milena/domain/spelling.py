"""How commands are typed, where that is not how the log names them.

What concerns one game is typed behind ``/game``. The log has shorter names for it, from before there was
anything else to leave, to join or to end; they stay as they are recorded.
"""

ABOUT_A_GAME = (
    "abort", "accept", "begin", "decline", "draw", "end", "invite", "join", "leave", "rematch", "resign",
    "takeback", "void",
)  # fmt: skip
TYPED = {name: f"game {name}" for name in ABOUT_A_GAME} | {"open": "play"}
"""The name of a command -> its words behind the slash; behind ``/play`` stands which game."""
NAMED = {words: name for name, words in TYPED.items()}


def name_of(words: str) -> str:
    """The name of a command from its words as they are typed, or its name: ``join`` for ``game join``."""
    return NAMED.get(words, words)


def typed(command: str) -> str:
    """The words of a command as they are typed: ``game join`` for ``join``."""
    return TYPED.get(command, command)
