"""The audit's filters: each finds what people did, no more and no less, whatever is typed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milena.domain.refusal import Refused
from milena.readside import Asking, ReadSide, audit
from milena.readside.audit import Entry, Filter, find, match

sys.path.append(str(Path(__file__).parents[1] / "projections"))

from scenario import EXTRA, MINUTE, START, STORIES, Called, Scenario

GUILDS = [None, "811", "812", "81", "terminal", "999", "nowhere"]
NASTY = [
    "'", '"', "''", "' OR 1=1 --", "x' UNION SELECT * FROM entries --", "1; DROP TABLE entries", "%", "_",
    "*", "\\", "\0", "a\0b", "\n", "\ud800", "?1", ":player", "$1", "@x", "NULL", "--", "/*", "811", "last",
    "clock", "", " ", "NEAR(a b)", "a AND", "OR", "NOT x", "text:spam", "^spam", "-spam", "{a b}:c", "(", ")",
    '"spam', 'spam"', "+", "spam*", "*spam", "sp*m", "😀", "ı", "١", "é" * 150, "a" * 201, "9" * 40, "[]",
    '["move"]',
]  # fmt: skip
ALL = Filter()


@dataclass
class World:
    """What was played, and its read model."""

    scenario: Scenario
    readside: ReadSide

    @contextmanager
    def asking(self, guild: str | None = None) -> Iterator[Asking]:
        with self.readside.asking("audit", guild) as asking:
            yield asking

    def all(self, wanted: Filter = ALL, guild: str | None = None, page: int = 1000) -> list[Entry]:
        """Every entry that fits, oldest first, a page at a time."""
        found: list[Entry] = []
        more = True
        with self.asking(guild) as asking:
            while more:
                before = found[-1].position if found else None
                entries, more = find(asking, wanted, before=before, limit=page)
                assert len(entries) <= page
                assert entries or not more
                found += entries
        return found[::-1]

    def commands(self, wanted: Filter = ALL, guild: str | None = None) -> list[tuple[Any, ...]]:
        return [
            (row.time, row.player, row.guild, row.channel, row.command, row.verdict, row.code or "")
            for row in self.all(wanted, guild)
            if row.tag == "command.invoked"
        ]

    def called(self, fits: Callable[[Called], bool] = lambda called: True) -> list[tuple[Any, ...]]:
        """The same from the books."""
        return [
            (each.time, each.player, each.guild, each.channel, each.command, each.verdict, each.code)
            for each in self.scenario.called
            if fits(each)
        ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every story, in different places; for reading only."""
    with Scenario(tmp_path_factory.mktemp("audit") / "data") as scenario:
        for number, name in enumerate(STORIES):
            scenario.play([(name, number)])
            scenario.play([(name, number + 2)])
        readside = scenario.home.readside()
        readside.catch_up(["audit"])
        yield World(scenario, readside)


# ------------------------------------------------------------------------------------- what is found


def test_without_a_filter_every_command_is_found(world: World) -> None:
    assert world.commands() == world.called()


def test_one_guild_sees_what_was_called_there(world: World) -> None:
    for guild in GUILDS[1:]:
        assert world.commands(guild=guild) == world.called(lambda each, guild=guild: each.guild == guild)


def test_the_newest_come_first_and_new_ones_oldest_first(world: World) -> None:
    with world.asking() as asking:
        newest = find(asking, Filter(), limit=5)
        assert newest.more
        positions = [entry.position for entry in newest.entries]
        assert positions == sorted(positions, reverse=True)
        assert find(asking, Filter(), after=positions[2], limit=5).entries == newest.entries[:2][::-1]
        assert find(asking, Filter(), after=positions[0]) == ([], False)


def test_how_games_ended_is_told_with_the_commands(world: World) -> None:
    ended = {row.game: row.code for row in world.all() if row.tag == "game.ended"}
    assert ended == {game.key: game.how for game in world.scenario.games.values() if game.how}
    voided = {row.game: row.detail for row in world.all() if row.tag == "game.voided"}
    assert voided == {game.key: game.voided for game in world.scenario.games.values() if game.voided}


def test_a_void_from_elsewhere_is_seen_where_the_game_was_played(world: World) -> None:
    """An operator did it from the terminal, so the command itself is not theirs to see."""
    game = next(
        game
        for game in world.scenario.games.values()
        if game.voided and "falsch" in game.voided and game.guild != "terminal"
    )
    rows = world.all(Filter(game=game.key), game.guild)
    assert [row.tag for row in rows[-2:]] == ["game.voided", "game.ended"]
    assert [row.command for row in rows if row.command == "void"] == []


