"""The lobby tells what the games tell, whatever happens to them, and no limit is ever exceeded."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milena.aggregates import GUILDS, LOBBIES, MEMBERS
from milena.commands import commands
from milena.domain.command import Invocation
from milena.domain.game import Games
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.domain.lobby import Lobby
from milena.engine import Answer, Engine
from milena.games.tictactoe import TicTacToe
from milena.home import Home
from milena.ops.config import Config

LIMITS = GameLimits(guild=3, channel=2, member=1, players=3, invitation=60, waiting=600, idle=3600)
KINDS = ("tictactoe", "hangman", "math")


class Guild:
    """A guild of its own, with four members; it knows every game that was opened in it."""

    def __init__(self, home: Home, engine: Engine, name: str = "") -> None:
        self.home, self.engine = home, engine
        self.name = name or new_id()
        self.members = [home.vault.player("discord", str(number)) for number in range(4)]
        self.games: list[str] = []
        self.now = time.time_ns() // 1_000_000

    def ask(self, command: str, player: PlayerId, /, channel: str = "c1", **options: Any) -> Answer:
        place = Place(f"{self.name}/{channel}")
        invocation = Invocation(
            InvocationId(new_id()), command, options, player, place, self.now, moderator=True
        )
        answer = self.engine.call(invocation)
        game = answer.result.get("game")
        if game is not None and game not in self.games:
            self.games.append(game)
        return answer

    def must(self, command: str, player: PlayerId, /, **options: Any) -> str:
        answer = self.ask(command, player, **options)
        assert answer.verdict == "accepted", answer
        return str(answer.result["game"])

    @property
    def lobby(self) -> Lobby:
        state: Lobby = self.engine.read("lobby", self.name).state
        return state


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Guild]]:
    """``limited()``: one more guild where ``LIMITS`` hold."""
    path: Path = tmp_path_factory.mktemp("lobby")
    with Home(path, Config(limits=LIMITS)) as home, home.engine() as engine:
        yield lambda: Guild(home, engine)


# ------------------------------------------------------------------------------- what frees a place

Ending = Callable[[Guild, str], object]


def _won(guild: Guild, game: str) -> None:
    ann, bob = guild.members[:2]
    guild.must("accept", bob, game=game)
    for player, move in zip((ann, bob, ann, bob, ann), "14253", strict=True):
        guild.must("move", player, game=game, move=move)


def _resigned(guild: Guild, game: str) -> None:
    guild.must("accept", guild.members[1], game=game)
    guild.must("resign", guild.members[1], game=game)


def _expired(after: int) -> Ending:
    def end(guild: Guild, game: str) -> None:
        guild.now += after
        guild.must("expire", guild.members[3], game=game)

    return end


ENDINGS: dict[str, Ending] = {
    "won": _won,
    "resigned": _resigned,
    "aborted": lambda guild, game: guild.must("abort", guild.members[0], game=game),
    "declined": lambda guild, game: guild.must("decline", guild.members[1], game=game),
    "voided": lambda guild, game: guild.must("void", guild.members[3], game=game, reason="no"),
    "not answered": _expired(61_000),
    "given up": _expired(601_000),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_a_game_that_is_over_frees_its_place_at_once(limited: Callable[[], Guild], how: str) -> None:
    guild = limited()
    ann, bob, cat, dan = guild.members
    game = guild.must("open", ann, game="tictactoe", invite=[bob], private=True)
    guild.must("open", cat, game="math", seats=2)
    assert guild.ask("open", dan, game="othello").code == "channel_limit"
    assert guild.ask("open", ann, channel="c2", game="tictactoe").code == "member_limit"
    guild.must("open", dan, channel="c2", game="othello")
    assert guild.ask("open", bob, channel="c2", game="connect4").code == "guild_limit"

    ENDINGS[how](guild, game)

    assert game not in guild.lobby.games
    guild.must("open", ann, game="tictactoe")
    assert len(guild.lobby.games) == 3


def test_who_leaves_may_play_elsewhere_and_whose_seat_was_taken_over_too(
    limited: Callable[[], Guild],
) -> None:
    guild = limited()
    ann, bob, cat, dan = guild.members
    game = guild.must("open", dan, game="hangman", seats=3)
    guild.must("join", ann, game=game)
    assert guild.ask("open", ann, game="hangman", seats=2).code == "member_limit"
    guild.must("leave", ann, game=game)
    other = guild.must("open", ann, game="hangman", seats=2)
    assert guild.ask("join", ann, game=game).code == "member_limit"
    guild.must("join", bob, game=other)
    guild.must("invite", ann, game=other, player=cat)
    guild.must("join", cat, game=game)
    assert guild.ask("accept", cat, game=other).code == "member_limit"
    guild.must("leave", cat, game=game)
    guild.must("accept", cat, game=other)
    guild.must("join", ann, game=game)


def test_a_game_that_nobody_sits_at_is_its_hosts(limited: Callable[[], Guild]) -> None:
    guild = limited()
    ann, bob, *_ = guild.members
    game = guild.must("open", ann, game="tictactoe", sit=False)
    assert guild.ask("open", ann, game="tictactoe").code == "member_limit"
    guild.must("join", bob, game=game)
    guild.must("open", ann, game="tictactoe")


def test_an_invitation_can_not_be_accepted_beyond_the_limit(limited: Callable[[], Guild]) -> None:
    guild = limited()
    ann, bob, *_ = guild.members
    invited = guild.must("open", ann, game="tictactoe", invite=[bob])
    own = guild.must("open", bob, game="tictactoe")
    assert guild.ask("accept", bob, game=invited).code == "member_limit"
    guild.must("abort", bob, game=own)
    guild.must("accept", bob, game=invited)


def test_a_game_that_was_set_aside_comes_back_as_soon_as_it_can_be_played_again(home: Home) -> None:
    def guild(engine: Engine) -> Guild:
        return Guild(home, engine, "g1")

    with home.engine() as engine:
        game = guild(engine).must("open", guild(engine).members[0], game="tictactoe")
        guild(engine).must("join", guild(engine).members[1], game=game)
        guild(engine).must("move", guild(engine).members[0], game=game, move="5")
    with Engine(home.store, (Games(lambda name: Broken()), MEMBERS, LOBBIES, GUILDS), commands()) as engine:
        refused = guild(engine).ask("move", guild(engine).members[1], game=game, move="1")
        assert refused.code == "set_aside"
        assert (list(guild(engine).lobby.games), list(guild(engine).lobby.aside)) == ([], [game])
    with home.engine() as engine:
        guild(engine).must("move", guild(engine).members[1], game=game, move="1")
        assert (list(guild(engine).lobby.games), guild(engine).lobby.aside) == ([game], {})


class Broken(TicTacToe):
    """Rules of a release that can't replay what was played."""

    def play(self, state: Any, seat: int, move: str) -> Any:
        raise ZeroDivisionError("a bug in the rules")


