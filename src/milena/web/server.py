"""The server: it follows the log itself, so that the pages are fresh, and ends cleanly when it is told to."""

import signal
import webbrowser
from threading import Thread
from types import FrameType

import uvicorn

from milena.home import Home
from milena.web.asked import When
from milena.web.door import Door
from milena.web.listening import Listening
from milena.web.site import Site

GRACE = 3
"""Seconds that requests may take to end when the server is told to stop."""
AT_ONCE = 200
"""Connections; more are told to come back."""


def serve(
    home: Home, listening: Listening, when: When, *, password: str | None, sql: bool, show: bool
) -> None:
    """Serve until SIGINT or SIGTERM. ``show``: open a browser."""
    readside = home.readside()
    site = Site(home, readside, when, sql=sql)
    server = uvicorn.Server(
        uvicorn.Config(
            Door(site.app(), password, listening.names),
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=GRACE,
        )
    )

    def stop(_: int, __: FrameType | None) -> None:
        server.should_exit = True

    # While it runs, uvicorn has handlers of its own. Afterwards it raises the signal again, for these.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with listening.socket, readside.follower():
        if show:
            # A browser in the terminal stays here until it is left.
            Thread(target=webbrowser.open, args=(listening.url,), daemon=True).start()
        server.run(sockets=[listening.socket])
