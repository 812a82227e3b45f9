"""What a game looks like on Discord: one board for everybody in the channel, and for each player what only
they may see.

The board is made of what a spectator sees, and of choices that may be for all eyes (see
:func:`.choices.shared`): nothing of it can tell a secret. Both keep to Discord's limits whatever the game.
"""

from collections.abc import Callable
from functools import cache

from msgspec import Struct

from milena import telling
from milena.discord import choices, grids
from milena.discord.components import Component, button, modal, row
from milena.discord.controls import controls
from milena.discord.custom_ids import Ask, Control, Hand, Typed
from milena.discord.message import Message
from milena.discord.text import block, escape, fit, say, shown_name, size
from milena.domain.clock import duration
from milena.domain.game import LONGEST_MOVE, Game, asking
from milena.domain.refusal import moment
from milena.domain.view import View
from milena.replay.history import Act, History
from milena.telling import Name

LONGEST = 2000
"""Characters of a message."""
_PLAYERS = 900
_RECENT = 5
_RECENT_ROOM = 300
FIELD = "move"
"""What the modal's text is called."""


class People(Struct, frozen=True):
    """``name``: of a player; ``discord``: the id of a player's Discord account, empty where there is none."""

    name: Name
    discord: Callable[[str], str]

    def remembered(self) -> "People":
        """For one drawing, which asks for a name many times."""
        return People(cache(self.name), self.discord)


def board(history: History, people: People) -> Message:
    """The game as everybody sees it."""
    people = people.remembered()
    game, name = history.game, shown_name(people.name)
    if history.problem or not history.plies:
        parts = [_header(history), *_seated(history, people), *_standing(history, people)]
        return Message(fit(parts, LONGEST), components=tuple(_bottom(history)), pings=_pinged(game, people))
    view, open_view = history.view(history.plies[-1]), choices.shared(history.games, game)
    at = choices.looked(history.games, game)
    if open_view is not None and choices.on_cells(open_view, view):
        shown, moves = grids.Shown(), choices.cells(open_view, at)
    else:
        shown = grids.show(view)
        moves = choices.few(open_view, at) if open_view is not None else []
    above = [_header(history), *_seated(history, people)]
    content = _compose(
        above, shown.text, _lines(game, view, name), _standing(history, people), _recent(history, name)
    )
    files = (shown.file,) if shown.file else ()
    return Message(
        content, (), (*moves, *_bottom(history, open_view, bool(moves))), files, _pinged(game, people)
    )


def hand(history: History, seat: int, people: People, page: int = 0) -> Message:
    """The game as ``seat`` sees it, with all that it may do: for the eyes of its player only."""
    game, games, name = history.game, history.games, shown_name(people.name)
    view = games.view(game, seat)
    at = choices.looked(games, game)
    buttons: list[Component] = []
    if seat in games.actors(game):
        buttons.append(button(Ask(game.key, at.ply, at.turn), "Type a move"))
    shown = grids.show(view)
    on_cells = choices.on_cells(view, view)
    if on_cells:
        moves = choices.cells(view, at)
        shown = grids.Shown()
    else:
        moves = choices.pages(view, at, page)
    if game.status == "playing" and not buttons:
        buttons.append(button(Hand(game.key, 0), "Look again"))
    held = [f"In hand: **{escape(' · '.join(view.hand))}**"] if view.hand else []
    content = _compose(
        [_header(history)], shown.text, _lines(game, view, name), [*held, *_standing(history, people)], ""
    )
    parts = (*moves, *([row(buttons)] if buttons else []))
    return Message(content, (), parts, (shown.file,) if shown.file else (), ephemeral=True)


def past(history: History, number: int, people: People) -> Message:
    """The game as it was after ply ``number``, as spectators saw it. Nothing of it can be pressed."""
    name, ply = shown_name(people.name), history.plies[number]
    view = history.view(ply)
    shown = grids.show(view)
    told = [escape(telling.ply(history, ply, name))] if ply.acts else []
    content = _compose([_header(history)], shown.text, _lines(ply.game, view, name), told, "")
    return Message(content, files=(shown.file,) if shown.file else ())


def confirm(history: History, word: str) -> Message:
    """Asks whether somebody means it: ``word`` is "resign" or "abort"."""
    key = history.game.key
    title = escape(telling.title(history.games, history.game))
    if word == "resign":
        asked, yes = f"Do you want to give up this game of {title} (`{key}`)?", Control(key, "resign")
    else:
        asked, yes = f"Do you want to call off this game of {title} (`{key}`)?", Control(key, "abort")
    buttons = row([button(yes, word.capitalize(), "danger"), button(Control(key, "stay"), "Play on")])
    return Message(asked, components=(buttons,), ephemeral=True)


def ask(history: History, id: Ask) -> Component:
    """The modal in which a move is typed, as the data of its answer."""
    rules = history.games.rules(history.game)
    return modal(Typed(id.game, id.ply, id.turn), rules.title, FIELD, rules.notation, LONGEST_MOVE)


# ------------------------------------------------------------------------------------------ the text


