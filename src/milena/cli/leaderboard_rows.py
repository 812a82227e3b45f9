"""The rows that milena leaderboard prints, in the form that is asked for."""

import sys
from typing import TYPE_CHECKING, Any

import msgspec

from milena.cli.answering import find_player
from milena.cli.common import console, print_json
from milena.domain.refusal import Refused

if TYPE_CHECKING:
    from milena.home import Home
    from milena.readside import Answered, ReadSide
    from milena.terminal.standings import Leader, Rating


class Board:
    """The leaderboard of a guild (None: of all), for a time (ms since 1970; None: without end)."""

    def __init__(
        self,
        home: "Home",
        readside: "ReadSide",
        guild: str | None,
        since: int | None,
        until: int | None,
        now: int,
        *,
        json: bool,
        csv: bool,
    ) -> None:
        self.home = home
        self.readside = readside
        self.guild = guild
        self.span = {"since": since, "until": until}
        self.now = now
        self.json = json
        self.csv = csv

    def check(self, game: str) -> None:
        """Raises Refused where there is no such game; one that was played may be gone by now."""
        from milena import games

        if game not in games.names() and not self._select("SELECT 1 FROM results WHERE kind = ?", game).rows:
            known = ", ".join(games.names())
            raise Refused("unknown_game", f"There is no game {game[:40]!r}. There are: {known}.")

    # ----------------------------------------------------------------------------------- questions

    def top(self, game: str, limit: int, page: int) -> None:
        answered = self.ask("leaderboard", "top", limit, page, kind=game)
        self._standings(game, answered, page=page)

    def around(self, game: str, name: str) -> None:
        player = find_player(self.home, name)
        answered = self.ask("leaderboard", "around_player", kind=game, player=player)
        if not answered.rows and not (self.json or self.csv):
            console().print(f"{self.home.vault.name(player)} is not on this leaderboard.", markup=False)
            return
        self._standings(game, answered, marked=player)

    def points(self, game: str | None, limit: int, page: int) -> None:
        answered = self.ask("leaderboard", "points", limit, page, kind=game)
        if self.json or self.csv:
            self.plain(answered)
        elif answered.rows:
            from milena.terminal.standings import points

            self._heading(f"{self.title(game) if game else 'All games'}: the most points")
            console().print(points(answered, self.home.vault.name, self.now))
            self._more(answered, page)
        else:
            console().print("No game that counts points has ended here.")

    def overview(self) -> None:
        leaders = self._leaders()
        name = self.home.vault.name
        if self.json or self.csv:
            records = [_with_names(each, name) for each in leaders]
            print_json(records) if self.json else _print_csv(records)
        elif leaders:
            from milena.terminal.standings import overview

            out = console()
            out.print(overview(leaders, name, self.now, out.width))
        else:
            console().print("No game has ended here with a result. 'milena play' begins one.")

    # ------------------------------------------------------------------------------------- printing

    def _standings(
        self, game: str, answered: "Answered", *, page: int = 1, marked: str | None = None
    ) -> None:
        from milena.readside import Answered
        from milena.terminal.standings import LEGEND, share, standings

        ratings = self._ratings(game, [row[answered.columns.index("player")] for row in answered.rows])
        if self.json or self.csv:
            columns = (*answered.columns, "share", "rating", "deviation")
            rows = []
            for row in answered.rows:
                fields = dict(zip(answered.columns, row, strict=True))
                rating = ratings.get(fields["player"])
                about = (rating.rating, rating.deviation) if rating else (None, None)
                rows.append((*row, round(share(fields), 4), *about))
            self.plain(Answered(columns, rows, answered.more))
        elif answered.rows:
            out = console()
            self._heading(self.title(game))
            width = out.width if out.is_terminal else 100
            out.print(standings(answered, ratings, self.home.vault.name, width, marked))
            out.print(f"[dim]{LEGEND}[/]")
            self._more(answered, page)
        else:
            console().print("Nobody is on this leaderboard." if page == 1 else "Nobody more.")

    def plain(self, answered: "Answered") -> None:
        """For programs."""
        from milena.terminal import answers

        if self.json:
            print_json(answers.records(answered, self.home.vault.name))
        else:
            sys.stdout.write(answers.csv_text(answered, self.home.vault.name))

    def _heading(self, title: str) -> None:
        from rich.text import Text

        from milena.terminal.clock import local

        text = Text(title, "bold").append(f" · {self.guild or 'all guilds'}", "not bold dim")
        for word, ms in self.span.items():
            if ms is not None:
                text.append(f" · {word} {local(ms):%Y-%m-%d %H:%M}", "not bold dim")
        console().print(text)

    def _more(self, answered: "Answered", page: int) -> None:
        if answered.more:
            console().print(f"... and more: --page {page + 1} shows them.")

    def title(self, game: str) -> str:
        from milena import games
        from milena.games import BadGame

        try:
            return games.load(game).title
        except (Refused, BadGame):  # its package is not installed any more
            return game

    # --------------------------------------------------------------------------------------- asking

    def ask(self, model: str, name: str, limit: int = 20, page: int = 1, **values: Any) -> "Answered":
        question = self.readside.question(model, name)
        with self.readside.asking(model, self.guild) as asking:
            return asking.ask(question, {**self.span, **values}, limit=limit, offset=limit * (page - 1))

    def _select(self, sql: str, *values: Any) -> "Answered":
        with self.readside.asking("leaderboard", self.guild) as asking:
            return asking.select(sql, values)

    def _ratings(self, game: str, players: list[str]) -> dict[str, "Rating"]:
        """How strong they are now. A rating is that of one guild: there is none for all of them."""
        from milena.terminal.standings import Rating

        if self.guild is None:
            return {}
        sql = (
            "SELECT player, round(rating, 1), round(deviation, 1) FROM ratings "
            "WHERE kind = ? AND player IN (SELECT value FROM json_each(?))"
        )
        with self.readside.asking("ratings", self.guild) as asking:
            rows = asking.select(sql, (game, msgspec.json.encode(players).decode())).rows
        return {player: Rating(rating, deviation) for player, rating, deviation in rows}

    def _leaders(self) -> list["Leader"]:
        from milena.terminal.standings import Leader

        sql = (
            "SELECT kind, count(DISTINCT game), count(DISTINCT player), max(time) FROM results "
            "WHERE (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until) "
            "GROUP BY kind ORDER BY count(DISTINCT game) DESC, kind"
        )
        with self.readside.asking("leaderboard", self.guild) as asking:
            kinds = asking.select(sql, self.span).rows
        found = []
        for kind, played, players, last in kinds:
            top = _rows(self.ask("leaderboard", "top", kind=kind))
            best = _rows(self.ask("leaderboard", "points", 1, kind=kind))
            first = [row for row in top if row["rank"] == 1]
            found.append(
                Leader(
                    kind,
                    self.title(kind),
                    played,
                    players,
                    last,
                    leaders=tuple(row["player"] for row in first),
                    score=first[0]["score"] if first else None,
                    games=first[0]["games"] if first else None,
                    record=best[0]["points"] if best else None,
                    record_player=best[0]["player"] if best else None,
                )
            )
        return found


def _rows(answered: "Answered") -> list[dict[str, Any]]:
    return [dict(zip(answered.columns, row, strict=True)) for row in answered.rows]


def _with_names(leader: "Leader", name: Any) -> dict[str, Any]:
    from milena.terminal.clock import iso

    return {
        **msgspec.structs.asdict(leader),
        "last": iso(leader.last),
        "leaders": [{"id": player, "name": name(player)} for player in leader.leaders],
        "record_player_name": None if leader.record_player is None else name(leader.record_player),
    }


def _print_csv(records: list[dict[str, Any]]) -> None:
    import csv

    from milena.terminal.standings import Leader

    writer = csv.DictWriter(sys.stdout, [*Leader.__struct_fields__, "record_player_name"])
    writer.writeheader()
    for record in records:
        writer.writerow({**record, "leaders": ", ".join(each["name"] for each in record["leaders"])})
