"""Whatever anybody asks of a game, at any time: it goes from state to state as the table of states has it."""

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from milena import games
from milena.domain import game as game_package
from milena.domain.game import (
    Abort,
    AskTakeback,
    Begin,
    Decline,
    Expire,
    Game,
    Games,
    Invite,
    LeaveSeat,
    OfferDraw,
    Open,
    Play,
    Rematch,
    Resign,
    TakeOver,
    TakeSeat,
    Void,
)
from milena.domain.refusal import Refused

if TYPE_CHECKING:
    from tests.domain.game.conftest import MakeTable, Table

GAMES = Games(games.load)

TABLE: dict[str, dict[type[Struct], str]] = {
    "unopened": {Open: "waiting"},
    "waiting": {
        TakeSeat: "waiting playing",
        Begin: "playing",
        LeaveSeat: "waiting ended",
        Invite: "waiting",
        Decline: "waiting ended",
        Expire: "waiting ended",
        Abort: "ended",
        Void: "ended",
    },
    "playing": {
        Play: "playing ended",
        Resign: "playing ended",
        OfferDraw: "playing ended",
        AskTakeback: "playing",
        Decline: "playing",
        TakeSeat: "playing",
        Invite: "playing",
        TakeOver: "playing",
        Expire: "playing ended",
        Abort: "ended",
        Void: "ended",
    },
    "ended": {Void: "ended", Rematch: "ended"},
}
"""State -> what may be asked -> what comes of it. All else is refused."""

REQUESTS = sorted({kind for row in TABLE.values() for kind in row}, key=lambda kind: kind.__name__)
OFTEN = (
    [Play] * 24 + [AskTakeback, OfferDraw] * 8 + [Expire, TakeSeat, Invite, TakeOver, LeaveSeat, Decline] * 4
)
PEOPLE = ["ann", "bob", "cat", "dan", "eve"]
WHO = [*PEOPLE, *["whose turn it is", "who is asked"] * 3]
CLOCKS = ["", "30s/turn", "1m", "40s+5s", "90s,30s/turn", "2d/turn"]
WAITS = [*[0] * 12, 1, 5, 10, 29, 30, 31, 61, 36_000, "due", "due"]

KINDS = {
    "connect4": "a board",
    "rock-paper-scissors": "all choose at once, and chance moves for who is late",
    "hangman": "whoever comes first, and late comers",
    "yahtzee": "chance, which also moves for who is late",
    "liars-dice": "hidden hands, and turns that are skipped",
    "dungeon": "chance, skipped turns, late comers",
    "quiz": "a clock of its own, and questions to all",
    "math": "a time for the whole game of its own",
    "wordchain": "words, and turns that all take together",
}


def person(game: "Table", who: str, pick: int) -> str:
    """Somebody, or one of those on whom it is just now."""
    state, found = game.game, [who]
    if who == "whose turn it is":
        found = [state.players[seat] for seat in game.actors] or [
            each
            for each in PEOPLE
            if state.seat_of(each) is None  # type: ignore[arg-type]
        ]
    elif who == "who is asked":
        agreed = state.takeback.seats if state.takeback else state.draw_offers
        found = [each.player for each in state.invited] or [
            player for seat, player in enumerate(state.players) if seat not in agreed
        ]
    return found[pick % len(found)] if found else PEOPLE[0]


def request(game: "Table", kind: type[Struct], who: str, whom: str, pick: int) -> tuple[Any, ...]:
    """The fields of a request of this kind, as far as they are not the same for all."""
    if kind is Play:
        seat = game.game.seat_of(who)  # type: ignore[arg-type]
        moves = GAMES.rules(game.game).legal(game.game.board, seat) if seat in game.actors else []
        return (who, moves[pick % len(moves)] if moves else "x")
    if kind is Invite:
        until = game.ms(game.now + 20 + pick)
        return (who, whom, until, pick % 4 or None)
    if kind is Void:
        return (who, "no show" if pick % 4 else "")
    if kind is Rematch:
        return (who, f"again{pick}")
    if kind is Open:
        return (who, "tictactoe", {}, None)
    return () if kind is Expire else (who,)


