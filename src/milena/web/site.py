"""The pages, put together: Datasette with the read models, our templates, and our own pages."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import path_with_replaced_args
from datasette.utils.asgi import Response

from milena.home import Home
from milena.readside import Model, ReadSide
from milena.readside.asking import MOST, SECONDS
from milena.readside.shelf import Shelf
from milena.web import describing, front
from milena.web.asked import Typed, When, canned, now
from milena.web.cells import Cells
from milena.web.hooks import Hooks
from milena.web.live import Functions, Live

HERE = Path(__file__).parent
SETTINGS = {
    "allow_download": False,
    "allow_signed_tokens": False,
    "default_page_size": 50,
    "max_returned_rows": MOST,
    "sql_time_limit_ms": round(SECONDS * 1000),
    "facet_time_limit_ms": 300,
    "default_facet_size": 8,
    "suggest_facets": False,
    "truncate_cells_html": 120,
}
MAIN = ("leaderboard", "games", "audit")
"""What has a place at the top of every page, beside the charts."""
UNWANTED = ("datasette.actor_auth_cookie", "datasette.default_menu_links", "datasette.handle_exception")
"""Parts of Datasette: nobody logs in, and errors are told by ourselves."""


class Site(Datasette):  # type: ignore[misc]  # Datasette has no types
    """The read models of ``home`` as an ASGI application, :meth:`app`.

    ``when`` reads dates as people type them; ``sql``: any question may be typed, too.
    """

    def __init__(self, home: Home, readside: ReadSide, when: When, *, sql: bool = False) -> None:
        self.home = home
        self.readside = readside
        self.typed = Typed(home.vault, when)
        self.cells = Cells(home.vault, self.link)
        self.open_tables = {
            model.name: {table.name for table in describing.tables(model)}
            for model in readside.models.values()
        }
        super().__init__(
            metadata=_metadata(readside.models),
            settings={**SETTINGS, "default_allow_sql": sql},
            template_dir=str(HERE / "templates"),
            static_mounts=[("-/milena", str(HERE / "static"))],
        )
        self.remove_database("_memory")
        for name in readside.models:
            self.add_database(Live(self, Shelf(readside.directory, name), self._functions()), name)
        for plugin, _ in pm.list_plugin_distinfo():  # whatever else is installed for another Datasette
            pm.unregister(plugin)
        for name in UNWANTED:
            pm.set_blocked(name)
        pm.register(Hooks(self), "milena")
        self._tell_templates()

    async def refresh_schemas(self) -> None:
        """Datasette's own list of all tables, which nobody asks for: so a model that is not there yet stops
        no page of another."""

    def link(self, what: str, key: str) -> str | None:
        """The page about a player or a game."""
        target = {"player": ("profiles", "profile"), "game": ("audit", "story")}[what]
        model = self.readside.models.get(target[0])
        if model is None or target[1] not in model.questions:
            return None
        return f"/{target[0]}/{target[1]}?{what}={key}"

    async def page(self, template: str, request: Any, **values: Any) -> Response:
        """One of our own pages."""
        return Response.html(await self.render_template(template, values, request=request))

    def _tell_templates(self) -> None:
        """What every template may use."""
        titles = {name: self.readside.models[name].title for name in front.order(self.readside.models)}
        self.jinja_env.globals["milena_titles"] = titles
        self.jinja_env.globals["milena_models"] = {
            name: title for name, title in titles.items() if name in MAIN
        }
        self.jinja_env.globals["milena_style"] = f"/-/milena/milena.css?{_hash(HERE / 'static')}"
        self.jinja_env.filters["name"] = lambda value: self.cells.name(str(value))
        self.jinja_env.globals["path_with_replaced_args"] = path_with_replaced_args
        self.jinja_env.filters["here"] = _here
        self.jinja_env.filters["number"] = "{:,}".format

    def _functions(self) -> Functions:
        """What SQL may call."""
        vault = self.home.vault
        return {
            "name": (1, self.cells.name),
            "is_machine": (1, lambda player: int(vault.source(player) == "machine")),
            "milena_player": (1, self.typed.player),
            "milena_when": (1, self.typed.moment),
            "milena_now": (0, now),
        }


def _metadata(models: Mapping[str, Model]) -> dict[str, Any]:
    return {"title": "Milena", "databases": {model.name: _described(model) for model in models.values()}}


def _described(model: Model) -> dict[str, Any]:
    return {
        "title": model.title,
        "description": " ".join(model.about.split()),
        "tables": {table.name: describing.described(table) for table in describing.tables(model)},
        "queries": {name: canned(question) for name, question in model.questions.items()},
    }


def _here(url: str) -> str:
    """An address on these pages without their host, which has another name where a proxy is in front."""
    return urlunsplit(("", "", *urlsplit(url)[2:]))


def _hash(folder: Path) -> str:
    """Changes with what lies in a folder, so that no browser keeps an old one."""
    sha = sha256()
    for path in sorted(folder.iterdir()):
        sha.update(path.read_bytes())
    return sha.hexdigest()[:12]
