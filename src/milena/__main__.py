"""``milena``, which is also ``python -m milena``."""

from milena import ctrl_c


def main() -> None:
    """The command line, in a process whose Ctrl-C shows no traceback while that is still imported."""
    ctrl_c.ends()
    from milena.cli import main as milena

    milena()


if __name__ == "__main__":
    main()
