"""Clocks and deadlines: what time does to a game.

Everything that is due at a time is in the events, so it can be found again after a crash. Nothing happens
because time passes: somebody (milena.engine.scheduler) asks, and then what is due is decided.
"""

from milena.domain import chance
from milena.domain.event import Changes
from milena.domain.game.common import (
    check_seed,
    end,
    lost_by,
    player_at,
    require_going_on,
    reveal_if_all_chose,
    settle,
)
from milena.domain.game.events import (
    ChoiceSealed,
    ClocksSet,
    InvitationExpired,
    MovePlayed,
    Reminded,
    TakenBack,
    TimedOut,
)
from milena.domain.game.playing import make_move
from milena.domain.game.requests import Expire
from milena.domain.game.seating import close_if_too_few
from milena.domain.game.state import Clocks, Game
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules


def deadline(game: Game) -> int:
    """When something is due next, in ms since 1970; 0: never."""
    if game.status == "ended":
        return 0
    times = [invitation.until for invitation in game.invited]
    if game.status == "waiting":
        times.append(game.until)
    if game.clocks is not None:
        times += [game.clocks.ends[seat] for seat in range(len(game.clocks.ends))]
        times += [when for when, _ in _reminders(game, game.clocks)]
    return min(filter(None, times), default=0)


def _reminders(game: Game, clocks: Clocks) -> list[tuple[int, int]]:
    """When which seats are to be reminded of their time."""
    if game.clock is None or not game.clock.remind:
        return []
    before = game.clock.remind * 1000
    return [
        (ends - before, seat) for seat, ends in enumerate(clocks.ends) if ends and seat not in clocks.reminded
    ]


def expire(changes: Changes[Game], request: Expire, rules: AnyRules) -> None:
    """Let happen all that is due: invitations and the game's own term, clocks, reminders."""
    game, now = changes.state, request.now
    require_going_on(game)
    for invitation in sorted(game.invited, key=lambda each: each.until):
        if invitation.until <= now and changes.state.status != "ended":
            changes.add(InvitationExpired(invitation.player))
            reason = f"<{invitation.player}> did not answer the invitation"
            close_if_too_few(changes, "expired", reason, request.seed, rules)
    if changes.state.status == "waiting" and 0 < changes.state.until <= now:
        end(changes, "expired", "it was not begun in time", request.seed)
    if changes.state.status == "playing":
        _call_time(changes, request, rules)
        _remind(changes, now)
    if request.idle and changes.state.status != "ended" and not deadline(changes.state):
        end(changes, "abandoned", "nobody played on", request.seed)
    if not changes.events:
        raise Refused("nothing_due", "Nothing is due in this game now.")


def _call_time(changes: Changes[Game], request: Expire, rules: AnyRules) -> None:
    """Time is up for these seats, the one that ran out first first."""
    clocks = changes.state.clocks
    if clocks is None:
        return
    turn = rules.turn(changes.state.board)
    late = sorted((ends, seat) for seat, ends in enumerate(clocks.ends) if 0 < ends <= request.now)
    for _, seat in late:
        game = changes.state
        if game.status != "playing" or seat in [chosen for chosen, _ in game.choices]:
            continue
        if seat in rules.actors(game.board) and rules.turn(game.board) == turn:
            _time_out(changes, seat, clocks, request.seed, rules)


def _time_out(changes: Changes[Game], seat: int, clocks: Clocks, seed: bytes, rules: AnyRules) -> None:
    game = changes.state
    assert game.clock is not None, "clocks run in a game that has one"
    flag = bool(game.clock.total) and clocks.ends[seat] - clocks.since[seat] >= clocks.left[seat]
    check_seed(game, seed)
    if flag or rules.on_timeout == "forfeit":
        leave = rules.flag if flag else rules.resign
        if leave(game.board, seat) is None:
            changes.add(TimedOut(game.ply, seat, "lost", flag=flag))
            reason = f"<{player_at(game, seat)}> ran out of time"
            end(changes, "timeout", reason, seed, lost_by(game, seat))
            return
        changes.add(TimedOut(game.ply + 1, seat, "left", flag=flag))
    elif rules.on_timeout == "skip":
        changes.add(TimedOut(game.ply + 1, seat, "skipped"))
    else:
        draw = game.draws + 1
        move = move_by_chance(game, seat, draw, seed, rules)
        changes.add(TimedOut(game.ply, seat, "random", draw))
        make_move(changes, seat, move, seed, rules)
        return
    reveal_if_all_chose(changes, rules)
    settle(changes, seed, rules)


def move_by_chance(game: Game, seat: int, draw: int, seed: bytes, rules: AnyRules) -> str:
    """The move that chance makes for a seat: all legal ones are alike likely."""
    moves = [(move, 1) for move in rules.legal(game.board, seat)]
    return chance.draw(seed, game.key, draw, game.salts, moves)


def _remind(changes: Changes[Game], now: int) -> None:
    game = changes.state
    if game.status != "playing" or game.clocks is None:
        return
    for when, seat in sorted(_reminders(game, game.clocks)):
        if when <= now < game.clocks.ends[seat]:
            changes.add(Reminded(seat, game.clocks.ends[seat]))


# ----------------------------------------------------------------------------------- set the clocks


def set_clocks(changes: Changes[Game], before: Game, now: int, rules: AnyRules) -> None:
    """Stop the clocks of those who have moved, and start those of who may move now. ``before``: the game as
    it was when the decision began."""
    game = changes.state
    if game.clock is None or game.status != "playing":
        return
    clock, seats = game.clock, len(game.seats)
    total = clock.total * 1000
    old = before.clocks or Clocks((), (), ())
    missing = (0,) * (seats - len(old.since))
    left = [*old.left, *(total for _ in missing)]
    since, ends = [*old.since, *missing], [*old.ends, *missing]

    chosen = [seat for seat, _ in game.choices]
    running = [seat for seat in rules.actors(game.board) if seat not in chosen]
    moved = {event.seat for event in changes.events if isinstance(event, (MovePlayed, ChoiceSealed))}
    late = {event.seat for event in changes.events if isinstance(event, TimedOut)}
    turn = rules.turn(game.board)
    new_turn = before.board is not None and turn != rules.turn(before.board)
    standing = [each for each in old.since if each]
    now = max(now, *standing, 0)  # a front end whose clock is behind
    # Where all play at once, who comes in during a turn has what is left of it.
    began = min(standing, default=now) if turn is not None and not new_turn else now
    for event in changes.events:
        if isinstance(event, TakenBack) and total:  # what was gained by a move goes with it
            for undone in before.earlier[-event.plies :]:
                left[undone.seat] = max(1000, left[undone.seat] - clock.gain * 1000)
    for seat in range(seats):
        anew = seat in late or (seat in moved if turn is None else new_turn)
        was, runs = since[seat] > 0, seat in running
        if was and (anew or not runs):
            if total:
                used = max(0, min(now, ends[seat]) - since[seat])
                gain = clock.gain * 1000 if seat in moved - late else 0
                left[seat] = max(0, left[seat] - used) + gain
            since[seat] = ends[seat] = 0
        if runs and not since[seat]:
            limits = [began + clock.turn * 1000] if clock.turn else []
            limits += [now + left[seat]] if total else []
            since[seat] = now
            ends[seat] = max(now + 1, min(limits))
    clocks = ClocksSet(tuple(left), tuple(since), tuple(ends), clock.remind * 1000)
    if (clocks.left, clocks.since, clocks.ends) != (old.left, old.since, old.ends):
        changes.add(clocks)
