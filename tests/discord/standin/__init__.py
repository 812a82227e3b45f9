"""A stand-in for Discord: gateway and REST API of version 10 on loopback, for tests of a real bot process.

How to use it in a test::

    async def test_a_move_is_shown(discord: StandIn, start_bot: StartBot) -> None:
        club = discord.guild("Club")                     # with a channel; the bot is in it
        ann, bob = discord.person("ann", club), discord.person("bob", club)
        bot = await start_bot([sys.executable, "-m", "milena", "run"])   # pointed at discord.api
        await discord.ready()                            # connected, and its commands are synced

        shown = await ann.slash("play tictactoe", opponent=bob)
        assert shown.how == "message" and shown.latency < 1
        shown = await bob.press(shown.message, "Accept")
        assert "ann" in ann.sees()[-1].text              # as ann sees the channel: no ephemerals of others
        assert not discord.record.violations             # nothing that Discord would have refused

What Discord refuses, it refuses in Discord's words (:mod:`.errors`), and ``discord.record`` has every call,
every refusal and the bytes. ``discord.faults`` makes things go wrong, ``discord.gateway`` drops, closes and
invalidates sessions, ``discord.clock.advance(900)`` lets tokens expire, ``discord.limits.numbers`` are the
rate limits. People (:mod:`.people`) do only what Discord's client lets them do: :class:`CannotDo` otherwise.

What a test wants otherwise, it sets on the fixture ``settings`` or ``discord.settings``. Latencies hold the
stand-in's own share, which is the same for every bot: compare them with the bare bot in the same run.

It is a model of what is documented or was seen; where Discord's behaviour is not known, a comment says so.
"""

from .errors import Refusal
from .faults import Faults, Step
from .interactions import Interaction
from .mentions import Pings
from .people import CannotDo, File, Person, Shown
from .permissions import P
from .record import Call, Record, Refused
from .server import StandIn
from .settings import Settings
from .world import Channel, Guild, Member, Message, Overwrite, Role, User

__all__ = [
    "Call",
    "CannotDo",
    "Channel",
    "Faults",
    "File",
    "Guild",
    "Interaction",
    "Member",
    "Message",
    "Overwrite",
    "P",
    "Person",
    "Pings",
    "Record",
    "Refusal",
    "Refused",
    "Role",
    "Settings",
    "Shown",
    "StandIn",
    "Step",
    "User",
]
