"""``python -m milena.discord DATA LEVEL [FIRST LAST TOTAL]``: the process that ``milena run`` becomes."""

import sys

from milena import ctrl_c


def main() -> None:
    """The bot, in a process whose Ctrl-C shows no traceback while that is still imported."""
    ctrl_c.ends()
    from milena.discord.process import main as bot

    ctrl_c.interrupts()
    status = bot(sys.argv[1:])
    ctrl_c.ends()
    sys.exit(status)


if __name__ == "__main__":
    main()
