"""milena web: the read models as pages for a browser."""

import os
from typing import Annotated

import typer

from milena.cli.common import Data, LogLevel, logged_home

DEFAULT_PORT = 8787


def register(app: typer.Typer) -> None:
    app.command()(web)


def web(
    host: Annotated[
        str, typer.Option(help="Where to listen. Others than loopback need MILENA_WEB_PASSWORD.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = DEFAULT_PORT,
    open_: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Let any question be typed, in SQL.")] = False,
    data: Data = None,
    log_level: LogLevel = "warning",
) -> None:
    """Show leaderboards, the audit and usage in a browser.

    All guilds are shown, so this is for operators.

    Needs pip install 'milena[web]'. The pages can't change anything. Ctrl-C ends it.
    """
    with logged_home(data, log_level, make=False) as home:
        _need_the_extra()
        from milena.terminal.when import when
        from milena.web.listening import VARIABLE, listen
        from milena.web.server import serve

        password = os.environ.pop(VARIABLE, "") or None  # no browser that is opened inherits it
        listening = listen(host, port, password, sql=sql)
        typer.echo(f"Milena's pages: {listening.url}")
        if not listening.loopback:
            typer.echo("The password goes over the network as it is: put TLS in front (docs/web.md).")
        whom = "whoever knows the password" if password else "whoever uses this machine"
        typer.echo(f"They show all guilds to {whom}: they are for operators. Ctrl-C ends this.")
        serve(home, listening, when, password=password, sql=sql, show=open_)


def _need_the_extra() -> None:
    """Raises Refused where Datasette is not installed."""
    from milena.domain.refusal import Refused

    try:
        import datasette.app  # noqa: F401
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise Refused(
            "no_web", f"The pages need more than is installed ({error.name}): pip install 'milena[web]'"
        ) from error
