"""Laws of every state there is, also of those in which chance is to draw."""

from collections.abc import Sequence

from milena.domain.rules import CHANCE, Outcome
from milena.laws.law import Board, BoardLaw, Found


def a_state_is_of_the_type_that_the_rules_name(board: Board) -> Found:
    if type(board.state) is not board.rules.state_type:
        yield f"it is a {type(board.state).__name__}, not a {board.rules.state_type.__name__}."


def somebody_can_move_until_there_is_an_outcome_and_nobody_after(board: Board) -> Found:
    rules, state, seats = board
    actors, outcome = rules.actors(state), rules.outcome(state)
    if outcome is None and not actors:
        yield "there is no outcome yet, and nobody can move."
    if outcome is not None and actors:
        yield f"there is an outcome ({outcome.reason}), and actors are {actors}."
    if CHANCE in actors and actors != (CHANCE,):
        yield f"actors are {actors}: when chance is to draw, nobody else can move."
    if CHANCE not in actors and (len(set(actors)) < len(actors) or not set(actors) <= set(range(seats))):
        yield f"actors are {actors}, and the seats are 0 to {seats - 1}."


def an_outcome_has_a_score_from_0_to_1_for_each_seat(board: Board) -> Found:
    outcome = board.rules.outcome(board.state)
    if outcome is None:
        return
    if not isinstance(outcome, Outcome):
        yield f"outcome gives {outcome!r}; it has to be an Outcome."
        return
    scores, points, reason = outcome.scores, outcome.points, outcome.reason
    if len(scores) != board.seats or not all(
        isinstance(each, int | float) and 0 <= each <= 1 for each in scores
    ):
        yield f"the scores are {scores}; there are {board.seats} seats."
    whole = all(isinstance(each, int) and not isinstance(each, bool) for each in points)
    if len(points) not in (0, board.seats) or not whole:
        yield f"the points are {points}; they have to be whole numbers, one a seat, or none."
    if not isinstance(reason, str) or not reason.strip() or not reason.isprintable():
        yield f"the reason is {reason!r}; it has to be one line of text."


def chance_may_bring_different_things_of_positive_whole_weight_when_it_is_to_draw(board: Board) -> Found:
    rules, state, _ = board
    due = rules.actors(state) == (CHANCE,)
    chances = rules.chances(state)
    if bool(chances) != due:
        yield f"a draw is {'' if due else 'not '}due, and chances gives {len(chances)} outcomes."
    if len({outcome for outcome, _ in chances}) < len(chances):
        yield f"chances names the same thing twice: {_some([outcome for outcome, _ in chances])}."
    wrong = [(outcome, weight) for outcome, weight in chances if type(weight) is not int or weight < 1]
    if wrong:
        yield f"these weights are no positive whole numbers: {_some(wrong)}."


def _some(items: Sequence[object]) -> str:
    return ", ".join(str(item) for item in items[:8]) + (", ..." if len(items) > 8 else "")


OF_BOARDS: tuple[BoardLaw, ...] = (
    a_state_is_of_the_type_that_the_rules_name,
    somebody_can_move_until_there_is_an_outcome_and_nobody_after,
    an_outcome_has_a_score_from_0_to_1_for_each_seat,
    chance_may_bring_different_things_of_positive_whole_weight_when_it_is_to_draw,
)


def sound(board: Board) -> Found:
    """What is wrong with a state by any of these laws."""
    for law in OF_BOARDS:
        yield from law(board)
