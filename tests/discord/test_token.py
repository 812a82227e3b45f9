"""Where the bot's token may be kept: nowhere that others can read."""

import os
from pathlib import Path

import pytest

from milena.discord.token import NoToken, find

TOKEN = "a.secret.token"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    path.chmod(0o600)
    return path


def refused(**environment: object) -> str:
    with pytest.raises(NoToken) as raised:
        find({name: str(value) for name, value in environment.items()})
    assert TOKEN not in str(raised.value)
    return str(raised.value)


def test_it_is_in_the_environment_or_in_a_file(file: Path) -> None:
    assert find({"DISCORD_TOKEN": f" {TOKEN} "}) == TOKEN
    assert find({"DISCORD_TOKEN": "", "DISCORD_TOKEN_FILE": str(file)}) == TOKEN
    file.write_text(f"\ufeff{TOKEN}\r\n")  # as an editor of Windows saves it
    assert find({"DISCORD_TOKEN_FILE": str(file)}) == TOKEN


def test_two_are_one_too_many(file: Path) -> None:
    assert "both set" in refused(DISCORD_TOKEN=TOKEN, DISCORD_TOKEN_FILE=file)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o601])
def test_a_file_that_others_can_get_at_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    said = refused(DISCORD_TOKEN_FILE=file)
    assert f"{mode:04o}" in said
    assert f"chmod 600 {file}" in said


def test_a_credential_of_systemd_may_be_read_by_its_group(file: Path) -> None:
    file.chmod(0o440)
    credentials = {"DISCORD_TOKEN_FILE": str(file), "CREDENTIALS_DIRECTORY": str(file.parent)}
    assert find(credentials) == TOKEN
    file.chmod(0o444)
    assert "chmod 600" in refused(**credentials)


def test_a_link_is_followed_to_what_it_names(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(file)
    assert find({"DISCORD_TOKEN_FILE": str(link)}) == TOKEN
    file.chmod(0o644)
    assert "others can get at" in refused(DISCORD_TOKEN_FILE=link)


def test_what_holds_no_token_is_told_without_its_content(file: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "is not a file" in refused(DISCORD_TOKEN_FILE=tmp_path / "pipe")
    assert "s a directory" in refused(DISCORD_TOKEN_FILE=tmp_path)
    assert "No such file" in refused(DISCORD_TOKEN_FILE=tmp_path / "nowhere")
    for content in (
        b"",
        b"\n",
        f"Bot {TOKEN}".encode(),
        f'"{TOKEN}"'.encode(),
        f"{TOKEN}\n{TOKEN}".encode(),
        b"\xff\xfe",
    ):
        file.write_bytes(content)
        said = refused(DISCORD_TOKEN_FILE=file)
        assert "is empty" in said or "is not a token" in said
