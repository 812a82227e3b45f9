"""Whatever somebody types as a move, a game may say it again: on the board, as a choice, in a refusal, in a
modal. There it does nothing: it pings nobody, links nowhere, formats nothing, and ends no block of code."""

import re
import sys
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from standin import mentions

sys.path.append(str(Path(__file__).parent))

from tabletop import KEY, NOW, PEOPLE, SEED, Log, player

from milena.discord import answers, drawing
from milena.discord.custom_ids import Ask
from milena.domain.game import Game, Games, Open, Play, TakeSeat
from milena.domain.refusal import Refused
from milena.domain.rules import Outcome, Rules, Seats
from milena.domain.view import Cell, View
from milena.replay.history import History

PIECES = [
    *"ab \\*_~|`<>[]()#-+1.@:/!&", "<@11>", "<@!11>", "<@&7>", "<#5>", "@everyone", "@here", "```", "**",
    "](https://evil.example)", "discord.gg/x", "\u00a0", "</ban:6>", "<:a:1>", "<id:guide>", "<t:1:R>",
]  # fmt: skip
TYPED = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)
EVERYTHING = {"parse": ["users", "roles", "everyone"]}
LOOSE = re.compile(
    r"(?<!\\)(?:\\\\)*([*_~|`\[\]]|<(?!#5>|@&7>|t:1:R>))|(:)(?=//)|^([#>-] )|(gg)(?=/)|(@)(?=everyone|here)",
    re.M,
)
"""What would be markdown, a link or a mention. Channels, roles and times are for Discord to tell."""

BLOCK = re.compile(r"^```\n.*?\n```$", re.M | re.S)


class Said(Struct, frozen=True):
    text: str = ""


class Echo(Rules[Said]):
    """Says again whatever was typed; what has an exclamation mark is refused, and that said again, too."""

    name = "echo"
    title = "Echo"
    seats = Seats(1, 1)
    bound = 9
    notation = "anything"
    open_input = True

    def start(self, seats: int, options: Struct) -> Said:
        return Said()

    def actors(self, state: Said) -> tuple[int, ...]:
        return (0,)

    def legal(self, state: Said, seat: int) -> list[str]:
        return [state.text or "a"]

    def read(self, state: Said, seat: int, text: str) -> str:
        return text

    def play(self, state: Said, seat: int, move: str) -> Said:
        if "!" in move:
            raise Refused("bad_move", f"{move!r} is no move; {move} is none.")
        return Said(move)

    def outcome(self, state: Said) -> Outcome | None:
        return None

    def view(self, state: Said, seat: int | None) -> View:
        said = " ".join(state.text.split()) or "x"
        return View(((Cell(said[:3]),),), lines=(f"Said: {said}", said), hand=(said,), choices=(said,))


GAMES = Games(lambda name: Echo())


def played(text: str) -> History:
    """The game after ``text`` was typed. Raises Refused."""
    game: Game = GAMES.initial(KEY)
    log = Log()
    for request in (
        Open(player(0), "echo", {}, 1, SEED, "1/2"), TakeSeat(player(0), "salt", SEED, 0, NOW),
        Play(player(0), text, SEED, now=NOW),
    ):  # fmt: skip
        changes = GAMES.decide(game, request)
        log.events += changes.events
        game = changes.state
    history = History(log, GAMES, KEY)
    history.catch_up()
    return history


def loose(content: str) -> Counter[str]:
    """What there is of that outside of our blocks of code, in which nothing means anything."""
    return Counter("".join(each) for each in LOOSE.findall(BLOCK.sub("", content)))


def pinged(content: str) -> bool:
    """Whether anybody is, but for roles, which each message forbids."""
    found = mentions.pings(content, EVERYTHING, may_all=True, mentionable=set())
    return bool(found.users or found.everyone)


@given(TYPED)
def test_what_is_typed_does_nothing_where_it_comes_back(text: str) -> None:
    try:
        history = played(text)
    except Refused as refusal:
        said = answers.refused(refusal.sentence, PEOPLE.name)
        assert not pinged(said.content)
        assert not loose(said.content), said.content
        return
    for draw in (lambda game: drawing.board(game, PEOPLE), lambda game: drawing.hand(game, 0, PEOPLE)):
        shown, plain = draw(history), draw(played("x"))
        assert not pinged(shown.content)
        assert loose(shown.content) == loose(plain.content), shown.content
        assert shown.content.count("```") == plain.content.count("```")
        assert not shown.pings
        asked = Ask(KEY, 1, None)
        assert drawing.ask(history, asked) == drawing.ask(played("x"), asked), "nothing is filled in"
