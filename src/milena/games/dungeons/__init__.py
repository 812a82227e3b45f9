"""What there is in the dungeon: heroes, foes, rooms and things, read from ``dungeon.toml``; and the
arithmetic of its map and its dice."""

import tomllib
from bisect import bisect_right
from collections import Counter
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert
from msgspec.structs import replace

WAYS = {"north": (0, -1), "east": (1, 0), "south": (0, 1), "west": (-1, 0)}

Chances = list[tuple[str, int]]


class Hero(Struct, frozen=True, kw_only=True):
    """``wounds`` is all health ever lost, ``drunk`` counts potions."""

    kind: str = ""
    health: int
    full: int = 0
    bonus: int
    weapon: str
    armour: str
    bag: tuple[str, ...]
    level: int = 1
    experience: int = 0
    gold: int = 0
    wounds: int = 0
    drunk: int = 0
    left: bool = False

    @property
    def hurt(self) -> bool:
        return self.health < self.full

    @property
    def told(self) -> str:
        health = f"health {self.health} of {self.full}" if self.health else "fallen"
        return f"{self.kind}, level {self.level}, {'gone' if self.left else health}, {self.gold} gold"

    def healed(self, by: int) -> "Hero":
        return replace(self, health=min(self.full, self.health + by))

    def struck(self, damage: int) -> "Hero":
        lost = min(self.health, damage)
        return replace(self, health=self.health - lost, wounds=self.wounds + lost)

    def wiser(self, by: int) -> "Hero":
        """With so much more experience, and the level and health that come with it."""
        experience = self.experience + by
        level = 1 + bisect_right(THERE.levels, experience)
        more = THERE.growth * (level - self.level)
        full, health = self.full + more, self.health + more
        return replace(self, experience=experience, level=level, full=full, health=health)

    def take(self, what: str) -> tuple["Hero", tuple[str, ...]]:
        """With a thing taken up; and what is laid down for it."""
        if what in THERE.weapons:
            return replace(self, weapon=what), (self.weapon,)
        if what in THERE.armours:
            return replace(self, armour=what), (self.armour,)
        if what in THERE.treasures:
            return replace(self, gold=self.gold + THERE.treasures[what]), ()
        if what in THERE.torches:  # they light the way of all
            return self, ()
        return replace(self, bag=(*self.bag, what)), ()

    def blows(self, foe: "Foe") -> "Chances":
        bonus = self.bonus + self.level - 1
        return blow(bonus, foe.armour, f"{THERE.weapons[self.weapon]}+{bonus - 2}")


class Foe(Struct, frozen=True, kw_only=True):
    kind: str = ""
    health: int
    armour: int
    bonus: int
    dice: str
    experience: int

    def blows(self, hero: Hero) -> "Chances":
        return blow(self.bonus, THERE.armours[hero.armour], self.dice)


class Room(Struct, frozen=True):
    """``searched`` are the seats that have searched it."""

    kind: str
    foe: Foe | None = None
    items: tuple[str, ...] = ()
    searched: tuple[int, ...] = ()


class Length(Struct, frozen=True):
    width: int
    height: int
    light: int
    guardian: str


class RoomKind(Struct, frozen=True):
    weight: int
    depth: tuple[int, int]
    foe: str = ""
    items: tuple[str, ...] = ()


class Content(Struct, frozen=True):
    """What there is: ``dungeons/dungeon.toml``, where each of these is explained."""

    levels: tuple[int, ...]
    growth: int
    rest_turns: int
    rest_percent: int
    flee: dict[str, int]
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

    def recruit(self, kind: str) -> Hero:
        hero = self.heroes[kind]
        return replace(hero, kind=kind, full=hero.health)

    def meet(self, kind: str, party: int, difficulty: str) -> Foe:
        """The foe that waits for so many heroes."""
        foe, (percent, bonus) = self.foes[kind], self.difficulty[difficulty]
        return replace(foe, kind=kind, health=foe.health * party * percent // 100, bonus=foe.bonus + bonus)

    def effect(self, thing: str) -> Chances:
        """What a potion heals, or a scroll burns."""
        return [
            (str(sum), ways) for sum, ways in spread(self.potions.get(thing) or self.scrolls[thing]).items()
        ]


THERE = convert(tomllib.loads((files(__name__) / "dungeon.toml").read_text("utf-8")), Content)
GOOD_FOR: dict[str, str | int] = {
    **THERE.weapons, **THERE.armours, **THERE.potions, **THERE.scrolls, **THERE.torches, **THERE.treasures
}  # fmt: skip


def counted(items: tuple[str, ...]) -> list[str]:
    """Things, what each is good for, and how many there are."""
    return [f"{item} ({GOOD_FOR[item]}){f' x{n}' if n > 1 else ''}" for item, n in Counter(items).items()]


@cache
def exits(length: Length, at: int) -> dict[str, int]:
    """The ways out of a room, and where they lead."""
    y, x = divmod(at, length.width)
    ways = {way: (x + right, y + down) for way, (right, down) in WAYS.items()}
    rows, columns = range(length.height), range(length.width)
    return {way: x + y * length.width for way, (x, y) in ways.items() if x in columns and y in rows}


@cache
def drawable(length: Length, at: int) -> Chances:
    """What there may be so far from the entrance, which is at the bottom left."""
    y, x = divmod(at, length.width)
    depth = x + length.height - 1 - y
    kinds = THERE.rooms.items()
    return [(name, kind.weight) for name, kind in kinds if kind.depth[0] <= depth <= kind.depth[1]]


@cache
def spread(dice: str, times: int = 1) -> dict[int, int]:
    """In how many ways ``2d6+3`` makes each sum, with ``times`` as many dice."""
    dice, _, more = dice.partition("+")
    count, sides = map(int, dice.split("d"))
    sums = Counter({int(more or 0): 1})
    for _ in range(count * times):
        one_less, sums = sums, Counter()
        for face in range(1, sides + 1):
            sums.update({total + face: ways for total, ways in one_less.items()})
    return dict(sorted(sums.items()))


@cache
def blow(bonus: int, armour: int, dice: str) -> Chances:
    """A d20 to hit and the dice of damage, in one draw: ``misses``, ``hits 5``, ``crits 11``."""
    hits = sum(face + bonus >= armour for face in range(2, 20))
    once, twice = spread(dice), spread(dice, 2)
    ways = sum(once.values())  # twice the dice fall in ways * ways ways
    return [
        ("misses", (19 - hits) * ways * ways),
        *((f"hits {total}", hits * count * ways) for total, count in once.items() if hits),
        *((f"crits {total}", count) for total, count in twice.items()),
    ]


def story(who: str, blow: str, whom: str) -> tuple[str, int]:
    """A blow as it is told, and its damage."""
    how, damage = (*blow.split(), "0")[:2]
    return f"{who} {how} {whom}{'' if how == 'misses' else f' for {damage}'}.", int(damage)
