"""What people do in a few guilds, played through a real engine, and written down in plain Python meanwhile.

A read model is compared with what stands here: a :class:`Called` for every command that somebody called, a
:class:`Played` for every game. Nothing of it is read from the log: how a game ends is known because its
moves are scripted, and what the engine answers is what the players saw.

A *story* plays one game in one way. It is a generator that stops after each step, so that several can go on
at the same time, in whichever order a test likes. Stories know what will be accepted, and what not, and why.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct

from milena.aggregates import AGGREGATES
from milena.domain.command import Command, Desk, Invocation, Result
from milena.domain.ids import InvocationId, Place, PlayerId, new_id
from milena.domain.limits import GameLimits
from milena.domain.refusal import Refused
from milena.engine import Answer
from milena.home import Home
from milena.ops.config import Config
from milena.readside.log import Log

START = 1_767_225_600_000
"""2026-01-01T00:00:00Z"""
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
STEP = 7 * MINUTE
"""So much time passes before each command: a story goes on for hours, a scenario for a day or more."""
COOLDOWN = 5_000
"""How long /open rests."""
INVITATION, WAITING, IDLE = 5 * DAY, 7 * DAY, 30 * DAY
PLACES = ("811/1", "811/2", "812/1", "81/1", "terminal/main")
"""Two channels of one guild; a guild that has as many; one whose id is the beginning of theirs."""
PEOPLE = 6


@dataclass
class Called:
    """A command that was called, and what came of it. ``game``: the id of the game that it is about, where
    there is one; ``correlation``: the invocation that everything goes back to."""

    invocation: str
    correlation: str
    player: PlayerId
    guild: str
    channel: str
    command: str
    options: dict[str, Any]
    verdict: str
    code: str
    sentence: str
    time: int
    position: int
    game: str | None
    ready: int = 0


@dataclass
class Played:
    """A game. Seats that nobody has are None before it begins, and gone after that.

    ``whole``    for each seat: the player sat there from the beginning to the end
    ``first``    for each seat that there was when it began: who sat there then
    ``free``     how many seats anybody may take: not those that are kept for somebody
    ``moves``    (player, move) in order, those that are hidden from others too
    ``turn``     who may move now
    ``since``    when the last ply was, or it began
    ``time``     when something last happened to it
    ``until``    when it is given up, or the first clock runs out; None: never
    ``scores``   by seat; empty where there is no result
    ``points``   by seat, where the story knows them
    """

    key: str
    kind: str
    guild: str
    channel: str
    host: PlayerId
    opened: int
    private: bool
    seats: list[PlayerId | None]
    until: int | None
    time: int
    whole: list[bool] = field(default_factory=list)
    first: list[PlayerId] = field(default_factory=list)
    invited: dict[PlayerId, int] = field(default_factory=dict)
    status: str = "waiting"
    began: int | None = None
    ended: int | None = None
    how: str | None = None
    scores: tuple[float, ...] = ()
    points: tuple[int, ...] | None = None
    voided: str | None = None
    plies: int = 0
    moves: list[tuple[PlayerId, str]] = field(default_factory=list)
    turn: list[PlayerId] = field(default_factory=list)
    since: int | None = None
    rematch_of: str = ""

    @property
    def players(self) -> list[PlayerId]:
        return [player for player in self.seats if player is not None]

    @property
    def free(self) -> int:
        return 0 if self.status != "waiting" else self.seats.count(None) - len(self.invited)

    @property
    def results(self) -> list[tuple[PlayerId, bool, str]]:
        """For each seat: whose result it is (a loss is that of who sat there first), whether it counts, and
        won, drawn or lost; empty where there is no result."""
        names, found = {1.0: "won", 0.0: "lost"}, []
        for seat, score in enumerate(self.scores):
            of, whole = self.players[seat], self.whole[seat]
            if score == 0 and seat < len(self.first):
                of, whole = self.first[seat], True
            found.append((of, whole, names.get(score, "drawn")))
        return found


class _Text(Struct, frozen=True, forbid_unknown_fields=True):
    text: str = ""
    questions: list[dict[str, str]] = []


def _say(desk: Desk, options: _Text) -> Result:
    if "spam" in options.text:
        raise Refused("spam", f"That is spam, <{desk.invocation.player}>: nobody wants to read it.")
    return {"said": options.text}


def _explode(desk: Desk, options: _Text) -> Result:
    raise ZeroDivisionError(options.text)


EXTRA = {
    "say": Command("say", "fun", "Say something.", _Text, _say),
    "explode": Command("explode", "fun", "Has a bug.", _Text, _explode),
}
"""Commands that later releases may have: with texts that are free, lists of things, and bugs."""


class Scenario:
    """Plays, and keeps book. Use as a context manager; ``directory`` is where its data goes."""

    def __init__(self, directory: Path) -> None:
        limits = GameLimits(
            guild=0,
            channel=0,
            member=0,
            invitation=INVITATION // 1000,
            waiting=WAITING // 1000,
            idle=IDLE // 1000,
        )
        self.home = Home(directory, Config(limits=limits, cooldowns={"open": COOLDOWN / 1000}))
        self.engine = self.home.engine()
        self.engine.commands = {**self.engine.commands, **EXTRA}
        self.people = [self.home.vault.player("discord", str(number)) for number in range(PEOPLE)]
        self.clock = self.home.vault.player("machine", "clock")
        self.called: list[Called] = []
        self.games: dict[str, Played] = {}
        self.now = START

    def __enter__(self) -> "Scenario":
        self.engine.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
        self.home.close()

    @property
    def log(self) -> Log:
        """The log, as a read model's file wants it."""
        return Log(self.home.store, AGGREGATES)

    @property
    def head(self) -> int:
        """The last position of the log."""
        return self.home.store.head().position

    @property
    def guilds(self) -> list[str]:
        """The guilds where something happened."""
        return sorted({each.guild for each in self.called} | {game.guild for game in self.games.values()})

    def play(self, stories: Sequence[tuple[str, int]], order: int = 0) -> None:
        """Play ``stories`` at the same time: the name of each, and a number that says where, and by whom.
        ``order`` makes the order of their steps."""
        running = [STORIES[name](Table(self, number)) for name, number in stories]
        chance = random.Random(order)
        while running:
            story = chance.choice(running)
            if next(story, "over") == "over":
                running.remove(story)

    def call(
        self,
        command: str,
        player: PlayerId,
        place: str,
        expected: str = "",
        /,
        *,
        at: int | None = None,
        about: str | None = None,
        moderator: bool = False,
        follows: tuple[str, int] | None = None,
        **options: Any,
    ) -> Answer:
        """Call a command. ``expected`` is the code of the refusal or failure, empty where it is accepted;
        ``at`` the time, where it is not simply a bit later; ``about`` the id of a game."""
        if at is None:
            self.now += STEP
        when = self.now if at is None else at
        if about is not None:
            options = {"game": about, **options}
        invocation = Invocation(
            InvocationId(new_id()), command, options, player, Place(place), when, follows, moderator
        )
        answer = self.engine.call(invocation)
        assert answer.code == expected, (command, options, answer)
        guild, _, channel = place.partition("/")
        self.called.append(
            Called(
                invocation.id,
                follows[0] if follows else invocation.id,
                player,
                guild,
                channel,
                command,
                options,
                answer.verdict,
                answer.code,
                answer.sentence,
                when,
                answer.position,
                answer.result.get("game", about),
                when + COOLDOWN if command == "open" and not expected else 0,
            )
        )
        return answer


