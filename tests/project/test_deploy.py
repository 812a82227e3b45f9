"""What is shipped for servers: the unit of systemd, and what an image is made of."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from milena.cli import VERBS
from milena.cli.common import EXIT_DAMAGED, EXIT_REFUSED, EXIT_USAGE

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "milena.service"
PAGE = (ROOT / "docs" / "deploy.md").read_text()


# ------------------------------------------------------------------------------------------- systemd


@pytest.fixture(scope="module")
def service() -> dict[str, list[str]]:
    """The settings of the unit's service: the values of each."""
    _, _, text = UNIT.read_text().partition("[Service]\n")
    found: dict[str, list[str]] = {}
    for line in text.partition("[Install]")[0].splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/milena/bin/milena", sys.executable))
    command = [analyze, "verify", "--man=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    # How much of the system it can get at, from 0 to 100: 15, as systemd 252 and 257 reckon.
    command = [analyze, "security", "--offline=yes", "--threshold=20", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_token_is_a_credential_and_nowhere_else(service: dict[str, list[str]]) -> None:
    [credential] = service["LoadCredential"]
    name, _, file = credential.partition(":")
    assert Path(file).is_absolute()
    assert sorted(service["Environment"]) == [f"DISCORD_TOKEN_FILE=%d/{name}", "MILENA_DATA=%S/milena"]
    assert service["StateDirectory"] == ["milena"]
    assert service["ExecStart"] == ["/opt/milena/bin/milena run"]


def test_it_comes_back_unless_that_is_in_vain_and_has_time_to_end(service: dict[str, list[str]]) -> None:
    assert service["Restart"] == ["always"]
    in_vain = set(map(int, service["RestartPreventExitStatus"][0].split()))
    assert in_vain == {EXIT_USAGE, EXIT_DAMAGED}
    assert EXIT_REFUSED not in in_vain
    assert "StartLimitIntervalSec=0" in UNIT.read_text().splitlines()
    assert int(service["TimeoutStopSec"][0]) > 10
    assert service["KillMode"] == ["mixed"]


def test_the_manual_makes_what_the_unit_names(service: dict[str, list[str]]) -> None:
    program = Path(service["ExecStart"][0].split()[0])
    token = service["LoadCredential"][0].partition(":")[2]
    state = f"/var/lib/{service['StateDirectory'][0]}"
    assert f"useradd --system --home-dir {state} " in PAGE
    assert f" {service['User'][0]}\n" in PAGE
    assert f"python3 -m venv {program.parents[1]} && {program.parent}/pip install '.[discord]'" in PAGE
    assert f"install -d -m 0700 {Path(token).parent}\n(umask 077 && cat > {token})" in PAGE
    assert f"install -m 0644 {UNIT.relative_to(ROOT)} /etc/systemd/system/" in PAGE
    assert f"runuser -u {service['User'][0]} -- {program} games --data {state}" in PAGE


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("User", "milena"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"), ("PrivateDevices", "yes"), ("CapabilityBoundingSet", ""),
        ("StateDirectoryMode", "0700"), ("UMask", "0077"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"), ("SystemCallFilter", "@system-service"),
    ],
)  # fmt: skip
def test_it_may_do_no_more_than_it_needs(service: dict[str, list[str]], setting: str, value: str) -> None:
    assert service[setting] == [value]


# ---------------------------------------------------------------------------------------- containers


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, and what they say."""
    lines = [line for line in (ROOT / "Containerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    words = [line.split(maxsplit=1) for line in joined.splitlines() if line.strip()]
    return [(word, " ".join(said.split())) for word, said in words]


def copied(steps: list[tuple[str, str]]) -> list[str]:
    """What is copied from this repository."""
    said = [said.split() for word, said in steps if word == "COPY" and "--from=" not in said]
    return [source for *sources, _ in said for source in sources]


def test_all_that_is_copied_is_there_and_nothing_else_is_sent(steps: list[tuple[str, str]]) -> None:
    assert [source for source in copied(steps) if not (ROOT / source).exists()] == []
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert ignored[0] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied(steps))


def test_the_image_runs_as_nobody_that_matters(steps: list[tuple[str, str]]) -> None:
    last = max(number for number, (word, _) in enumerate(steps) if word == "FROM")
    final = steps[last:]
    users = [(number, said) for number, (word, said) in enumerate(final) if word == "USER"]
    [(number, user)] = users
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert not {"RUN", "COPY"} & {word for word, _ in final[number:]}, "what is installed belongs to root"
    uid = user.partition(":")[0]
    assert any(f"--uid {uid}" in said for word, said in final if word == "RUN")


def test_the_image_has_data_in_its_volume_and_no_secrets(steps: list[tuple[str, str]]) -> None:
    [volume] = [said for word, said in steps if word == "VOLUME"]
    environment = " ".join(said for word, said in steps if word in ("ENV", "ARG"))
    assert f"MILENA_DATA={volume}" in environment.split()
    assert "TOKEN" not in environment
    assert "PYTHONUNBUFFERED" not in environment, "print() would write a line and its end separately"


def test_milena_is_what_runs_and_gets_the_signals(steps: list[tuple[str, str]]) -> None:
    said = dict(steps)
    # A list is no shell, which would keep SIGTERM to itself.
    assert (json.loads(said["ENTRYPOINT"]), json.loads(said["CMD"])) == (["milena"], ["run"])
    assert said["STOPSIGNAL"] == "SIGTERM"
    program, verb = json.loads(said["HEALTHCHECK"].partition("CMD ")[2])
    assert program == "milena"
    assert verb in VERBS


def test_the_manual_runs_the_image_as_it_was_made(steps: list[tuple[str, str]]) -> None:
    user = dict(steps)["USER"].partition(":")[0]
    volume = dict(steps)["VOLUME"]
    assert f"uid={user},mode=0400" in PAGE
    assert f"--volume milena:{volume}" in PAGE
    assert "--init --read-only" in PAGE
    assert f"cat > {volume}/milena.toml" in PAGE
    stops = re.search(r"--stop-timeout (\d+)", PAGE)
    assert stops is not None
    assert int(stops[1]) > 10, "she needs ten seconds at most"
