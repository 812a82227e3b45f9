"""All aggregates, each made once: what streams are folded with, and all events that may be in the log."""

from milena import games
from milena.domain.board import Boards
from milena.domain.budget import Budgets
from milena.domain.case import AllCases
from milena.domain.digest import Digests
from milena.domain.effect import Effects
from milena.domain.game import Games
from milena.domain.guild import Guilds
from milena.domain.lobby import Lobbies
from milena.domain.member import Members
from milena.domain.own_lines import Collections
from milena.domain.poll import Polls
from milena.domain.reminder import AllReminders
from milena.domain.shelf import Shelves
from milena.domain.story import Stories
from milena.domain.urn import Urns

GAMES = Games(games.load)
MEMBERS = Members()
LOBBIES = Lobbies()
GUILDS = Guilds()
URNS = Urns()
POLLS = Polls()
REMINDERS = AllReminders()
CASES = AllCases()
EFFECTS = Effects()
STORIES = Stories()
SHELVES = Shelves()
BOARDS = Boards()
COLLECTIONS = Collections()
BUDGETS = Budgets()
DIGESTS = Digests()
AGGREGATES = (
    GAMES, MEMBERS, LOBBIES, GUILDS, URNS, POLLS, REMINDERS, CASES, EFFECTS, STORIES, SHELVES, BOARDS,
    COLLECTIONS, BUDGETS, DIGESTS,
)  # fmt: skip

EVENTS = tuple(event for aggregate in AGGREGATES for event in aggregate.events)
