"""The machine that tries moves out: it wins, it knows no more than its seat, and it keeps to its bounds."""

import time
import tracemalloc
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from msgspec import Struct

from milena import games
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, NoOptions, Outcome, Pick, Rules, Seats
from milena.opponents import Opponent, choose_for, kinds, load, names
from milena.opponents.mcts import LEVELS, SITUATIONS, Level, Mcts, Search

tictactoe: Any = games.load("tictactoe")
connect4: Any = games.load("connect4")

SHORT: dict[str, dict[str, Any]] = {
    "2048": {"target": 64},
    "battleship": {"size": 6, "fleet": "small"},
    "crazy-eights": {"hand": 3, "draws": 1},
}
"""Options with which a game is over before long."""


def playing(trials: int, seed: int = 1) -> Mcts:
    """A machine that no time limit disturbs."""
    return Mcts(seed, Level(trials, seconds=60))


def after(rules: Any, moves: str) -> Any:
    state = rules.start(2, rules.options_type())
    for move in moves:
        state = rules.play(state, rules.actors(state)[0], move)
    return state


def played(rules: Any, machines: Sequence[Opponent], seed: int, **options: Any) -> Outcome:
    """A game from start to end; whoever comes first is drawn, and each machine sees what its seat may."""
    source = Random(seed)
    state = rules.start(len(machines), rules.options_type(**options))
    for _ in range(min(rules.bound, 5_000)):
        actors = rules.actors(state)
        if not actors:
            break
        if actors == (CHANCE,):
            outcomes, weights = zip(*rules.chances(state), strict=True)
            state = rules.resolve(state, source.choices(outcomes, weights)[0])
            continue
        seat = source.choice(actors)
        move = machines[seat].choose(rules, rules.hide(state, seat), seat)
        assert move in rules.legal(state, seat)
        state = rules.play(state, seat, move)
    outcome = rules.outcome(state)
    assert isinstance(outcome, Outcome)
    return outcome


def score(name: str, machine: type[Mcts], rounds: int, level: Level | None = None) -> float:
    """What it scores in so many games against chance, as first and as second by turns."""
    total = 0.0
    for number in range(rounds):
        seats: list[Opponent] = [load("random")(number), machine(number, level)]
        seat = 1 - number % 2
        total += played(games.load(name), seats if seat else seats[::-1], number).scores[seat]
    return total


# ------------------------------------------------------------------------------------------ strength


@pytest.mark.parametrize(("name", "trials", "rounds"), [("connect4", 60, 12), ("othello", 25, 6)])
def test_few_trials_win_almost_every_game_against_chance(name: str, trials: int, rounds: int) -> None:
    assert score(name, Mcts, rounds, Level(trials, seconds=60)) >= rounds - 1


@pytest.mark.slow
def test_the_middle_level_wins_95_of_100_games_of_connect4_against_chance() -> None:
    assert score("connect4", Mcts, rounds=100) >= 95


@pytest.mark.slow
def test_the_middle_level_wins_95_of_100_games_of_othello_against_chance() -> None:
    assert score("othello", Mcts, rounds=100) >= 95


@pytest.mark.parametrize(
    ("moves", "seat", "wins"),
    [("414242", 0, {"4"}), ("112233", 0, {"4"}), ("7171712", 1, {"1"})],
    ids=["upright", "across", "upright, as second"],
)
def test_it_takes_a_win_that_is_there(moves: str, seat: int, wins: set[str]) -> None:
    for seed in range(5):
        assert playing(100, seed).choose(connect4, after(connect4, moves), seat) in wins


@pytest.mark.parametrize(("moves", "seat", "only"), [("41424", 1, "4"), ("17273", 1, "4")])
def test_it_stops_a_loss_that_threatens(moves: str, seat: int, only: str) -> None:
    for seed in range(5):
        assert playing(300, seed).choose(connect4, after(connect4, moves), seat) == only


