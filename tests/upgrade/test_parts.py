"""One place knows everything that lies in a data directory."""

import re
from pathlib import Path

from milena import readside
from milena.home import Home
from milena.ops.config import FILE
from milena.upgrade.parts import READ_MODELS, WITHOUT, parts

MANUAL = Path(__file__).parents[2] / "docs" / "operators.md"


def test_whatever_the_manual_lists_is_known(tmp_path: Path) -> None:
    text = MANUAL.read_text().partition("## The data directory")[2].partition("##")[0]
    listed = {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([^`]+)`", line.split("|")[1])
    }
    with Home(tmp_path) as home:
        home.readside().catch_up()
        with home.engine():
            pass
    (tmp_path / FILE).touch()
    (tmp_path / "errors.db").touch()

    models = [readside.load(name) for name in readside.names()]
    known = {part.name.partition("/")[0] for part in parts(tmp_path, models, lambda: None)} | set(WITHOUT)

    besides = {"events.db-wal", "events.db-shm", "replaced-TIME/"}
    assert {name.rstrip("/") for name in listed - besides} == known
    assert READ_MODELS in known