def test_events_are_told_where_they_are_wanted(world: World) -> None:
    moves = [row for row in world.all(Filter(events=True)) if row.tag == "game.move_played"]
    assert {(row.player, row.detail) for row in moves} <= {
        move for game in world.scenario.games.values() for move in game.moves
    }
    assert len(moves) > 20
    assert all(row.tag in audit.TOLD for row in world.all())


def test_moves_that_were_accepted_can_be_left_out(world: World) -> None:
    quiet = world.commands(Filter(moves=False))
    assert quiet == world.called(lambda each: (each.command, each.verdict) != ("move", "accepted"))
    assert not [row for row in world.all(Filter(moves=False, events=True)) if row.tag == "game.move_played"]


def test_the_options_are_data(world: World) -> None:
    opened = next(row for row in world.all(Filter(commands=("open",))) if row.given.get("clock"))
    assert opened.given["game"] == "connect4"


def test_a_game_is_found_by_its_beginning_its_end_and_last(world: World) -> None:
    keys = sorted(world.scenario.games)
    with world.asking() as asking:
        assert audit.game(asking, keys[3]) == keys[3]
        assert audit.game(asking, f" {keys[3].upper()} ") == keys[3]
        assert audit.game(asking, keys[3][4:]) == keys[3]
        assert audit.game(asking, "last") == keys[-1]
        with pytest.raises(Refused, match="fits several games") as refused:
            audit.game(asking, keys[0][:2])
        assert refused.value.code == "ambiguous_id"


def test_a_game_of_another_guild_is_not_found(world: World) -> None:
    for game in world.scenario.games.values():
        with world.asking("999") as asking, pytest.raises(Refused, match="There is no game"):
            audit.game(asking, game.key)
    with world.asking("81") as asking:
        last = audit.game(asking, "last")
    assert last == max(game.key for game in world.scenario.games.values() if game.guild == "81")


@given(
    guild=st.sampled_from(GUILDS),
    player=st.one_of(st.none(), st.integers(0, 6)),
    command=st.sampled_from([None, None, ("move",), ("open", "join"), ("frobnicate",), ("void",), ()]),
    channel=st.sampled_from([None, None, None, "1", "2", "main"]),
    game=st.one_of(st.none(), st.none(), st.integers(0, 30)),
    verdict=st.sampled_from([None, None, "accepted", "refused", "failed"]),
    code=st.sampled_from([None, None, None, "not_your_turn", "unknown_command", "ZeroDivisionError"]),
    since=st.one_of(st.none(), st.none(), st.integers(0, 3000)),
    until=st.one_of(st.none(), st.none(), st.integers(0, 3000)),
    page=st.sampled_from([1, 3, 1000]),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_filters_find_what_the_books_say(world: World, **drawn: Any) -> None:
    scenario = world.scenario
    since, until = ((None if n is None else START + n * MINUTE) for n in (drawn["since"], drawn["until"]))
    who = None if drawn["player"] is None else [*scenario.people, scenario.clock][drawn["player"]]
    game = None if drawn["game"] is None else sorted(scenario.games)[drawn["game"] % len(scenario.games)]
    wanted = Filter(
        who, drawn["command"], drawn["channel"], game, drawn["verdict"], drawn["code"], since, until
    )

    def fits(each: Called) -> bool:
        return (
            drawn["guild"] in (None, each.guild)
            and who in (None, each.player)
            and (drawn["command"] is None or each.command in drawn["command"])
            and drawn["channel"] in (None, each.channel)
            and game in (None, each.game)
            and drawn["verdict"] in (None, each.verdict)
            and drawn["code"] in (None, each.code)
            and (since is None or each.time >= since)
            and (until is None or each.time < until)
        )

    rows = world.all(wanted, drawn["guild"], drawn["page"])
    found = [row for row in rows if row.tag == "command.invoked"]
    assert [(row.time, row.player, row.command, row.code or "") for row in found] == [
        (each.time, each.player, each.command, each.code) for each in scenario.called if fits(each)
    ]
    assert all(drawn["guild"] in (None, row.guild) for row in rows)


def test_pages_stand_still_while_new_rows_come(tmp_path: Path) -> None:
    with Scenario(tmp_path / "data") as scenario:
        scenario.play([("won", 0)])
        readside = scenario.home.readside()
        readside.catch_up(["audit"])
        world = World(scenario, readside)
        before = world.all()
        with world.asking() as asking:
            first = find(asking, Filter(), limit=4)
        scenario.play([("drawn", 0)])
        readside.catch_up(["audit"])
        with world.asking() as asking:
            second = find(asking, Filter(), before=first.entries[-1].position, limit=4)
        assert [*first.entries, *second.entries] == before[::-1][:8]


# --------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("spam", '"spam"'),
        ("buy spam", '"buy" "spam"'),
        ('"good morning" you', '"good morning" "you"'),
        ('"never closed', '"never closed"'),
        ("agree*", '"agree"*'),
        ("a OR b", '"a" "OR" "b"'),
        ("text:spam NEAR(x)", '"text:spam" "NEAR(x)"'),
        ("^spam -- !", '"^spam"'),
        ('say"ing', '"say" "ing"'),
        ("a\0b", '"a b"'),
    ],
)
def test_words_are_quoted(text: str, meant: str) -> None:
    assert match(text) == meant