# ------------------------------------------------------------------------------------ at all times

member = st.integers(0, 3)
which = st.integers(0, 5)
OPENING = st.fixed_dictionaries(
    {
        "game": st.sampled_from(KINDS),
        "channel": st.sampled_from(["c1", "c2"]),
        "sit": st.booleans(),
        "private": st.booleans(),
        "invite": st.lists(member, max_size=1),
    },
    optional={"seats": st.integers(1, 4)},
)
STEP = st.one_of(
    st.tuples(st.just("open"), member, OPENING),
    st.tuples(st.just("open"), member, st.just({"game": "tictactoe", "machines": ["minimax"]})),
    st.tuples(st.just("match"), member, st.fixed_dictionaries({"game": st.sampled_from(KINDS)})),
    st.tuples(
        st.sampled_from(
            ["join", "accept", "decline", "leave", "begin", "resign", "abort", "rematch", "draw", "takeback"]
        ),
        member,
        st.fixed_dictionaries({"on": which}),
    ),
    st.tuples(
        st.just("move"), member, st.fixed_dictionaries({"on": which, "move": st.sampled_from("123456789")})
    ),
    st.tuples(st.just("invite"), member, st.fixed_dictionaries({"on": which, "player": member})),
    st.tuples(st.just("void"), member, st.fixed_dictionaries({"on": which, "reason": st.just("so")})),
    st.tuples(st.just("expire"), member, st.fixed_dictionaries({"on": which, "after": st.integers(0, 700)})),
)


@given(st.lists(STEP, min_size=10, max_size=40))
def test_after_any_commands_the_lobby_is_what_the_games_are(
    limited: Callable[[], Guild], steps: list[tuple[str, int, dict[str, Any]]]
) -> None:
    guild = limited()
    for command, number, asked in steps:
        options = dict(asked)
        guild.now += options.pop("after", 0) * 1000
        if "on" in options:
            if not guild.games:
                continue
            options["game"] = guild.games[-1 - options.pop("on") % len(guild.games)]
        if "invite" in options:
            options["invite"] = [guild.members[guest] for guest in options["invite"]]
        if "player" in options:
            player = guild.members[options.pop("player")]
            answer = guild.ask("invite", guild.members[number], game=options["game"], player=player)
        else:
            answer = guild.ask(command, guild.members[number], **options)
        assert answer.verdict != "failed", answer
        assert guild.lobby.games == _as_the_games_are(guild)
        _check_limits(guild.lobby)
    assert LOBBIES.decode(LOBBIES.encode(guild.lobby)) == guild.lobby
    assert guild.home.store.fold(LOBBIES, guild.name, snapshots=False).state == guild.lobby


def _as_the_games_are(guild: Guild) -> dict[str, Any]:
    found = {}
    for key in guild.games:
        game = guild.engine.read("game", key).state
        listed = guild.lobby.games.get(key)
        if game.status == "ended":
            continue
        assert listed is not None, "an open game is in the lobby"
        free = [seat for seat, seated in enumerate(game.seats) if seated is None]
        kept = {invitation.seat for invitation in game.invited}
        people = [seated.player for seated in game.seats if seated and seated.player in guild.members]
        assert (listed.kind, listed.channel) == (game.name, game.place.split("/")[1])
        assert listed.players == (tuple(people) or (game.host,))
        assert listed.began == (game.status == "playing")
        waits = game.status == "waiting" and not game.private
        assert listed.free == (len([seat for seat in free if seat not in kept]) if waits else 0)
        found[key] = listed
    return found


def _check_limits(lobby: Lobby) -> None:
    games = lobby.games.values()
    assert len(games) <= LIMITS.guild
    assert max(Counter(game.channel for game in games).values(), default=0) <= LIMITS.channel
    seats = Counter((player, game.kind) for game in games for player in game.players)
    assert max(seats.values(), default=0) <= LIMITS.member
    assert max((len(game.players) for game in games), default=0) <= LIMITS.players
