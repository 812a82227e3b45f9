"""Dungeon. A party of one to four heroes goes through a dungeon, room by room, to slay the guardian of the
farthest one. Nobody knows what a room holds until it is entered.

The heroes act one after another, and go together. In peace a hero leads the party on, searches (each
hero once in a room), takes what lies there (a weapon or armour in place of the old one), drinks a potion,
has all rest, or waits. In a fight a hero attacks, uses something, tries to flee with all the party to
where it came from, or waits on guard: harder to hit, and the blows for the others go there too. After
each of these, every foe strikes at a hero. To hit, a d20 and the bonus must reach the armour class; a 1
misses, and a 20 hits and doubles the dice of damage. Whoever stands when a foe dies gets its experience,
and with enough of it a level: more health, and one more to hit. The fallen get up when the fight is won.
Foes have so much more health, and so much more lies in a room, as there are heroes.

Light is short: the party's way and its rest take turns of everybody, all else a turn of one hero. All have
won when the guardian is dead, and lost when all have fallen or the light is out. The points are gold,
experience and 50 for each achievement.

Sources: exploring as in Michael Toy and Glenn Wichman, "Rogue" (1980), and David R. Megarry, "Dungeon!"
(TSR, 1975); fights, foes and levels after the System Reference Document 5.1 (Wizards of the Coast, 2023;
CC-BY-4.0), much simplified.
"""

import tomllib
from bisect import bisect_right
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from msgspec import Meta, Struct, convert
from msgspec.structs import replace

from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.view import Cell, Tone, View

LOG = 5
ACHIEVEMENT = 50
PARTY = ("fighter", "cleric", "ranger", "wizard")
WAYS = {"north": (0, -1), "east": (1, 0), "south": (0, 1), "west": (-1, 0)}
SHORT = {short: f"go {way}" for way in WAYS for short in (way, way[0])}
TONES: dict[str, Tone] = {"@": "first", "!": "bad", "X": "bad", "$": "good", "?": "second"}

Chances = list[tuple[str, int]]


class Options(Struct, frozen=True):
    length: Annotated[Literal["short", "medium", "long"], Meta(description="How large it is.")] = "medium"
    difficulty: Annotated[Literal["easy", "normal", "hard"], Meta(description="How strong foes are.")] = "normal"
    hero: Annotated[
        Literal["mixed", "fighter", "cleric", "ranger", "wizard"],
        Meta(description="What the heroes are; mixed: each seat the next of these."),
    ] = "mixed"


class Hero(Struct, frozen=True, kw_only=True):
    """``wounds`` is all health ever lost, ``drunk`` counts potions."""

    kind: str = ""
    health: int
    full: int = 0
    bonus: int
    weapon: str
    armour: str
    bag: tuple[str, ...]
    experience: int = 0
    gold: int = 0
    wounds: int = 0
    drunk: int = 0
    guard: bool = False
    left: bool = False

    @property
    def level(self) -> int:
        return 1 + bisect_right(CONTENT.levels, self.experience)

    @property
    def defence(self) -> int:
        """The armour class."""
        return CONTENT.armours[self.armour] + CONTENT.guard * self.guard


class Foe(Struct, frozen=True, kw_only=True):
    kind: str = ""
    health: int
    armour: int
    bonus: int
    dice: str
    experience: int


class RoomKind(Struct, frozen=True):
    weight: int = 0
    depth: tuple[int, int] = (0, 0)
    foes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class Length(Struct, frozen=True):
    width: int
    height: int
    light: int
    guardian: str


class Content(Struct, frozen=True):
    """What there is: ``dungeons/dungeon.toml``, where each of these is explained."""

    levels: tuple[int, ...]
    growth: int
    guard: int
    flee: dict[str, int]
    rest_turns: int
    rest_percent: int
    lengths: dict[str, Length]
    difficulty: dict[str, tuple[int, int]]
    heroes: dict[str, Hero]
    foes: dict[str, Foe]
    weapons: dict[str, str]
    armours: dict[str, int]
    potions: dict[str, str]
    scrolls: dict[str, str]
    torches: dict[str, int]
    treasures: dict[str, int]
    search: dict[str, int]
    rooms: dict[str, RoomKind]