def test_a_win_at_hand_is_certain_and_ends_the_search() -> None:
    search = Search(connect4, after(connect4, "414242"), 0, Random(1), Level(10_000, 60), SITUATIONS)
    search.run()
    assert search.root.end == (1.0, 0.0)
    assert search.trials <= 7, "each of seven columns once, at most"


def test_a_lost_position_is_seen_to_be_lost() -> None:
    # X holds 1 and 5 and wins in any case: at once, or by 4 if O takes 9.
    search = Search(tictactoe, after(tictactoe, "125"), 1, Random(1), Level(10_000, 60), SITUATIONS)
    search.run()
    assert search.root.end == (1.0, 0.0)
    assert search.best(tictactoe.legal(search.state, 1)) == "9", "what holds out longest"


@pytest.mark.parametrize("seat", [0, 1])
def test_it_loses_no_tictactoe_to_perfect_play(seat: int) -> None:
    machines: list[Opponent] = [load("minimax")(3), playing(1500)]
    outcome = played(tictactoe, machines if seat else machines[::-1], seed=1)
    assert outcome.scores == (0.5, 0.5)


# ------------------------------------------------------------------------------------ small examples


class Told(Struct, frozen=True):
    """The moves and draws of a small game so far, and what is still hidden of them."""

    path: tuple[str, ...] = ()


class Small(Rules[Told, NoOptions]):
    """A game that is written out: ``ENDS`` tells the scores (or scores and points) of each way to an end,
    ``seat`` who moves, ``moves`` what there is to choose from."""

    name = title = "small"
    seats = Seats(1, 3)
    bound = 10

    def start(self, seats: int, options: NoOptions) -> Told:
        return Told()

    def moves(self, path: tuple[str, ...]) -> list[str]:
        raise NotImplementedError

    def mover(self, path: tuple[str, ...]) -> int:
        return 0

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        raise NotImplementedError

    def actors(self, state: Told) -> tuple[int, ...]:
        return () if self.end(state.path) else (self.mover(state.path),)

    def legal(self, state: Told, seat: int) -> list[str]:
        return self.moves(state.path) if seat in self.actors(state) else []

    def play(self, state: Told, seat: int, move: str) -> Told:
        assert move in self.moves(state.path)
        return Told((*state.path, move))

    def resolve(self, state: Told, outcome: str) -> Told:
        return Told((*state.path, outcome))

    def outcome(self, state: Told) -> Outcome | None:
        return self.end(state.path)


class Card(Small):
    """Chance lays a card face down, ``red`` or ``black``. Then guess it (a win), or ``look`` and then guess
    (eight tenths of one), or settle for six tenths: ``safe``."""

    def __init__(self, red: int, black: int, *first: str) -> None:
        self.weights = [("red", red), ("black", black)]
        self.first = list(first)

    def mover(self, path: tuple[str, ...]) -> int:
        return 0 if path else CHANCE

    def chances(self, state: Told) -> list[tuple[str, int]]:
        return [] if state.path else self.weights

    def moves(self, path: tuple[str, ...]) -> list[str]:
        return self.first if len(path) == 1 else ["red", "black"]

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        match path:
            case (_, "safe"):
                return Outcome((0.6,), "")
            case (card, "wait", guess):
                return Outcome((float(self.truth(card) == guess),), "")
            case (card, "look", guess):
                return Outcome((0.8 * (self.truth(card) == guess),), "")
            case (card, "red" | "black" as guess):
                return Outcome((float(self.truth(card) == guess),), "")
        return None

    @staticmethod
    def truth(card: str) -> str:
        assert card != "?", "who looks at a hidden state does not know the card"
        return card

    def hide(self, state: Told, seat: int | None) -> Told:
        over = state.path[1:] and self.end(("red", *state.path[1:]))
        if not state.path or over or (seat == 0 and state.path[1:] == ("look",)):
            return state
        return Told(("?", *state.path[1:]))

    def imagine(self, state: Told, seat: int, pick: Pick) -> Told:
        if not state.path or state.path[0] != "?":
            return state
        red, black = (weight for _, weight in self.weights)
        return Told(("red" if pick(red + black) < red else "black", *state.path[1:]))


