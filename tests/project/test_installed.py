"""What is tested is what is installed."""

import os
from pathlib import Path

import milena


def test_under_tox_the_tests_run_on_the_installed_package() -> None:
    where = Path(milena.__file__)
    environment = os.environ.get("TOX_ENV_DIR")
    assert where.is_relative_to(environment or where.anchor)
    assert "site-packages" in where.parts or environment is None
