"""The laws of games: what holds for every game, and for any that is added.

Each law is a plain function that looks at a game, or at a position of a random play-out, and says what it
finds wrong; its name is the law. They need nothing but the rules:

>>> from milena import games
>>> from milena.laws import check
>>> check(games.load("tictactoe"), playouts=20).violations
[]

A play-out is determined by its seed alone, so what is found can be found again. It goes through the Game
aggregate, as a game that is played does: with random options, seats, moves and draws; in some of them
players run out of time, give up, or come in late. What is cheap to check is checked after every event,
the rest at each of the first positions and ever more seldom after that, and at the end.
"""

from milena.laws.check import LAWS, Position, Report, Violation, check

__all__ = ["LAWS", "Position", "Report", "Violation", "check"]