class Table:
    """One game of a story: who is there, and what they do, with the books kept."""

    def __init__(self, scenario: Scenario, number: int) -> None:
        self.scenario = scenario
        self.place = PLACES[number % len(PLACES)]
        start = number // len(PLACES)
        people = scenario.people
        self.people = [people[(start + n) % PEOPLE] for n in range(PEOPLE)]
        self.game: Played = None  # type: ignore[assignment]

    def call(self, command: str, who: int, expected: str = "", /, **options: Any) -> Answer:
        """A command about this game, by one of the people here."""
        place = options.pop("place", self.place)
        return self.scenario.call(command, self.people[who], place, expected, about=self.game.key, **options)

    def refused(self, command: str, who: int, code: str, **options: Any) -> None:
        self.call(command, who, code, **options)

    # ------------------------------------------------------------------------------------- seats

    def open(
        self, kind: str, seats: int, *, private: bool = False, invite: Sequence[int] = (), **options: Any
    ) -> None:
        """The first of the people opens a game, and sits down."""
        host, guests = self.people[0], [self.people[n] for n in invite]
        answer = self.scenario.call(
            "open", host, self.place, game=kind, seats=seats, private=private, invite=guests, **options
        )
        now = self.scenario.now
        guild, _, channel = self.place.partition("/")
        self.game = Played(
            str(answer.result["game"]), kind, guild, channel, host, now, private,
            [host, *(None for _ in range(seats - 1))], now + WAITING, now,
        )  # fmt: skip
        self.game.invited = dict.fromkeys(guests, now + INVITATION)
        self.scenario.games[self.game.key] = self.game
        if seats == 1:
            self._begin(now, answer)

    def join(self, who: int, seat: int | None = None, command: str = "join", **options: Any) -> None:
        """One more sits down, on the first free seat or, in a game that is played, a new one."""
        game, player = self.game, self.people[who]
        if seat is not None:
            options["seat"] = seat + 1
        answer = self.call(command, who, **options)
        game.invited.pop(player, None)
        if game.status == "playing":
            game.seats.append(player)
            game.whole.append(False)
            self._ply(answer)
            return
        game.seats[game.seats.index(None) if seat is None else seat] = player
        game.time = self.scenario.now
        if None not in game.seats:
            self._begin(self.scenario.now, answer)

    def leave(self, who: int) -> None:
        self.call("leave", who)
        self.game.seats[self.game.seats.index(self.people[who])] = None
        self.game.time = self.scenario.now

    def begin(self, who: int = 0) -> None:
        """Begin with fewer: seats that are free are gone, and those behind them move up."""
        answer = self.call("begin", who)
        self._begin(self.scenario.now, answer)

    def _begin(self, now: int, answer: Answer) -> None:
        game = self.game
        game.seats = [player for player in game.seats if player is not None]
        game.whole, game.first = [True] * len(game.seats), game.players
        game.status, game.began, game.invited = "playing", now, {}
        game.since, game.time, game.until = now, now, None
        game.plies = answer.result["ply"]
        self.turn(0)

    def turn(self, *seats: int) -> None:
        """These may move now."""
        self.game.turn = [player for n in seats if (player := self.game.seats[n]) is not None]

    def invite(self, who: int, guest: int) -> None:
        self.call("invite", who, player=self.people[guest])
        self.game.invited[self.people[guest]] = self.scenario.now + INVITATION
        self.game.time = self.scenario.now

    def hand_over(self, who: int, guest: int) -> None:
        """The seat of one, who is invited and accepts; whoever's turn it was, it is the new one's now."""
        self.invite(who, guest)
        self.call("accept", guest)
        game, old, new = self.game, self.people[who], self.people[guest]
        seat = game.seats.index(old)
        game.seats[seat], game.whole[seat] = new, False
        game.turn = [new if player == old else player for player in game.turn]
        game.invited.pop(new)
        game.time = self.scenario.now

    def decline(self, who: int) -> None:
        self.call("decline", who)
        self.game.invited.pop(self.people[who])
        self.game.time = self.scenario.now

    # -------------------------------------------------------------------------------------- play

    def move(self, who: int, move: str, *turn: int, **options: Any) -> None:
        """A move, after which these seats may move."""
        answer = self.call("move", who, move=move, **options)
        self.game.moves.append((self.people[who], move))
        self._ply(answer)
        self.turn(*turn)

    def choose(self, who: int, move: str, *turn: int) -> None:
        """A choice where all choose at once. It is no ply before the last one."""
        before = self.game.plies, self.game.since
        self.move(who, move, *turn)
        if self.game.plies == before[0]:
            self.game.since = before[1]

    def moves(self, *moves: str, first: int = 0, seats: int = 2) -> None:
        """Moves of the first two people by turns, ``first`` begins; nothing comes between them."""
        for number, move in enumerate(moves):
            self.move((first + number) % seats, move, (first + number + 1) % seats)

    def _ply(self, answer: Answer) -> None:
        self.game.plies = answer.result["ply"]
        self.game.since = self.game.time = self.scenario.now

    def touch(self) -> None:
        """Something happened that is no ply."""
        self.game.time = self.scenario.now

    def take_back(self, who: int, other: int, *turn: int) -> None:
        self.call("takeback", who)
        answer = self.call("accept", other)
        self._ply(answer)
        self.turn(*turn)

    # ------------------------------------------------------------------------------------ endings

    def ends(self, how: str, scores: tuple[float, ...] = (), points: tuple[int, ...] | None = None) -> None:
        """It has just ended so."""
        game = self.game
        game.status, game.how, game.scores, game.points = "ended", how, scores, points
        game.ended = game.time = self.scenario.now
        game.turn, game.until, game.invited = [], None, {}

    def resign(self, who: int, scores: tuple[float, ...]) -> None:
        """One gives up, and the game is over."""
        self.call("resign", who)
        self.ends("resigned", scores)

    def abort(self, who: int) -> None:
        self.call("abort", who)
        self.ends("aborted")

    def void(self, who: int, reason: str, place: str | None = None) -> None:
        """A moderator takes the result away; a game that goes on ends by that."""
        self.call("void", who, reason=reason, moderator=True, place=place or self.place)
        self.game.voided, self.game.time = reason, self.scenario.now
        if self.game.status != "ended":
            self.ends("voided")

    def expire(self, after: int) -> Answer:
        """The scheduler lets happen what is due so long after now. (The other stories' time stands still.)"""
        scenario = self.scenario
        last = scenario.called[-1]
        when = scenario.now + after
        answer = scenario.call(
            "expire", scenario.clock, self.place, at=when, about=self.game.key,
            follows=(last.correlation, last.position),
        )  # fmt: skip
        self.game.time = when
        return answer

    def expires(self, after: int, how: str, scores: tuple[float, ...] = ()) -> None:
        """What is due ends the game."""
        self.expire(after)
        self.ends(how, scores)
        self.game.ended = self.game.time = self.scenario.now + after


