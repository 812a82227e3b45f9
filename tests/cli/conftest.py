"""The command line, run as a real process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from forking import Forks

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def milena(forks: Forks) -> Run:
    """``milena("games", "--json", data=path)`` runs ``milena games --json`` in an environment without any
    of Milena's variables, and no token, but those given by ``env``; nobody types, unless ``input`` does."""

    def run(
        *arguments: str,
        data: Path | None = None,
        env: dict[str, str] | None = None,
        input: str | bytes = "",
    ) -> subprocess.CompletedProcess[str]:
        ours = ("MILENA_", "DISCORD_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        if data is not None:
            clean["MILENA_DATA"] = str(data)
        clean |= env or {}
        if not any(name.startswith("PYTHON") for name in env or {}):
            return forks.run(*arguments, env=clean, input=input)
        assert isinstance(input, str), "bytes are for forks"
        return subprocess.run(  # what Python does at its start is changed
            [sys.executable, "-P", "-m", "milena", *arguments],
            env=clean,
            input=input,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run