def check(game: Game, now: int) -> None:
    """What holds in every state."""
    assert game.status in TABLE
    assert len(game.players) == len(set(game.players)), "somebody has two seats"
    assert not {each.player for each in game.invited} & set(game.players), "somebody is invited who is there"
    assert len({each.seat for each in game.invited}) == len(game.invited), "a seat is promised twice"
    assert set(game.gave_up) <= set(range(len(game.seats)))
    if game.status == "ended":
        assert GAMES.deadline(game) == 0
        assert game.how is not None
        assert not GAMES.actors(game)
    if game.status == "playing":
        assert None not in game.seats
        assert game.missing is None
        assert set(GAMES.actors(game)) <= set(game.still_in)
        assert (game.clocks is None) == (game.clock is None)
    if game.clocks is not None:
        running = {seat for seat, since in enumerate(game.clocks.since) if since}
        assert running == {seat for seat, ends in enumerate(game.clocks.ends) if ends}
        assert running == set(GAMES.actors(game)), "the clocks of those run who may move"
        assert min(game.clocks.left) >= 0
        assert max(game.clocks.since) <= now


def attempt(game: "Table", kind: type[Struct], fields: tuple[Any, ...], **named: Any) -> None:
    """Ask for something; it happens as the table says, or is refused and changes nothing."""
    before, encoded, due = game.game, GAMES.encode(game.game), GAMES.deadline(game.game)
    now = game.ms(game.now)
    try:
        events = game.ask(kind, *fields, **named)
    except Refused as refused:
        code, sentence, events = refused.code, refused.sentence, []
    if not events:
        assert code.isidentifier()
        assert re.fullmatch(r"\S.*[.!?]", sentence)
        assert game.game is before
        assert GAMES.encode(before) == encoded
        assert not (kind is Expire and 0 < due <= now), "what is due is not refused"
        return
    after = TABLE[before.status].get(kind, "").split()
    assert game.game.status in after, f"{kind.__name__}: {before.status} -> {game.game.status}"
    assert game.game.ply >= before.ply
    if kind is Expire:
        later = GAMES.deadline(game.game)
        assert later == 0 or later > now, "what was due is due no more"
    check(game.game, now)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_no_sequence_of_requests_leaves_the_table_of_states(
    table: "MakeTable", name: str, data: st.DataObject
) -> None:
    rules = games.load(name)
    own = rules.clock(rules.options_type()) is not None
    seats = data.draw(st.integers(rules.seats.min, min(4, rules.seats.max)), "seats")
    game = table(
        name,
        *PEOPLE[: data.draw(st.just(seats) | st.just(seats) | st.integers(0, seats), "seated")],
        seats=seats,
        clock="" if own else data.draw(st.sampled_from(CLOCKS), "clock"),
        private=data.draw(st.booleans(), "private"),
        until=data.draw(st.sampled_from([0, 300]), "until"),
    )
    check(game.game, game.ms(0))
    steps = st.tuples(
        st.sampled_from(OFTEN + REQUESTS),
        st.sampled_from(WHO),
        st.sampled_from(PEOPLE),
        st.sampled_from(WAITS),
        st.integers(0, 99),
    )
    for kind, who, whom, wait, pick in data.draw(st.lists(steps, min_size=20, max_size=60), "steps"):
        game.now = max(game.now, game.due or 0) if wait == "due" else game.now + float(wait)
        named: dict[str, Any] = {"idle": pick == 99} if kind is Expire else {}
        if kind is TakeSeat and pick % 3 == 0:
            named = {"seat": pick % 4, "chosen": pick % 2 == 0}
        attempt(game, kind, request(game, kind, person(game, who, pick), whom, pick), **named)


def test_the_table_here_is_the_one_that_the_documentation_shows() -> None:
    shown = game_package.__doc__ or ""
    for status, row in TABLE.items():
        told = re.search(rf"^{status}  +(.*?)(?=^\w|^=)", shown, re.MULTILINE | re.DOTALL)
        assert told is not None
        named = {kind.__name__ for kind in REQUESTS if re.search(rf"\b{kind.__name__}\b", told[1])}
        assert named == {kind.__name__ for kind in row}
