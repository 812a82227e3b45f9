"""Asks pip-audit whether what is installed here has weaknesses that are known (https://pypi.org/project/pip-audit/).
Without a network nobody can say so: then it is skipped, with a notice."""

import subprocess
import sys
import urllib.error
import urllib.request

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
    return subprocess.run(audit, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
