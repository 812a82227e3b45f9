"""milena profile: what a player has played, and achieved."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from milena.cli.answering import Everywhere, Guild, scope
from milena.cli.common import Data, Json, console, open_home, print_json

if TYPE_CHECKING:
    from milena.readside import Answered, ReadSide

ALL = 1000
"""Rows: more games, achievements or opponents than that, nobody has to read."""
PARTS = {
    "record": "profile",
    "achievements": "achievements",
    "favourites": "favourites",
    "opponents": "opponents",
}
"""What a profile consists of: the questions of the read model profiles."""


def register(app: typer.Typer) -> None:
    @app.command()
    def profile(
        name: Annotated[str, typer.Argument(help="Whose: a name, or an id.")],
        guild: Guild = None,
        everywhere: Everywhere = False,
        as_json: Json = False,
        data: Data = None,
    ) -> None:
        """Show what a player played, won and achieved, and with whom.

        Games count in the guild where they were opened: the terminal, unless --guild or --all says otherwise.
        """
        guild_asked = scope(guild, everywhere)
        from milena.cli.answering import find_player
        from milena.cli.catching_up import catch_up

        with open_home(data, make=False) as home:
            player = find_player(home, name)
            readside = home.readside()
            catch_up(readside, "profiles", "ratings")
            parts = {
                part: _ask(readside, "profiles", question, guild_asked, player)
                for part, question in PARTS.items()
            }
            # A rating is that of one guild.
            if guild_asked is not None:
                parts["ratings"] = _ratings(readside, guild_asked, player)
            if as_json:
                print_json(_plain(player, home.vault.name, parts))
                return
            from milena.terminal.profile import profile as told

            out = console()
            out.print(told(home.vault.name(player), guild_asked, parts, home.vault.name, out.width))


def _ask(readside: "ReadSide", model: str, name: str, guild: str | None, player: str) -> "Answered":
    with readside.asking(model, guild) as asking:
        return asking.ask(readside.question(model, name), {"player": player}, limit=ALL)


def _ratings(readside: "ReadSide", guild: str, player: str) -> "Answered":
    sql = (
        "SELECT kind, round(rating, 1) AS rating, round(deviation, 1) AS deviation, games FROM ratings "
        "WHERE player = ? ORDER BY kind"
    )
    with readside.asking("ratings", guild) as asking:
        return asking.select(sql, (player,))


def _plain(player: str, name: Any, parts: "dict[str, Answered]") -> dict[str, Any]:
    from milena.terminal.answers import records

    return {
        "player": player,
        "player_name": name(player),
        **{part: records(answered, name) for part, answered in parts.items()},
        **({} if "ratings" in parts else {"ratings": []}),
    }
