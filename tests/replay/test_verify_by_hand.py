"""The page that says how anybody checks an export: what is on it runs, and finds what was forged."""

import json
import re
from pathlib import Path

import pytest
from spoiling import chain_anew, hand_in

from milena.home import Home
from milena.replay.export import export

PAGE = Path(__file__).parents[2] / "docs" / "verify.md"
SCRIPT = "\n".join(re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE))


def run(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the whole page on the export of a log, as a reader would."""
    with Home(data) as home, (tmp_path / "log.jsonl").open("wb") as out:
        export(home.store, out)
    monkeypatch.chdir(tmp_path)
    exec(compile(SCRIPT, str(PAGE), "exec"), {"__name__": "by hand"})


def test_the_page_recomputes_the_log(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(data, tmp_path, monkeypatch)

    assert capsys.readouterr().out.splitlines() == [
        "The chain holds: 120 events.",
        "The seed is the one that was committed to: 4 games.",
        "Opened: 5 sealed texts.",
        "What the seed gives: 14 draws of 2048.",
        "What the seed gives: 1 words of hangman.",
    ]


def test_the_page_finds_a_changed_event(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hand_in(data) as db:
        db.execute("UPDATE events SET time = time + 1 WHERE position = 17")

    with pytest.raises(AssertionError, match="position 17 is not what was written"):
        run(data, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("tag", "fields", "why"),
    [
        ("game.ended", {"seed": "ab" * 32}, "played with another seed"),
        ("game.chance_drawn", {"outcome": "17=4"}, "should be"),
        ("game.choices_revealed", {"choices": [[0, "rock"], [1, "rock"]]}, "another choice was revealed"),
    ],
)
def test_the_page_finds_what_was_forged_with_a_chain_that_fits(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tag: str,
    fields: dict[str, object],
    why: str,
) -> None:
    with hand_in(data) as db:
        position, payload = db.execute(
            "SELECT position, payload FROM events WHERE tag = ? ORDER BY position", (tag,)
        ).fetchone()
        forged = json.dumps({**json.loads(payload), **fields}, separators=(",", ":"))
        db.execute("UPDATE events SET payload = ? WHERE position = ?", (forged, position))
        chain_anew(db, position)

    with pytest.raises(AssertionError, match=why):
        run(data, tmp_path, monkeypatch)
