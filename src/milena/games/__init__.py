"""The games that can be played here: one file a game, and whatever installed packages add.

>>> load("tictactoe").title
'Tic-tac-toe'

A package adds games through the entry-point group ``milena.games``; each entry is named as the
game is and points at an instance of :class:`milena.domain.rules.Rules`.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files

from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules, Rules


class BadGame(Exception):
    """An installed game can't be used: its package, and what is wrong with it."""


@cache
def _plugins() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group="milena.games")}


@cache
def _own() -> dict[str, str]:
    """Name of the game -> name of its module, for the files of this folder."""
    stems = (
        entry.name.removesuffix(".py") for entry in files(__name__).iterdir() if entry.name.endswith(".py")
    )
    return {stem.lstrip("_").replace("_", "-"): stem for stem in stems if stem != "__init__"}


def names() -> list[str]:
    """The name of every game, sorted. Imports none of them."""
    return sorted({*_own(), *_plugins()})


@cache
def load(name: str) -> AnyRules:
    """The rules of the game called ``name``.

    Raises Refused where there is no such game, BadGame where an installed one is broken.
    A game that ships with Milena can't be replaced by a package.
    """
    if name in _own():
        rules = import_module(f"{__name__}.{_own()[name]}").rules
    elif name in _plugins():
        entry = _plugins()[name]
        package = entry.dist.name if entry.dist else entry.module
        try:
            rules = entry.load()
        except Exception as error:
            raise BadGame(f"game {name!r} of package {package} can't be loaded: {error!r}") from error
        if not isinstance(rules, Rules):
            raise BadGame(f"game {name!r} of package {package}: {entry.value} is not an instance of Rules")
        if rules.name != name:
            raise BadGame(f"game {name!r} of package {package} calls itself {rules.name!r}")
    else:
        raise Refused("unknown_game", f"There is no game {name[:40]!r}. There are: {', '.join(names())}.")
    assert isinstance(rules, Rules)
    return rules
