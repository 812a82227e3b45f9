"""Asks pip-audit (https://pypi.org/project/pip-audit/) whether packages have known weaknesses: those of the
site-packages that are given, or else what is installed here.

Where nobody can say so, as there is no network, it is skipped with a notice, within seconds."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from importlib.util import find_spec
from typing import Any

KNOWN = "https://pypi.org/pypi/requests/2.31.0/json"
"""An old release with a weakness that everybody knows, where pip-audit would ask for it."""
INSTALL = [sys.executable, "-m", "pip", "install", "--quiet", "pip-audit>=2.7,<3"]
PATIENCE = 5.0


def main(folders: list[str]) -> int:
    missing = unanswered()
    if missing:
        print(f"NOTICE: the dependencies were not audited: {missing}.")
        return 0
    if find_spec("pip_audit") is None and subprocess.call(INSTALL):
        print("NOTICE: the dependencies were not audited: pip-audit can't be installed.")
        return 0
    where = [part for folder in folders for part in ("--path", folder)] or ["--local", "--skip-editable"]
    audit = [sys.executable, "-m", "pip_audit", *where, "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(audit, check=False, stdout=subprocess.PIPE)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return done.returncode or 1  # it has said why
    return told(packages)


def unanswered() -> str:
    """Why nobody here knows of weaknesses; empty where somebody does."""
    try:
        with urllib.request.urlopen(KNOWN, timeout=PATIENCE) as answer:
            known = json.load(answer).get("vulnerabilities")
    except (OSError, ValueError, urllib.error.URLError) as error:
        return f"{KNOWN} can't be asked ({error})"
    return "" if known else f"{KNOWN} tells of no weaknesses"


def told(packages: list[dict[str, Any]]) -> int:
    """Say what was found; the exit status."""
    weak = [(package, each) for package in packages for each in package.get("vulns", ())]
    for package, each in weak:
        fixed = ", ".join(each["fix_versions"]) or "nothing yet"
        print(f"{package['name']} {package['version']}: {each['id']}, fixed in {fixed}")
    skipped = sum("skip_reason" in package for package in packages)
    print(
        f"Audited {len(packages) - skipped} packages; {skipped} are not known there, {len(weak)} weaknesses."
    )
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
