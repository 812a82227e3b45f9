"""Asks pip-audit whether what is installed here has weaknesses that are known (https://pypi.org/project/pip-audit/).
Without a network nobody can say so: then it is skipped, with a notice."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

ASKED = "https://pypi.org/pypi/pip/json"
"""What pip-audit asks for each package, too."""


def main() -> int:
    try:
        with urllib.request.urlopen(ASKED, timeout=20):
            pass
    except (OSError, urllib.error.URLError) as error:
        print(f"NOTICE: {ASKED} can't be reached ({error}): the dependencies were not audited.")
        return 0
    audit = [sys.executable, "-m", "pip_audit", "--local", "--skip-editable", "--progress-spinner", "off"]
    done = subprocess.run([*audit, "--format", "json"], check=False, stdout=subprocess.PIPE)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return done.returncode or 1  # it has said why
    return told(packages)


def told(packages: list[dict[str, Any]]) -> int:
    """Say what was found; the exit status."""
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        print("NOTICE: what answers here knows none of the packages: the dependencies were not audited.")
        return 0
    weak = [(package, each) for package in audited for each in package["vulns"]]
    for package, each in weak:
        fixed = ", ".join(each["fix_versions"]) or "nothing yet"
        print(f"{package['name']} {package['version']}: {each['id']}, fixed in {fixed}")
    print(f"{len(audited)} packages were audited, {len(packages) - len(audited)} are not known there.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
