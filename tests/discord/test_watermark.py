"""How far the boards are shown, as it is kept in a file."""

from pathlib import Path

import pytest

from milena.discord import watermark
from milena.discord.watermark import Watermark


def test_it_is_noted_again_only_after_a_while_or_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watermark, "EVERY", 3600.0)
    file = tmp_path / "boards.json"
    mark = Watermark(file)
    mark.note(5)
    mark.note(6)
    assert Watermark(file).position == 5
    mark.note(7, now=True)
    assert Watermark(file).position == 7


def test_what_waited_is_noted_when_it_is_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watermark, "EVERY", 0.0)
    mark = Watermark(tmp_path / "boards.json")
    mark.note(5)
    mark.note(6)
    assert Watermark(tmp_path / "boards.json").position == 6


def test_a_file_that_is_no_mark_is_none(tmp_path: Path) -> None:
    (tmp_path / "boards.json").write_text("[]")
    assert Watermark(tmp_path / "boards.json").position is None