CONTENT = convert(tomllib.loads((files("milena.games") / "dungeons/dungeon.toml").read_text("utf-8")), Content)


class Room(Struct, frozen=True):
    """``searched`` are the seats that have searched it."""

    kind: str
    foes: tuple[Foe, ...] = ()
    items: tuple[str, ...] = ()
    searched: tuple[int, ...] = ()


class State(Struct, frozen=True):
    """``rooms`` are in reading order, None where nobody has been; the party is ``at`` one of them, and came
    from the one ``back``. ``light`` is counted in turns of one hero. ``due`` is the draw to be made:
    "room", "search", "flee", "use" and an item, "attack" or "strike" and the number of a foe."""

    options: Options
    heroes: tuple[Hero, ...]
    rooms: tuple[Room | None, ...]
    at: int
    back: int
    light: int
    turn: int = 0
    due: str = ""
    log: tuple[str, ...] = ()

    @property
    def length(self) -> Length:
        return CONTENT.lengths[self.options.length]

    @property
    def room(self) -> Room:
        return self.rooms[self.at] or Room("unknown")

    @property
    def standing(self) -> list[int]:
        return [seat for seat, hero in enumerate(self.heroes) if hero.health and not hero.left]

    @property
    def slain(self) -> bool:
        """Whether the guardian is dead, whose lair is at the top right."""
        lair = self.rooms[self.length.width - 1]
        return lair is not None and not lair.foes

    def with_room(self, room: Room) -> "State":
        return replace(self, rooms=(*self.rooms[: self.at], room, *self.rooms[self.at + 1 :]))

    def with_hero(self, seat: int, hero: Hero) -> "State":
        return replace(self, heroes=(*self.heroes[:seat], hero, *self.heroes[seat + 1 :]))

    def tell(self, happening: str) -> "State":
        return replace(self, log=(*self.log[1 - LOG :], happening))


@cache
def exits(length: Length, at: int) -> dict[str, int]:
    """The ways out of a room, and where they lead."""
    y, x = divmod(at, length.width)
    ways = {way: (x + right, y + down) for way, (right, down) in WAYS.items()}
    rows, columns = range(length.height), range(length.width)
    return {way: x + y * length.width for way, (x, y) in ways.items() if x in columns and y in rows}


@cache
def spread(dice: str, times: int = 1) -> dict[int, int]:
    """In how many ways ``2d6+3`` makes each sum, with ``times`` as many dice."""
    sums = {0: 1}
    for term in dice.split("+"):
        count, d, sides = term.partition("d")
        faces = range(1, int(sides) + 1) if d else (int(count),)
        for _ in range(int(count) * times if d else 1):
            rolled: Counter[int] = Counter()
            for total, ways in sums.items():
                rolled.update({total + face: ways for face in faces})
            sums = dict(rolled)
    return sums


@cache
def blow(bonus: int, armour: int, dice: str) -> Chances:
    """A d20 to hit and the dice of damage, in one draw: ``misses``, ``hits 5``, ``crits 11``."""
    hits = sum(face + bonus >= armour for face in range(2, 20))
    once, twice = spread(dice), spread(dice, 2)
    ways = sum(once.values())  # so that twice the dice fall in ways * ways ways
    return [
        ("misses", (19 - hits) * ways * ways),
        *((f"hits {total}", hits * count * ways) for total, count in once.items() if hits),
        *((f"crits {total}", count) for total, count in twice.items()),
    ]


