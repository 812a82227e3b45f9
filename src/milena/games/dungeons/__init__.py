"""What there is in the dungeon: heroes, foes, rooms and things, read from ``dungeon.toml``, and how they are
told; and the arithmetic of the dice. The map is in ``maps.py``."""

import tomllib
from bisect import bisect_right
from collections import Counter
from functools import cache
from importlib.resources import files
from textwrap import wrap
from typing import Literal

from msgspec import Struct, convert
from msgspec.structs import replace

from milena.domain.items import without

Size = Literal["short", "medium", "long"]
Strength = Literal["easy", "normal", "hard"]
Kind = Literal["mixed", "fighter", "cleric", "ranger", "wizard"]
PARTY = ("fighter", "cleric", "ranger", "wizard")
"""Who comes where they are mixed, by seats."""

WIDTH = 78

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
    def worth(self) -> int:
        return self.gold + self.experience

    def told(self, seat: int, achieved: list[str]) -> str:
        health = f"health {self.health} of {self.full}" if self.health else "fallen"
        state = f"{self.kind}, level {self.level}, {'gone' if self.left else health}, {self.gold} gold"
        return ", ".join((f"Player {seat + 1}: {state}", *achieved))

    @property
    def carried(self) -> tuple[str, ...]:
        return tuple(counted((self.weapon, self.armour, *self.bag)))

    def achieved(self, slain: bool, light: bool, cleared: bool) -> list[str]:
        """The achievements; most are for winners."""
        won = slain and not self.left
        earned = {
            "treasure hunter": self.gold >= 150,
            "veteran": self.level >= 4,
            "untouched": won and not self.wounds,
            "no potion": won and not self.drunk,
            "light to spare": won and light,
            "full clear": won and cleared,
        }
        return [name for name, so in earned.items() if so]

    @property
    def risen(self) -> "Hero":
        return replace(self, health=max(1, self.health))

    @property
    def rested(self) -> "Hero":
        return self.healed(self.full * THERE.rest_percent // 100)

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

    def used(self, what: str, number: int) -> "Hero":
        """Without a thing from the bag; a potion heals so much."""
        after = replace(self, bag=without(self.bag, what))
        return replace(after.healed(number), drunk=self.drunk + 1) if what in THERE.potions else after

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

    def struck(self, damage: int) -> "Foe | None":
        return replace(self, health=self.health - damage) if damage < self.health else None

    def blows(self, hero: Hero) -> "Chances":
        return blow(self.bonus, THERE.armours[hero.armour], self.dice)


class Room(Struct, frozen=True):
    """``searched`` are the seats that have searched it."""

    kind: str
    foe: Foe | None = None
    items: tuple[str, ...] = ()
    searched: tuple[int, ...] = ()

    @property
    def told(self) -> list[str]:
        foe = f" Foe: {self.foe.kind}, {self.foe.health} health." if self.foe else ""
        things = f" Things: {', '.join(counted(self.items))}." if self.items else ""
        return wrap(f"Here (@): {self.kind}.{foe}{things}", WIDTH)

    def moves(self, seat: int, hero: Hero) -> list[str]:
        """What there is to do in it."""
        bag = dict.fromkeys(hero.bag)
        uses = [f"use {item}" for item in bag if (hero.hurt if item in THERE.potions else self.foe)]
        if self.foe:
            return ["attack", *uses, "flee"]
        takes = [f"take {item}" for item in dict.fromkeys(self.items)]
        return [*takes, *uses] if seat in self.searched else [*takes, *uses, "search"]


class Length(Struct, frozen=True):
    width: int
    height: int
    light: int
    guardian: str

    @property
    def entrance(self) -> int:
        """At the bottom left."""
        return self.width * (self.height - 1)

    @property
    def lair(self) -> int:
        """Of the guardian, at the top right."""
        return self.width - 1


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

    def recruit(self, kind: Kind, seat: int) -> Hero:
        own = PARTY[seat] if kind == "mixed" else kind
        hero = self.heroes[own]
        return replace(hero, kind=own, full=hero.health)

    def meet(self, kind: str, party: int, difficulty: str) -> Foe:
        """The foe that waits for so many heroes."""
        foe, (percent, bonus) = self.foes[kind], self.difficulty[difficulty]
        return replace(foe, kind=kind, health=foe.health * party * percent // 100, bonus=foe.bonus + bonus)

    def odds(self, move: str, hero: Hero, foe: Foe | None) -> Chances:
        """What may come of a move that is not certain."""
        verb, _, thing = move.partition(" ")
        match verb:
            case "search":
                return list(self.search.items())
            case "flee":
                return list(self.flee.items())
            case "use":
                healed_or_burnt = spread(self.potions.get(thing) or self.scrolls[thing])
                return [(str(sum), ways) for sum, ways in healed_or_burnt.items()]
            case "attack" if foe:
                return list(hero.blows(foe))
        return []


THERE = convert(tomllib.loads((files(__name__) / "dungeon.toml").read_text("utf-8")), Content)
GOOD_FOR: dict[str, str | int] = {
    **THERE.weapons, **THERE.armours, **THERE.potions, **THERE.scrolls, **THERE.torches, **THERE.treasures
}  # fmt: skip


def counted(items: tuple[str, ...]) -> list[str]:
    """Things, what each is good for, and how many there are."""
    return [f"{item} ({GOOD_FOR[item]}){f' x{n}' if n > 1 else ''}" for item, n in Counter(items).items()]


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
