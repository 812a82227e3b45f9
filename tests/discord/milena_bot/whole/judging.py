"""What has to be true of a game that is over, and of all that was answered on the way."""

from collections import Counter

from log import Log
from standin import Interaction, Shown
from table import Table

from milena.discord import custom_ids
from milena.discord.custom_ids import Control, Menu, Numbered, Play, Typed

UPDATE, SEND = 7, 4
ENDED_BY_RULES = ("finished", "timeout", "resigned")
"""What becomes of a seat that runs out of time, or gives up, is for the rules to say: others may play on."""
HAPPENED = {"resigned": "game.resigned", "timeout": "game.timed_out"}


async def judge(table: Table, wanted: str) -> None:
    """The game at ``table`` ended in the way that was ``wanted``; its board and the leaderboard say so."""
    game = table.game
    assert game.status == "ended", table.name
    if wanted in HAPPENED:
        assert game.how in ENDED_BY_RULES, f"{table.name}: {game.how}"
        assert HAPPENED[wanted] in table.log.tags(table.key), table.name
    else:
        assert game.how == wanted, f"{table.name}: {game.how}"
    assert await table.settled(), table.difference()
    seen = [each for each in table.people[0].sees() if f"`{table.key}`" in each.content]
    *extra, board = [each for each in seen if each.only_for is None]
    assert board is table.board
    table.doubled = len(extra)
    assert table.doubled <= table.killed, "one message a game"
    assert table.board is not None
    assert _result(table) in table.board.content, table.difference()
    await _judge_leaderboard(table)


def _result(table: Table) -> str:
    """The beginning of the sentence that tells who won, made of the scores in the log."""
    game = table.game
    assert game.outcome is not None
    if not game.outcome.scores:
        return f"{str(game.how).capitalize()}: "
    names = _names(table)
    if game.voided:
        return f"Void: {game.voided} (it was: "
    best = max(game.outcome.scores)
    first = [name for name, score in zip(names, game.outcome.scores, strict=True) if score == best]
    if best == 1:
        return f"{' and '.join(first)} won: "
    if best == 0:
        return f"{' and '.join(names)} lost: "
    return "Draw: " if len(first) == len(names) else f"{' and '.join(first)} share the win: "


def _names(table: Table) -> list[str]:
    """As they are told, by seats."""
    return [table.seated(seat).user.name.title() for seat in range(len(table.game.seats))]


async def _judge_leaderboard(table: Table) -> None:
    """This guild has played this game alone."""
    game = table.game
    assert game.outcome is not None
    scores, points = ((), ()) if game.voided else (game.outcome.scores, game.outcome.points)
    alone = len(game.seats) == 1
    by = {"by": "points"} if alone else {}
    shown = await table.told("leaderboard", kind=table.kind, **by)
    _, _, *lines = shown.text.partition("```")[2].splitlines() or ("", "")
    rows = [line.split() for line in lines if line != "```"]
    names = _names(table) if scores else []
    if not scores or (alone and not points):
        assert "Nobody yet" in shown.text, f"{table.name}: {shown.text}"
    elif alone:
        assert [row[2:4] for row in rows] == [[names[0], str(points[0])]], f"{table.name}: {shown.text}"
    else:
        told = {row[1]: float(row[2]) for row in rows}
        assert told == dict(zip(names, scores, strict=True)), f"{table.name}: {shown.text}"


def judge_answers(log: Log, tables: list[Table]) -> int:
    """What people were told is what happened, once. The number of moves that were accepted."""
    invoked = log.invoked()
    counted = Counter(row.invocation for row, _ in invoked)
    assert [id for id, times in counted.items() if times > 1] == []
    accepted = {row.invocation for row, event in invoked if event.verdict == "accepted"}
    for table in tables:
        for shown in table.shown:
            _judge_answer(shown, accepted)
    moves = sum(event.command == "move" and event.verdict == "accepted" for _, event in invoked)
    played = [each for each in log.home.store.scan() if each.tag in MOVES]
    by_people = [each for each in played if each.correlation in accepted]
    assert len(by_people) == moves
    return moves


MOVES = ("game.move_played", "game.move_hidden", "game.choice_sealed")


def _judge_answer(shown: Shown, accepted: set[str | None]) -> None:
    """Of a press that changes a game: the board has changed where it was accepted, and only there."""
    made: Interaction = shown.interaction
    meant = custom_ids.parse(str(made.payload["data"].get("custom_id")))
    if not isinstance(meant, Play | Numbered | Menu | Typed | Control):
        return
    if isinstance(meant, Control) and meant.word.endswith("?"):
        return
    if made.callback == UPDATE:
        assert made.id in accepted, f"{meant} was shown, and is not in the log"
    if made.callback == SEND:
        assert made.id not in accepted, f"{meant} is in the log, and was answered: {shown.text}"
