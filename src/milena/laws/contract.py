"""Laws of what a game says of itself, before it is played."""

import re
import sys
from typing import get_args

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from milena.domain.clock import Clock
from milena.domain.refusal import Refused
from milena.domain.rules import AnyRules, OnTimeout, Rules
from milena.laws.law import Found, GameLaw

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SOURCE = re.compile(r"\bSources?\b[^:]*:\s*\S")
LONGEST_NAME = 32


def a_game_has_a_name_a_title_and_a_notation(rules: AnyRules) -> Found:
    name = getattr(rules, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        yield f"name is {name!r}; it has to be small letters and digits, with - between words."
    for what in ("title", "notation"):
        text = getattr(rules, what, None)
        if not isinstance(text, str) or not text.strip() or not text.isprintable():
            yield f"{what} is {text!r}; it has to be one line of text."
    if not _whole(getattr(rules, "version", None)) or rules.version < 1:
        yield f"version is {rules.version!r}; it has to be a whole number from 1."


def a_game_says_for_how_many_it_is_and_how_long_it_takes_at_most(rules: AnyRules) -> Found:
    seats = getattr(rules, "seats", None)
    fits = isinstance(seats, tuple) and len(seats) == 2 and all(_whole(each) for each in seats)
    if not fits or not 1 <= rules.seats[0] <= rules.seats[1]:
        yield f"seats is {seats!r}; it has to be Seats(min, max), from 1."
    if not _whole(getattr(rules, "bound", None)) or rules.bound < 1:
        yield f"bound is {getattr(rules, 'bound', None)!r}; it has to be a whole number of plies."


def a_game_says_what_kind_it_is(rules: AnyRules) -> Found:
    for what in ("open_input", "simultaneous", "offers", "draws"):
        if not isinstance(getattr(rules, what), bool):
            yield f"{what} is {getattr(rules, what)!r}; it has to be True or False."
    kind = type(rules)
    if rules.on_timeout not in get_args(OnTimeout):
        yield f"on_timeout is {rules.on_timeout!r}; it can be {', '.join(get_args(OnTimeout))}."
    if rules.on_timeout == "skip" and kind.skip is Rules.skip:
        yield 'on_timeout is "skip", and there is no method skip.'
    if (kind.chances is Rules.chances) != (kind.resolve is Rules.resolve):
        yield "chances and resolve belong together: define both, or none."


def a_state_is_a_frozen_struct_of_plain_data(rules: AnyRules) -> Found:
    yield from _frozen(getattr(rules, "state_type", None), "the state")


def options_are_a_frozen_struct_with_a_default_for_every_field(rules: AnyRules) -> Found:
    options = getattr(rules, "options_type", None)
    yield from _frozen(options, "the options")
    if not _is_struct(options):
        return
    missing = [
        field.name
        for field in msgspec.structs.fields(rules.options_type)
        if field.default is NODEFAULT and field.default_factory is NODEFAULT
    ]
    if missing:
        yield f"these options have no default: {', '.join(missing)}."
        return
    defaults = rules.options_type()
    plain = msgspec.json.encode(defaults)
    if msgspec.json.decode(plain, type=rules.options_type) != defaults:
        yield "the defaults are not the same after JSON and back."
    clock = rules.clock(defaults)
    if clock is not None and not isinstance(clock, Clock):
        yield f"clock gives {clock!r}; it has to be a Clock or None."


def the_default_options_go_together(rules: AnyRules) -> Found:
    try:
        rules.start(rules.seats[0], rules.options_type())
    except Refused as refused:
        yield f"start refuses them, for {rules.seats[0]} seats: {refused.sentence}"


def the_docstring_of_the_file_cites_the_source_of_the_rules(rules: AnyRules) -> Found:
    module = sys.modules.get(type(rules).__module__)
    if not SOURCE.search(f"{module.__doc__ if module else ''}\n{type(rules).__doc__}"):
        yield 'it has no "Source: ..." that says where these rules are written.'


def other_versions_of_the_rules_are_given_or_refused(rules: AnyRules) -> Found:
    if rules.at(rules.version) is not rules:
        yield f"at({rules.version}) is its own version, and has to be itself."
    try:
        rules.at(rules.version + 1)
    except Refused as refused:
        yield from refusal(refused)
    else:
        yield f"at({rules.version + 1}) is not there yet, and has to be refused."


def refusal(refused: Refused) -> Found:
    """What is wrong with a refusal."""
    if not isinstance(refused.code, str) or not refused.code.isidentifier():
        yield f"the code of a refusal is {refused.code!r}; it has to be one word such as no_such_move."
    sentence = refused.sentence
    if not isinstance(sentence, str) or not sentence.strip() or not sentence.isprintable():
        yield f"the sentence of a refusal ({refused.code}) is {sentence!r}; it has to be one line of text."


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_struct(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _frozen(kind: object, what: str) -> Found:
    if not _is_struct(kind):
        yield f"{what} is no Struct: name it in Rules[State, Options]."
        return
    waiting: list[object] = [inspect.type_info(kind)]
    known: set[type] = set()
    while waiting:
        match waiting.pop():
            case inspect.Metadata(type=inner):
                waiting.append(inner)
            case inspect.StructType(cls=cls, fields=fields) if cls not in known:
                known.add(cls)
                if not cls.__struct_config__.frozen:
                    yield f"{cls.__name__} in {what} is not frozen."
                waiting += [field.type for field in fields]
            case inspect.UnionType(types=types) | inspect.TupleType(item_types=types):
                waiting += types
            case inspect.VarTupleType(item_type=item):
                waiting.append(item)
            case inspect.NamedTupleType(fields=fields):
                waiting += [field.type for field in fields]
            case inspect.ListType() | inspect.SetType() | inspect.ByteArrayType() as mutable:
                yield f"{what} holds a {type(mutable).__name__.removesuffix('Type').lower()}: take a tuple."
            case inspect.AnyType() | inspect.CustomType():
                yield f"{what} holds something that is no plain data: name its type."


OF_GAMES: tuple[GameLaw, ...] = (
    a_game_has_a_name_a_title_and_a_notation,
    a_game_says_for_how_many_it_is_and_how_long_it_takes_at_most,
    a_game_says_what_kind_it_is,
    a_state_is_a_frozen_struct_of_plain_data,
    options_are_a_frozen_struct_with_a_default_for_every_field,
    the_default_options_go_together,
    the_docstring_of_the_file_cites_the_source_of_the_rules,
    other_versions_of_the_rules_are_given_or_refused,
)
