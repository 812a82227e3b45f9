"""A question can't change anything, can't see what is another guild's, and can't go on for ever."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tallying import Folder, Writing, tally

from milena.domain.refusal import Refused
from milena.readside import Asking, Behind, Model, People
from milena.readside.question import parse

QUOTES = "o'brien\" --;"
GUILDS = ("g1", "g2", QUOTES, "terminal", "g", "")
VIEWS = (
    "CREATE TABLE placed (position INTEGER, place TEXT NOT NULL, PRIMARY KEY (position)) WITHOUT ROWID;",
    "CREATE TABLE led (at INT PRIMARY KEY, place TEXT, cause REFERENCES placed (position)) WITHOUT ROWID;",
    "CREATE VIEW _whole AS SELECT position AS at, guild, 'saw ' || player AS secret FROM main.calls;",
    "CREATE VIEW whole AS SELECT at, guild, secret FROM _whole;",
    "CREATE VIEW _bare AS SELECT position AS at, player AS secret FROM main.calls;",
    "CREATE VIEW seen AS SELECT position AS at, guild, 'saw ' || player AS secret FROM calls;",
    "CREATE VIEW twice AS SELECT seen.*, number FROM seen JOIN counts USING (guild);",
    "CREATE VIEW found AS SELECT at, seen.guild FROM own_words JOIN seen ON at = own_words.rowid;",
    "CREATE VIEW places AS SELECT place AS secret, place AS guild FROM placed;",
    "CREATE VIEW round_it AS SELECT guild, player AS secret, * FROM main.calls;",
    "CREATE VIEW behind AS SELECT secret, secret AS guild FROM unscoped;",
    "CREATE VIEW inside AS SELECT block AS secret, id AS guild FROM words_data;",
    "CREATE VIEW twofold AS SELECT * FROM seen UNION ALL SELECT position, guild, player FROM main.calls;",
)
"""Views of a read model: the first ones tell what may be told, the others what may not."""
SECRETS = (
    "calls", "counts", "words", "own_words", "calls_words", "unscoped", "_readside", "_dead_letters",
    "placed", "led", "_whole", "whole", "_bare",
    "seen", "twice", "found", "places", "round_it", "behind", "inside", "twofold",
)  # fmt: skip

Ask = Callable[..., list[tuple[Any, ...]]]


def viewed() -> Model:
    """The read model that counts, with views."""
    model = tally()
    places = "INSERT INTO main.placed SELECT position, place FROM batch;"
    led = (
        "INSERT INTO main.led SELECT position, iif(position % 2, place, NULL), position & ~1 FROM batch;",
        "INSERT INTO main.led SELECT -position, NULL, NULL FROM batch;",
    )
    return tally(schema=(*model.schema, *VIEWS), fold=(*model.fold, places, *led))


@pytest.fixture
def path(writing: Writing, folder: Folder) -> Path:
    """The file of a read model in which each guild has calls of its own."""
    for guild in GUILDS:
        writing.call(f"only{GUILDS.index(guild)}", "both", guild=guild, player=f"player of {guild}")
    readside = folder.readside(viewed())
    readside.catch_up()
    live = folder.shelf(viewed()).live()
    assert live is not None
    return live


@pytest.fixture
def ask(path: Path) -> Ask:
    """``ask(sql, guild)``: what a guild (None: an operator) gets."""

    def ask(sql: str, guild: str | None = "g1", *parameters: Any) -> list[tuple[Any, ...]]:
        with Asking(path, "tally", guild, People()) as asking:
            return asking.select(sql, parameters).rows

    return ask


@contextmanager
def refused(code: str, *words: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code
    assert all(word in caught.value.sentence for word in words), caught.value.sentence


# ------------------------------------------------------------------------------- whose rows they are


@pytest.mark.parametrize("guild", GUILDS)
def test_a_guild_sees_its_own_rows(ask: Ask, guild: str) -> None:
    number = GUILDS.index(guild)
    assert ask("SELECT command FROM calls ORDER BY position", guild) == [(f"only{number}",), ("both",)]
    assert ask("SELECT player, number FROM counts", guild) == [(f"player of {guild}", 2)]
    assert ask("SELECT count(*) FROM calls", guild) == [(2,)]
    assert ask("SELECT count(*) FROM CALLS", guild) == [(2,)]


@pytest.mark.parametrize("text", ["words", "own_words", "calls_words"])
@pytest.mark.parametrize("guild", GUILDS)
def test_a_guild_finds_its_own_words(ask: Ask, guild: str, text: str) -> None:
    own = ask("SELECT position FROM calls ORDER BY position", guild)
    found = f"SELECT rowid FROM {text} WHERE {text} MATCH ? ORDER BY rowid"
    assert ask(found, guild, "both") == own[1:]
    assert [ask(found, guild, f"only{n}") for n in range(len(GUILDS))].count([]) == len(GUILDS) - 1
    joined = (
        f"SELECT c.command, bm25({text}) < 0 FROM calls AS c JOIN {text} ON {text}.rowid = c.position "
        f"WHERE {text} MATCH ? ORDER BY rank"
    )
    assert ask(joined, guild, "both") == [("both", 1)]
    inside = (
        f"SELECT count(*) FROM calls WHERE position IN (SELECT rowid FROM {text} WHERE {text} MATCH 'both')"
    )
    assert ask(inside, guild) == [(1,)]


@pytest.mark.parametrize("guild", GUILDS)
def test_a_guild_sees_its_own_rows_through_views(ask: Ask, guild: str) -> None:
    own = ask("SELECT position FROM calls ORDER BY position", guild)
    told = [(at, guild, f"saw player of {guild}") for (at,) in own]
    assert ask("SELECT * FROM seen ORDER BY at", guild) == told
    assert ask("SELECT * FROM _whole ORDER BY at", guild) == told
    assert ask("SELECT * FROM whole ORDER BY at", guild) == told
    assert ask("SELECT count(*) FROM SEEN", guild) == [(2,)]
    assert ask("SELECT count(*) FROM temp.seen", guild) == [(2,)]
    assert ask("SELECT at, number FROM twice ORDER BY at", guild) == [(at, 2) for (at,) in own]
    assert len(ask("SELECT * FROM found", guild)) == 2
    assert ask("SELECT DISTINCT secret FROM places", guild) == [(f"{guild}/main",)]
    assert ask("SELECT position FROM placed", guild) == own


@pytest.mark.parametrize("guild", GUILDS)
def test_what_has_no_place_belongs_where_its_key_leads(ask: Ask, guild: str) -> None:
    # given rows without a place that lead to their guild's or nowhere, and some with one that lead elsewhere
    own = ask("SELECT position FROM calls ORDER BY position", guild)
    assert ask("SELECT at FROM led ORDER BY at", guild) == own
    assert len(ask("SELECT * FROM led", None)) == 4 * len(GUILDS)


def test_an_operator_sees_all_through_views(ask: Ask) -> None:
    for view in ("seen", "twice", "places", "round_it", "main.seen", "behind", "whole", "_whole", "_bare"):
        assert ask(f"SELECT count(*) FROM {view}", None) == [(2 * len(GUILDS),)], view
    with refused("forbidden"):
        ask("SELECT * FROM inside", None)


def test_a_guild_that_is_nowhere_sees_nothing(ask: Ask) -> None:
    assert ask("SELECT * FROM calls", "nowhere") == []
    assert ask("SELECT * FROM calls", "g1\0") == []
    assert ask("SELECT * FROM calls", "\ud800") == []


def test_an_operator_sees_all(ask: Ask) -> None:
    assert ask("SELECT DISTINCT guild FROM calls ORDER BY position", None) == [(guild,) for guild in GUILDS]
    assert ask("SELECT count(*) FROM unscoped", None) == [(2 * len(GUILDS),)]
    assert ask("SELECT rowid FROM words WHERE words MATCH 'only3'", None) == [(7,)]
    assert ask("SELECT model FROM _readside", None) == [("tally",)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM main.calls",
        "SELECT count(*) FROM main.calls",
        "SELECT 1 FROM MAIN.calls",
        "SELECT * FROM (SELECT * FROM main.calls) AS calls",
        "WITH calls AS (SELECT * FROM main.calls) SELECT * FROM calls",
        "WITH calls AS (SELECT 1 FROM main.calls) SELECT count(*) FROM calls",
        "WITH RECURSIVE calls(p) AS (SELECT position FROM main.calls UNION SELECT p FROM calls) "
        "SELECT * FROM calls",
        "SELECT (SELECT group_concat(guild) FROM main.calls)",
        "SELECT guild FROM calls UNION ALL SELECT guild FROM main.calls",
        "SELECT guild FROM calls UNION SELECT secret FROM unscoped",
        "SELECT * FROM calls WHERE EXISTS (SELECT 1 FROM main.calls WHERE guild <> 'g1')",
        "SELECT * FROM calls ORDER BY (SELECT max(position) FROM main.calls)",
        "SELECT * FROM calls JOIN main.calls AS c USING (position)",
        "SELECT * FROM unscoped",
        "SELECT count(*) FROM unscoped",
        "SELECT count(*) FROM UnScoped",
        "SELECT 1 FROM unscoped LIMIT 1",
        "WITH calls AS (SELECT * FROM unscoped) SELECT * FROM calls",
        "SELECT * FROM main.own_words",
        "SELECT rowid FROM main.words WHERE words MATCH 'both'",
        "SELECT rowid FROM main.words('both')",
        "WITH words AS (SELECT rowid FROM main.words('both')) SELECT * FROM words",
        "SELECT * FROM words_data", "SELECT count(*) FROM own_words_content",
        "SELECT * FROM calls_words_docsize",
        "WITH own_words_content AS (SELECT 1) SELECT count(*) FROM own_words_content",
        "SELECT * FROM _readside", "SELECT count(*) FROM _readside", "SELECT * FROM _dead_letters",
        "SELECT * FROM sqlite_master", "SELECT sql FROM temp.sqlite_master",
        "SELECT * FROM sqlite_temp_master", "SELECT count(*) FROM sqlite_schema",
        "SELECT * FROM round_it", "SELECT count(*) FROM round_it", "SELECT 1 FROM round_it",
        "SELECT * FROM main._whole", "SELECT count(*) FROM main._whole", "SELECT 1 FROM main.whole",
        "WITH _whole AS (SELECT * FROM main._whole) SELECT * FROM _whole",
        "SELECT * FROM _bare", "SELECT count(*) FROM _bare", "SELECT 1 FROM _bare",
        "SELECT * FROM twofold", "SELECT at FROM twofold LIMIT 1", "SELECT * FROM behind",
        "SELECT * FROM inside",
        "SELECT * FROM main.seen", "SELECT count(*) FROM main.seen", "SELECT * FROM main.twice",
        "SELECT * FROM main.found", "SELECT 1 FROM main.places", "SELECT place FROM main.placed",
        "WITH seen AS (SELECT * FROM main.seen) SELECT * FROM seen",
        "WITH seen AS (SELECT * FROM main.calls) SELECT * FROM seen",
        "WITH calls AS (SELECT * FROM main.calls) SELECT * FROM seen, calls",
        "WITH round_it AS (SELECT * FROM main.calls) SELECT * FROM round_it",
        "SELECT * FROM sqlite_sequence", "SELECT * FROM main.sqlite_schema",
    ],
)  # fmt: skip
def test_no_way_leads_to_what_is_not_the_guilds(ask: Ask, sql: str) -> None:
    with pytest.raises(Refused) as caught:
        ask(sql)
    assert caught.value.code in ("forbidden", "bad_question")


@pytest.mark.parametrize("table", ["words_data", "own_words_content", "own_words_config", "calls_words_idx"])
def test_an_operator_does_not_see_the_inside_of_a_full_text_table(ask: Ask, table: str) -> None:
    with refused("forbidden", "may not"):
        ask(f"SELECT * FROM {table}", None)


names = st.sampled_from(
    ["T", "T", "T", "main.T", "main.T", "temp.T", "calls", "unscoped", "seen", "round_it", "_whole"]
)
"""``T`` is the table that a question is about: everything else in it has the same name."""
columns = st.sampled_from(["*", "count(*)", "guild", "1", "secret", "max(rowid)", "group_concat(guild)"])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("WITH T AS ({}) SELECT {} FROM {}".format, inner, columns, names),
        st.builds("SELECT {} FROM ({}) AS T".format, columns, inner),
        st.builds("SELECT {} FROM {} AS a JOIN {} AS b".format, columns, names, names),
        st.builds("SELECT {} FROM {} LEFT JOIN {} AS c ON 1".format, columns, names, names),
        st.builds("{} UNION ALL {}".format, inner, inner),
        st.builds("SELECT ({}) FROM {}".format, inner, names),
        st.builds("SELECT {} FROM {} WHERE EXISTS ({})".format, columns, names, inner),
        st.builds("SELECT * FROM json_each((SELECT json_group_array(guild) FROM {}))".format, names),
    )


shapes = st.recursive(st.builds("SELECT {} FROM {}".format, columns, names), nested, max_leaves=4)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file for those who only read: two guilds, one of them secret."""
    from milena.home import Home

    directory = tmp_path_factory.mktemp("shared")
    with Home(directory / "data") as home:
        writing = Writing(home)
        writing.call("open", "both", guild="ours", player="ann")
        for number in range(7):
            writing.call(f"SECRET{number}", "both", guild="SECRET", player="SECRET")
        folder = Folder(directory / "models", writing.log)
        folder.readside(viewed()).catch_up()
        live = folder.shelf(viewed()).live()
        assert live is not None
        yield live


