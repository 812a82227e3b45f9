"""Who comes in, and what can't be had by anybody."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from serving import Server, refused, serving

from milena.home import Home

PASSWORD = "correct horse battery"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory in which nothing has happened."""
    Home(tmp_path / "data").close()
    return tmp_path / "data"


# -------------------------------------------------------------------------------------- names and methods


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:4000", "[::1]:80", "127.0.0.1:1"])
def test_a_name_of_loopback_is_answered(server: Server, host: str) -> None:
    assert server.get("/", {"Host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    ["milena.example.org", "evil.test:8787", "127.0.0.1.evil.test", "localhost.evil.test", "", "[::2]"],
)
def test_a_page_elsewhere_whose_name_points_here_gets_nothing(server: Server, host: str) -> None:
    answer = server.get("/audit/entries.json", {"Host": host})
    assert answer.status == 403
    assert "loopback only" in answer.text
    assert "rows" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_sent(server: Server, method: str) -> None:
    answer = server.get("/leaderboard/results", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_the_head_of_a_page_can_be_asked_for(server: Server) -> None:
    for path in ("/", "/leaderboard/top", "/audit/entries"):
        answer = server.get(path, method="HEAD")
        assert answer.status == 200
        assert answer.text == ""


def test_it_answers_on_the_other_loopback_too(data: Path) -> None:
    with serving(data, "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")


# ---------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize(
    "path", ["/", "/audit/entries", "/leaderboard/top", "/nowhere", "/-/milena/milena.css"]
)
def test_every_answer_says_that_nothing_of_others_belongs_to_it(server: Server, path: str) -> None:
    headers = server.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_rows_are_kept_by_no_browser_and_the_style_sheet_is(server: Server) -> None:
    assert server.get("/audit/entries").headers["cache-control"] == "no-store"
    assert server.get("/audit/entries.json").headers["cache-control"] == "no-store"
    assert "max-age" in server.get("/-/milena/milena.css").headers["cache-control"]


# ------------------------------------------------------------------------------------- what is not there


@pytest.mark.parametrize(
    "path",
    [
        "/leaderboard.db",
        "/audit.db",
        "/vault",
        "/events",
        "/_internal",
        "/_internal/databases",
        "/_memory",
        "/leaderboard/_readside",
        "/leaderboard/_readside.json",
        "/leaderboard/_dead_letters",
        "/leaderboard/_sittings",
        "/leaderboard/sqlite_master",
        "/ratings/_stale",
        "/audit/words_data",
        "/audit/words_config.json",
        "/-/databases.json",
        "/-/metadata.json",
        "/-/settings.json",
        "/-/versions.json",
        "/-/threads.json",
        "/-/plugins",
        "/-/config",
        "/-/actor.json",
        "/-/permissions",
        "/-/auth-token?token=x",
        "/%2d/databases.json",
        "/-%2Fdatabases.json",
        "//-/databases.json",
        "/-/milena/../databases.json",
        "/-/milena/..%2f..%2f..%2f__init__.py",
        "/-/milena/%2e%2e/site.py",
    ],
)
def test_what_is_not_for_people_is_not_served(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status in (403, 404)
    assert "fingerprint" not in answer.text
    assert "import" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/leaderboard?sql=select+1",
        "/leaderboard.json?sql=select+1",
        "/leaderboard.csv?sql=select+1",
        "/leaderboard/results?_where=1%3D1",
        "/leaderboard/results.json?_where=score+in+(select+1)",
    ],
)
def test_no_sql_can_be_typed(server: Server, path: str) -> None:
    assert server.get(path).status == 403
    assert 'name="sql"' not in server.get("/leaderboard").text


# ----------------------------------------------------------------------------------------------- --sql


@pytest.fixture(scope="module")
def open_to_sql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("sql") / "data"
    Home(path).close()
    with serving(path, "--sql") as server:
        yield server.ready()


def test_an_operator_may_allow_sql_that_reads(open_to_sql: Server) -> None:
    assert 'name="sql"' in open_to_sql.get("/leaderboard").text
    answer = open_to_sql.get("/leaderboard.json?sql=select+40%2B2+as+answer&_shape=array")
    assert answer.status == 200
    assert '"answer": 42' in answer.text


@pytest.mark.parametrize(
    "sql",
    [
        "delete from results",
        "with x as (select 1) delete from results",
        "pragma query_only=0",
        "attach '/etc/passwd' as x",
        "vacuum into '/tmp/stolen.db'",
        "select load_extension('x')",
        "select writefile('/tmp/x', 'x')",
        "explain delete from results",
        "select * from pragma_database_list",
        "select * from fts5vocab",
    ],
)
def test_and_no_other(open_to_sql: Server, sql: str) -> None:
    answer = open_to_sql.get(f"/leaderboard.json?sql={quote(sql)}")
    assert answer.status in (400, 403)
    assert '"ok": false' in answer.text


def test_a_question_that_takes_too_long_is_stopped(open_to_sql: Server) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    answer = open_to_sql.get(f"/leaderboard?sql={quote(endless)}")
    assert answer.status == 400
    assert "This question took too long and was stopped" in answer.text
    assert open_to_sql.get("/leaderboard/top").status == 200


# --------------------------------------------------------------------------------------------- password


def test_others_come_in_with_the_password_only(data: Path) -> None:
    with serving(data, "--host", "0.0.0.0", MILENA_WEB_PASSWORD=PASSWORD) as server:
        assert "put TLS in front" in server.said
        assert "operators" in server.said
        assert PASSWORD not in server.said
        without = server.get("/")
        assert without.status == 401
        assert without.headers["www-authenticate"].startswith("Basic ")
        assert server.get("/", password="wrong").status == 401
        assert server.get("/", password=PASSWORD + "x").status == 401
        assert server.get("/", {"Authorization": f"Bearer {PASSWORD}"}).status == 401
        assert server.get("/", {"Authorization": "Basic ="}).status == 401
        assert server.get("/-/milena/milena.css").status == 401
        assert server.get("/", password=PASSWORD).status == 200
        assert server.get("/", {"Host": "milena.example.org"}, password=PASSWORD).status == 200


def test_a_password_is_asked_for_on_loopback_too_where_one_is_set(data: Path) -> None:
    with serving(data, MILENA_WEB_PASSWORD="pässwörter-sind-länger") as server:
        assert server.get("/").status == 401
        assert server.get("/", password="pässwörter-sind-länger").status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_without_a_password_others_are_not_served(data: Path, host: str) -> None:
    done = refused(data, "--port", "0", "--host", host)
    assert done.returncode == 1
    assert "set MILENA_WEB_PASSWORD (at least 12 characters), and put TLS in front" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_password_that_can_be_guessed_is_refused(data: Path) -> None:
    done = refused(data, "--port", "0", MILENA_WEB_PASSWORD="elevenchars")
    assert done.returncode == 1
    assert "at least 12 characters" in done.stderr
    assert "elevenchars" not in done.stderr


def test_sql_is_for_loopback_only(data: Path) -> None:
    done = refused(data, "--sql", "--host", "0.0.0.0", MILENA_WEB_PASSWORD=PASSWORD)
    assert done.returncode == 1
    assert "--sql is for loopback only" in done.stderr
