"""Dungeon. A party of one to four heroes goes through a dungeon, room by room, to slay the guardian of the
farthest one. Nobody knows what a room holds until it is entered.

The heroes act one after another, and go together. In peace a hero leads the party on, searches (each
hero once in a room), takes what lies there (a weapon or armour in place of the old one), drinks a potion,
has all rest, or waits. In a fight a hero attacks, uses something, waits, or tries to flee with all the
party to where it came from; then the foe strikes at one of those who stand. To hit, a d20 and the bonus
must reach the armour class; a 1 misses, and a 20 hits and doubles the dice of damage. When a foe dies, all
who stand get its experience, and with enough of it a level: more health, and one more to hit and to
damage. Then the fallen get up. A foe has as much more health, and a room as much more in it, as there are
heroes in the party when they enter.

Light is short: the party's way and its rest take turns of everybody, all else a turn of one hero. All have
won when the guardian is dead, and lost when all have fallen or the light is out. The points are gold,
experience and 50 for each achievement.

Sources: exploring as in Michael Toy and Glenn Wichman, "Rogue" (1980), and David R. Megarry, "Dungeon!"
(TSR, 1975); fights and foes after the System Reference Document 5.1 (Wizards of the Coast, 2023;
CC-BY-4.0), much simplified.
"""

from textwrap import wrap
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.items import in_rows, put, without
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.view import Cell, View
from milena.games.dungeons import THERE, WAYS, Chances, Hero, Length, Room, counted, drawable, exits, story

LOG = 4
WIDTH = 78
ACHIEVEMENT = 50
PARTY = ("fighter", "cleric", "ranger", "wizard")
SHORT = {short: f"go {way}" for way in WAYS for short in (way, way[0])}


class Options(Struct, frozen=True):
    length: Annotated[Literal["short", "medium", "long"], Meta(description="How large it is.")] = "medium"
    difficulty: Annotated[Literal["easy", "normal", "hard"], Meta(description="How strong the foes are.")] = (
        "normal"
    )
    hero: Annotated[
        Literal["mixed", "fighter", "cleric", "ranger", "wizard"],
        Meta(description="What the heroes are; mixed: each seat the next of these."),
    ] = "mixed"


class State(Struct, frozen=True):
    """``rooms`` are in reading order, None where nobody has been; the party is ``at`` one of them, and came
    from the one ``back``. ``light`` is counted in turns of one hero. ``due`` is what is to be drawn: a
    "room", what the foe does ("strike"), or what comes of a move."""

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
        return THERE.lengths[self.options.length]

    @property
    def room(self) -> Room:
        return self.rooms[self.at] or Room("not yet entered")

    @property
    def standing(self) -> list[int]:
        return [seat for seat, hero in enumerate(self.heroes) if hero.health and not hero.left]

    @property
    def slain(self) -> bool:
        """Whether the guardian is, whose lair is at the top right."""
        lair = self.rooms[self.length.width - 1]
        return lair is not None and lair.foe is None

    def with_room(self, room: Room) -> "State":
        return replace(self, rooms=put(self.rooms, self.at, room))

    def with_hero(self, seat: int, hero: Hero) -> "State":
        return replace(self, heroes=put(self.heroes, seat, hero))

    def tell(self, happening: str) -> "State":
        return replace(self, log=(*self.log[1 - LOG :], happening))


def recruit(options: Options, seat: int) -> Hero:
    return THERE.recruit(PARTY[seat] if options.hero == "mixed" else options.hero)


def entered(state: State, name: str, foe: str, items: tuple[str, ...] = ()) -> State:
    """The party finds this in the room where it is now."""
    party = sum(not hero.left for hero in state.heroes)
    room = Room(name, THERE.meet(foe, party, state.options.difficulty) if foe else None, items * party)
    return passed(state.with_room(room).tell(f"The party enters: {name}{f' ({foe})' if foe else ''}."))


def passed(state: State) -> State:
    """It is the turn of the next hero who stands."""
    seats = state.standing
    turn = next((seat for seat in seats if seat > state.turn), seats[0] if seats else 0)
    return replace(state, turn=turn, due="")


def answered(state: State, damage: int = 0) -> State:
    """The foe, where there is one, loses health. It strikes back, or dies: then all who stand get its
    experience, and all who have fallen get up."""
    room, foe = state.room, state.room.foe
    if foe is None:
        return passed(state)
    if damage < foe.health:
        foe = replace(foe, health=foe.health - damage)
        return replace(state.with_room(replace(room, foe=foe)), due="strike")
    state = state.with_room(replace(room, foe=None)).tell(f"The {foe.kind} is dead.")
    for seat, hero in enumerate(state.heroes):
        if seat not in state.standing:
            state = state.with_hero(seat, replace(hero, health=max(1, hero.health)))
            continue
        wiser = hero.wiser(foe.experience)
        if wiser.level > hero.level:
            state = state.tell(f"Player {seat + 1} reaches level {wiser.level}.")
        state = state.with_hero(seat, wiser)
    return passed(state)


