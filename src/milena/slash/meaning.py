"""The game that is meant, where nobody has said which."""

from collections.abc import Callable

from milena.domain.refusal import Refused
from milena.slash.model import Option, Slash, Values
from milena.slash.sources import GameLine, Sources

OVER = {"audit", "game rematch", "game replay", "game show", "game void"}
"""What is done with games that are over, or with those too."""
FITS: dict[str, Callable[[GameLine], bool]] = {
    "move": lambda game: game.mine and game.standing == "playing",
    "game join": lambda game: (game.free > 0 and not game.mine) or game.invited,
    "game leave": lambda game: game.mine and game.standing == "waiting",
    "game begin": lambda game: game.mine and game.standing == "waiting",
    "game accept": lambda game: game.invited or game.asked,
    "game decline": lambda game: game.invited or game.asked,
    "game resign": lambda game: game.mine and game.standing == "playing",
    "game draw": lambda game: game.mine and game.standing == "playing",
    "game takeback": lambda game: game.mine and game.standing == "playing",
    "game abort": lambda game: game.mine and game.standing != "over",
    "game invite": lambda game: game.mine and game.standing != "over",
    "game rematch": lambda game: game.mine and game.standing == "over",
    "game replay": lambda game: game.standing != "waiting",
}
"""The games that a command is for; those that it would refuse are not offered."""
LAST = {"game show", "game replay", "game rematch"}
"""These mean the last game that they could be for; the others only the one that it must be."""
TOLD = 3


def may_be_left_out(path: str, option: Option) -> bool:
    """Whether the game need not be said to a slash: it is for few games, and those are known."""
    return option.name == "game" and option.completes == "game" and (path in FITS or path in LAST)


def is_left_out(slash: Slash, values: Values) -> bool:
    """Whether nobody has said which game is meant, so that it has to be looked for."""
    if "game" in values:
        return False
    return any(may_be_left_out(slash.name, option) for option in slash.options)


def meant(slash: Slash, values: Values, sources: Sources) -> Values:
    """The values, with the game that must be meant. Raises Refused where none or several could be."""
    if not is_left_out(slash, values):
        return values
    games = candidates(slash.name, sources)
    waiting = [game for game in games if (game.turn if slash.name == "move" else game.waits)]
    if slash.name in LAST:
        games = games[:1]
    elif len(waiting) == 1:
        games = waiting
    if not games:
        raise Refused("no_game", f"There is no game here that /{slash.name} is for; /game list shows all.")
    if len(games) > 1:
        names = ", ".join(f"{game.key} ({told(game)})" for game in games[:TOLD])
        more = f" and {len(games) - TOLD} more" if len(games) > TOLD else ""
        raise Refused("which_game", f"Say which game you mean, with the option game: {names}{more}.")
    return {**values, "game": games[0].key}


def candidates(name: str, sources: Sources) -> list[GameLine]:
    """The games that the slash of this name is for, the likeliest first."""
    fits = FITS.get(name)
    return sorted((game for game in sources.games(name in OVER) if fits is None or fits(game)), key=_first)


def _first(game: GameLine) -> tuple[bool, bool, bool, bool]:
    """Where the player is waited for, then where they sit, then what is open, then what is over."""
    return not game.waits, game.standing == "over", not game.mine, game.standing != "playing"


def told(game: GameLine) -> str:
    """A game in one line: ``tictactoe vs bob · your turn``."""
    who = ", ".join(game.players)
    words = f"{game.kind} {'vs' if game.mine else 'of'} {who}" if who else game.kind
    match game:
        case GameLine(turn=True):
            notes = ["your turn"]
        case GameLine(invited=True):
            notes = ["you are invited"]
        case GameLine(standing="waiting"):
            notes = [f"{game.free} seat{'s' * (game.free != 1)} free"]
        case GameLine(standing="over"):
            notes = ["over"]
        case _:
            notes = []
    return " · ".join([words, *notes, *(["you are asked"] if game.asked else [])])
