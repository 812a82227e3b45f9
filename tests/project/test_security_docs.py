"""docs/security.md points at tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_shows_a_defence_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    named = [(row, re.findall(r"`(tests/[\w/.]+)`", row)) for row in rows if "tests/" in row]
    assert len(named) > 15
    assert [path for _, paths in named for path in paths if not (ROOT / path).exists()] == []
