"""A real Chromium without a window, driven through the DevTools protocol over two pipes."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip


def program() -> str | None:
    """Where Chromium is; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One tab. ``problems``: what the browser complained of; ``asked``: every address that it asked for."""

    def __init__(self, to: int, back: int) -> None:
        self._to = to
        self._back = os.fdopen(back, "rb")
        self._number = 0
        self._session: str | None = None
        self._loaded = 0
        self.problems: list[str] = []
        self.asked: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        message = bytearray()
        while (byte := self._back.read(1)) != b"\0":
            assert byte, "the browser ended"
            message += byte
        event: dict[str, Any] = json.loads(message)
        match event.get("method"):
            case "Page.loadEventFired":
                self._loaded += 1
            case "Network.requestWillBeSent":
                self.asked.append(event["params"]["request"]["url"])
            case "Log.entryAdded":
                self.problems.append(event["params"]["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.problems.append(json.dumps(event["params"]))
        return event

    def look_like(self, width: int, height: int, *, dark: bool = False) -> None:
        """A window, or a phone, of this size."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url: str) -> None:
        """Load a page, whole."""
        before = self._loaded
        self._call("Page.navigate", url=url)
        while self._loaded == before:
            self._next()

    def evaluate(self, script: str) -> Any:
        """What a script says of the page."""
        answer = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, selector: str) -> None:
        """Follow a link, or send a form, and wait for the page that comes."""
        before = self._loaded
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        while self._loaded == before:
            self._next()

    def text(self, selector: str = "body") -> str:
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    def texts(self, selector: str) -> list[str]:
        script = f"[...document.querySelectorAll({json.dumps(selector)})].map(each => each.innerText.trim())"
        return list(self.evaluate(script))

    def screenshot(self, path: Path) -> bytes:
        """The whole page as a picture, which is kept at ``path``."""
        picture = base64.b64decode(self._call("Page.captureScreenshot", captureBeyondViewport=True)["data"])
        path.write_bytes(picture)
        return picture


@contextmanager
def browsing(chromium: str, profile: Path) -> Iterator[Browser]:
    """A fresh browser, until the end of the block."""
    read_there, to = os.pipe()
    back, write_there = os.pipe()
    shell = 'exec "$0" "$@" 3<&"$MILENA_IN" 4>&"$MILENA_OUT"'
    process = subprocess.Popen(
        ["/bin/bash", "-c", shell, chromium, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        env={**os.environ, "MILENA_IN": str(read_there), "MILENA_OUT": str(write_there)},
        pass_fds=(read_there, write_there),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(read_there)
    os.close(write_there)
    try:
        yield Browser(to, back)
    finally:
        process.kill()
        process.wait()
        os.close(to)