# ----------------------------------------------------------------------------------------- stories

Story = Callable[[Table], Iterator[None]]
STORIES: dict[str, Story] = {}


def story(play: Story) -> Story:
    STORIES[play.__name__] = play
    return play


def _two(table: Table, kind: str, **options: Any) -> None:
    table.open(kind, 2, **options)
    table.join(1)


@story
def won(table: Table) -> Iterator[None]:
    """Tic-tac-toe to the end; somebody moves out of turn, and somebody too late."""
    table.open("tictactoe", 2)
    yield
    table.refused("move", 0, "not_started", move="1")
    table.join(1)
    yield
    table.moves("1", "4", "2")
    table.refused("move", 0, "not_your_turn", move="9")
    yield
    table.moves("5", "3", first=1)
    table.ends("finished", (1.0, 0.0), ())
    yield
    table.refused("move", 1, "game_over", move="9")


@story
def lost(table: Table) -> Iterator[None]:
    """The one who opened it loses a game of connect four, part of it called from another guild."""
    _two(table, "connect4")
    yield
    table.moves("1", "2", "1", "2", "1", "2")
    yield
    table.move(0, "7", 1, place="999/5")
    table.move(1, "2")
    table.ends("finished", (0.0, 1.0), ())


@story
def drawn(table: Table) -> Iterator[None]:
    _two(table, "tictactoe")
    yield
    table.moves("1", "2", "3", "5", "4", "6")
    yield
    table.moves("8", "7", "9")
    table.ends("finished", (0.5, 0.5), ())