@pytest.mark.parametrize("truth", ["red", "black"])
@pytest.mark.parametrize(("red", "black", "likely"), [(3, 1, "red"), (1, 3, "black")])
def test_its_choice_is_what_is_likely_and_not_what_is_true(
    truth: str, red: int, black: int, likely: str
) -> None:
    rules = Card(red, black, "red", "black")
    state = rules.resolve(rules.start(1, NoOptions()), truth)
    assert {playing(300, seed).choose(rules, rules.hide(state, 0), 0) for seed in range(10)} == {likely}


def test_states_that_look_alike_are_answered_alike() -> None:
    rules = Card(1, 1, "red", "black")
    chosen = {
        truth: [playing(50, seed).choose(rules, rules.hide(Told((truth,)), 0), 0) for seed in range(20)]
        for truth in ("red", "black")
    }
    assert chosen["red"] == chosen["black"]
    assert set(chosen["red"]) == {"red", "black"}


def test_it_does_not_count_on_knowing_later_what_stays_hidden() -> None:
    # To wait and then to guess is worth a half, though in each imagined state a guess would be right.
    rules = Card(1, 1, "safe", "wait")
    assert {playing(1000, seed).choose(rules, Told(("?",)), 0) for seed in range(5)} == {"safe"}


def test_it_counts_on_knowing_later_what_it_will_see() -> None:
    rules = Card(1, 1, "safe", "wait", "look")
    assert {playing(1000, seed).choose(rules, Told(("?",)), 0) for seed in range(5)} == {"look"}
    seen = rules.play(Told(("black",)), 0, "look")
    assert playing(100).choose(rules, rules.hide(seen, 0), 0) == "black"


class Pennies(Small):
    """Both choose at once: the same, and the first player wins, else the second. But the first may also
    settle for three tenths."""

    simultaneous = True

    def actors(self, state: Told) -> tuple[int, ...]:
        return tuple(seat for seat, choice in enumerate(state.path or ("", "")) if not choice)

    def legal(self, state: Told, seat: int) -> list[str]:
        return ["heads", "tails", "settle"][: 3 - seat] if seat in self.actors(state) else []

    def play(self, state: Told, seat: int, move: str) -> Told:
        first, second = state.path or ("", "")
        return Told((first, move) if seat else (move, second))

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        if not all(path or [""]):
            return None
        first, second = path
        won = 0.3 if first == "settle" else float(first == second)
        return Outcome((won, 1 - won), "")

    def hide(self, state: Told, seat: int | None) -> Told:
        if not state.path or all(state.path):
            return state
        return Told(tuple(choice if at == seat else "" for at, choice in enumerate(state.path)))

    def imagine(self, state: Told, seat: int, pick: Pick) -> Told:
        return state


def test_nobody_answers_a_choice_that_is_made_at_the_same_time() -> None:
    # If the second could see the choice of the first, to settle would be best.
    chosen = {playing(1000, seed).choose(Pennies(), Told(), 0) for seed in range(10)}
    assert chosen == {"heads", "tails"}


class Table(Small):
    """Player 1 goes left or right; after left, player 2 has two ends to choose from."""

    def __init__(self, left: dict[str, tuple[float, ...]], right: tuple[float, ...]) -> None:
        self.ends = {("right",): right, **{("left", move): scores for move, scores in left.items()}}

    def mover(self, path: tuple[str, ...]) -> int:
        return len(path)

    def moves(self, path: tuple[str, ...]) -> list[str]:
        return ["a", "b"] if path else ["left", "right"]

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        return Outcome(self.ends[path], "") if path in self.ends else None


@pytest.mark.parametrize(
    ("left", "best"),
    [
        ({"a": (0.9, 0.9, 0.0), "b": (0.0, 0.2, 0.8)}, "left"),
        ({"a": (0.9, 0.2, 0.0), "b": (0.0, 0.9, 0.1)}, "right"),
    ],
    ids=["the other has no reason to harm us", "the other is not there to help us"],
)
def test_each_of_three_players_is_expected_to_play_for_itself(
    left: dict[str, tuple[float, ...]], best: str
) -> None:
    rules = Table(left, right=(0.5, 0.5, 0.5))
    assert {playing(500, seed).choose(rules, Told(), 0) for seed in range(5)} == {best}


