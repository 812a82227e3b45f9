"""Completion: what an option that is being typed may become."""

from collections.abc import Callable, Iterable, Iterator

from milena.slash.model import Choice, Completes, Option, Slash, Values
from milena.slash.sources import GameLine, Line, Sources

MOST = 25
LONGEST = 100
"""Discord's limits for completion."""
TIMEZONE = "timezone"
"""The setting whose values are time zones."""

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


def complete(slash: Slash, name: str, typed: str, values: Values, sources: Sources) -> list[Choice]:
    """At most 25 choices for the option ``name``, of which ``typed`` is there so far, the likeliest first.
    ``values`` are those of the other options, as far as they can be read."""
    option = next((option for option in slash.options if option.name == name), None)
    if option is None:
        return []
    found: list[Choice] = []
    for choice in _offers(slash, option, typed.strip(), values, sources):
        if choice not in found:
            found.append(choice)
        if len(found) == MOST:
            break
    return found


def _offers(slash: Slash, option: Option, typed: str, values: Values, sources: Sources) -> Iterator[Choice]:
    if option.choices:
        yield from _matching([Line(str(each.value), each.name) for each in option.choices], typed)
    elif option.kind == "boolean":
        yield from _matching([Line("true", "true"), Line("false", "false")], typed)
    elif option.completes == "move":
        moves = sources.moves(str(values.get("game", "")))
        yield from _matching([Line(move, move) for move in moves], typed)
    elif option.completes == "game":
        games = sorted(_games(slash, sources), key=_first)
        yield from _matching([Line(game.key, told(game)) for game in games], typed)
    elif option.completes == "zone" or (option.completes == "value" and values.get("name") == TIMEZONE):
        yield from _matching([Line(zone, zone) for zone in sources.zones()], typed)
    elif option.completes in LISTS:
        found = _matching(LISTS[option.completes](sources), typed)
        yield from map(_as_number, found) if option.kind == "integer" else found


LISTS: dict[Completes, Callable[[Sources], Iterable[Line]]] = {
    "poll": lambda sources: sources.polls(),
    "case": lambda sources: sources.cases(),
    "command": lambda sources: sources.commands(),
    "kind": lambda sources: sources.kinds(),
    "setting": lambda sources: sources.settings(),
}


def _games(slash: Slash, sources: Sources) -> list[GameLine]:
    fits = FITS.get(slash.name)
    return [game for game in sources.games(slash.name in OVER) if fits is None or fits(game)]


def _first(game: GameLine) -> tuple[bool, bool, bool, bool]:
    """Where the player is waited for, then where they sit, then what is open, then what is over."""
    waits = game.turn or game.invited or game.asked
    return not waits, game.standing == "over", not game.mine, game.standing != "playing"


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


def _matching(lines: Iterable[Line], typed: str) -> Iterator[Choice]:
    """Those whose key or words have ``typed`` in them: first where they begin with it."""
    wanted = typed.casefold()
    later = []
    for line in lines:
        key, words = line.key.casefold(), line.words.casefold()
        if not 0 < len(line.key) <= LONGEST:
            continue
        choice = Choice(_short(line.words or line.key), line.key)
        if key.startswith(wanted) or words.startswith(wanted):
            yield choice
        elif wanted in key or wanted in words:
            later.append(choice)
    yield from later


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _as_number(choice: Choice) -> Choice:
    return Choice(choice.name, int(choice.value)) if str(choice.value).isdecimal() else choice
