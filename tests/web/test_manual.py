"""The page of the manual tells the truth."""

import re
import subprocess
from pathlib import Path

from serving import command, environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "web.md").read_text()


def test_every_option_that_it_shows_is_one(tmp_path: Path) -> None:
    shown = subprocess.run(
        [*command(tmp_path), "--help"], env=environment(), capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"(?<![\w-])--[a-z]+", PAGE))
    assert {"--open", "--port", "--host", "--sql"} <= options
    assert all(option in shown for option in options)
    assert "8787" in shown


def test_what_it_says_of_trouble_is_what_people_read() -> None:
    from milena.web import door, front, listening

    sources = "".join(Path(str(module.__file__)).read_text() for module in (door, front, listening))
    said = re.findall(r"^- \*(.+?)\*", PAGE.partition("## Trouble")[2], re.MULTILINE | re.DOTALL)
    assert len(said) == 4
    for sentence in said:
        assert " ".join(sentence.split()).replace("8787", "{port}") in sources


def test_the_length_of_a_password_is_the_one_that_is_wanted() -> None:
    from milena.web.listening import SHORTEST, VARIABLE

    assert f"at least {SHORTEST} characters" in PAGE
    assert VARIABLE in PAGE
