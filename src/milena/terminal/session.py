"""A game at one keyboard: whose turn it is, what they type, and what that does.

The session keeps nothing that the log does not hold; it may end at any moment, and another one goes on.
"""

from queue import LifoQueue
from typing import Literal

from milena import telling
from milena.aggregates import GAMES
from milena.domain.game import LONGEST_MOVE, asking
from milena.domain.ids import PlayerId
from milena.domain.refusal import Refused
from milena.engine import Answer
from milena.home import Home
from milena.machines.game import MachineGame
from milena.machines.thinking import Thinker
from milena.replay.history import History
from milena.store import Unreplayable
from milena.terminal.calling import Caller
from milena.terminal.front import Front, Scene, scene

Parting = Literal["ended", "left", "waits", "watched"]
MOVES_TOLD = 160
"""Characters of the list of moves that help shows."""
ASKS = ("resign", "abort", "draw", "takeback", "accept", "decline")
OVERTAKEN = ("moved_on", "not_your_turn", "game_over", "out_of_time")


class Session:
    """One game, played by those of its players who are at this keyboard, and by its machines.

    :meth:`run` plays it: it tells whether the game ended, was left, or waits for players elsewhere.
    """

    def __init__(self, home: Home, caller: Caller, key: str, front: Front, thinker: Thinker) -> None:
        self.key = key
        self.caller = caller
        self.front = front
        self.name = home.vault.name
        self.history = History(home.store, GAMES, key)
        self._catch_up()
        self.rules = GAMES.rules(self.game)
        seated = [seated.player for seated in self.game.seats if seated is not None]
        sources = [home.vault.source(player) for player in seated]
        # Whoever is unknown here came with an imported log; anybody at this keyboard may play on.
        self.people = [seat for seat, source in enumerate(sources) if source in ("terminal", None)]
        self.machines = [seat for seat, source in enumerate(sources) if source == "machine"]
        idle: LifoQueue[Thinker] = LifoQueue()
        idle.put(thinker)
        self._machine_game = MachineGame(home, caller.engine, idle, key)
        self._at_keyboard: int | None = None

    def run(self) -> Parting:
        while True:
            self._catch_up()
            if self.game.status == "ended":
                return "ended"
            seat = self._next()
            if seat is None:
                return "waits"
            if seat in self.machines:
                self.front.show(self.scene(None))
                self._let_machine_play()
            elif not self._ask(seat):
                return "left"

    def scene(self, seat: int | None) -> Scene:
        """The game for the eyes of ``seat``, or of everybody at the keyboard."""
        if seat is None and len(self.people) == 1:
            seat = self.people[0]
        return scene(self.history, self.name, seat)

    def _catch_up(self) -> None:
        self.history.catch_up()
        if self.history.problem:
            raise Unreplayable(self.history.problem)
        self.game = self.history.game

    def _next(self) -> int | None:
        """The seat to move next of those that may: in seat order, on from who moved last."""
        acts = [act for ply in self.history.plies[-1:] for act in ply.acts] + list(self.history.pending)
        if not acts or acts[-1].seat is None:
            acts = [act for ply in self.history.plies for act in ply.acts if act.seat is not None]
        last = acts[-1].seat if acts and acts[-1].seat is not None else -1
        ours = [seat for seat in GAMES.actors(self.game) if seat in self.people or seat in self.machines]
        return min(ours, key=lambda seat: (seat - last - 1) % len(self.game.seats), default=None)

    # ------------------------------------------------------------------------------------ machines

    def _let_machine_play(self) -> None:
        """One machine does what is due: it moves, or answers what somebody asks."""
        self._machine_game.look(pause=False)
        if self._machine_game.stuck:
            raise Refused("machine_stuck", self._machine_game.stuck)
        self._catch_up()

    def _machines_answer(self) -> None:
        self._catch_up()
        for _ in self.machines:
            offered = self.game.draw_offers
            if asking(self.game):
                self._let_machine_play()
            if offered and not self.game.draw_offers:
                self.front.say("The machine plays on.")

    # -------------------------------------------------------------------------------------- people

    def _ask(self, seat: int) -> bool:
        """Ask whoever is to move, until something happens. False: they leave."""
        scene = self.scene(seat)
        watched = len(self.people) > 1
        if watched and seat != self._at_keyboard and self._has_secrets(seat):
            self.front.hand_over(scene.players[seat])
        self._at_keyboard = seat
        while True:
            text = self.front.ask(scene, hidden=watched and self.rules.simultaneous)
            if text is None:
                return False
            mover, text = self._addressed(seat, text.strip())
            word = "" if self._is_move(scene, mover, text) else text.lower().removeprefix("/")
            if word in ("accept", "decline"):
                mover = self._answerer(mover)
            if word == "quit":
                return False
            if word in ("help", "?"):
                self.front.say(self._help(scene))
            elif word in ASKS:
                if self._done(self._call(word, mover)):
                    self._machines_answer()
                    return True
            elif not text and self.history.overtaken():
                return True
            elif len(text) > LONGEST_MOVE or not text.isprintable():
                self.front.refuse(f"That can't be read as a move. {self.rules.notation}")
            elif text:
                answer = self._call("move", mover, move=text, **GAMES.looked_at(self.game))
                if self._done(answer):
                    if self.rules.simultaneous and answer.result.get("ply") == self.game.ply:
                        self.front.say(f"{scene.players[mover]} has chosen.")
                    return True

    def _done(self, answer: Answer) -> bool:
        """Whether it was accepted, or what was asked is out of date; else tell why not."""
        if answer.verdict == "accepted":
            return True
        self.front.refuse(answer.sentence)
        return answer.code in OVERTAKEN

    def _addressed(self, seat: int, text: str) -> tuple[int, str]:
        """``bob: rock`` is said for bob, anything else for whoever was asked."""
        who, colon, rest = text.partition(":")
        if colon:
            for other in self.people:
                if telling.player(self.game, other, self.name).casefold() == who.strip().casefold():
                    return other, rest.strip()
        return seat, text

    def _is_move(self, scene: Scene, seat: int, text: str) -> bool:
        """Whether what may be a word is a move, as crazy eights' ``draw`` or a word of a chain may be; with a
        ``/`` before it, it never is one."""
        if text in scene.view.choices:
            return True
        if text.lower() not in (*ASKS, "quit", "help") or not self.rules.open_input:
            return False
        board = self.rules.hide(self.game.board, seat)
        if board != self.game.board:
            return False  # any word may be tried there
        try:
            self.rules.play(board, seat, self.rules.read(board, seat, text))
        except Refused:
            return False
        return seat in scene.actors

    def _answerer(self, seat: int) -> int:
        """Whose answer it is, to what somebody asks: of those at this keyboard, one who has not agreed."""
        game = self.game
        agreed = game.takeback.seats if game.takeback is not None else game.draw_offers
        open_ = [other for other in self.people if other in game.still_in and other not in agreed]
        return seat if seat in open_ or not open_ else open_[0]

    def _has_secrets(self, seat: int) -> bool:
        """Whether this seat sees what a spectator does not."""
        board = self.game.board
        return bool(self.rules.hide(board, seat) != self.rules.hide(board, None))

    def _help(self, scene: Scene) -> str:
        choices, told = scene.view.choices, [self.rules.notation]
        if choices:
            moves = ", ".join(choices)
            if len(moves) > MOVES_TOLD:
                moves = f"{moves[:MOVES_TOLD].rpartition(',')[0]}, ... ({len(choices)}; Tab lists them)"
            told.append(f"{'Some moves' if self.rules.open_input else 'Moves'}: {moves}")
        told.append(f"Words: {', '.join(scene.words)}, help, quit (go on later); /quit is never a move.")
        return "\n".join(told)

    def _call(self, command: str, seat: int, **options: str | int) -> Answer:
        return self.caller.call(command, self._player(seat), game=self.key, **options)

    def _player(self, seat: int) -> PlayerId:
        seated = self.game.seats[seat]
        assert seated is not None, "a game that plays has all its seats taken"
        return seated.player