def taken(state: State, what: str) -> State:
    """A hero takes something up, and lays down what it replaces."""
    room = state.room
    hero, laid = state.heroes[state.turn].take(what)
    state = replace(state, light=state.light + THERE.torches.get(what, 0))
    state = state.with_hero(state.turn, hero).with_room(replace(room, items=without(room.items, what) + laid))
    return passed(state.tell(f"Player {state.turn + 1} takes: {what}."))


def achieved(state: State, seat: int) -> list[str]:
    """The achievements of a hero; most are for winners."""
    hero, length = state.heroes[seat], state.length
    won = state.slain and not hero.left
    earned = {
        "treasure hunter": hero.gold >= 150,
        "veteran": hero.level >= 4,
        "untouched": won and not hero.wounds,
        "no potion": won and not hero.drunk,
        "light to spare": won and 3 * state.light >= length.light * len(state.heroes),
        "full clear": won and all(room and not room.foe for room in state.rooms),
    }
    return [name for name, so in earned.items() if so]


class Dungeon(Rules[State, Options]):
    name = "dungeon"
    title = "Dungeon"
    seats = Seats(1, 4)
    # Each of four heroes brings 160 turns of light at most, and may find a torch of 12 in each of 36 rooms.
    # A move takes a turn or more, and is a ply, as what comes of it is, and the foe's blow. Three may come
    # in late, and four give up.
    bound = 4 * (160 + 36 * 12) * 3 + 7
    notation = "Type n, e, s or w to go, or attack (a), use potion, take ring, search, rest, flee, wait."
    on_timeout = "skip"

    def start(self, seats: int, options: Options) -> State:
        length = THERE.lengths[options.length]
        at = length.width * (length.height - 1)
        rooms = (*(None,) * at, Room("entrance", searched=(0, 1, 2, 3)), *(None,) * (length.width - 1))
        heroes = tuple(recruit(options, seat) for seat in range(seats))
        return State(options, heroes, rooms, at, at, length.light * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.due:
            return (CHANCE,)
        return () if self.outcome(state) else (state.turn,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        room, hero = state.room, state.heroes[seat]
        bag = dict.fromkeys(hero.bag)
        uses = [f"use {item}" for item in bag if (hero.hurt if item in THERE.potions else room.foe)]
        if room.foe:
            return ["attack", *uses, "flee", "wait"]
        moves = [f"go {way}" for way in exits(state.length, state.at)]
        moves += [*(f"take {item}" for item in dict.fromkeys(room.items)), *uses]
        if seat not in room.searched:
            moves.append("search")
        tired = any(hero.hurt and not hero.left for hero in state.heroes)
        if tired and state.light > THERE.rest_turns * len(state.heroes):
            moves.append("rest")
        return [*moves, "wait"]

    def read(self, state: State, seat: int, text: str) -> str:
        typed = " ".join(text.lower().split())
        typed = SHORT.get(typed, typed)
        if state.room.foe and typed == f"attack {state.room.foe.kind}":
            return "attack"
        meant = [move for move in self.legal(state, seat) if typed and move.startswith(typed)]
        return meant[0] if len(meant) == 1 else typed

    def play(self, state: State, seat: int, move: str) -> State:
        legal = self.legal(state, seat)
        if move not in legal:
            fight = f"The {state.room.foe.kind} is in the way. " if state.room.foe else ""
            raise Refused("not_possible", f"{fight}Possible now: {', '.join(legal)}.")
        verb, _, what = move.partition(" ")
        turns = {"go": 1, "rest": THERE.rest_turns}.get(verb, 0) * len(state.heroes)
        state = replace(state, light=max(0, state.light - (turns or 1)))
        match verb:
            case "go":
                state = replace(state, at=exits(state.length, state.at)[what], back=state.at)
                if state.rooms[state.at]:
                    return passed(state)
                if state.at == state.length.width - 1:
                    return entered(state, "lair", state.length.guardian)
                return replace(state, due="room")
            case "take":
                return taken(state, what)
            case "rest":
                for at, hero in enumerate(state.heroes):
                    state = state.with_hero(at, hero.healed(hero.full * THERE.rest_percent // 100))
                return passed(state.tell("The party rests."))
            case "wait":
                return answered(state.tell(f"Player {seat + 1} waits."))
        return replace(state, due=move)

    def skip(self, state: State, seat: int) -> State:
        return self.play(state, seat, "wait")

    def resign(self, state: State, seat: int) -> State:
        """Who leaves lays the bag down."""
        hero, room = state.heroes[seat], state.room
        state = state.with_hero(seat, replace(hero, left=True, bag=()))
        state = state.with_room(replace(room, items=room.items + hero.bag))
        state = state.tell(f"Player {seat + 1} leaves the party.")
        return state if state.due or seat != state.turn else passed(state)

    def enter(self, state: State) -> State | None:
        """Whoever comes in late brings as much light as the others did."""
        seat = len(state.heroes)
        if seat == self.seats.max or state.due or self.outcome(state):
            return None
        heroes = (*state.heroes, recruit(state.options, seat))
        state = replace(state, heroes=heroes, light=state.light + state.length.light)
        return state.tell(f"Player {seat + 1} joins the party.")

    def chances(self, state: State) -> Chances:
        verb, _, what = state.due.partition(" ")
        hero, foe = state.heroes[state.turn], state.room.foe
        match verb:
            case "room":
                return list(drawable(state.length, state.at))
            case "search":
                return list(THERE.search.items())
            case "flee":
                return list(THERE.flee.items())
            case "use":
                return THERE.effect(what)
            case "attack" if foe:
                return list(hero.blows(foe))
            case "strike" if foe:
                blows = {seat: foe.blows(state.heroes[seat]) for seat in state.standing}
                return [(f"{seat + 1} {what}", n) for seat in blows for what, n in blows[seat]]
        return []

    def resolve(self, state: State, outcome: str) -> State:
        verb, _, what = state.due.partition(" ")
        seat, room, hero = state.turn, state.room, state.heroes[state.turn]
        me, foe = f"Player {seat + 1}", room.foe.kind if room.foe else ""
        match verb:
            case "room":
                kind = THERE.rooms[outcome]
                return entered(state, outcome, kind.foe, kind.items)
            case "search":
                found = () if outcome == "nothing" else (outcome,)
                room = replace(room, items=room.items + found, searched=(*room.searched, seat))
                return passed(state.with_room(room).tell(f"{me} finds: {outcome}."))
            case "flee" if outcome == "away":
                return passed(replace(state, at=state.back, back=state.at).tell("The party gets away."))
            case "flee":
                return answered(state.tell("The party can't get away."))
            case "use":
                hero = replace(hero, bag=without(hero.bag, what))
                if what in THERE.scrolls:
                    told = f"{me} reads a {what}: the {foe} burns for {outcome}."
                    return answered(state.with_hero(seat, hero).tell(told), int(outcome))
                hero = replace(hero.healed(int(outcome)), drunk=hero.drunk + 1)
                return answered(state.with_hero(seat, hero).tell(f"{me} drinks: {outcome} health."))
            case "attack":
                told, damage = story(me, outcome, f"the {foe}")
                return answered(state.tell(told), damage)
            case "strike":
                number, _, struck = outcome.partition(" ")
                told, damage = story(f"The {foe}", struck, f"player {number}")
                seat = int(number) - 1
                return passed(state.tell(told).with_hero(seat, state.heroes[seat].struck(damage)))
        raise ValueError(f"no draw is due, but {outcome!r} was drawn")

    def outcome(self, state: State) -> Outcome | None:
        if state.due:
            return None
        if state.slain:
            reason = f"the {state.length.guardian} is dead"
        elif not state.standing:
            reason = "nobody stands any more"
        elif not state.light:
            reason = "the light is out"
        else:
            return None
        scores = tuple(float(state.slain and not hero.left) for hero in state.heroes)
        bonus = [ACHIEVEMENT * len(achieved(state, seat)) for seat in range(len(scores))]
        points = [hero.gold + hero.experience + more for hero, more in zip(state.heroes, bonus, strict=True)]
        return Outcome(scores, reason, tuple(points))

    def view(self, state: State, seat: int | None) -> View:
        length, room, seats = state.length, state.room, range(len(state.heroes))
        going = self.actors(state) == (state.turn,) and not room.foe
        ways = {to: f"go {way}" for way, to in exits(length, state.at).items()} if going else {}
        cells = [cell(state, at, ways.get(at, "")) for at in range(len(state.rooms))]
        foe = f" Foe: {room.foe.kind}, {room.foe.health} health." if room.foe else ""
        things = f" Things: {', '.join(counted(room.items))}." if room.items else ""
        own = state.heroes[seat] if seat is not None else None
        return View(
            grid=in_rows(cells, length.width),
            lines=(
                f"Slay the {length.guardian} in its lair (X). Light: {state.light // len(seats)} turns.",
                *wrap(f"Here (@): {room.kind}.{foe}{things}", WIDTH),
                *(", ".join((f"Player {n + 1}: {state.heroes[n].told}", *achieved(state, n))) for n in seats),
                *state.log[-max(3, LOG + 1 - len(seats)) :],
            ),
            hand=tuple(counted((own.weapon, own.armour, *own.bag))) if own else (),
        )


def cell(state: State, at: int, move: str) -> Cell:
    """A room on the map; one not yet entered is "?" where there is a way to it, and blank elsewhere."""
    room = state.rooms[at]
    if at == state.at:
        return Cell("@", "first")
    if at == state.length.width - 1:
        return Cell("X", "bad", move)
    if room is None:
        return Cell("?" if move else "", "accent", move)
    if room.foe:
        return Cell("!", "bad", move)
    return Cell("$", "good", move) if room.items else Cell(".", "dim", move)


rules = Dungeon()
