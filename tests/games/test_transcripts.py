"""Games as they are told in their sources, move by move: each file of ``transcripts/`` is one of them.

A line is one of these; seats count from 1, and ``#`` begins a comment::

    game NAME                 options {"json": 1}        seats 2
    chance OUTCOME            chance brings this, which has to be possible
    1: MOVE                   seat 1 types this
    refused 1: MOVE = CODE    it may not
    legal 1: MOVE | MOVE      exactly these moves are legal now, in any order
    turn 1 2                  these seats may move now
    sees TEXT                 a spectator sees a line that holds this
    sees 1: TEXT              seat 1 does
    hidden TEXT               a spectator does not see it; "hidden 1: TEXT", seat 1 does not
    timeout 1                 seat 1 misses its turn (where the game skips it)
    resigns 1                 seat 1 gives up, and the others play on
    enters                    one more player comes in
    ends 1 0 = REASON         it is over, with these scores
    points 12 7               and these points
"""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from milena import games
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


class Table:
    """A game as a transcript plays it, on the rules alone."""

    def __init__(self) -> None:
        self.rules: Any = None
        self.options: dict[str, Any] = {}
        self.seats: int | None = None
        self._state: Any = None

    @property
    def state(self) -> Any:
        if self._state is None:
            options = msgspec.convert(self.options, self.rules.options_type)
            self._state = self.rules.start(self.seats or self.rules.seats.min, options)
        return self._state

    def drawn(self, seat: int | None) -> list[str]:
        """What a seat, or a spectator, sees: the lines of its view."""
        view = self.rules.view(self.rules.hide(self.state, seat), seat)
        grid = [" ".join(cell.text or "." for cell in row) for row in view.grid]
        return [*grid, *view.lines, " ".join(view.hand)]

    def follow(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        match word:
            case "game":
                self.rules = games.load(rest)
            case "options":
                self.options = msgspec.json.decode(rest)
            case "seats":
                self.seats = int(rest)
            case "chance":
                assert self.rules.actors(self.state) == (CHANCE,), "no draw is due"
                assert rest in dict(self.rules.chances(self.state)), f"chance can't bring {rest}"
                self._state = self.rules.resolve(self.state, rest)
            case "refused":
                move, _, code = rest.rpartition(" = ")
                with pytest.raises(Refused) as caught:
                    self.move(move)
                assert caught.value.code == code
            case "legal":
                seat, moves = self.addressed(rest)
                assert sorted(self.rules.legal(self.state, seat)) == sorted(moves.split(" | "))
            case "turn":
                assert [seat + 1 for seat in self.rules.actors(self.state)] == [int(n) for n in rest.split()]
            case "sees" | "hidden":
                seat, text = self.addressed(rest)
                seen = [drawn for drawn in self.drawn(seat) if text in drawn]
                assert bool(seen) == (word == "sees"), "\n".join(self.drawn(seat))
            case "timeout" | "resigns":
                act = self.rules.skip if word == "timeout" else self.rules.resign
                self._state = act(self.state, int(rest) - 1)
                assert self._state is not None
            case "enters":
                self._state = self.rules.enter(self.state)
                assert self._state is not None
            case "ends":
                scores, _, reason = rest.partition(" = ")
                outcome = self.rules.outcome(self.state)
                assert outcome is not None, "it goes on"
                assert outcome.scores == tuple(float(score) for score in scores.split())
                assert outcome.reason == reason
                assert self.rules.actors(self.state) == ()
            case "points":
                assert self.rules.outcome(self.state).points == tuple(int(n) for n in rest.split())
            case _:
                self.move(line)

    def move(self, text: str) -> None:
        seat, typed = self.addressed(text)
        assert seat is not None, f"no such line: {text}"
        assert seat in self.rules.actors(self.state), f"it is not the turn of {seat + 1}"
        self._state = self.rules.play(self.state, seat, self.rules.read(self.state, seat, typed))

    def addressed(self, text: str) -> tuple[int | None, str]:
        found = re.match(r"(\d+): ", text)
        return (int(found[1]) - 1, text[found.end() :]) if found else (None, text)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_game_goes_as_its_source_tells_it(path: Path) -> None:
    table = Table()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                table.follow(line.strip())
            except BaseException as error:
                raise AssertionError(f"{path.name}, line {number}: {line}\n{error}") from error


def test_there_are_transcripts() -> None:
    assert TRANSCRIPTS
