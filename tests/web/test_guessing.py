"""Whoever guesses the password waits; whoever knows it does not."""

import asyncio
from base64 import b64encode
from collections import Counter

import pytest

from milena.web import door
from milena.web.door import WAITING, Door, Message, Receive, Scope, Send

PASSWORD = "correct horse battery"


async def app(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"allow")]})
    await send({"type": "http.response.body", "body": b"come in"})


async def ask(to: Door, password: str) -> int:
    """The status of one request."""
    token = b64encode(f"me:{password}".encode())
    headers = [(b"Authorization", b"Basic " + token)]
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answers.append(message)

    await to({"type": "http", "method": "GET", "path": "/x", "headers": headers}, receive, send)
    kept = [value for name, value in answers[0]["headers"] if name == b"x-frame-options"]
    assert kept == [b"DENY"]
    return int(answers[0]["status"])


async def test_wrong_ones_wait_for_one_another_and_the_right_one_for_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    going_on = asyncio.Event()

    async def wait(_: float) -> None:
        await going_on.wait()

    monkeypatch.setattr(door.asyncio, "sleep", wait)
    guarded = Door(app, PASSWORD)
    wrong = [asyncio.create_task(ask(guarded, f"guess number {number}")) for number in range(20)]
    assert await ask(guarded, PASSWORD) == 200
    while sum(task.done() for task in wrong) < 20 - WAITING:
        await asyncio.wait(wrong, return_when=asyncio.FIRST_COMPLETED)
    assert await ask(guarded, PASSWORD) == 200
    going_on.set()
    assert Counter(await asyncio.gather(*wrong)) == {401: WAITING, 429: 20 - WAITING}
    assert await ask(guarded, PASSWORD) == 200
