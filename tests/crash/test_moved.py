"""Files that are removed or replaced under a running engine: nothing is acknowledged that nobody finds."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from auditor import Auditor

from milena.domain.ids import PlayerId
from milena.engine import Answer
from milena.home import Home

pytestmark = pytest.mark.crash


@pytest.mark.parametrize("written", [True, False], ids=["has written", "has only read"])
@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced by a copy"])
@pytest.mark.parametrize("name", ["events.db", "events.db-wal", "events.db-shm", "."])
def test_a_command_is_refused_while_a_file_is_not_where_it_was(
    name: str, replaced: bool, written: bool, home: Home, invoke: Callable[..., Answer], ann: PlayerId,
    tmp_path: Path,
) -> None:  # fmt: skip
    place, aside = home.path / name, tmp_path / "aside"
    # Given a running engine
    answers = [invoke("open", ann, game="2048")] if written else []
    # When one of its files, or the whole directory, is moved away
    place.rename(aside)
    if replaced:
        if aside.is_dir():  # what the engine notes of the log's head comes and goes meanwhile
            shutil.copytree(aside, place, ignore=shutil.ignore_patterns("*.part"))
        else:
            shutil.copyfile(aside, place)
    # Then nothing more is acknowledged, the sentence says why, and nothing is made in its stead
    for refused in (invoke("open", ann, game="2048"), invoke("open", ann, game="2048")):
        assert (refused.verdict, refused.code) == ("failed", "unavailable")
        assert "was removed or replaced while it was in use" in refused.sentence
    assert place.exists() == replaced
    # And when it is back where it was, the engine goes on
    if replaced:
        place.rename(tmp_path / "copy")
    aside.rename(place)
    answers.append(invoke("open", ann, game="2048"))
    assert {answer.verdict for answer in answers} == {"accepted"}
    with Home(home.path) as other:
        auditor = Auditor()
        auditor.read_on(other.store)
    assert {answer.invocation for answer in answers} == set(auditor.invocations)