@story
def resigned(table: Table) -> Iterator[None]:
    _two(table, "connect4")
    yield
    table.moves("4", "4", "3")
    yield
    table.resign(0, (0.0, 1.0))


@story
def agreed(table: Table) -> Iterator[None]:
    _two(table, "tictactoe")
    table.moves("5")
    yield
    table.call("draw", 1)
    table.touch()
    yield
    table.call("draw", 0)
    table.ends("agreed", (0.5, 0.5))


@story
def not_agreed(table: Table) -> Iterator[None]:
    """A draw is declined, a move is taken back, another one is not, and the game goes on."""
    _two(table, "tictactoe")
    table.moves("5", "1", "9")
    yield
    table.call("draw", 0)
    table.call("decline", 1)
    table.touch()
    yield
    table.take_back(0, 1, 0)
    yield
    table.moves("3")
    table.call("takeback", 0)
    table.call("decline", 1)
    table.touch()


@story
def aborted(table: Table) -> Iterator[None]:
    _two(table, "connect4")
    yield
    table.moves("4")
    yield
    table.abort(1)


@story
def too_late_to_abort(table: Table) -> Iterator[None]:
    _two(table, "connect4")
    table.moves("4", "4")
    yield
    table.refused("abort", 0, "too_late")
    table.refused("void", 0, "not_a_moderator", reason="I am losing")


