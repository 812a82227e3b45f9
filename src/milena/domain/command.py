"""Commands: what can be asked of Milena, declared once for every front end."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol

from msgspec import Struct

from milena.domain.game import Game
from milena.domain.ids import InvocationId, Place, PlayerId
from milena.domain.limits import GameLimits
from milena.domain.view import Tone

if TYPE_CHECKING:
    from milena.domain.guild import Guild

Category = Literal["admin", "fun", "games", "utility"]
Permission = Literal["everyone", "moderator", "admin"]
"""Who may use a command where no rule of the guild says otherwise."""
Scope = Literal["member", "channel", "guild"]
"""Who shares a cooldown: nobody, the members in one channel, or all in the guild."""


class Standing(Struct, frozen=True):
    """What a front end knows of somebody in a place.

    ``rank``   the position of the highest role: who stands higher may act on who stands lower
    ``there``  is a member; ``owner``: owns the place; ``milena``: is Milena herself
    ``moderator``, ``admin``, ``roles``  as in :class:`Invocation`
    """

    rank: int = 0
    there: bool = True
    owner: bool = False
    milena: bool = False
    moderator: bool = False
    admin: bool = False
    roles: tuple[str, ...] = ()


class Invocation(Struct, frozen=True):
    """One call of a command.

    ``id``       unique for ever (on Discord the interaction's id): a second delivery changes nothing
    ``options``  plain data, as the front end got it; the command's Options say what is allowed
    ``time``     ms since 1970
    ``follows``  (correlation id, position) of the event that led to it; None where a person asked
    ``moderator``, ``admin``, ``owner``  what the front end knows the player to be in this place
    ``roles``    the ids of the roles that the player has there
    ``rank``     the position of the highest of them
    ``locale``   of the one who asks, as Discord names it (``de``, ``en-GB``); empty where that is not known
    ``parent``   the channel whose thread the place is; empty where it is none
    ``powers``   what the player may do to others there (``kick``, ``ban`` ...); None: that is not known
    ``others``   those whom the options name, as far as they are known there
    """

    id: InvocationId
    command: str
    options: dict[str, Any]
    player: PlayerId
    place: Place
    time: int
    follows: tuple[str, int] | None = None
    moderator: bool = False
    roles: tuple[str, ...] = ()
    admin: bool = False
    owner: bool = False
    rank: int = 0
    powers: tuple[str, ...] | None = None
    others: dict[PlayerId, Standing] = {}
    parent: str = ""
    locale: str = ""


class Desk(Protocol):
    """What a command may use while it decides. All that it does becomes one atomic append."""

    @property
    def invocation(self) -> Invocation: ...

    @property
    def guild(self) -> "Guild":
        """Where it was invoked, as it stands."""

    @property
    def commands(self) -> "Mapping[str, Command]":
        """Every command that people can call."""

    @property
    def limits(self) -> GameLimits:
        """Those that hold in this guild."""

    @property
    def closed(self) -> str:
        """Why Milena opens no new games anywhere for now; empty where she does."""

    def game(self, key: str) -> Game:
        """The game as it stands. Raises Refused where there is none, or it can't be replayed."""

    def state(self, kind: str, key: str) -> Any:
        """The state of an aggregate as it stands."""

    def act(self, kind: str, key: str, command: Struct) -> Any:
        """Let an aggregate decide; its events are kept. Returns its new state, or raises Refused."""

    def consider(self, kind: str, key: str, command: Struct) -> Any:
        """What :meth:`act` would make of an aggregate; nothing is kept."""

    def seed(self, game: str) -> bytes:
        """The secret seed of a game: the same for the same game, known to nobody else."""

    def new_id(self) -> str:
        """A new id that sorts by time."""

    def touched(self, kind: str, key: str) -> int:
        """When something last happened to an aggregate, in ms since 1970; 0 if nothing ever did."""

    def machine(self, name: str, game: Game) -> PlayerId:
        """A machine that plays ``game``, as a player who does not sit there yet; ``name`` as in "mcts",
        "mcts-2" or "bot". Raises Refused where there is none, or it can't play that."""

    def is_machine(self, player: PlayerId) -> bool: ...

    def rating(self, game: str, player: PlayerId) -> float | None:
        """How strong a player is at a game in this guild, where it is known."""


Result = dict[str, Any]
"""What an accepted command answers: plain data that JSON can hold. Front ends know these keys:

``says``     what to tell the person: lines of text in which ``<id>`` stands for a player's name,
             ``<#ID>`` and ``<@&ID>`` for a channel and a role, ``<t:SECONDS:R>`` for a time
``table``    ``{"columns": [...], "rows": [[...], ...]}``; columns mean what their names say (see
             :mod:`milena.terminal.answers`)
``chart``    how much there is of each of a few things, as :class:`milena.domain.chart.Chart`
``game``     the id of a game, whose board front ends draw below: as it stands, or as spectators saw it
             after the ply ``at``
``actions``  what may be done next, as :class:`Action`: buttons on Discord, commands to type elsewhere
``picks``    what may be chosen of next, as :class:`Pick`: menus on Discord, commands to type elsewhere
``document``  ``{"name": ..., "content": ...}``: a JSON document for who asked, a file on Discord
"""


class Action(Struct, frozen=True, omit_defaults=True):
    """What a person may do next with one press: ``command`` with ``options``, under a ``label``."""

    label: str
    command: str
    options: dict[str, Any] = {}
    tone: Tone = ""


class Pick(Struct, frozen=True, omit_defaults=True):
    """What a person may choose of next, under a ``label``: ``command`` with ``options``, whose ``option`` is
    what was chosen. ``of``: the ``choices``, each a value and what it is called, or what there is in the
    server; ``chosen``: the value that it has now, if one of those."""

    label: str
    command: str
    option: str
    options: dict[str, Any] = {}
    of: Literal["choices", "roles", "channels"] = "choices"
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""


class Rows(Protocol):
    """What a read model answered."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def rows(self) -> list[tuple[Any, ...]]: ...

    @property
    def more(self) -> bool:
        """Whether there are rows beyond these."""


def picked(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    """The rows with these columns only, in this order."""
    places = [rows.columns.index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in rows.rows]


class Sight(Protocol):
    """What an answer may look at when its command is through and committed: no event comes of it any more,
    and nothing of another guild is seen."""

    @property
    def invocation(self) -> Invocation: ...

    @property
    def guild(self) -> "Guild": ...

    @property
    def commands(self) -> "Mapping[str, Command]": ...

    def ask(self, model: str, question: str, /, **given: Any) -> Rows:
        """What a named question of a read model answers for this guild, with what was just done in it;
        ``limit`` rows (20) after ``offset`` of them. Raises Refused where it can't be asked, or lags."""

    def game(self, key: str) -> Game:
        """Raises Refused where there is none in this guild, or it can't be replayed."""

    def state(self, kind: str, key: str) -> Any:
        """The committed state of an aggregate."""

    def status(self) -> dict[str, Any]:
        """How Milena herself is: ``uptime`` in seconds, ``guilds``, ``games`` that are open, ``head`` of
        the log, ``lag`` of the read models in events, ``memory`` in bytes, ``cpu`` in percent of a core;
        ``resources``: where a bot runs, what it used lately, each with ``title``, ``unit``, ``values`` (the
        last one is now), ``limit`` (0: none) and whether that is ``crossed``."""

    def back_up(self) -> dict[str, Any]:
        """Copy the log and the vault, once for this invocation: ``name`` of the backup, ``position`` of its
        head, ``size`` in bytes. Raises Refused where that fails."""

    def personal(self) -> dict[str, Any]:
        """All that is kept of who asked, as plain data. Raises Refused where it can't be read."""

    def erase(self) -> dict[str, Any]:
        """Erase who asked: how many ``games`` were given up and ``reminders`` cancelled. Raises Refused where
        that fails."""


class Command(Struct, frozen=True):
    """One command: its declaration, and the function that decides it.

    ``name``      as it is typed; words of it are parted by spaces (``config view``)
    ``options``   a frozen Struct; field names, types, ``msgspec.Meta`` limits and help texts are the
                  options that Discord and the terminal offer
    ``private``   options whose text is not recorded when the command led to something sealed
    ``permission``  who may use it, where no rule of the guild says otherwise
    ``internal``  Milena asks for it herself: no front end offers it
    ``cooldown``  seconds until it may be used again; the configuration may say otherwise
    ``scope``     by whom: the same member, anybody in the channel, or anybody in the guild
    ``discreet``  only who asked sees the answer, where the front end can do that
    ``personal``  it is about who asks alone, and theirs by right: no rule of a guild takes it from them
    ``show``      what is told of the result, made after the commit and never recorded: for answers that
                  are looked up, or long. It gets the options and the recorded result; may raise Refused
    """

    name: str
    category: Category
    description: str
    options: type[Struct]
    run: Callable[[Desk, Any], Result]
    cooldown: float = 0.0
    private: tuple[str, ...] = ()
    permission: Permission = "everyone"
    internal: bool = False
    scope: Scope = "member"
    discreet: bool = False
    personal: bool = False
    show: Callable[[Sight, Any, Result], Result] | None = None
