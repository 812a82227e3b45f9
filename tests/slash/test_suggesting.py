"""What completion looks at in a real log: games of this place, own moves, polls of this server."""

from collections.abc import Callable
from typing import Any

import pytest

from milena.aggregates import GAMES
from milena.domain.command import Invocation
from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.engine import Engine
from milena.home import Home
from milena.slash import complete
from milena.slash.installed import installed
from milena.suggesting import States, Suggestions

HALL, YARD, ELSEWHERE = Place("club/hall"), Place("club/yard"), Place("other/hall")
SLASHES = {slash.name: slash for slash in installed()}
Do = Callable[..., str]


@pytest.fixture
def ann(home: Home) -> PlayerId:
    return home.vault.player("discord", "1", "ann")


@pytest.fixture
def bob(home: Home) -> PlayerId:
    return home.vault.player("discord", "2", "bob")


@pytest.fixture
def do(engine: Engine) -> Do:
    """``do(HALL, ann, "open", game="othello")``: the id of the game, or poll, that it is about."""

    def call(place: Place, player: PlayerId, command: str, **options: Any) -> str:
        asked = Invocation(
            InvocationId(new_id()), command, options, player, place, 1_800_000_000_000, admin=True
        )
        answer = engine.call(asked)
        assert answer.verdict == "accepted", answer.sentence
        return str(answer.result.get("game") or answer.result.get("poll"))

    return call


@pytest.fixture
def suggestions(home: Home, engine: Engine) -> Suggestions:
    return Suggestions(home, home.readside())


def told(suggestions: Suggestions, player: PlayerId, place: Place, slash: str, typed: str = "") -> list[str]:
    found = complete(SLASHES[slash], "game", typed, {}, suggestions.of(player, place))
    return [each.name for each in found]


def test_the_games_of_this_place_with_ones_own_first(
    suggestions: Suggestions, do: Do, ann: PlayerId, bob: PlayerId
) -> None:
    do(ELSEWHERE, bob, "open", game="tictactoe")
    do(YARD, bob, "open", game="math", seats=2)
    do(HALL, bob, "open", game="othello")
    game = do(HALL, ann, "open", game="connect4")
    assert told(suggestions, ann, HALL, "game show") == [
        "connect4 · 1 seat free", "othello of bob · 1 seat free",
    ]  # fmt: skip
    do(HALL, bob, "join", game=game)
    assert told(suggestions, ann, HALL, "game show")[0] == "connect4 vs bob · your turn"
    do(HALL, ann, "move", game=game, move="4")
    assert told(suggestions, ann, HALL, "game show")[0] == "connect4 vs bob"
    assert told(suggestions, bob, HALL, "move") == ["connect4 vs ann · your turn"]
    do(HALL, bob, "draw", game=game)
    assert told(suggestions, ann, HALL, "game accept") == ["connect4 vs bob · you are asked"]
    assert told(suggestions, bob, HALL, "game accept") == []


def test_a_private_game_is_offered_to_who_is_invited(
    suggestions: Suggestions, do: Do, ann: PlayerId, bob: PlayerId, home: Home
) -> None:
    do(HALL, ann, "open", game="othello", invite=[bob], private=True)
    cat = home.vault.player("discord", "3", "cat")
    assert told(suggestions, bob, HALL, "game join") == ["othello of ann · you are invited"]
    assert told(suggestions, cat, HALL, "game join") == []


def test_games_that_are_over_can_be_played_again(
    suggestions: Suggestions, do: Do, ann: PlayerId, bob: PlayerId
) -> None:
    game = do(HALL, ann, "open", game="othello")
    do(HALL, bob, "join", game=game)
    assert told(suggestions, ann, HALL, "game rematch") == [], "and there is no read model yet"
    do(HALL, bob, "resign", game=game)
    readside = suggestions.readside
    assert readside is not None
    readside.catch_up(["games"])
    assert told(suggestions, ann, HALL, "game rematch") == ["othello vs bob · over"]
    assert told(suggestions, ann, HALL, "move") == []


def test_moves_are_ones_own_and_tell_no_secret(
    suggestions: Suggestions, do: Do, ann: PlayerId, bob: PlayerId, engine: Engine
) -> None:
    game = do(HALL, ann, "open", game="crazy-eights")
    do(HALL, bob, "join", game=game)
    state: Game = engine.read("game", game).state
    (mover,) = GAMES.actors(state)
    players = [ann, bob]
    own = suggestions.of(players[mover], HALL).moves(game)
    assert list(own) == list(GAMES.view(state, mover).choices)
    assert own
    assert suggestions.of(players[1 - mover], HALL).moves(game) == ()
    assert suggestions.of(players[mover], ELSEWHERE).moves(game) == ()
    assert suggestions.of(players[mover], HALL).moves("nothing") == ()
    quiz = do(HALL, ann, "open", game="math")
    assert suggestions.of(ann, HALL).moves(quiz) == (), "its answers are not offered"


def test_polls_of_this_server_newest_first(
    suggestions: Suggestions, do: Do, ann: PlayerId, bob: PlayerId
) -> None:
    do(ELSEWHERE, ann, "poll create", question="Elsewhere?", choices="yes, no")
    tea = do(HALL, ann, "poll create", question="Tea?", choices="yes, no")
    do(YARD, bob, "poll create", question="Rain?", choices="yes, no")
    assert [line.words for line in suggestions.of(ann, HALL).polls()] == ["Rain?", "Tea?"]
    do(HALL, ann, "poll close", poll=tea)
    assert [line.words for line in suggestions.of(ann, HALL).polls()] == ["Rain?"]


def test_commands_are_told_as_they_are_typed(suggestions: Suggestions, ann: PlayerId) -> None:
    commands = {line.key: line.words for line in suggestions.of(ann, HALL).commands()}
    assert commands["join"] == "/game join"
    assert commands["roll"] == "/roll"
    assert "UTC" in suggestions.of(ann, HALL).zones()
    assert "timezone" in [line.key for line in suggestions.of(ann, HALL).settings()]
    assert "othello" in [line.key for line in suggestions.of(ann, HALL).kinds()]


def test_what_is_remembered_is_what_the_log_gives(home: Home, do: Do, ann: PlayerId, bob: PlayerId) -> None:
    game = do(HALL, ann, "open", game="tictactoe")
    states = States(home.store, kept=1)
    for step in (("join", bob, {}), ("move", ann, {"move": "5"}), ("move", bob, {"move": "1"})):
        command, player, options = step
        do(HALL, player, command, game=game, **options)
        assert states.state(GAMES, game) == home.store.fold(GAMES, game).state
    other = do(HALL, ann, "open", game="othello")
    assert states.state(GAMES, other).name == "othello"
    assert states.state(GAMES, game) == home.store.fold(GAMES, game).state
    assert states.state(GAMES, "nothing") is None


def test_cases_are_for_moderators(suggestions: Suggestions, do: Do, ann: PlayerId, bob: PlayerId) -> None:
    do(HALL, ann, "warn", member=bob, reason="flood")
    do(ELSEWHERE, ann, "warn", member=bob, reason="flood")
    assert not suggestions.of(ann, HALL).cases()
    [line] = suggestions.of(ann, HALL, moderator=True).cases()
    assert (line.key, line.words) == ("1", "1: warn of bob")
    assert not suggestions.of(ann, HALL, roles=("9",)).cases()
    do(HALL, ann, "config set", name="moderators", value="9")
    assert suggestions.of(ann, HALL, roles=("9",)).cases() == [line]
