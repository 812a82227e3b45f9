"""What each command can be asked for so that it is accepted, and so that it is refused: for every test that
tries them all."""

from collections.abc import Callable
from typing import Any

from milena.domain.command import Invocation
from milena.domain.ids import PlayerId

Guild = Any
Asked = tuple[str, PlayerId, dict[str, Any]]
ADMIN = {"admin": True}
MODERATOR = {"moderator": True}


def _asked_takeback(guild: Guild) -> str:
    game: str = guild.playing()
    guild.must("move", guild.ann, game=game, move="5")
    guild.must("takeback", guild.ann, game=game)
    return game


def _rule(guild: Guild) -> str:
    guild.does("config permissions grant", guild.ann, command="open", admin=True)
    return "open"


def _setting(guild: Guild) -> str:
    guild.does("config set", guild.ann, name="games", value="9", admin=True)
    return "games"


def _maintained(guild: Guild) -> dict[str, Any]:
    guild.does("maintenance on", guild.ann, admin=True)
    return {}


def _restriction(guild: Guild) -> int:
    answer = guild.does("restrict command add", guild.ann, command="move", admin=True)
    return int(answer.result["number"])


def _poll(guild: Guild, **options: Any) -> str:
    answer = guild.does("poll create", guild.ann, question="Tea?", choices="yes, no", **options)
    return str(answer.result["poll"])


def _poll_that_is_over(guild: Guild) -> str:
    poll = _poll(guild, during="1m")
    guild.later = 60
    return poll


def _joke(_: int = 0) -> dict[str, Any]:
    return {"kind": "joke", "text": "It was here.", "credit": "Bob", "category": "animals"}


def _own_line(guild: Guild) -> int:
    return int(guild.does("collection add", guild.ann, **_joke(), **MODERATOR).result["number"])


def _reminder(guild: Guild) -> int:
    answer = guild.does("remind me", guild.ann, when="in 1m", text="the tea")
    return int(answer.result["number"])


def _story(guild: Guild, *tellers: PlayerId, **options: Any) -> str:
    """A story that ann started, with a line of each of these."""
    answer = guild.does("story start", guild.ann, title="The fox", **options)
    for number, teller in enumerate(tellers, 1):
        guild.does("story add", teller, text=f"Line {number}.")
    return str(answer.result["story"])


def _told(guild: Guild, asked: Asked, *tellers: PlayerId, **options: Any) -> Asked:
    """``asked``, where such a story is told."""
    _story(guild, *tellers, **options)
    return asked


def _set_up(guild: Guild) -> dict[str, Any]:
    guild.does("setup", guild.ann, apply="recommended", admin=True)
    return {"apply": "recommended", **ADMIN}


def _boarded(guild: Guild) -> str:
    """A game that message 6 in channel 5 shows."""
    game: str = guild.playing()
    guild.does("board post", guild.cat, game=game, channel="5", message="6")
    return game


def _zoned(guild: Guild) -> dict[str, Any]:
    guild.does("timezone set", guild.ann, zone="Asia/Tokyo")
    return {"zone": "Asia/Tokyo"}


def _due(guild: Guild) -> str:
    _reminder(guild)
    guild.later = 60
    return f"811:{guild.ann}"


def _case(guild: Guild) -> dict[str, Any]:
    """A case that ann has opened, and that she is a moderator."""
    guild.does("kick", guild.ann, member=guild.dan, **MODERATOR)
    return {"case": 1, **MODERATOR}


def _effect(guild: Guild) -> str:
    """The key of what a case waits for."""
    _case(guild)
    return str(guild.engine.read("case", "811").state.cases[1].effect)