class Bet(Small):
    """Alone. ``bet`` brings a win with the chance given, else a loss; ``safe`` brings four tenths."""

    def __init__(self, won: int, lost: int) -> None:
        self.weights = [("won", won), ("lost", lost)]

    def mover(self, path: tuple[str, ...]) -> int:
        return CHANCE if path else 0

    def moves(self, path: tuple[str, ...]) -> list[str]:
        return ["bet", "safe"]

    def chances(self, state: Told) -> list[tuple[str, int]]:
        return self.weights if state.path == ("bet",) else []

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        scores = {("safe",): 0.4, ("bet", "won"): 1.0, ("bet", "lost"): 0.0}
        return Outcome((scores[path],), "") if path in scores else None


@pytest.mark.parametrize(("won", "lost", "best"), [(6, 4, "bet"), (1, 4, "safe")])
def test_chance_counts_by_its_weights(won: int, lost: int, best: str) -> None:
    assert {playing(1000, seed).choose(Bet(won, lost), Told(), 0) for seed in range(5)} == {best}


class Harvest(Small):
    """One move, and it is over."""

    def __init__(self, **ends: tuple[float, int]) -> None:
        self.ends = ends

    def moves(self, path: tuple[str, ...]) -> list[str]:
        return list(self.ends)

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        if not path:
            return None
        score, points = self.ends[path[0]]
        return Outcome((score,), "", (points,))


class Chancy(Harvest):
    """The same for a machine that must not take an end for certain."""

    def chances(self, state: Told) -> list[tuple[str, int]]:
        return []


@pytest.mark.parametrize("kind", [Harvest, Chancy])
def test_points_decide_between_equal_scores_and_never_outweigh_them(kind: type[Harvest]) -> None:
    alike = kind(a=(0.0, 40), b=(0.0, 90), c=(0.0, -60))
    better = kind(a=(0.5, 4000), b=(1.0, -3000), c=(0.0, 9000))
    for seed in range(5):
        assert playing(200, seed).choose(alike, Told(), 0) == "b"
        assert playing(200, seed).choose(better, Told(), 0) == "b"


class Grab(Small):
    """There is one prize, and whoever comes first takes it, or passes and leaves it to all."""

    def actors(self, state: Told) -> tuple[int, ...]:
        return () if self.end(state.path) else (0, 1, 2)

    def play(self, state: Told, seat: int, move: str) -> Told:
        return Told((*state.path, move if move == "pass" else str(seat)))

    def moves(self, path: tuple[str, ...]) -> list[str]:
        return ["pass", "take"]

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        taken = [int(each) for each in path if each != "pass"]
        if not taken and len(path) < 5:
            return None
        return Outcome(tuple(float(seat in taken) for seat in range(3)), "")


@pytest.mark.parametrize("seat", [0, 1, 2])
def test_where_all_may_move_it_is_its_own_move_that_it_chooses(seat: int) -> None:
    assert playing(200).choose(Grab(), Told(), seat) == "take"


# -------------------------------------------------------------------------------------------- bounds


class Circle(Small):
    """It goes round and round, for longer than anybody can wait; ``slow`` is how long each move takes."""

    bound = 10**12

    def __init__(self, slow: float = 0.0) -> None:
        self.slow = slow

    def moves(self, path: tuple[str, ...]) -> list[str]:
        return ["a", "b"]

    def play(self, state: Told, seat: int, move: str) -> Told:
        if self.slow:
            time.sleep(self.slow)
        return Told((move,))

    def end(self, path: tuple[str, ...]) -> Outcome | None:
        return None


def test_a_game_that_does_not_end_is_cut_short() -> None:
    search = Search(Circle(), Told(), 0, Random(1), Level(20, 60), SITUATIONS)
    search.run()
    assert search.trials == 20
    assert search.root.choices["a"].mean(0) == 0.5, "cut short is as good as drawn"


