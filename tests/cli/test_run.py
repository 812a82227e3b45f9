"""What milena run and milena doctor say of Discord without going there."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import parse_qs, urlsplit

import pytest

Run = Callable[..., CompletedProcess[str]]

APPLICATION = "123456789012345678"
TOKEN = f"{base64.b64encode(APPLICATION.encode()).decode().rstrip('=')}.GabcdE.{'x' * 38}"
NEEDED = {  # https://docs.discord.com/developers/topics/permissions
    "kick": 1, "ban": 2, "see": 10, "send": 11, "manage messages": 13, "attach": 15, "history": 16,
    "send in threads": 38, "time out": 40,
}  # fmt: skip


@pytest.mark.parametrize(
    ("token", "said"), [("", "DISCORD_TOKEN is not set"), ("Bot abc", "DISCORD_TOKEN is not a token")]
)
def test_without_a_token_it_does_not_run(milena: Run, tmp_path: Path, token: str, said: str) -> None:
    result = milena("run", data=tmp_path / "data", env={"DISCORD_TOKEN": token})
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert said in line


@pytest.mark.skipif(find_spec("interactions") is None, reason="the bot is not installed here")
def test_an_address_that_is_none_is_told(milena: Run, tmp_path: Path) -> None:
    env = {"DISCORD_TOKEN": TOKEN, "MILENA_DISCORD_API": "discord.com"}
    result = milena("run", data=tmp_path / "data", env=env)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("milena: MILENA_DISCORD_API is no address: it begins with https://")


@pytest.mark.parametrize("shards", ["1", "2/2", "3-1/4", "a-b/c", "0-4/4"])
def test_shards_that_there_are_not_are_wrong_usage(milena: Run, tmp_path: Path, shards: str) -> None:
    result = milena("run", "--shards", shards, data=tmp_path / "data", env={"DISCORD_TOKEN": TOKEN})
    assert result.returncode == 2
    assert "--shards" in result.stderr


def test_the_bots_process_has_nothing_of_the_command_line() -> None:
    """It lives for weeks: each of these would cost it megabytes."""
    code = "import sys; import milena.discord.process; import milena.slash.installed as s; s.installed(); "
    if find_spec("interactions") is not None:
        code += "import milena.discord.running; "
    code += "print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in imported.stdout.split()}
    assert "milena" in loaded
    assert loaded & {"typer", "click", "pydantic", "rich", "prompt_toolkit", "PIL", "openskill"} == set()
    assert "milena.cli" not in imported.stdout.split()


def test_the_doctor_tells_the_link_that_invites_with_what_is_needed(milena: Run, tmp_path: Path) -> None:
    result = milena("doctor", data=tmp_path / "data", env={"DISCORD_TOKEN": TOKEN})
    installed = all(find_spec(package) is not None for package in ("aiohttp", "interactions"))
    assert result.returncode == (0 if installed else 1)
    assert ("pip install 'milena[discord]'" in result.stdout) is not installed
    assert TOKEN not in result.stdout
    (link,) = [word for word in result.stdout.split() if word.startswith("https://discord.com/")]
    asked = parse_qs(urlsplit(link).query)
    assert asked["client_id"] == [APPLICATION]
    assert asked["scope"] == ["bot applications.commands"]
    assert int(asked["permissions"][0]) == sum(1 << bit for bit in NEEDED.values())


def test_the_doctor_sees_a_token_that_is_none_and_does_not_tell_it(milena: Run, tmp_path: Path) -> None:
    result = milena("doctor", data=tmp_path / "data", env={"DISCORD_TOKEN": "secret-but-wrong"})
    assert result.returncode == 1
    assert "does not look like" in result.stdout
    assert "secret-but-wrong" not in result.stdout


def test_the_doctor_sees_a_token_file_that_others_can_read(milena: Run, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o640)
    result = milena("doctor", "--json", data=tmp_path / "data", env={"DISCORD_TOKEN_FILE": str(file)})
    assert (result.returncode, TOKEN in result.stdout) == (1, False)
    check = json.loads(result.stdout)[-1]
    assert (check["name"], check["finding"]) == ("Discord token", "problem")
    assert f"chmod 600 {file}" in check["found"]


def test_the_doctor_needs_no_token_for_the_link(milena: Run, tmp_path: Path) -> None:
    result = milena("doctor", data=tmp_path / "data", env={"DISCORD_APPLICATION_ID": APPLICATION})
    assert f"client_id={APPLICATION}" in result.stdout
