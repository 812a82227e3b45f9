"""What a command answers, as it is drawn in a terminal."""

from typing import Any

from rich.console import Console

from milena.domain.command import Action
from milena.terminal.results import drawn, typed

NAMES = {"2qcc4r3z9p3v": "ann"}


def name(player: str) -> str:
    return NAMES.get(player, player)


def printed(result: dict[str, Any]) -> list[str]:
    console = Console(width=120)
    with console.capture() as capture:
        for part in drawn(result, name):
            console.print(part, markup=False)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_what_it_says_comes_first_then_its_table_then_what_can_be_typed() -> None:
    result = {
        "actions": [Action("Next", "audit", {"page": 2}), {"label": "x", "command": "help"}],
        "table": {
            "columns": ["rank", "player", "what"],
            "rows": [[1, "2qcc4r3z9p3v", "left <2qcc4r3z9p3v> [red]"], [2, "bob", None]],
        },
        "says": "Who is [bold]ahead[/bold].",
    }
    assert printed(result) == [
        "Who is [bold]ahead[/bold].",
        "rank  player  what",
        "   1  ann     left ann [red]",
        "   2  bob",
        "→ /audit page=2",
        "→ /help",
    ]


def test_a_chart_has_bars_with_numbers_and_counts() -> None:
    bars = [{"label": "tea", "count": 3, "note": "<2qcc4r3z9p3v>"}, {"label": "coffee", "count": 1}]
    assert printed({"says": "What?", "chart": {"bars": bars, "whole": 4}}) == [
        "What?",
        "1. tea     ███████████████       3  ann",
        "2. coffee  █████                 1",
    ]
    assert printed({"chart": {"bars": bars[1:], "whole": 0}}) == [f"1. coffee  {' ' * 20}  1"]


def test_a_time_in_a_table_is_told_as_one() -> None:
    [_, row] = printed({"table": {"columns": ["sentence"], "rows": [["Again <t:1767225600:R>."]]}})
    assert row.startswith("Again 20")
    assert "<t:" not in row


def test_what_says_nothing_is_told_field_by_field() -> None:
    assert printed({"game": "x", "ply": 0}) == ["game x, ply 0"]
    assert printed({"says": ""}) == []


def test_options_are_typed_as_a_shell_reads_them() -> None:
    given = {"text": "it's two words", "on": True, "player": "2qcc4r3z9p3v", "list": ["a"], "zone": ""}
    assert typed(Action("x", "y z", given), name) == (
        "→ /y z text='it'\"'\"'s two words' on=true player=ann list='[\"a\"]' zone=''"
    )