@story
def voided_after_the_end(table: Table) -> Iterator[None]:
    _two(table, "tictactoe")
    table.moves("1", "4", "2", "5", "3")
    table.ends("finished", (1.0, 0.0), ())
    yield
    table.void(3, "played by two sisters")
    yield
    table.refused("void", 3, "already_voided", moderator=True, reason="again")


@story
def voided_in_play(table: Table) -> Iterator[None]:
    """An operator does it, from the terminal."""
    _two(table, "connect4")
    table.moves("1", "2")
    yield
    table.void(4, "Überzeugend falsch", place="terminal/main")


@story
def chosen(table: Table) -> Iterator[None]:
    """Rock, paper, scissors: a round that nobody wins, then one that somebody does."""
    table.open("rock-paper-scissors", 2, options={"best_of": 1})
    yield
    table.join(1)
    table.turn(0, 1)
    yield
    table.choose(1, "rock", 0)
    table.refused("move", 1, "not_your_turn", move="paper")
    yield
    table.choose(0, "rock", 0, 1)
    yield
    table.choose(0, "rock", 1)
    table.choose(1, "paper")
    table.ends("finished", (0.0, 1.0), (0, 1))


@story
def half_chosen(table: Table) -> Iterator[None]:
    """One has chosen, and the other has not yet."""
    _two(table, "rock-paper-scissors")
    yield
    table.choose(0, "scissors", 1)


@story
def alone(table: Table) -> Iterator[None]:
    """2048, given up."""
    table.open("2048", 1)
    yield
    table.resign(0, (0.0,))


@story
def alone_in_a_minefield(table: Table) -> Iterator[None]:
    """The first cell is safe; then it is left alone."""
    table.open("minesweeper", 1, options={"level": "expert"})
    yield
    table.move(0, "A1", 0)


@story
def given_up_one_by_one(table: Table) -> Iterator[None]:
    """Liar's dice of three, with hidden dice; two give up, so the third has won."""
    table.open("liars-dice", 3)
    table.join(2)
    yield
    table.join(1)
    yield
    table.refused("move", 0, "no_bid", move="liar")
    table.move(0, "1x2", 1)
    yield
    answer = table.call("resign", 0)
    table._ply(answer)
    table.turn(1)
    yield
    table.call("resign", 2)
    table.game.plies += 1
    table.ends("finished", (0.0, 0.0, 1.0), (0, 0, 5))


@story
def moved_up(table: Table) -> Iterator[None]:
    """Liar's dice for four: one leaves before it begins, one never comes, so the seats move up."""
    table.open("liars-dice", 4)
    table.join(1, 2)
    yield
    table.leave(0)
    table.join(2, 3)
    yield
    table.refused("begin", 4, "not_seated")
    table.begin(0)
    yield
    table.move(1, "1x2", 1)
    table.move(2, "2x2", 0)


@story
def moved_up_to_the_end(table: Table) -> Iterator[None]:
    """The same with two at the end, who have both moved up; the first of them gives up."""
    table.open("liars-dice", 4)
    table.join(1, 3)
    table.leave(0)
    yield
    table.join(3, 2)
    yield
    table.begin(0)
    table.call("resign", 3)
    table.game.plies += 1
    table.ends("finished", (0.0, 1.0), (0, 5))


@story
def handed_over(table: Table) -> Iterator[None]:
    _two(table, "connect4")
    table.moves("4", "4")
    yield
    table.hand_over(1, 2)
    table.refused("move", 1, "not_seated", move="1")
    yield
    table.move(0, "3", 1)
    table.resign(2, (1.0, 0.0))


@story
def handed_over_and_played(table: Table) -> Iterator[None]:
    """Whose turn it is hands the seat over."""
    _two(table, "tictactoe")
    yield
    table.hand_over(0, 5)
    yield
    table.invite(1, 4)