@settings(
    max_examples=settings().max_examples * 20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shape=shapes, table=st.sampled_from(SECRETS))
def test_whatever_a_question_says_it_tells_nothing_of_another_guild(
    shared: Path, shape: str, table: str
) -> None:
    sql = re.sub(r"\bT\b", table, shape)
    with Asking(shared, "tally", "ours", People()) as asking:
        try:
            answered = asking.select(sql, ())
        except Refused:
            return
    with Asking(shared, "tally", "nowhere", People()) as asking:
        asking.select(sql, ())
    told = repr(answered.rows)
    assert "SECRET" not in told, sql
    counts = [value for row in answered.rows for value in row if isinstance(value, int) and value > 2]
    few = 2 ** sql.count("SELECT") * 2 ** sql.count("JOIN")
    assert all(value <= few for value in counts), (sql, counts)


# ---------------------------------------------------------------------------------- what is not done


@pytest.mark.parametrize("guild", ["g1", None])
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO calls VALUES (1, 'g1', 'x', 'y')",
        "INSERT INTO main.calls VALUES (99, 'g1', 'x', 'y')",
        "UPDATE main.calls SET guild = 'g1'",
        "DELETE FROM main.counts",
        "REPLACE INTO counts VALUES ('g1', 'x', 1)",
        "INSERT INTO words (words) VALUES ('delete-all')",
        "CREATE TABLE x (y)", "CREATE TEMP TABLE x (y)", "CREATE TEMP VIEW x AS SELECT 1",
        "CREATE TEMP TRIGGER x AFTER INSERT ON main.calls BEGIN SELECT 1; END",
        "CREATE VIRTUAL TABLE temp.x USING fts5vocab(main, words, row)",
        "DROP TABLE main.calls", "DROP VIEW temp.calls", "ALTER TABLE main.calls RENAME TO x",
        "CREATE INDEX x ON calls (command)", "REINDEX", "ANALYZE", "VACUUM",
        "VACUUM INTO 'stolen.db'", "ATTACH 'other.db' AS other", "ATTACH ':memory:' AS other", "DETACH temp",
        "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT x", "RELEASE x",
        "PRAGMA query_only = OFF", "PRAGMA writable_schema = 1", "PRAGMA table_info(calls)",
        "PRAGMA data_version", "SELECT * FROM pragma_table_info('calls')",
        "SELECT count(*) FROM pragma_database_list", "SELECT * FROM pragma_query_only(0)",
        "SELECT * FROM sqlite_dbpage", "SELECT * FROM dbstat",
        "SELECT load_extension('evil.so')", "SELECT LOAD_EXTENSION('evil.so')", "SELECT fts3_tokenizer('x')",
        "SELECT writefile('x', 'y')", "SELECT readfile('/etc/passwd')", "SELECT randomblob(1000000000)",
        "EXPLAIN SELECT 1", "EXPLAIN QUERY PLAN SELECT * FROM calls", "", "-- nothing", ";", "nonsense",
        "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE calls", "SELECT 1;;DELETE FROM calls",
        "SELECT \0", "SELECT '\ud800'", "SELECT :nobody", "SELECT no_such_column FROM calls",
        "WITH x AS (SELECT 1) DELETE FROM main.calls", "SELECT 1 FROM calls RETURNING 1",
    ],
)  # fmt: skip
def test_anything_but_reading_is_refused_in_words(
    ask: Ask, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str, guild: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    before, files = path.read_bytes(), set(tmp_path.iterdir())
    with pytest.raises(Refused) as caught:
        ask(sql, guild)
    assert caught.value.code in ("forbidden", "bad_question")
    assert caught.value.sentence.startswith("tally: ")
    assert path.read_bytes() == before
    assert set(tmp_path.iterdir()) == files
    assert ask("SELECT count(*) FROM calls", guild)[0][0] in (2, 2 * len(GUILDS))


def test_several_statements_are_told_to_be_several(ask: Ask) -> None:
    with refused("bad_question", "a question is one SELECT statement"):
        ask("SELECT 1; SELECT 2")


def test_after_a_refusal_the_next_question_is_answered(path: Path) -> None:
    with Asking(path, "tally", "g1", People()) as asking:
        for sql in ("DELETE FROM calls", "SELECT * FROM words_data", "nonsense"):
            with pytest.raises(Refused):
                asking.select(sql, ())
            assert asking.select("SELECT count(*) FROM calls", ()).rows == [(2,)]
            assert asking.select("SELECT rowid FROM words WHERE words MATCH 'both'", ()).rows == [(2,)]
            with refused("forbidden"):  # what searching may read, a question may not
                asking.select("SELECT * FROM words_data", ())


# ----------------------------------------------------------------------------------- how much it is


@pytest.mark.parametrize(
    "sql",
    [
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0",
        "WITH n(x) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9)) SELECT count(*) FROM "
        + ", ".join(f"n AS n{number}" for number in range(16)),
    ],
)
def test_a_question_that_goes_on_for_ever_is_stopped(path: Path, sql: str) -> None:
    with Asking(path, "tally", "g1", People(), seconds=0.1) as asking:
        with refused("too_slow", "longer than 0.1 seconds", "--since"):
            asking.select(sql, ())
        assert asking.select("SELECT 1", ()).rows == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT replace(printf('%.*c', 100000, 'x'), 'x', 'many of them')",
        "WITH RECURSIVE n(x) AS (SELECT 'x' UNION ALL SELECT x || x FROM n) SELECT x FROM n",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000) "
        "SELECT printf('%.*c', 900000, 'x') FROM n",
    ],
)
def test_what_wants_too_much_memory_is_stopped(ask: Ask, sql: str) -> None:
    with refused("too_large", "too much memory"):
        ask(sql)