@pytest.mark.parametrize("text", ["", "  ", "!!", '"', '""', "*", "-- --", "x" * 201])
def test_no_words_are_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        match(text)
    assert refused.value.code == "bad_text"


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("spam", ["say"]),
        ("SPAM buy", ["say"]),
        ('"buy spam"', ["say"]),
        ('"spam buy"', []),
        ("agypten", ["say"]),
        ("überzeug*", ["void"]),
        ("falsch überzeugend", ["void"]),
        ("überzeug", []),
        ("two sisters", ["void"]),
        ("four", []),
    ],
)
def test_words_find_what_was_said(world: World, text: str, commands: list[str]) -> None:
    assert {row.command for row in world.all(Filter(text=text)) if row.command} == set(commands)


def test_words_find_only_what_the_guild_may_see(world: World) -> None:
    everywhere = world.all(Filter(text="spam"))
    assert everywhere
    for guild in GUILDS[1:]:
        assert world.all(Filter(text="spam"), guild) == [row for row in everywhere if row.guild == guild]


# --------------------------------------------------------------------------------------- what is typed


def test_what_there_is_not_is_refused_with_what_there_is(world: World) -> None:
    categories = {"move": "games", "say": "fun"}
    with world.asking() as asking:
        assert audit.named(asking, "move", categories) == ("move",)
        assert audit.named(asking, "explode", categories) == ("explode",), "it was there once"
        with pytest.raises(Refused, match=r"There is no command 'mvoe'\. There are: move, say\."):
            audit.named(asking, "mvoe", categories)
    assert audit.of_category("games", categories) == ("move",)
    with pytest.raises(Refused, match=r"There is no category 'sports'\. There are: fun, games\."):
        audit.of_category("sports", categories)
    assert audit.verdict(" Refused ") == "refused"
    with pytest.raises(Refused, match=r"There are: accepted, refused, failed\."):
        audit.verdict("denied")


def test_the_reasons_that_there_are(world: World) -> None:
    with world.asking() as asking:
        reasons = audit.reasons(asking)
    assert set(reasons) == {each.code for each in world.scenario.called if each.code}
    assert "spam" in reasons


nasty = st.one_of(st.sampled_from(NASTY), st.text(max_size=30))


def _attempt(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except Refused:
        return None


@given(
    guild=st.sampled_from(GUILDS),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "player": nasty, "channel": nasty, "game": nasty, "verdict": nasty, "code": nasty, "text": nasty,
            "commands": st.lists(nasty, max_size=3).map(tuple),
            "since": st.integers(), "until": st.integers(),
        },
    ),
    before=st.one_of(st.none(), st.integers()),
)  # fmt: skip
@settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings().max_examples * 6,
)
def test_whatever_is_typed_finds_rows_that_fit_or_is_refused(
    world: World, guild: str | None, filters: dict[str, Any], before: int | None
) -> None:
    with world.asking(guild) as asking:
        page = _attempt(lambda: find(asking, Filter(**filters), before=before, limit=1000))
    for row in page.entries if page else []:
        assert guild in (None, row.guild)
        for name in ("player", "channel", "game", "verdict", "code"):
            assert name not in filters or getattr(row, name) == filters[name]
        assert "commands" not in filters or row.command in filters["commands"]


@given(text=nasty, guild=st.sampled_from(GUILDS))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_looked_up_is_there_or_refused(world: World, text: str, guild: str | None) -> None:
    games = {game.key for game in world.scenario.games.values() if guild in (None, game.guild)}
    categories = {name: command.category for name, command in EXTRA.items()}
    with world.asking(guild) as asking:
        assert _attempt(lambda: audit.game(asking, text)) in {None, *games}
        assert _attempt(lambda: audit.named(asking, text, categories)) in (None, (text,))
        assert _attempt(lambda: audit.is_seen(asking, text)) in (None, False)
        assert _attempt(lambda: find(asking, Filter(text=text))) is None or match(text)


def test_nothing_of_that_changed_anything(world: World) -> None:
    assert world.readside.check("audit")
