"""Chance: draws that anybody can recompute, in the proportions that the rules give."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from milena.domain.chance import commitment, draw

SEED = bytes(range(32))
CHANCES = st.lists(
    st.tuples(st.text(min_size=1), st.integers(1, 100)), min_size=1, unique_by=lambda pair: pair[0]
)


def test_the_commitment_is_the_sha256_of_the_seed() -> None:
    assert commitment(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert commitment(bytes(32)) == "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"


def test_draws_of_a_known_seed_never_change() -> None:
    """Computed once by hand, with openssl: a recorded game relies on these."""
    faces = [(str(face), 1) for face in range(1, 7)]
    drawn = [draw(SEED, "1g5k2m9xq4", number, ["a", "b"], faces) for number in range(1, 11)]
    assert "".join(drawn) == "5245315136"


@given(chances=CHANCES, number=st.integers(1, 1000))
def test_a_draw_is_one_of_the_outcomes_and_always_the_same(
    chances: list[tuple[str, int]], number: int
) -> None:
    drawn = draw(SEED, "game", number, ["salt"], chances)
    assert drawn in [outcome for outcome, _ in chances]
    assert drawn == draw(SEED, "game", number, ["salt"], list(chances))


def test_the_game_the_number_the_salts_and_the_seed_all_matter() -> None:
    chances = [(str(number), 1) for number in range(10**6)]
    drawn = {
        draw(SEED, "game", 1, ["a", "b"], chances),
        draw(SEED, "other", 1, ["a", "b"], chances),
        draw(SEED, "game", 2, ["a", "b"], chances),
        draw(SEED, "game", 1, ["b", "a"], chances),
        draw(SEED, "game", 1, ["a"], chances),
        draw(bytes(32), "game", 1, ["a", "b"], chances),
    }
    assert len(drawn) == 6


def test_outcomes_come_in_proportion_to_their_weights() -> None:
    chances = [("often", 9), ("seldom", 1)]
    counts = Counter(draw(SEED, "game", number, [], chances) for number in range(20_000))
    assert 17_750 < counts["often"] < 18_250  # six standard deviations around 18000
    assert counts["often"] + counts["seldom"] == 20_000
