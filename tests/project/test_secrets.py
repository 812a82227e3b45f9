"""No file of the repository has a secret in it, or something that looks like one."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = {"venv", "__pycache__", "build", "dist"}
HIDDEN = {".ci", ".gitignore"}
"""What begins with a dot is the tools' own, but for these."""
SECRETS = re.compile(
    rb"""
      \b[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,}            # a bot's token of Discord
    | \bmfa\.[\w-]{80,}
    | discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{17,}/[\w-]{60,}
    | \bAKIA[0-9A-Z]{16}\b                                      # Amazon
    | \bgh[pousr]_[A-Za-z0-9]{36,}\b | \bgithub_pat_\w{60,}    # GitHub
    | \bglpat-[\w-]{20,}                                        # GitLab
    | \bxox[abprs]-[\w-]{10,}                                   # Slack
    | \bpypi-AgE[\w-]{50,}                                      # PyPI
    | \bsk-[A-Za-z0-9_-]{32,}
    | -----BEGIN\ (?:[A-Z]+\ )?PRIVATE\ KEY-----
    """,
    re.VERBOSE,
)


def files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in LEFT_OUT and not name.endswith(".egg-info") and (name[0] != "." or name in HIDDEN)
        ]
        yield from (Path(folder, name) for name in names)


def content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # another test builds a package here and takes its files away again
        return b""


def test_no_file_has_what_looks_like_a_secret() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0][:12].decode()}..."
        for file in files()
        if (match := SECRETS.search(content(file)))
    ]
    assert found == [], "take it out of the history, and make a new one where it came from"


@pytest.mark.parametrize(
    "parts",
    [
        ("MTk4NjIyNDgzNDcxOTI1MjQ4", ".Cl2FMQ.", "ZnCjm1XVW7vRze4b7Cq4se7kKWs"),
        ("ghp_", "a1" * 18),
        ("AKIA", "ABCDEFGH" * 2),
        ("-----BEGIN OPENSSH", " PRIVATE KEY-----"),
    ],
)
def test_one_would_be_seen(parts: tuple[str, ...]) -> None:
    assert SECRETS.search(f"token = '{''.join(parts)}'".encode())