def entered(state: State, name: str, kind: RoomKind) -> State:
    """The party finds this in the room where it is now."""
    party = sum(not hero.left for hero in state.heroes)
    percent, bonus = CONTENT.difficulty[state.options.difficulty]
    foes = []
    for each in kind.foes:
        foe = CONTENT.foes[each]
        health = foe.health * party * percent // 100
        foes.append(replace(foe, kind=each, health=health, bonus=foe.bonus + bonus))
    state = state.with_room(Room(name, tuple(foes), kind.items * party))
    return passed(state.tell(f"The party enters: {', '.join((name, *kind.foes))}."))


def passed(state: State) -> State:
    """It is the turn of the next hero who stands, who is no longer on guard."""
    seats = state.standing
    turn = next((seat for seat in seats if seat > state.turn), seats[0] if seats else 0)
    if state.heroes[turn].guard:
        state = state.with_hero(turn, replace(state.heroes[turn], guard=False))
    return replace(state, turn=turn, due="")


def answered(state: State, first: int = 0) -> State:
    """The foes strike, from this one on, and the turn passes."""
    if first < len(state.room.foes) and state.standing:
        return replace(state, due=f"strike {first}")
    return passed(state)


def struck(state: State, foe: Foe, outcome: str) -> State:
    """A foe strikes at a hero: ``2 hits 5``."""
    number, how, *damage = outcome.split()
    seat = int(number) - 1
    hero = state.heroes[seat]
    lost = min(hero.health, sum(map(int, damage)))
    hero = replace(hero, health=hero.health - lost, wounds=hero.wounds + lost)
    falls = "" if hero.health else ", who falls"
    told = " ".join(["The", foe.kind, how, "player", number, *(f"for {n}" for n in damage)])
    return state.with_hero(seat, hero).tell(f"{told}{falls}.")


def hurt(state: State, foes: range, damage: int) -> State:
    """These foes lose health. Those who die give experience to all who stand; with the last of them, all
    who have fallen get up."""
    after = [replace(foe, health=foe.health - damage * (n in foes)) for n, foe in enumerate(state.room.foes)]
    state = state.with_room(replace(state.room, foes=tuple(foe for foe in after if foe.health > 0)))
    dead = [foe for foe in after if foe.health <= 0]
    if not dead:
        return state
    state = state.tell(f"Slain: {', '.join(foe.kind for foe in dead)}.")
    for seat in state.standing:
        hero = state.heroes[seat]
        wiser = replace(hero, experience=hero.experience + sum(foe.experience for foe in dead))
        more = CONTENT.growth * (wiser.level - hero.level)
        if more:
            state = state.tell(f"Player {seat + 1} reaches level {wiser.level}.")
        state = state.with_hero(seat, replace(wiser, health=hero.health + more, full=hero.full + more))
    if state.room.foes:
        return state
    return replace(state, heroes=tuple(replace(hero, health=max(1, hero.health)) for hero in state.heroes))


def taken(state: State, what: str) -> State:
    """The hero whose turn it is takes something up, and lays down what it replaces."""
    room, hero = state.room, state.heroes[state.turn]
    left = list(room.items)
    left.remove(what)
    if what in CONTENT.weapons:
        left.append(hero.weapon)
        hero = replace(hero, weapon=what)
    elif what in CONTENT.armours:
        left.append(hero.armour)
        hero = replace(hero, armour=what)
    elif what in CONTENT.treasures:
        hero = replace(hero, gold=hero.gold + CONTENT.treasures[what])
    elif what in CONTENT.torches:
        state = replace(state, light=state.light + CONTENT.torches[what])
    else:
        hero = replace(hero, bag=(*hero.bag, what))
    state = state.with_hero(state.turn, hero).with_room(replace(room, items=tuple(left)))
    return passed(state.tell(f"Player {state.turn + 1} takes: {what}."))


def achieved(state: State, seat: int) -> list[str]:
    """The achievements of this hero; most are for winners."""
    hero = state.heroes[seat]
    won = state.slain and not hero.left
    earned = {
        "treasure hunter": hero.gold >= 150,
        "veteran": hero.level >= 4,
        "untouched": won and not hero.wounds,
        "no potion": won and not hero.drunk,
        "full clear": won and all(room and not room.foes for room in state.rooms),
        "light to spare": won and 4 * state.light >= len(state.heroes) * state.length.light,
    }
    return [name for name, so in earned.items() if so]


