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

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from milena.domain.items import put, without
from milena.domain.refusal import Refused
from milena.domain.rules import CHANCE, Outcome, Rules, Seats
from milena.domain.view import View
from milena.games.dungeons import THERE, Chances, Hero, Kind, Length, Room, Size, Strength, story
from milena.games.dungeons.maps import chart, drawable, exits, meant

LOG = 4
ACHIEVEMENT = 50


class Options(Struct, frozen=True):
    length: Annotated[Size, Meta(description="How large it is.")] = "medium"
    difficulty: Annotated[Strength, Meta(description="How strong the foes are.")] = "normal"
    hero: Annotated[Kind, Meta(description="What the heroes are; mixed: each seat the next of these.")] = (
        "mixed"
    )


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
        """Whether the guardian is."""
        lair = self.rooms[self.length.lair]
        return lair is not None and lair.foe is None

    def with_room(self, room: Room) -> "State":
        return replace(self, rooms=put(self.rooms, self.at, room))

    def with_hero(self, seat: int, hero: Hero) -> "State":
        return replace(self, heroes=put(self.heroes, seat, hero))

    def tell(self, happening: str) -> "State":
        return replace(self, log=(*self.log[1 - LOG :], happening))


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
    foe = state.room.foe
    if foe is None:
        return passed(state)
    left = foe.struck(damage)
    state = state.with_room(replace(state.room, foe=left))
    if left:
        return replace(state, due="strike")
    state = state.tell(f"The {foe.kind} is dead.")
    for seat, hero in enumerate(state.heroes):
        stronger = hero.wiser(foe.experience) if seat in state.standing else hero.risen
        if stronger.level > hero.level:
            state = state.tell(f"Player {seat + 1} reaches level {stronger.level}.")
        state = state.with_hero(seat, stronger)
    return passed(state)


def achieved(state: State) -> list[list[str]]:
    """The achievements of each hero."""
    light = 3 * state.light >= state.length.light * len(state.heroes)
    cleared = all(room and not room.foe for room in state.rooms)
    return [hero.achieved(state.slain, light, cleared) for hero in state.heroes]


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
        nowhere: tuple[Room | None, ...] = (None,) * (length.width * length.height)
        rooms = put(nowhere, length.entrance, Room("entrance", searched=(0, 1, 2, 3)))
        heroes = tuple(THERE.recruit(options.hero, seat) for seat in range(seats))
        return State(options, heroes, rooms, length.entrance, length.entrance, length.light * seats)

    def actors(self, state: State) -> tuple[int, ...]:
        if state.due:
            return (CHANCE,)
        return () if self.outcome(state) else (state.turn,)

    def legal(self, state: State, seat: int) -> list[str]:
        if seat not in self.actors(state):
            return []
        room, heroes = state.room, state.heroes
        ways = [] if room.foe else [f"go {way}" for way in exits(state.length, state.at)]
        tired = not room.foe and any(hero.hurt and not hero.left for hero in heroes)
        rest = ["rest"] if tired and state.light > THERE.rest_turns * len(heroes) else []
        return [*ways, *room.moves(seat, heroes[seat]), *rest, "wait"]

    def read(self, state: State, seat: int, text: str) -> str:
        return meant(text, self.legal(state, seat), state.room.foe)

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
                if state.at == state.length.lair:
                    return entered(state, "lair", state.length.guardian)
                return replace(state, due="room")
            case "take":
                room = state.room
                hero, laid = state.heroes[seat].take(what)
                room = replace(room, items=without(room.items, what) + laid)
                state = replace(state, light=state.light + THERE.torches.get(what, 0))
                state = state.with_hero(seat, hero).with_room(room)
                return passed(state.tell(f"Player {seat + 1} takes: {what}."))
            case "rest":
                heroes = tuple(hero.rested for hero in state.heroes)
                return passed(replace(state, heroes=heroes).tell("The party rests."))
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
        heroes = (*state.heroes, THERE.recruit(state.options.hero, seat))
        state = replace(state, heroes=heroes, light=state.light + state.length.light)
        return state.tell(f"Player {seat + 1} joins the party.")

    def chances(self, state: State) -> Chances:
        foe = state.room.foe
        if state.due == "room":
            return list(drawable(state.length, state.at))
        if state.due == "strike" and foe:
            blows = {seat: foe.blows(state.heroes[seat]) for seat in state.standing}
            return [(f"{seat + 1} {what}", n) for seat in blows for what, n in blows[seat]]
        return THERE.odds(state.due, state.heroes[state.turn], foe)

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
                state = state.with_hero(seat, hero.used(what, int(outcome)))
                if what in THERE.potions:
                    return answered(state.tell(f"{me} drinks: {outcome} health."))
                told = f"{me} reads a {what}: the {foe} burns for {outcome}."
                return answered(state.tell(told), int(outcome))
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
        feats = achieved(state)
        points = [hero.worth + ACHIEVEMENT * len(feats[at]) for at, hero in enumerate(state.heroes)]
        return Outcome(scores, reason, tuple(points))

    def view(self, state: State, seat: int | None) -> View:
        guardian, heroes, feats = state.length.guardian, state.heroes, achieved(state)
        going = self.actors(state) == (state.turn,) and not state.room.foe
        return View(
            grid=chart(state.length, state.rooms, state.at, going),
            lines=(
                f"Slay the {guardian} in its lair (X). Light: {state.light // len(heroes)} turns.",
                *state.room.told,
                *(hero.told(at, feats[at]) for at, hero in enumerate(heroes)),
                *state.log[-max(3, LOG + 1 - len(heroes)) :],
            ),
            hand=() if seat is None else heroes[seat].carried,
        )


rules = Dungeon()
