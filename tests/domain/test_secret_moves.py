"""A game with secret moves, which no game that ships with Milena has yet: one hides a ball, one finds it."""

from msgspec import Struct

from milena.domain.game import Games, Open, Play, TakeSeat
from milena.domain.game.events import Ended, MoveHidden, MovePlayed
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.domain.rules import NoOptions, Outcome, Rules, Seats
from milena.domain.view import View
from milena.store.mapper import Mapper
from milena.store.sealing import sealing_key

ANN, BOB = PlayerId("ann"), PlayerId("bob")
SEED = bytes(32)
CUPS = ["left", "middle", "right"]


class State(Struct, frozen=True):
    ball: str = ""
    guess: str = ""


class Cups(Rules[State, NoOptions]):
    name = "cups"
    title = "Cups"
    seats = Seats(2, 2)
    bound = 2
    notation = "Type left, middle or right."

    def start(self, seats: int, options: NoOptions) -> State:
        return State()

    def actors(self, state: State) -> tuple[int, ...]:
        return () if state.guess else (1,) if state.ball else (0,)

    def legal(self, state: State, seat: int) -> list[str]:
        return CUPS if seat in self.actors(state) else []

    def play(self, state: State, seat: int, move: str) -> State:
        if move not in CUPS:
            raise Refused("no_such_cup", self.notation)
        return State(state.ball, move) if seat else State(move)

    def secret(self, state: State) -> bool:
        return not state.ball

    def outcome(self, state: State) -> Outcome | None:
        if not state.guess:
            return None
        return Outcome((0, 1) if state.guess == state.ball else (1, 0), f"it was under the {state.ball} cup")

    def hide(self, state: State, seat: int | None) -> State:
        return State("?") if state.ball and not state.guess and seat != 0 else state

    def view(self, state: State, seat: int | None) -> View:
        return View(lines=(state.ball, state.guess))


AGGREGATE = Games(lambda name: Cups())


def test_a_secret_move_is_hidden_from_the_others_and_sealed_until_the_end() -> None:
    game = AGGREGATE.initial("here")
    for command in (Open(ANN, "cups", {}, None, SEED), TakeSeat(ANN, "a", SEED), TakeSeat(BOB, "b", SEED)):
        game = AGGREGATE.decide(game, command).state

    hidden = AGGREGATE.decide(game, Play(ANN, "middle", SEED))
    found = AGGREGATE.decide(hidden.state, Play(BOB, "middle", SEED))

    assert hidden.events == [MoveHidden(1, 0, "middle")]
    assert AGGREGATE.view(hidden.state, 0).lines == ("middle", "")
    for watcher in (1, None):
        assert AGGREGATE.view(hidden.state, watcher).lines == ("?", "")
    assert found.events == [
        MovePlayed(2, 1, "middle"),
        Ended("finished", "it was under the middle cup", SEED.hex(), (0, 1)),
    ]
    assert AGGREGATE.view(found.state, None).lines == ("middle", "middle")
    mapper = Mapper(AGGREGATE.events, lambda stream: [sealing_key(SEED)])
    assert "middle" not in mapper.encode(hidden.events[0], "game:here")
