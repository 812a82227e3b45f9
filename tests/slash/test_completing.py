"""What an option that is being typed may become."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from milena.slash import GameLine, Line, Slash, complete
from milena.slash.installed import installed

SLASHES = {slash.name: slash for slash in installed()}


class Here:
    """Three games and some lists, as a front end would give them."""

    lines: Sequence[GameLine] = (
        GameLine("g1", "tictactoe", "playing", ("bob", "cat")),
        GameLine("g2", "othello", "playing", ("bob",), mine=True),
        GameLine("g3", "connect4", "playing", ("cat",), mine=True, turn=True),
        GameLine("g4", "yahtzee", "waiting", ("dan",), free=2),
        GameLine("g5", "quiz", "waiting", ("dan",), invited=True),
        GameLine("g6", "dungeon", "waiting", (), mine=True, free=1),
        GameLine("g7", "othello", "playing", ("eve",), mine=True, asked=True),
    )
    ended: Sequence[GameLine] = (GameLine("g8", "tictactoe", "over", ("bob",), mine=True),)

    def games(self, over: bool) -> Sequence[GameLine]:
        return [*self.lines, *(self.ended if over else ())]

    def moves(self, game: str) -> Sequence[str]:
        return (
            [f"{letter}{number}" for letter in "abcdefgh" for number in range(1, 9)] if game == "g2" else ()
        )

    def polls(self) -> Sequence[Line]:
        return [Line("p1", "Tea or coffee?")]

    def cases(self) -> Sequence[Line]:
        return [Line("12", "12 · warn of bob")]

    def commands(self) -> Sequence[Line]:
        return [Line("join", "/game join"), Line("roll", "/roll"), Line("x" * 101, "too long")]

    def kinds(self) -> Sequence[Line]:
        return [Line("connect4", "Connect Four"), Line("othello", "Othello")]

    def settings(self) -> Sequence[Line]:
        return [Line("timezone", "timezone: " + "where the clock hangs " * 10)]

    def zones(self) -> Sequence[str]:
        return ["America/Lima", "Europe/Lisbon", "UTC"]


def offered(slash: str, name: str, typed: str = "", /, **values: str) -> list[str]:
    return [str(each.value) for each in complete(SLASHES[slash], name, typed, values, Here())]


def test_games_come_in_the_order_in_which_they_wait_for_the_player() -> None:
    assert offered("game show", "game") == ["g3", "g7", "g5", "g2", "g6", "g1", "g4", "g8"]
    names = [each.name for each in complete(SLASHES["game show"], "game", "", {}, Here())]
    assert names == [
        "connect4 vs cat · your turn", "othello vs eve · you are asked", "quiz of dan · you are invited",
        "othello vs bob", "dungeon · 1 seat free", "tictactoe of bob, cat", "yahtzee of dan · 2 seats free",
        "tictactoe vs bob · over",
    ]  # fmt: skip


def test_only_games_that_a_command_is_for_are_offered() -> None:
    assert offered("move", "game") == ["g3", "g7", "g2"]
    assert offered("game join", "game") == ["g5", "g4"]
    assert offered("game leave", "game") == ["g6"]
    assert offered("game accept", "game") == ["g7", "g5"]
    assert offered("game rematch", "game") == ["g8"]


def test_what_was_typed_is_found_at_the_beginning_then_anywhere() -> None:
    assert offered("game show", "game", "BOB") == ["g2", "g1", "g8"]
    assert offered("game show", "game", "g4") == ["g4"]
    assert offered("match", "game", "four") == ["connect4"]
    assert offered("match", "game", "o") == ["othello", "connect4"]
    assert offered("game show", "game", "zebra") == []


def test_moves_are_those_of_the_game_that_is_named() -> None:
    assert offered("move", "move", game="g1") == []
    assert offered("move", "move", "b", game="g2") == [f"b{number}" for number in range(1, 9)]
    assert len(offered("move", "move", game="g2")) == 25, "all that can be shown of 64"


def test_names_of_commands_settings_zones_polls_and_numbers() -> None:
    assert offered("config permissions explain", "command", "game") == ["join"]
    assert offered("help", "about", "/ro") == ["roll"]
    assert offered("config set", "value", "lis", name="timezone") == ["Europe/Lisbon"]
    assert offered("config set", "value", "lis", name="games") == []
    assert offered("poll vote", "poll", "tea") == ["p1"]
    [setting] = complete(SLASHES["config set"], "name", "", {}, Here())
    assert (setting.value, len(setting.name)) == ("timezone", 100)


def test_choices_and_truths_are_completed_for_front_ends_that_do_not_list_them() -> None:
    assert offered("play connect4", "board", "7") == ["7x6", "8x7"]
    assert offered("play connect4", "popout", "t") == ["true"]
    assert offered("roll", "dice", "3") == []
    assert offered("roll", "nothing") == []


@given(st.sampled_from(installed()), st.text(max_size=5))
def test_there_are_never_more_nor_longer_ones_than_discord_shows(slash: Slash, typed: str) -> None:
    for option in slash.options:
        found = complete(slash, option.name, typed, {"game": "g2"}, Here())
        assert len(found) <= 25
        assert all(0 < len(each.name) <= 100 and 0 < len(str(each.value)) <= 100 for each in found)
        assert len({each.value for each in found}) == len(found)
