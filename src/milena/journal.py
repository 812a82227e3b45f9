"""Standard error that goes to systemd's journal, which knows the time, and not how grave a line is.

See sd-daemon(3), and JOURNAL_STREAM in systemd.exec(5).
"""

import os
import sys

_PRIORITIES = {"ERROR": 3, "WARNING": 4, "AUDIT": 5, "INFO": 6, "DEBUG": 7}
"""As of syslog(3)."""


def head(level: str) -> str:
    """What a line of this level begins with in the journal; nothing where standard error goes elsewhere."""
    return f"<{_PRIORITIES[level]}>" if _reads() else ""


def _reads() -> bool:
    said = os.environ.get("JOURNAL_STREAM")  # which children inherit, wherever their standard error goes
    if not said:
        return False
    try:
        stream = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return False
    return said == f"{stream.st_dev}:{stream.st_ino}"
