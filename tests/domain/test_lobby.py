"""The Lobby aggregate: what is open in a guild, how much may be, and who can be matched with whom."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from milena.domain import lobby as lobby_module
from milena.domain.event import Event
from milena.domain.ids import PlayerId
from milena.domain.limits import GameLimits
from milena.domain.lobby import (
    Enter,
    GameChanged,
    GameClosed,
    GameListed,
    GameSetAside,
    Listed,
    Lobbies,
    Lobby,
    SetAside,
    waiting_for,
)
from milena.domain.refusal import Refused

LOBBIES = Lobbies()
ANN, BOB, CAT, DAN = (PlayerId(name) for name in ("ann", "bob", "cat", "dan"))
NO_LIMITS = GameLimits(0, 0, 0)


class Guild:
    """The lobby of a guild, and what was entered there so far."""

    def __init__(self, limits: GameLimits = NO_LIMITS) -> None:
        self.limits = limits
        self.lobby = LOBBIES.initial("guild")

    def ask(self, command: Struct) -> list[Event]:
        changes = LOBBIES.decide(self.lobby, command)
        folded = self.lobby
        for event in changes.events:
            folded = LOBBIES.evolve(folded, event)
        assert folded == changes.state == LOBBIES.decode(LOBBIES.encode(folded))
        self.lobby = changes.state
        return changes.events

    def enter(self, game: str, *players: PlayerId, **fields: Any) -> list[Event]:
        return self.ask(Enter(game, listed(*players, **fields), self.limits))

    def close(self, game: str) -> list[Event]:
        return self.ask(Enter(game, None, self.limits))

    def refusal(self, game: str, *players: PlayerId, **fields: Any) -> Refused:
        before = LOBBIES.encode(self.lobby)
        with pytest.raises(Refused) as caught:
            self.enter(game, *players, **fields)
        assert LOBBIES.encode(self.lobby) == before
        return caught.value

    def waiting(self, player: PlayerId, rating: float | None = None) -> list[str]:
        return waiting_for(self.lobby, "tictactoe", "{}", player, rating)


def listed(*players: PlayerId, **fields: Any) -> Listed:
    known = {"kind": "tictactoe", "channel": "main", "terms": "{}", "free": 2 - len(players)}
    return Listed(**{**known, "players": players, **fields})


# ---------------------------------------------------------------------------------------- listing


def test_an_open_game_is_listed_changed_and_closed() -> None:
    guild = Guild()
    assert guild.enter("g1", ANN) == [GameListed("g1", listed(ANN))]
    assert guild.enter("g1", ANN, BOB, began=True) == [GameChanged("g1", (ANN, BOB), 0, True)]
    assert guild.lobby.games == {"g1": listed(ANN, BOB, began=True)}
    assert guild.close("g1") == [GameClosed("g1")]
    assert guild.lobby.games == {}


def test_what_changes_nothing_is_no_event() -> None:
    guild = Guild()
    guild.enter("g1", ANN)
    assert guild.enter("g1", ANN) == []
    assert guild.close("g2") == []


def test_games_are_listed_oldest_first_also_after_a_change() -> None:
    guild = Guild()
    for game in ("g3", "g1", "g2"):
        guild.enter(game)
    guild.enter("g3", ANN)
    assert list(guild.lobby.games) == ["g3", "g1", "g2"]


def test_the_lobby_has_nothing_due_and_nothing_secret() -> None:
    lobby = Guild().lobby
    assert LOBBIES.deadline(lobby) == 0
    assert not LOBBIES.secret(lobby)


# ----------------------------------------------------------------------------------------- limits


def test_there_are_so_many_games_in_a_guild_and_one_that_ends_makes_room() -> None:
    guild = Guild(GameLimits(guild=2, channel=0, member=0))
    guild.enter("g1", channel="a")
    guild.enter("g2", channel="b")
    assert guild.refusal("g3", channel="c").code == "guild_limit"
    guild.close("g1")
    assert guild.enter("g3", channel="c")


def test_there_are_so_many_games_in_a_channel() -> None:
    guild = Guild(GameLimits(guild=0, channel=1, member=0))
    guild.enter("g1", channel="a")
    assert guild.refusal("g2", channel="a").code == "channel_limit"
    assert guild.enter("g2", channel="b")


def test_a_member_sits_at_so_many_games_of_one_kind() -> None:
    guild = Guild(GameLimits(guild=0, channel=0, member=1))
    guild.enter("g1", ANN)
    refusal = guild.refusal("g2", ANN)
    assert refusal.code == "member_limit"
    assert "<ann>" in refusal.sentence
    assert "g1" in refusal.sentence
    assert guild.enter("g2", ANN, kind="connect4")
    assert guild.enter("g3", BOB)


def test_the_limit_of_a_member_counts_for_who_sits_down_later() -> None:
    guild = Guild(GameLimits(guild=0, channel=0, member=1))
    guild.enter("g1", ANN)
    guild.enter("g2", BOB)
    assert guild.refusal("g1", ANN, BOB).code == "member_limit"
    guild.enter("g2")  # bob has left
    assert guild.enter("g1", ANN, BOB)


def test_a_lower_limit_stops_no_game_that_is_there() -> None:
    guild = Guild()
    for game in ("g1", "g2", "g3"):
        guild.enter(game, ANN)
    guild.limits = GameLimits(guild=1, channel=1, member=1)
    assert guild.enter("g2", ANN, began=True)
    assert guild.refusal("g4", BOB).code == "guild_limit"
    assert guild.close("g3")


def test_in_the_terminal_the_number_of_games_is_not_limited() -> None:
    limits = GameLimits(players=4)
    assert limits.within("guild") == limits
    free = limits.within("terminal")
    assert (free.guild, free.channel, free.member, free.players) == (0, 0, 0, 4)
    assert (free.invitation, free.waiting, free.idle) == (limits.invitation, limits.waiting, limits.idle)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (GameLimits(guild=1, channel=0, member=0), "guild_limit"),
        (GameLimits(guild=0, channel=1, member=0), "channel_limit"),
        (GameLimits(guild=0, channel=0, member=1), "member_limit"),
    ],
)
def test_each_refusal_says_how_many_there_may_be_and_what_to_do(limits: GameLimits, code: str) -> None:
    guild = Guild(limits)
    guild.enter("g1", ANN)
    refusal = guild.refusal("g2", ANN)
    assert refusal.code == code
    assert "1 game" in refusal.sentence
    assert "finish" in refusal.sentence


def test_every_refusal_of_the_lobby_is_among_these(codes_in: Callable[[ModuleType], set[str]]) -> None:
    assert codes_in(lobby_module) == {"guild_limit", "channel_limit", "member_limit"}


@given(
    asked=st.lists(
        st.tuples(
            st.sampled_from(["g1", "g2", "g3", "g4", "g5"]),
            st.sampled_from(["a", "b"]),
            st.lists(st.sampled_from([ANN, BOB, CAT]), max_size=2, unique=True),
            st.booleans(),
        ),
        max_size=30,
    ),
    limits=st.builds(GameLimits, *(st.integers(0, 3) for _ in range(3))),
)
def test_no_order_of_events_gets_past_a_limit(
    asked: list[tuple[str, str, list[PlayerId], bool]], limits: GameLimits
) -> None:
    guild = Guild(limits)
    channels: dict[str, str] = {}
    for game, channel, players, closes in asked:
        try:
            if closes:
                guild.close(game)
                channels.pop(game, None)
            else:
                guild.enter(game, *players, channel=channels.get(game, channel))
                channels.setdefault(game, channel)
        except Refused:
            continue
        here = guild.lobby.games.values()
        assert len(here) <= (limits.guild or 5)
        for name in ("a", "b"):
            assert sum(each.channel == name for each in here) <= (limits.channel or 5)
        for player in (ANN, BOB, CAT):
            assert sum(player in each.players for each in here) <= (limits.member or 5)


# --------------------------------------------------------------------------------------- matching


def test_who_waits_longest_is_matched_first() -> None:
    guild = Guild()
    guild.enter("g2", ANN)
    guild.enter("g1", BOB)
    assert guild.waiting(CAT) == ["g2", "g1"]


def test_the_nearest_rating_is_matched_first_and_those_without_one_last() -> None:
    guild = Guild()
    guild.enter("none", ANN)
    guild.enter("far", BOB, rating=1900.0)
    guild.enter("near", DAN, rating=1450.0)
    assert guild.waiting(CAT, 1500) == ["near", "far", "none"]
    assert guild.waiting(CAT, 2000) == ["far", "near", "none"]
    assert guild.waiting(CAT) == ["none", "far", "near"]


def test_at_the_same_distance_who_waits_longer_is_first() -> None:
    guild = Guild()
    guild.enter("above", ANN, rating=1600.0)
    guild.enter("below", BOB, rating=1400.0)
    assert guild.waiting(CAT, 1500) == ["above", "below"]


def test_only_a_game_of_the_same_terms_that_waits_for_anybody_fits() -> None:
    guild = Guild()
    guild.enter("other game", ANN, kind="connect4")
    guild.enter("other terms", ANN, terms='{"misere":true}')
    guild.enter("full or private", ANN, free=0)
    guild.enter("begun", ANN, free=1, began=True)
    guild.enter("own", CAT)
    assert guild.waiting(CAT) == []
    guild.enter("fits", ANN)
    assert guild.waiting(CAT) == ["fits"]


# ------------------------------------------------------------------------------------- set aside


def test_a_game_that_can_not_be_replayed_is_set_aside_once_and_makes_room() -> None:
    guild = Guild(GameLimits(guild=1, channel=0, member=0))
    guild.enter("g1", ANN)
    aside = SetAside("g1", 7, "game.move_played", 4, "cell 12 is not on the board")
    assert guild.ask(aside) == [GameSetAside("g1", 7, "game.move_played", 4, "cell 12 is not on the board")]
    assert guild.lobby == Lobby("guild", {}, {"g1": "cell 12 is not on the board"})
    assert guild.ask(aside) == []
    assert guild.waiting(BOB) == []
    assert guild.enter("g2", ANN)


def test_a_game_that_can_be_replayed_again_is_listed_again() -> None:
    guild = Guild()
    guild.enter("g1", ANN)
    guild.ask(SetAside("g1", 7, "game.move_played", 4, "no such cell"))
    assert guild.enter("g1", ANN) == [GameListed("g1", listed(ANN))]
    assert guild.lobby.aside == {}
    assert guild.waiting(BOB) == ["g1"]


def test_a_game_that_ends_is_not_aside_any_more() -> None:
    guild = Guild()
    guild.enter("g1", ANN)
    guild.ask(SetAside("g1", 7, "game.move_played", 4, "no such cell"))
    assert guild.close("g1") == [GameClosed("g1")]
    assert guild.lobby.aside == {}


def test_a_command_or_an_event_that_no_lobby_knows_is_a_bug() -> None:
    guild = Guild()
    with pytest.raises(TypeError, match="knows no Listed"):
        guild.ask(listed(ANN))
    with pytest.raises(TypeError, match="knows no Event"):
        LOBBIES.evolve(guild.lobby, Event())
