"""What the engine logs: failures with all that is known of them, and what was done by authority."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from milena.domain.command import Command, Desk, Invocation, Result
from milena.domain.ids import PlayerId
from milena.engine import Answer, Engine
from milena.home import Home
from milena.ops.errors_db import find, groups
from milena.ops.logs import recording
from milena.ops.logs_lines import AUDIT

MakeInvocation = Callable[..., Invocation]
InOneBatch = Callable[..., list[Answer]]


class Said(Struct, frozen=True):
    """The options of the commands of this file."""

    game: str = ""
    words: str = ""


def fails(desk: Desk, options: Said) -> Result:
    raise LookupError("lost")


FAILING = Command("lose", "fun", "A test.", Said, fails)


def test_a_command_that_fails_is_recorded_with_the_id_that_the_person_is_told(
    home: Home, make_engine: Callable[..., Engine], in_one_batch: InOneBatch, invocation: MakeInvocation,
    ann: PlayerId,
) -> None:  # fmt: skip
    asked = [invocation("lose", ann, game="g1", words="my secret") for _ in range(3)]
    with recording(home.path):
        answers = in_one_batch(make_engine(FAILING), asked)
    (group,) = groups(home.path / "errors.db")
    assert (group.kind, group.type, group.count) == ("bug", "LookupError", 3)
    for answer, each in zip(answers, asked, strict=True):
        ((found, _),) = find(home.path / "errors.db", each.id[-8:])
        assert found["told"] == answer.sentence
        assert found["id"] in answer.sentence
        known = {
            "invocation": each.id,
            "correlation": each.id,
            "command": "lose",
            "game": "g1",
            "player": ann,
        }
        assert known.items() <= found["context"].items()
        assert found["context"]["guild"] == "terminal"
        assert found["context"]["duration"] > 0
        assert "my secret" not in str(found)


def test_a_store_that_is_gone_is_recorded_and_told_without_a_traceback(
    home: Home, make_engine: Callable[..., Engine], in_one_batch: InOneBatch, invocation: MakeInvocation,
    ann: PlayerId, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    asked = [invocation("coin", ann) for _ in range(2)]
    (home.path / "events.db").unlink()
    with recording(home.path):
        answers = in_one_batch(make_engine(), asked)
    assert [answer.code for answer in answers] == ["unavailable"] * 2
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert told.exc_info is None
    ((found, times),) = find(home.path / "errors.db", asked[0].id[-8:])
    assert (found["kind"], times) == ("resource", 1)
    assert (found["told"], found["recovery"]) == (answers[0].sentence, "nothing was written")


@pytest.mark.parametrize(
    ("admin", "said"), [(True, "used /maintenance on as admin"), (False, "may not use /maintenance on")]
)
def test_what_needs_authority_is_in_the_audit_and_what_is_for_everyone_is_not(
    make_engine: Callable[..., Engine], in_one_batch: InOneBatch, invocation: MakeInvocation, ann: PlayerId,
    caplog: pytest.LogCaptureFixture, admin: bool, said: str,
) -> None:  # fmt: skip
    caplog.set_level(AUDIT)
    asked = [replace(invocation("maintenance on", ann), admin=admin), invocation("coin", ann)]
    in_one_batch(make_engine(), asked)
    (record,) = [record for record in caplog.records if record.levelno == AUDIT]
    assert record.getMessage().startswith(f"{ann} {said}")
    about: dict[str, Any] = vars(record)
    assert (about["invocation"], about["command"]) == (asked[0].id, "maintenance on")