ACCEPTED: dict[str, Callable[[Guild], Asked]] = {
    "warn": lambda g: ("warn", g.ann, {"member": g.bob, "reason": "spam", **MODERATOR}),
    "timeout": lambda g: ("timeout", g.ann, {"member": g.bob, "during": "2h", **MODERATOR}),
    "kick": lambda g: ("kick", g.ann, {"member": g.bob, **MODERATOR}),
    "ban": lambda g: ("ban", g.ann, {"member": g.bob, "forget": "1d", **MODERATOR}),
    "unban": lambda g: ("unban", g.ann, {"member": g.bob, **MODERATOR}),
    "purge": lambda g: ("purge", g.ann, {"count": 10, "user": g.bob, **MODERATOR}),
    "case show": lambda g: ("case show", g.ann, _case(g)),
    "case list": lambda g: (
        "case list",
        g.ann,
        {"member": g.dan, "before": _case(g)["case"] + 1, **MODERATOR},
    ),
    "case reason": lambda g: ("case reason", g.ann, {"reason": "spam", **_case(g)}),
    "budget": lambda g: ("budget", g.cat, {"budget": "cpu", "crossed": True, "value": 40.0, "limit": 30.0}),
    "digest post": lambda g: ("digest post", g.cat, {"channel": "4711", "slot": 1}),
    "effect settle": lambda g: ("effect settle", g.cat, {"effect": _effect(g)}),
    "audit": lambda g: ("audit", g.cat, {"question": "refused", "since": "2h", **MODERATOR}),
    "backup": lambda g: ("backup", g.ann, ADMIN),
    "setup": lambda g: ("setup", g.ann, {"apply": "recommended", **ADMIN}),
    "leaderboard": lambda g: ("leaderboard", g.ann, {"kind": "tictactoe", "since": "7d"}),
    "profile": lambda g: ("profile", g.ann, {"player": _winner(g)}),
    "status": lambda g: ("status", g.ann, {}),
    "privacy show": lambda g: ("privacy show", g.ann, {}),
    "privacy export": lambda g: ("privacy export", g.ann, {}),
    "privacy erase": lambda g: ("privacy erase", g.ann, {}),
    "privacy forget": lambda g: ("privacy forget", g.cat, {"member": g.ann}),
    "timezone set": lambda g: ("timezone set", g.ann, {"zone": "Asia/Tokyo"}),
    "timezone show": lambda g: ("timezone show", g.ann, {}),
    "story start": lambda g: ("story start", g.ann, {"title": "The fox", "lines": 5}),
    "story add": lambda g: _told(g, ("story add", g.bob, {"text": "It slept."}), g.ann),
    "story vote": lambda g: _told(g, ("story vote", g.ann, {"on": "strike"}), g.ann),
    "story finish": lambda g: _told(g, ("story finish", g.ann, {})),
    "story show": lambda g: ("story show", g.bob, {"story": _story(g, g.ann)}),
    "game end": lambda g: ("game end", g.cat, {"game": g.playing(), "reason": "late", **MODERATOR}),
    "remind me": lambda g: ("remind me", g.ann, {"when": "in 2h", "text": "the tea"}),
    "remind list": lambda g: ("remind list", g.ann, {}),
    "remind cancel": lambda g: ("remind cancel", g.ann, {"number": _reminder(g)}),
    "remind fire": lambda g: ("remind fire", g.cat, {"reminder": _due(g)}),
    "poll create": lambda g: ("poll create", g.ann, {"question": "Tea?", "choices": "yes, no"}),
    "poll vote": lambda g: ("poll vote", g.bob, {"poll": _poll(g), "choice": "1"}),
    "poll close": lambda g: ("poll close", g.ann, {"poll": _poll(g)}),
    "poll show": lambda g: ("poll show", g.bob, {"poll": _poll(g)}),
    "poll expire": lambda g: ("poll expire", g.cat, {"poll": _poll_that_is_over(g)}),
    "board post": lambda g: ("board post", g.cat, {"game": g.playing(), "channel": "5", "message": "6"}),
    "board lose": lambda g: ("board lose", g.cat, {"game": _boarded(g), "message": "6", "gone": "message"}),
    "8ball": lambda g: ("8ball", g.ann, {"question": "Will it rain?"}),
    "choose": lambda g: ("choose", g.ann, {"among": "tea, coffee"}),
    "coin": lambda g: ("coin", g.ann, {"times": 3}),
    "joke": lambda g: ("joke", g.ann, {"category": "animals"}),
    "quote": lambda g: ("quote", g.ann, {}),
    "collection add": lambda g: ("collection add", g.ann, {**_joke(), **MODERATOR}),
    "collection import": lambda g: (
        "collection import",
        g.ann,
        {"kind": "quote", "file": "ours|Well said.|Ann, 2026\n", **MODERATOR},
    ),
    "collection list": lambda g: ("collection list", g.ann, {"kind": "joke", **MODERATOR}),
    "collection remove": lambda g: ("collection remove", g.ann, {"number": _own_line(g), **MODERATOR}),
    "roll": lambda g: ("roll", g.ann, {"dice": "4d6kh3+2"}),
    "help": lambda g: ("help", g.ann, {"about": "roll"}),
    "ping": lambda g: ("ping", g.ann, {}),
    "config history": lambda g: ("config history", g.ann, {"count": 5, **ADMIN}),
    "config permissions clear": lambda g: ("config permissions clear", g.ann, {"command": _rule(g), **ADMIN}),
    "config permissions explain": lambda g: (
        "config permissions explain",
        g.ann,
        {"command": "open", **ADMIN},
    ),
    "config permissions grant": lambda g: (
        "config permissions grant",
        g.ann,
        {"command": "games", "role": "7", **ADMIN},
    ),
    "config permissions revoke": lambda g: (
        "config permissions revoke",
        g.ann,
        {"command": "/open", "user": g.bob, **ADMIN},
    ),
    "config reset": lambda g: ("config reset", g.ann, {"name": _setting(g), **ADMIN}),
    "config set": lambda g: ("config set", g.ann, {"name": "games", "value": "3", **ADMIN}),
    "config view": lambda g: ("config view", g.ann, {"name": "games", **ADMIN}),
    "flood": lambda g: ("flood", g.cat, {"member": g.ann, "refused": 3, "since": 1, "until": 2}),
    "maintenance off": lambda g: ("maintenance off", g.ann, {**_maintained(g), **ADMIN}),
    "maintenance on": lambda g: ("maintenance on", g.ann, {"reason": "an upgrade", **ADMIN}),
    "restrict command add": lambda g: (
        "restrict command add",
        g.ann,
        {"command": "open", "during": "2h", **ADMIN},
    ),
    "restrict command list": lambda g: ("restrict command list", g.ann, ADMIN),
    "restrict command remove": lambda g: (
        "restrict command remove",
        g.ann,
        {"number": _restriction(g), **ADMIN},
    ),
    "abort": lambda g: ("abort", g.bob, {"game": g.playing()}),
    "accept": lambda g: ("accept", g.bob, {"game": g.waiting(invite=[g.bob], private=True)}),
    "begin": lambda g: ("begin", g.ann, {"game": g.waiting("hangman", seats=3)}),
    "decline": lambda g: ("decline", g.bob, {"game": g.waiting(invite=[g.bob])}),
    "draw": lambda g: ("draw", g.bob, {"game": g.playing("connect4")}),
    "expire": lambda g: ("expire", g.cat, {"game": _with_a_clock(g)}),
    "game list": lambda g: ("game list", g.ann, {"kind": "tictactoe"}),
    "game replay": lambda g: ("game replay", g.cat, {"game": g.over(), "ply": 0}),
    "game show": lambda g: ("game show", g.cat, {"game": g.waiting()}),
    "invite": lambda g: ("invite", g.ann, {"game": g.waiting(), "player": g.bob}),
    "join": lambda g: ("join", g.bob, {"game": g.waiting()}),
    "leave": lambda g: ("leave", g.ann, {"game": g.waiting()}),
    "match": lambda g: ("match", g.bob, {"game": "tictactoe"}),
    "move": lambda g: ("move", g.ann, {"game": g.playing(), "move": "5"}),
    "open": lambda g: ("open", g.ann, {"game": "tictactoe", "clock": "5m"}),
    "rematch": lambda g: ("rematch", g.ann, {"game": g.over()}),
    "resign": lambda g: ("resign", g.ann, {"game": g.playing()}),
    "takeback": lambda g: ("takeback", g.bob, {"game": _asked_takeback(g)}),
    "void": lambda g: ("void", g.cat, {"game": g.over(), "reason": "no show", "moderator": True}),
}
"""What each command can be asked for so that it is accepted."""

