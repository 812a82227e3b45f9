"""Metrics and health over HTTP, for this machine only: ``/metrics``, ``/healthz`` and ``/readyz``."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec
from prometheus_client import CollectorRegistry, make_wsgi_app

from milena.ops.health_check import Health
from milena.ops.metrics import Metrics

log = logging.getLogger(__name__)

HERE = "127.0.0.1"
PATIENCE = 10.0
"""Seconds that who asks may take."""
GOOD, BAD, UNKNOWN = "200 OK", "503 Service Unavailable", "404 Not Found"

Start = Callable[[str, list[tuple[str, str]]], Any]


@contextmanager
def serving(port: int, metrics: Metrics, health: Health) -> Iterator[int]:
    """Tell them on this port (0: any that is free) while the block runs; gives the port. Raises OSError."""
    registry = CollectorRegistry()
    registry.register(metrics)
    told = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: Start) -> Any:
        match environ["PATH_INFO"]:
            case "/metrics":
                try:
                    return told(environ, start)
                except Exception:  # such as a disk that can't be read
                    log.exception("metrics can't be gathered")
                    start(BAD, [("Content-Type", "text/plain; charset=utf-8")])
                    return [b"The metrics can't be gathered now; the log says why.\n"]
            case "/healthz":
                return _say(start, health.lives())
            case "/readyz":
                return _say(start, health.ready())
            case _:
                start(UNKNOWN, [("Content-Type", "text/plain; charset=utf-8")])
                return [b"There are /metrics, /healthz and /readyz.\n"]

    server = make_server(HERE, port, answer, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="milena-endpoint", daemon=True)
    thread.start()
    log.info("metrics and health are told at http://%s:%d", HERE, server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _say(start: Start, wrong: dict[str, str]) -> list[bytes]:
    start(BAD if wrong else GOOD, [("Content-Type", "application/json")])
    return [msgspec.json.encode({"ok": not wrong, "wrong": wrong}) + b"\n"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 20

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("who asked for metrics went away", exc_info=True)


class _Quiet(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