def test_a_bad_value_is_refused(path: Path) -> None:
    with Asking(path, "tally", "g1", People()) as asking:
        for value in (2**70, "\ud800", object()):
            with refused("bad_question", "can't be asked"):
                asking.select("SELECT ?", (value,))
        with refused("bad_question", "can't be asked"):
            asking.select("SELECT rowid FROM words WHERE words MATCH ?", ('"',))


def test_a_page_says_whether_there_is_more(path: Path) -> None:
    by_itself = parse(
        "tally", "one", "-- One\nSELECT position FROM calls ORDER BY position LIMIT :limit OFFSET :offset"
    )
    cut_for_it = parse("tally", "other", "-- Other\nSELECT position FROM calls ORDER BY position")
    with Asking(path, "tally", None, People()) as asking:
        for question in (by_itself, cut_for_it):
            pages = [asking.ask(question, {}, limit=5, offset=offset) for offset in (0, 5, 10, 15)]
            assert [[row[0] for row in page.rows] for page in pages] == [
                [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12], [],
            ]  # fmt: skip
            assert [page.more for page in pages] == [True, True, False, False]
            assert asking.ask(question, {}, limit=-1).rows == []
            assert asking.ask(question, {}, limit=12, offset=-5).more is False


def test_names_come_from_the_vault(path: Path) -> None:
    people = People(lambda player: player.upper(), lambda player: player.endswith("g1"))
    with Asking(path, "tally", "g1", people) as asking:
        rows = asking.select("SELECT DISTINCT name(player), is_machine(player) FROM calls", ()).rows
    assert rows == [("PLAYER OF G1", 1)]


def test_a_model_that_is_not_there_yet_says_so() -> None:
    with pytest.raises(Behind, match="tally is not there yet"):
        Asking(None, "tally", None, People())


def test_lists_that_are_the_same_for_everybody_are_open(writing: Writing, folder: Folder) -> None:
    shared = "CREATE TABLE _levels (name TEXT NOT NULL) STRICT;"
    model = tally(schema=(*tally().schema, shared, "INSERT INTO _levels VALUES ('gold');"))
    writing.call("open")
    folder.readside(model).catch_up()
    with Asking(folder.shelf(model).live(), "tally", "g1", People()) as asking:
        assert asking.select("SELECT name FROM _levels", ()).rows == [("gold",)]
        with refused("forbidden"):
            asking.select("SELECT * FROM _readside", ())
