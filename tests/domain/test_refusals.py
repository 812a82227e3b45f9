"""Every refusal of the Game aggregate: given some commands, when another comes, then this sentence."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from milena import games
from milena.domain import game as game_package
from milena.domain.clock import Clock
from milena.domain.game import (
    LONGEST_MOVE,
    Abort,
    AskTakeback,
    Begin,
    Decline,
    Expire,
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
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused

if TYPE_CHECKING:
    from tests.domain.conftest import Case

    Given = Callable[..., Case]

ANN, BOB, CAROL, DAVE = PlayerId("ann"), PlayerId("bob"), PlayerId("carol"), PlayerId("dave")
SEED, OTHER_SEED = bytes(32), bytes(31) + b"x"


def opened(name: str = "tictactoe", seats: int | None = None, **options: Any) -> Open:
    return Open(ANN, name, options, seats, SEED)


def takes(player: PlayerId, seat: int | None = None, salt: str = "salt", seed: bytes = SEED) -> TakeSeat:
    return TakeSeat(player, salt, seed, seat)


def plays(player: PlayerId, move: str, ply: int | None = None, seed: bytes = SEED) -> Play:
    return Play(player, move, seed, ply)


WAITING: list[Struct] = [opened(), takes(ANN)]
PLAYING: list[Struct] = [*WAITING, takes(BOB)]
WON = [plays(ANN, "1"), plays(BOB, "4"), plays(ANN, "2"), plays(BOB, "5"), plays(ANN, "3")]
OVER: list[Struct] = [*PLAYING, *WON]
RESIGNED: list[Struct] = [*PLAYING, Resign(ANN, SEED)]
ABORTED: list[Struct] = [*WAITING, Abort(ANN, SEED)]
DUEL: list[Struct] = [opened("rock-paper-scissors"), takes(ANN), takes(BOB)]
DUEL_TITLE = games.load("rock-paper-scissors").title
UNTIL = 60_000
PROMISED: list[Struct] = [*WAITING, Invite(ANN, BOB, UNTIL)]
PRIVATE: list[Struct] = [Open(ANN, "tictactoe", {}, None, SEED, private=True)]
OFFERED: list[Struct] = [*PLAYING, Invite(ANN, CAROL, UNTIL)]
DRAW_OFFERED: list[Struct] = [*PLAYING, OfferDraw(ANN, SEED)]
TIMED: list[Struct] = [
    Open(ANN, "tictactoe", {}, None, SEED, clock=Clock(turn=30)),
    takes(ANN),
    TakeSeat(BOB, "salt", SEED, now=1),
]
STRANGER = "You do not sit at this game."
UNREADABLE = "That can't be read as a move. Type the number of a free cell, 1 to 9, counted in reading order."
NOT_BACK = (
    "Nothing of yours can be taken back here: that is only for your last move, and not across a draw of "
    "chance or in a game that hides something."
)
FOREIGN = "This game's secret is in another vault; bring that vault.db here."

REFUSALS: list[tuple[str, list[Struct], Struct, str]] = [
    ("id_taken", WAITING, opened(), "The id 1g5k2m9xq4 is taken; open the game under another."),
    ("seats", [], opened(seats=3), "Tic-tac-toe is for 2 players, not 3."),
    ("seats", [], opened("2048", seats=0), "2048 is for 1 player, not 0."),
    ("seats", [], opened("hangman", seats=9), "Hangman is for 1 to 8 players, not 9."),
    ("bad_option", [], opened(size=4), "Tic-tac-toe has no option 'size'. It has: misere."),
    ("bad_option", [], opened("2048", color=4), "2048 has no option 'color'. It has: size, target."),
    ("bad_option", [], opened("2048", size=7), "That does not fit 2048: size can be 3 to 6."),
    (
        "bad_option",
        [],
        opened("2048", size="x"),
        "That does not fit 2048: size can be 3 to 6.",
    ),
    (
        "bad_clock",
        [],
        Open(ANN, "quiz", {}, None, SEED, clock=Clock(total=300)),
        "Quiz has a clock of its own (20s/turn): leave out the clock.",
    ),
    ("no_free_seat", PLAYING, takes(CAROL), "This game has begun already; ask for another one."),
    (
        "no_free_seat",
        PROMISED,
        takes(CAROL),
        "All seats of this game are taken or promised; ask for another one.",
    ),
    ("game_over", OVER, takes(CAROL), "This game is over: three in a row."),
    ("private", PRIVATE, takes(BOB), "This game is only for those who were invited; ask who opened it."),
    ("already_seated", WAITING, takes(ANN), "You sit at this game already."),
    ("seat_taken", WAITING, takes(BOB, 0), "Seat 1 is not free. Free: 2."),
    ("seat_taken", WAITING, takes(BOB, 7), "Seat 8 is not free. Free: 2."),
    ("seat_taken", WAITING, takes(BOB, -1), "Seat 0 is not free. Free: 2."),
    *(
        ("bad_salt", WAITING, takes(BOB, salt=salt), "A salt is 1 to 64 letters and digits.")
        for salt in ("", "a,b", "a/b", "ü", "x" * (LONGEST_MOVE + 1), "\0")
    ),
    ("not_seated", WAITING, LeaveSeat(BOB, SEED), STRANGER),
    ("not_seated", PLAYING, plays(CAROL, "1"), STRANGER),
    ("not_seated", PLAYING, Resign(CAROL, SEED), STRANGER),
    (
        "not_seated",
        PLAYING,
        Abort(CAROL, SEED),
        "Only those who play here, or opened the game, can abort it.",
    ),
    ("has_begun", PLAYING, LeaveSeat(ANN, SEED), "This game has begun; you can resign, not leave."),
    ("game_over", OVER, LeaveSeat(ANN, SEED), "This game is over: three in a row."),
    ("has_begun", PLAYING, Begin(ANN, SEED), "This game has begun already."),
    ("too_few", WAITING, Begin(ANN, SEED), "Tic-tac-toe needs 1 more player before it can begin."),
    ("too_few", [opened()], Begin(ANN, SEED), "Tic-tac-toe needs 2 more players before it can begin."),
    (
        "not_seated",
        WAITING,
        Begin(BOB, SEED),
        "Only those who play here, or opened the game, can begin it.",
    ),
    (
        "invited",
        [opened("hangman", seats=3), takes(BOB), Invite(BOB, CAROL, UNTIL)],
        Begin(BOB, SEED),
        "Others are invited still: only who opened the game can begin without them.",
    ),
    (
        "turned_down",
        [*PROMISED, Decline(BOB, SEED)],
        Invite(ANN, BOB, UNTIL),
        "<bob> has declined to play this game.",
    ),
    (
        "too_late",
        PROMISED,
        TakeSeat(BOB, "salt", SEED, now=UNTIL),
        "That invitation has expired; ask for a new one.",
    ),
    (
        "too_late",
        OFFERED,
        TakeOver(CAROL, UNTIL),
        "That invitation has expired; ask for a new one.",
    ),
    *(
        ("already_seated", commands, Invite(ANN, ANN, UNTIL), "<ann> sits at this game already.")
        for commands in (WAITING, PLAYING)
    ),
    ("already_invited", PROMISED, Invite(ANN, BOB, UNTIL), "<bob> is invited already."),
    ("already_invited", OFFERED, Invite(ANN, DAVE, UNTIL), "You have offered your seat to <carol>."),
    ("no_free_seat", PROMISED, Invite(ANN, CAROL, UNTIL), "All seats of this game are taken or promised."),
    ("seat_taken", WAITING, Invite(ANN, BOB, UNTIL, 0), "Seat 1 is not free."),
    (
        "not_seated",
        WAITING,
        Invite(BOB, CAROL, UNTIL),
        "Only those who play here, or opened the game, can invite.",
    ),
    ("not_seated", PLAYING, Invite(CAROL, DAVE, UNTIL), STRANGER),
    *(
        ("nothing_offered", commands, TakeOver(CAROL), "There is no seat here that is offered to you.")
        for commands in (WAITING, PLAYING)
    ),
    ("nothing_offered", PROMISED, TakeOver(BOB), "There is no seat here that is offered to you."),
    ("nothing_offered", PLAYING, Decline(ANN, SEED), "Nothing is offered to you in this game."),
    ("nothing_offered", OVER, Decline(ANN, SEED), "Nothing is offered to you in this game."),
    (
        "no_draws",
        DUEL,
        OfferDraw(ANN, SEED),
        f"{DUEL_TITLE} knows no draw by agreement; you can play on or resign.",
    ),
    ("already_offered", DRAW_OFFERED, OfferDraw(ANN, SEED), "Your offer of a draw stands already."),
    (
        "declined",
        [*DRAW_OFFERED, Decline(BOB, SEED)],
        OfferDraw(ANN, SEED),
        "The draw was declined; you can ask again when you have moved.",
    ),
    (
        "already_offered",
        [*PLAYING, WON[0], AskTakeback(ANN)],
        AskTakeback(ANN),
        "You have asked for that already; the others have to agree.",
    ),
    ("no_takeback", PLAYING, AskTakeback(ANN), "You have made no move yet."),
    ("no_takeback", [*DUEL, plays(ANN, "rock"), plays(BOB, "rock")], AskTakeback(ANN), NOT_BACK),
    (
        "too_late",
        [*PLAYING, *WON[:2]],
        Abort(ANN, SEED),
        "It is too late to abort, as each side has moved. You can resign, or ask a moderator to void it.",
    ),
    (
        "already_voided",
        [*OVER, Void(CAROL, "two accounts", SEED)],
        Void(CAROL, "again", SEED),
        "This game is void already: two accounts.",
    ),
    (
        "no_result",
        ABORTED,
        Void(CAROL, "why not", SEED),
        "This game ended without a result: there is nothing to void.",
    ),
    ("bad_reason", OVER, Void(CAROL, " ", SEED), "Give a reason of 1 to 200 characters."),
    ("bad_reason", OVER, Void(CAROL, "x" * 201, SEED), "Give a reason of 1 to 200 characters."),
    (
        "not_over",
        PLAYING,
        Rematch(ANN, "x"),
        "This game goes on; a rematch can be asked for when it is over.",
    ),
    ("not_seated", OVER, Rematch(CAROL, "x"), "Only those who played this game can ask for a rematch."),
    ("rematched", [*OVER, Rematch(ANN, "x")], Rematch(BOB, "y"), "It is played again already, as x."),
    ("nothing_due", PLAYING, Expire(SEED, UNTIL), "Nothing is due in this game now."),
    ("out_of_time", TIMED, Play(ANN, "1", SEED, now=30_001), "Your time is up."),
    ("not_started", WAITING, plays(ANN, "1"), "This game waits for 1 more player."),
    ("not_started", WAITING, Resign(ANN, SEED), "This game waits for 1 more player."),
    (
        "not_started",
        [opened("hangman", seats=3), takes(ANN)],
        plays(ANN, "e"),
        "This game waits for 2 more players.",
    ),
    *(
        (
            "gave_up",
            [opened("hangman", seats=2), takes(ANN), takes(BOB), Resign(ANN, SEED)],
            command,
            "You are out of this game; you can watch how it goes on.",
        )
        for command in (plays(ANN, "e"), Resign(ANN, SEED), Abort(ANN, SEED))
    ),
    (
        "gave_up",
        [opened("hangman", seats=2), takes(ANN), takes(BOB), Resign(ANN, SEED)],
        Invite(ANN, CAROL, UNTIL),
        "You are out of this game: there is no seat to hand over.",
    ),
    ("game_over", OVER, plays(BOB, "9"), "This game is over: three in a row."),
    ("game_over", OVER, Resign(BOB, SEED), "This game is over: three in a row."),
    ("game_over", OVER, Abort(BOB, SEED), "This game is over: three in a row."),
    ("game_over", RESIGNED, plays(BOB, "9"), "This game is over: <ann> resigned."),
    ("game_over", ABORTED, plays(ANN, "9"), "This game is over: <ann> aborted it."),
    (
        "moved_on",
        PLAYING,
        plays(ANN, "1", ply=1),
        "The board has moved on since you looked; look again, then move.",
    ),
    (
        "moved_on",
        [*PLAYING, WON[0]],
        plays(BOB, "4", ply=0),
        "The board has moved on since you looked; look again, then move.",
    ),
    *(
        ("unreadable_move", PLAYING, plays(ANN, move), UNREADABLE)
        for move in (
            "\n",
            "1\n",
            "\0",
            "\ud800",
            "\x1b[2J",
            "\u202e5",
            "5" * (LONGEST_MOVE + 1),
            "x" * 1_000_000,
        )
    ),
    ("not_your_turn", PLAYING, plays(BOB, "1"), "It is not your turn: <ann> may move now."),
    ("not_your_turn", [*DUEL, plays(ANN, "r")], plays(ANN, "p"), "It is not your turn: <bob> may move now."),
    ("foreign_seed", [opened("2048")], takes(ANN, seed=OTHER_SEED), FOREIGN),
    ("foreign_seed", PLAYING, Resign(ANN, OTHER_SEED), FOREIGN),
    ("foreign_seed", PLAYING, Abort(ANN, OTHER_SEED), FOREIGN),
    ("foreign_seed", [*PLAYING, *WON[:4]], plays(ANN, "3", seed=OTHER_SEED), FOREIGN),
]


@pytest.mark.parametrize(("code", "commands", "command", "sentence"), REFUSALS)
def test_it_is_refused_with_a_sentence_and_nothing_changes(
    given: "Given", code: str, commands: list[Struct], command: Struct, sentence: str
) -> None:
    refusal = given(*commands).refusal(command)
    assert (refusal.code, refusal.sentence) == (code, sentence)


def test_every_refusal_of_the_aggregate_is_among_these(codes_in: Callable[[ModuleType], set[str]]) -> None:
    folder = game_package.__name__
    modules = [
        import_module(f"{folder}.{found.name}") for found in pkgutil.iter_modules(game_package.__path__)
    ]
    assert len(modules) > 5
    assert {code for code, *_ in REFUSALS} == set().union(*map(codes_in, modules))


def test_a_game_that_is_not_there_is_refused_with_those_that_are(given: "Given") -> None:
    refusal = given().refusal(opened("chess-boxing"))
    assert refusal.code == "unknown_game"
    assert refusal.sentence == f"There is no game 'chess-boxing'. There are: {', '.join(games.names())}."


def test_a_game_of_newer_rules_can_not_go_on_here(given: "Given") -> None:
    newer = replace(given(*PLAYING).game, rules=2)
    with pytest.raises(
        Refused, match="under its rules number 2, and this release knows number 1 only: upgrade"
    ):
        Games(games.load).decide(newer, plays(ANN, "1"))