def _compose(above: list[str], grid: str, said: str, below: list[str], recent: str) -> str:
    """All parts that there is room for: the last moves go first, then what does not fit of the lines."""
    fixed = sum(size(part) + 1 for part in (*above, *below))
    room = LONGEST - fixed
    if size(grid) + 1 > room:
        grid = ""
    room -= size(grid) + 1
    if size(said) + 1 > room:
        said = _shortened(said, room - 1)
    room -= size(said) + 1
    if size(recent) + 1 > room:
        recent = ""
    return "\n".join(part for part in (*above, grid, said, *below, recent) if part)


def _shortened(said: str, longest: int) -> str:
    if longest < 20:
        return ""
    if said.startswith("```"):
        inner = fit(said.split("\n")[1:-1], longest - size("```\n\n```"))
        return f"```\n{inner}\n```"
    return fit(said.split("\n"), longest)


def _header(history: History) -> str:
    return f"**{escape(telling.title(history.games, history.game))}** · `{history.game.key}`"


def _lines(game: Game, view: View, name: Name) -> str:
    """What is said below the board; in columns where its blanks mean something."""
    lines = telling.with_names(view, telling.players(game, name)).lines
    if any(line != line.strip() or "  " in line for line in lines):
        return block(lines)
    return "\n".join(escape(line) or "\u2060" for line in lines)


def _seated(history: History, people: People) -> list[str]:
    """A line for each seat: who has it, its mark, its clock, and whether it is its turn."""
    game, name = history.game, shown_name(people.name)
    actors: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    if game.board is not None and not history.problem:
        actors = history.games.actors(game)
        marks = history.games.rules(game).marks(game.board)
    lines = []
    for seat, seated in enumerate(game.seats):
        if seated is None:
            continue
        parts = [f"{'▸' if seat in actors else '·'} **{escape(name(seated.player))}**"]
        if seat < len(marks):
            parts.append(escape(grids.mark(marks[seat])))
        if game.clocks is not None:
            parts.append(_clock(game, seat))
        if seat in game.gave_up:
            parts.append("(out)")
        if any(seat == choice[0] for choice in game.choices):
            parts.append("✓")
        lines.append(" ".join(filter(None, parts)))
    for invitation in game.invited:
        ends = f", until {moment(invitation.until)}" if invitation.until else ""
        lines.append(f"· {_called(invitation.player, people)} is invited{ends}")
    free = len(game.free) if game.status == "waiting" else 0
    if free:
        lines.append(f"· {free} seat{'s' * (free > 1)} free")
    if not lines:
        return []
    return [fit(lines, _PLAYERS)]


def _called(player: str, people: People) -> str:
    """A mention of who is to notice it; the name of who is not on Discord."""
    known = people.discord(player)
    return f"<@{known}>" if known else f"**{escape(shown_name(people.name)(player))}**"


def _clock(game: Game, seat: int) -> str:
    clocks = game.clocks
    assert clocks is not None, "only asked for where there are clocks"
    if clocks.since[seat]:
        return f"⏳ {moment(clocks.ends[seat])}"
    return f"⏱ {duration(clocks.left[seat] // 1000)}" if clocks.left[seat] else ""


def _standing(history: History, people: People) -> list[str]:
    """How it stands: whose turn it is and what is asked, or how it ended."""
    game, games, name = history.game, history.games, shown_name(people.name)
    if history.problem:
        return ["This game can't go on: Milena can't read it any further. Tell the operator its id."]
    if game.status == "ended":
        told = [f"**{escape(telling.result(game, name))}**"]
        if points := telling.points(game, name):
            told.append(escape(points))
        if game.rematch:
            told.append(f"It is played again: `{game.rematch}`")
        return told
    if game.status == "waiting":
        closes = f" It is closed {moment(game.until)} unless it begins." if game.until else ""
        return [f"It waits for players.{closes}"]
    told = [f"**{escape(telling.turn(games, game, name))}**"]
    if asked := asking(game):
        told.append(say(asked, people.name))
    return told


def _recent(history: History, name: Name) -> str:
    """The last plies in small print, without what is hidden, or by chance: one sees what that brought."""
    told: list[str] = []
    room = _RECENT_ROOM
    for ply in reversed(history.plies):
        if not any(_is_told(history, act) for act in ply.acts):
            continue
        line = escape(telling.ply(history, ply, name))
        room -= size(line) + 3
        if room < 0 or len(told) == _RECENT:
            break
        told.insert(0, line)
    return f"-# {' · '.join(told)}" if told else ""


def _is_told(history: History, act: Act) -> bool:
    return act.kind != "chance" and history.told(act) is not None


def _pinged(game: Game, people: People) -> tuple[str, ...]:
    """Those who are invited. Discord tells them when the message is new, and not when it changes."""
    return tuple(dict.fromkeys(filter(None, (people.discord(each.player) for each in game.invited))))


def _bottom(history: History, view: View | None = None, moves: bool = False) -> list[Component]:
    buttons = controls(history, view, moves)
    return [row(buttons)] if buttons else []