REFUSED: dict[str, tuple[str, Callable[[Guild], Asked]]] = {
    "warn": ("yourself", lambda g: ("warn", g.ann, {"member": g.ann, "reason": "spam", **MODERATOR})),
    "timeout": ("bad_time", lambda g: ("timeout", g.ann, {"member": g.bob, "during": "29d", **MODERATOR})),
    "kick": ("milena", lambda g: ("kick", g.ann, {"member": _machine(g), **MODERATOR})),
    "ban": ("bad_time", lambda g: ("ban", g.ann, {"member": g.bob, "forget": "8d", **MODERATOR})),
    "unban": ("not_a_moderator", lambda g: ("unban", g.ann, {"member": g.bob})),
    "purge": ("not_confirmed", lambda g: ("purge", g.ann, {"count": 10, "confirm": "yes", **MODERATOR})),
    "case show": ("unknown_case", lambda g: ("case show", g.ann, {"case": 1, **MODERATOR})),
    "case list": ("bad_option", lambda g: ("case list", g.ann, {"before": -1, **MODERATOR})),
    "case reason": ("not_yours", lambda g: ("case reason", g.bob, {"reason": "spam", **_case(g)})),
    "budget": (
        "unchanged",
        lambda g: ("budget", g.cat, {"budget": "memory", "crossed": False, "value": 4.0, "limit": 512.0}),
    ),
    "digest post": ("bad_option", lambda g: ("digest post", g.cat, {"channel": "the operator's"})),
    "effect settle": ("not_pending", lambda g: ("effect settle", g.cat, {"effect": "0123456789"})),
    "audit": ("bad_option", lambda g: ("audit", g.cat, {"question": "search", **MODERATOR})),
    "backup": ("not_an_admin", lambda g: ("backup", g.ann, MODERATOR)),
    "setup": ("unchanged", lambda g: ("setup", g.ann, _set_up(g))),
    "leaderboard": ("bad_time", lambda g: ("leaderboard", g.ann, {"since": "yesteryear"})),
    "profile": ("bad_option", lambda g: ("profile", g.ann, {"player": "x" * 41})),
    "status": ("bad_option", lambda g: ("status", g.ann, {"all": True})),
    "privacy show": ("bad_option", lambda g: ("privacy show", g.ann, {"of": g.bob})),
    "privacy export": ("bad_option", lambda g: ("privacy export", g.ann, {"of": g.bob})),
    "privacy erase": ("not_confirmed", lambda g: ("privacy erase", g.ann, {"confirm": "yes"})),
    "privacy forget": ("bad_option", lambda g: ("privacy forget", g.cat, {})),
    "timezone set": ("unchanged", lambda g: ("timezone set", g.ann, _zoned(g))),
    "timezone show": ("bad_option", lambda g: ("timezone show", g.ann, {"of": g.bob})),
    "story start": ("story_open", lambda g: _told(g, ("story start", g.bob, {"title": "Another"}))),
    "story add": ("not_your_turn", lambda g: _told(g, ("story add", g.ann, {"text": "And so on."}), g.ann)),
    "story vote": ("not_a_teller", lambda g: _told(g, ("story vote", g.bob, {"on": "finish"}), g.ann)),
    "story finish": ("not_yours", lambda g: _told(g, ("story finish", g.bob, {}))),
    "story show": ("unknown_story", lambda g: ("story show", g.bob, {"story": "0123456789"})),
    "game end": (
        "game_over",
        lambda g: ("game end", g.cat, {"game": g.over(), "reason": "late", **MODERATOR}),
    ),
    "remind me": ("bad_time", lambda g: ("remind me", g.ann, {"when": "soon", "text": "the tea"})),
    "remind list": ("bad_option", lambda g: ("remind list", g.ann, {"all": True})),
    "remind cancel": ("unknown_reminder", lambda g: ("remind cancel", g.ann, {"number": 1})),
    "remind fire": ("nothing_due", lambda g: ("remind fire", g.cat, {"reminder": f"811:{g.bob}"})),
    "poll create": ("bad_choices", lambda g: ("poll create", g.ann, {"question": "Tea?", "choices": "yes"})),
    "poll vote": ("bad_vote", lambda g: ("poll vote", g.bob, {"poll": _poll(g), "choice": "3"})),
    "poll close": ("not_yours", lambda g: ("poll close", g.bob, {"poll": _poll(g)})),
    "poll show": ("unknown_poll", lambda g: ("poll show", g.bob, {"poll": "0123456789"})),
    "poll expire": ("nothing_due", lambda g: ("poll expire", g.cat, {"poll": _poll(g)})),
    "board post": (
        "unchanged",
        lambda g: ("board post", g.cat, {"game": _boarded(g), "channel": "5", "message": "6"}),
    ),
    "board lose": (
        "unchanged",
        lambda g: ("board lose", g.cat, {"game": _boarded(g), "message": "7", "gone": "message"}),
    ),
    "8ball": ("bad_option", lambda g: ("8ball", g.ann, {"question": ""})),
    "choose": ("bad_choice", lambda g: ("choose", g.ann, {"among": "tea"})),
    "coin": ("bad_option", lambda g: ("coin", g.ann, {"times": 0})),
    "joke": ("unknown_category", lambda g: ("joke", g.ann, {"category": "taxes"})),
    "quote": ("unknown_category", lambda g: ("quote", g.ann, {"category": "taxes"})),
    "collection add": ("unchanged", lambda g: ("collection add", g.ann, _joke(_own_line(g)) | MODERATOR)),
    "collection import": (
        "bad_file",
        lambda g: ("collection import", g.ann, {"kind": "joke", "file": "no credit|here", **MODERATOR}),
    ),
    "collection list": ("bad_option", lambda g: ("collection list", g.ann, {"page": 0, **MODERATOR})),
    "collection remove": (
        "unknown_line",
        lambda g: ("collection remove", g.ann, {"number": 1, **MODERATOR}),
    ),
    "roll": ("bad_dice", lambda g: ("roll", g.ann, {"dice": "three dice"})),
    "help": ("nothing_found", lambda g: ("help", g.ann, {"about": "zebra"})),
    "ping": ("bad_option", lambda g: ("ping", g.ann, {"loud": True})),
    "config history": ("bad_option", lambda g: ("config history", g.ann, {"count": 51, **ADMIN})),
    "config permissions clear": (
        "unchanged",
        lambda g: ("config permissions clear", g.ann, {"command": "open", **ADMIN}),
    ),
    "config permissions explain": (
        "unknown_command",
        lambda g: ("config permissions explain", g.ann, {"command": "fly", **ADMIN}),
    ),
    "config permissions grant": (
        "unknown_command",
        lambda g: ("config permissions grant", g.ann, {"command": "fly", **ADMIN}),
    ),
    "config permissions revoke": (
        "bad_option",
        lambda g: (
            "config permissions revoke",
            g.ann,
            {"command": "open", "user": g.bob, "role": "7", **ADMIN},
        ),
    ),
    "config reset": ("unchanged", lambda g: ("config reset", g.ann, {"name": "games", **ADMIN})),
    "config set": ("bad_setting", lambda g: ("config set", g.ann, {"name": "games", "value": "-1", **ADMIN})),
    "config view": ("unknown_setting", lambda g: ("config view", g.ann, {"name": "gamse", **ADMIN})),
    "flood": ("bad_option", lambda g: ("flood", g.cat, {"member": g.ann, "refused": 0})),
    "maintenance off": ("unchanged", lambda g: ("maintenance off", g.ann, ADMIN)),
    "maintenance on": ("unchanged", lambda g: ("maintenance on", g.ann, {**_maintained(g), **ADMIN})),
    "restrict command add": (
        "not_restrictable",
        lambda g: ("restrict command add", g.ann, {"command": "config set", **ADMIN}),
    ),
    "restrict command list": ("not_an_admin", lambda g: ("restrict command list", g.ann, {})),
    "restrict command remove": (
        "unknown_restriction",
        lambda g: ("restrict command remove", g.ann, {"number": 1, **ADMIN}),
    ),
    "abort": ("not_seated", lambda g: ("abort", g.cat, {"game": g.playing()})),
    "accept": ("nothing_offered", lambda g: ("accept", g.cat, {"game": g.waiting(invite=[g.bob])})),
    "begin": ("too_few", lambda g: ("begin", g.ann, {"game": g.waiting()})),
    "decline": ("nothing_offered", lambda g: ("decline", g.bob, {"game": g.playing()})),
    "draw": ("no_draws", lambda g: ("draw", g.ann, {"game": g.playing("rock-paper-scissors")})),
    "expire": ("nothing_due", lambda g: ("expire", g.cat, {"game": g.playing()})),
    "game list": ("bad_option", lambda g: ("game list", g.ann, {"page": 0})),
    "game replay": ("not_started", lambda g: ("game replay", g.ann, {"game": g.waiting()})),
    "game show": ("unknown_game_id", lambda g: ("game show", g.ann, {"game": "0123456789"})),
    "invite": ("already_seated", lambda g: ("invite", g.ann, {"game": g.playing(), "player": g.bob})),
    "join": ("no_free_seat", lambda g: ("join", g.cat, {"game": g.playing()})),
    "leave": ("has_begun", lambda g: ("leave", g.ann, {"game": g.playing()})),
    "match": ("bad_clock", lambda g: ("match", g.bob, {"game": "tictactoe", "clock": "soon"})),
    "move": ("not_your_turn", lambda g: ("move", g.bob, {"game": g.playing(), "move": "5"})),
    "open": ("seats", lambda g: ("open", g.ann, {"game": "tictactoe", "seats": 3})),
    "rematch": ("not_over", lambda g: ("rematch", g.ann, {"game": g.playing()})),
    "resign": ("game_over", lambda g: ("resign", g.ann, {"game": g.over()})),
    "takeback": ("no_takeback", lambda g: ("takeback", g.ann, {"game": g.playing()})),
    "void": ("bad_reason", lambda g: ("void", g.cat, {"game": g.over(), "reason": " ", "moderator": True})),
}
"""What each command can be asked for so that it is refused, and the code of the refusal."""


def _machine(guild: Guild) -> PlayerId:
    machine: PlayerId = guild.home.vault.player("machine", "mcts")
    return machine


def _winner(guild: Guild) -> PlayerId:
    guild.over()
    return PlayerId(guild.ann)


def _with_a_clock(guild: Guild) -> str:
    game: str = guild.playing(clock="30s/turn")
    guild.later = 31
    return game


def invocation_of(guild: Guild, asked: Asked, **known: Any) -> Invocation:
    """The invocation that asks for it; ``known`` as of :meth:`Guild.invocation`."""
    command, player, options = asked
    invocation: Invocation = guild.invocation(command, player, **{**options, **known})
    return invocation