class Dungeon(Rules[State, Options]):
    name = "dungeon"
    title = "Dungeon"
    seats = Seats(1, 4)
    # Each of four heroes brings 160 turns of light at most, and may find a torch of 12 more in each of 35
    # rooms. An action takes a turn of light or more, and is a ply; so is what it does or finds, and the blow of
    # each foe, of which there are three at most. Four may give up.
    bound = 4 * (160 + 35 * 12) * 5 + 4
    notation = "Type n, e, s or w to go, attack goblin (or a), use potion, take ring, search, rest, flee, wait."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        length = CONTENT.lengths[options.length]
        at = length.width * (length.height - 1)
        rooms = (*(None,) * at, Room("entrance", searched=(0, 1, 2, 3)), *(None,) * (length.width - 1))
        kinds = PARTY[:seats] if options.hero == "mixed" else (options.hero,) * seats
        heroes = [replace(CONTENT.heroes[kind], kind=kind, full=CONTENT.heroes[kind].health) for kind in kinds]
        return State(options, tuple(heroes), rooms, at, at, length.light * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.due:
            return (CHANCE,)
        return () if self.outcome(state) else (state.turn,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        room, bag = state.room, dict.fromkeys(state.heroes[seat].bag)
        if room.foes:
            attacks = dict.fromkeys(f"attack {foe.kind}" for foe in room.foes)
            return [*attacks, *(f"use {item}" for item in bag), "flee", "wait"]
        party = [hero for hero in state.heroes if not hero.left]
        rest = any(hero.health < hero.full for hero in party) and state.light > len(state.heroes) * CONTENT.rest_turns
        return [
            *(f"go {way}" for way in exits(state.length, state.at)),
            *(f"take {item}" for item in dict.fromkeys(room.items)),
            *(f"use {item}" for item in bag if item in CONTENT.potions),
            *(["search"] if seat not in room.searched else []),
            *(["rest"] if rest else []),
            "wait",
        ]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = " ".join(text.lower().split())
        typed = SHORT.get(typed, typed)
        meant = [move for move in self.legal(state, seat) if typed and move.startswith(typed)]
        return meant[0] if len(meant) == 1 or (meant and "attack".startswith(typed)) else typed

    def play(self, state: State, seat: int, move: str) -> State:
        legal = self.legal(state, seat)
        if move not in legal:
            fight = "This is a fight. " if state.room.foes else ""
            raise Refused("not_possible", f"{fight}Possible now: {', '.join(legal)}.")
        verb, _, what = move.partition(" ")
        room, hero, length = state.room, state.heroes[seat], state.length
        turns = {"go": 1, "rest": CONTENT.rest_turns}.get(verb, 0) * len(state.heroes)
        state = replace(state, light=max(0, state.light - (turns or 1)))
        match verb:
            case "go":
                state = replace(state, at=exits(length, state.at)[what], back=state.at)
                if state.rooms[state.at]:
                    return passed(state)
                if state.at == length.width - 1:
                    return entered(state, "lair", RoomKind(foes=(length.guardian,)))
                return replace(state, due="room")
            case "attack":
                weakest = min((foe.health, n) for n, foe in enumerate(room.foes) if foe.kind == what)
                return replace(state, due=f"attack {weakest[1]}")
            case "use":
                at = hero.bag.index(what)
                hero = replace(hero, bag=hero.bag[:at] + hero.bag[at + 1 :])
                return replace(state.with_hero(seat, hero), due=move)
            case "take":
                return taken(state, what)
            case "rest":
                gain = CONTENT.rest_percent
                ...
            case "wait":
                return answered(state.with_hero(seat, replace(hero, guard=bool(room.foes))))
        return replace(state, due=verb)

    def skip(self, state: State, seat: int) -> State:
        return self.play(state, seat, "wait")