def test_it_keeps_to_its_time_even_where_each_move_takes_long() -> None:
    for rules, state in ((connect4, after(connect4, "")), (Circle(slow=0.005), Told())):
        search = Search(rules, state, 0, Random(1), Level(1_000_000, seconds=0.2), SITUATIONS)
        search.run()
        assert 0 < search.trials < 100_000, "the time was over long before the trials"


def test_it_takes_no_more_notes_than_it_may() -> None:
    state = after(connect4, "")
    for most in (0, 1, 50):
        search = Search(connect4, state, 0, Random(1), Level(300, 60), most)
        search.run()
        assert len(search.situations) == most
        assert search.best(connect4.legal(state, 0)) in "1234567"


def test_its_memory_is_bounded_and_given_back() -> None:
    machine = Mcts(1, Level(1_500, 60), situations=100)
    state = after(connect4, "")
    machine.choose(connect4, state, 0)  # whatever is loaded once
    tracemalloc.start()
    machine.choose(connect4, state, 0)
    left, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000
    assert left < 50_000


def test_the_same_seed_plays_the_same_and_another_one_differs() -> None:
    state = after(connect4, "44")

    def moves(seed: int) -> list[str]:
        machine = playing(20, seed)
        return [machine.choose(connect4, state, 0) for _ in range(20)]

    assert moves(7) == moves(7)
    assert moves(7) != moves(8)


def test_an_only_move_is_played_at_once() -> None:
    rules = Harvest(a=(1.0, 0))
    assert Mcts(1, Level(0, 0)).choose(rules, Told(), 0) == "a"


def test_it_says_so_where_it_knows_no_move() -> None:
    with pytest.raises(Refused, match="knows no move in Connect Four"):
        playing(10).choose(connect4, after(connect4, ""), 1)  # it is the other's turn


# ----------------------------------------------------------------------------------- games and levels


@pytest.mark.parametrize("name", games.names())
def test_it_plays_every_game_it_can_from_start_to_end(name: str) -> None:
    rules = games.load(name)
    seats = max(rules.seats.min, min(2, rules.seats.max))
    if not Mcts.plays(rules):
        with pytest.raises(Refused, match="mcts1 plays games that"):
            choose_for(rules, seats, "mcts1")
        return
    assert choose_for(rules, seats, "mcts1") == "mcts1"
    machines = [load("mcts1")(seed) for seed in range(seats)]
    outcome = played(rules, machines, seed=1, **SHORT.get(name, {}))
    assert len(outcome.scores) == seats


def test_each_level_is_a_machine_and_takes_more_trials_and_time_than_the_one_below() -> None:
    assert list(LEVELS) == ["mcts1", "mcts2", "mcts3", "mcts4", "mcts5"]
    levels = [LEVELS[name].level for name in LEVELS]
    assert levels == sorted(levels)
    assert sorted(level.seconds for level in levels) == [level.seconds for level in levels]
    assert all(load(name) is machine for name, machine in LEVELS.items())
    assert kinds() == sorted([*names(), *LEVELS])
    assert load("mcts").level == load("mcts3").level  # type: ignore[attr-defined]
    assert Mcts.level.seconds < 1


@pytest.mark.parametrize("name", ["mcts0", "mcts6", "mcts-2", "mctsx", "MCTS"])
def test_another_level_is_refused_naming_those_there_are(name: str) -> None:
    with pytest.raises(Refused, match="mcts1 to mcts5"):
        load(name)


def test_it_plays_no_game_whose_secrets_it_can_not_imagine_or_whose_moves_are_answers() -> None:
    class Unimagined(Card):
        imagine = Rules.imagine

    class Answers(Card):
        offers = False

    assert Mcts.plays(Card(1, 1))
    assert not Mcts.plays(Unimagined(1, 1))
    assert not Mcts.plays(Answers(1, 1))
    assert choose_for(Card(1, 1), 1, "bot") == "mcts"
    assert choose_for(Unimagined(1, 1), 1, "bot") == choose_for(Answers(1, 1), 1, "bot") == "random"
