"""Whatever was played and whenever what of it was archived: it makes no difference to anybody."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from long_ago import DAY, Playing, archived, models, seen

from milena.home import Home

KINDS = (
    "tictactoe",
    "rock-paper-scissors",
    "hangman",
    "2048",
    "connect4",
    "blackjack",
    "wordchain",
    "battleship",
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.sampled_from(KINDS), st.integers(1, 25)),
        st.tuples(st.just("open"), st.sampled_from(KINDS), st.just(0)),
        st.tuples(st.just("archive"), st.just(""), st.integers(0, 10)),
    ),
    min_size=3,
    max_size=8,
)


@given(steps=STEPS, seed=st.integers(0, 1000))
@settings(max_examples=4)
def test_it_makes_no_difference_what_was_archived_when(steps: list[tuple[str, str, int]], seed: int) -> None:
    with (
        tempfile.TemporaryDirectory() as directory,
        Home(Path(directory) / "data") as home,
        home.engine() as engine,
    ):
        playing = Playing(home, engine, seed)
        for step, kind, number in [*steps, ("play", "tictactoe", 3)]:
            match step:
                case "play":
                    playing.play(kind, number)
                case "open":
                    playing.open(kind)
                case _:
                    playing.ask("roll")
                    before = seen(home)
                    archived(home, playing.now - number * DAY // 2)
                    assert seen(home) == before
        playing.ask("roll")
        before, digests = seen(home), models(home)
        assert archived(home).archives
        assert (seen(home), models(home)) == (before, digests)
