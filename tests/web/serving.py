"""``milena web`` as a real process, asked as a browser asks, or somebody who means no good."""

import base64
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

PATIENCE = 60
"""Seconds after which something that should have happened never will."""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


class Server:
    """A running ``milena web``."""

    def __init__(self, process: subprocess.Popen[str], url: str, said: str) -> None:
        self.process = process
        self.url = url
        self.said = said

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port
        return port

    def get(
        self, path: str, headers: dict[str, str] | None = None, *, method: str = "GET", password: str = ""
    ) -> Answer:
        """What it answers to one request."""
        sent = dict(headers or {})
        if password:
            sent["Authorization"] = "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host="Host" in sent)
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)

    def wait_for(self, path: str, wanted: str) -> str:
        """The page at ``path``, as soon as ``wanted`` is in it."""
        until = time.monotonic() + PATIENCE
        while wanted not in (text := self.get(path).text):
            assert time.monotonic() < until, f"{wanted!r} never came up in {path}:\n{text}"
            time.sleep(0.05)
        return text

    def ready(self) -> "Server":
        """Itself, when every read model is there and has all that is in the log."""
        until = time.monotonic() + PATIENCE
        while 'class="state busy"' in (text := self.get("/").text):
            assert time.monotonic() < until, f"this never was ready:\n{text}"
            time.sleep(0.05)
        return self

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send it a signal; its exit status, and what it said since it began to serve."""
        self.process.send_signal(number)
        assert self.process.stdout
        rest = self.process.stdout.read()
        return self.process.wait(PATIENCE), rest


def command(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "milena", "web", "--data", str(data), *arguments]


def environment(**variables: str) -> dict[str, str]:
    """Without Milena's own variables, but for these."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MILENA_")}
    return clean | variables


def refused(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A ``milena web`` that ends by itself."""
    return subprocess.run(
        command(data, *arguments),
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def serving(data: Path, *arguments: str, **variables: str) -> Iterator[Server]:
    """A ``milena web`` on any free port, until the end of the block."""
    process = subprocess.Popen(
        command(data, "--port", "0", *arguments),
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, f"milena web ended: {said}"
            said += line
        found = re.search(r"http://\S+", said)
        assert found, said
        yield Server(process, found[0], said)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