@story
def late(table: Table) -> Iterator[None]:
    """Hangman of two, then one more comes in."""
    _two(table, "hangman")
    table.turn(0)
    yield
    table.join(2)
    table.turn(0, 1, 2)


@story
def timed_out(table: Table) -> Iterator[None]:
    _two(table, "connect4", clock="8m/turn")
    table.moves("4")
    table.expires(8 * MINUTE, "timeout", (1.0, 0.0))
    yield


@story
def correspondence(table: Table) -> Iterator[None]:
    """A clock runs."""
    _two(table, "connect4", clock="3d/turn")
    table.game.until = table.scenario.now + 3 * DAY
    yield
    table.moves("4")
    table.game.until = table.scenario.now + 3 * DAY


@story
def alone_at_the_table(table: Table) -> Iterator[None]:
    """Nobody comes."""
    table.open("liars-dice", 3)
    yield
    table.refused("join", 0, "already_seated")
    table.refused("begin", 0, "too_few")


@story
def never_begun(table: Table) -> Iterator[None]:
    table.open("liars-dice", 3)
    table.join(1)
    table.expires(WAITING, "expired")
    yield


@story
def abandoned(table: Table) -> Iterator[None]:
    _two(table, "tictactoe")
    table.moves("5")
    table.expires(IDLE, "abandoned")
    yield


@story
def invited(table: Table) -> Iterator[None]:
    """A private game: a stranger is sent away, the guest comes, and wins."""
    table.open("tictactoe", 2, private=True, invite=[1])
    yield
    table.refused("join", 2, "private")
    table.join(1, command="accept")
    yield
    table.resign(0, (0.0, 1.0))


@story
def declined(table: Table) -> Iterator[None]:
    table.open("tictactoe", 2, private=True, invite=[1])
    yield
    table.decline(1)
    table.ends("declined")


@story
def one_declined(table: Table) -> Iterator[None]:
    """Two are invited; one declines, so that anybody may come."""
    table.open("liars-dice", 4, invite=[1, 2])
    yield
    table.decline(1)


@story
def not_answered(table: Table) -> Iterator[None]:
    """An invitation to a game that waits for others too runs out."""
    table.open("liars-dice", 4, invite=[1])
    table.expire(INVITATION)
    table.game.invited = {}
    yield


@story
def again(table: Table) -> Iterator[None]:
    """A rematch, which the other one has not agreed to yet."""
    _two(table, "tictactoe")
    table.moves("1", "4", "2", "5", "3")
    table.ends("finished", (1.0, 0.0), ())
    yield
    over = table.game
    answer = table.call("rematch", 0)
    now = over.time = table.scenario.now
    first, second = over.players
    table.game = Played(
        str(answer.result["game"]), "tictactoe", over.guild, over.channel, first, now, True,
        [None, first], now + WAITING, now, rematch_of=over.key,
    )  # fmt: skip
    table.game.invited = {second: now + INVITATION}
    table.scenario.games[table.game.key] = table.game


@story
def hasty(table: Table) -> Iterator[None]:
    """The same command twice at once: it rests."""
    table.open("tictactoe", 2)
    scenario = table.scenario
    scenario.call("open", table.people[0], table.place, "cooldown", at=scenario.now, game="connect4", seats=2)
    yield


@story
def nonsense(table: Table) -> Iterator[None]:
    """Commands that there are not, options that they have not, games that nobody opened."""
    ann = table.people[0]
    table.scenario.call("frobnicate", ann, table.place, "unknown_command", text="what")
    table.scenario.call("move", ann, table.place, "unknown_game_id", about="nowhere", move="1")
    yield
    table.scenario.call("join", ann, table.place, "bad_option", seat="first")


@story
def talk(table: Table) -> Iterator[None]:
    """Words, spam, and a bug."""
    scenario, ann = table.scenario, table.people[0]
    scenario.call("say", ann, table.place, text="Good morning, Ägypten")
    scenario.call("say", ann, table.place, "spam", text="buy spam")
    yield
    scenario.call("say", ann, table.place, text="quiz", questions=[{"ask": "2 + 2", "answer": "quattuor"}])
    yield
    scenario.call("explode", ann, table.place, "ZeroDivisionError", text="it's a bug")
