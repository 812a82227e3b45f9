"""milena privacy, as a process."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from milena.home import Home

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, milena: Run) -> Path:
    """Where ann and bob play, and ann has a reminder."""
    path = tmp_path_factory.mktemp("privacy") / "data"
    lines = "/play tictactoe opponent=bob\n/remind me when='in 2h' text='the tea'\n"
    typed = milena("shell", "--as", "ann", data=path, input=lines)
    assert typed.returncode == 0, typed.stderr
    return path


def test_all_of_a_person_is_printed_as_json_and_then_erased_once_that_is_confirmed(
    data: Path, milena: Run
) -> None:
    told = milena("privacy", "export", "ann", data=data)
    assert told.returncode == 0, told.stderr
    document = json.loads(told.stdout)
    assert document["vault"]["name"] == "ann"
    assert [each["text"] for each in document["reminders"][0]["open"]] == ["the tea"]
    assert document["problems"] == []

    ann = document["player"]
    refused = milena("privacy", "erase", "ann", data=data, input="yes\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "nothing was erased" in refused.stderr
    backed_up = milena("backup", "create", data=data)
    assert backed_up.returncode == 0, backed_up.stderr

    erased = milena("privacy", "erase", "ann", data=data, input=f"{ann}\n")

    assert erased.returncode == 0, erased.stderr
    assert f"{ann} is erased." in erased.stdout
    assert "reminders cancelled: 1" in erased.stdout
    [copy] = re.findall(r"^  (.*\.tar\.gz)$", erased.stdout, re.MULTILINE)
    assert Path(copy).exists()
    with Home(data) as home:
        assert (home.vault.find("ann"), home.vault.knows(ann)) == ([], False)
    assert milena("verify", data=data).returncode == 0
    unknown = milena("privacy", "export", "ann", data=data)
    assert unknown.returncode == 1
    assert "There is no player 'ann'" in unknown.stderr
    left = json.loads(milena("privacy", "export", ann, data=data).stdout)
    assert left["vault"] == {"source": None, "outside": None, "name": None, "key": False}
    again = milena("privacy", "erase", ann, "--yes", "--json", data=data)
    assert json.loads(again.stdout)["games"] == 0, "once more does no harm"


def test_nobody_is_found_by_a_wrong_name(data: Path, milena: Run) -> None:
    wrong = milena("privacy", "erase", "nobody", "--yes", data=data)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "There is no player 'nobody'" in wrong.stderr
